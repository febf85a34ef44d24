// How many come in, and who needs priority: beside the button for one person, never before it.
import { byId, makeButton } from "../frame/page.js";
import { word } from "../frame/words.js";

// So many that they and the button that leads on stand in one row, large enough to touch.
const SIZES_FIRST = 6;
const SIZES_LATER = 5;
// The codes are the contract's own, as the page was given them.
const { priorities } = JSON.parse(byId("choices").textContent);

function group(box, values, text, chosen, pressed) {
  const buttons = values.map((value) => {
    const element = makeButton("", text(value), () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === element));
      pressed(value);
    });
    element.setAttribute("aria-pressed", String(value === chosen));
    element.dataset.value = String(value);
    return element;
  });
  box.replaceChildren(...buttons);
}

/**
 * A button for each size up to the largest that the office lets its kiosks take, a row at a time,
 * and one more for those who need the staff. The size chosen before stays. `first` is the smallest
 * size shown.
 */
export function drawParty(wish, largest, { changed, askStaff }, first = 1) {
  const box = byId("party");
  const room = first === 1 ? SIZES_FIRST : SIZES_LATER;
  const isSplit = first + room <= largest;
  const last = isSplit ? first + room - 1 : largest;
  const sizes = Array.from({ length: last - first + 1 }, (_, place) => first + place);
  const again = (from) => drawParty(wish, largest, { changed, askStaff }, from);
  group(box, sizes, String, wish.party_size, (size) => {
    wish.party_size = size;
    changed();
  });
  if (first > 1)
    box.prepend(
      makeButton("other", word("party_fewer"), () =>
        again(first > SIZES_FIRST + 1 ? first - SIZES_LATER : 1),
      ),
    );
  box.append(
    isSplit
      ? makeButton("other", word("party_next", { n: last + 1 }), () => again(last + 1))
      : makeButton("other", word("party_more", { n: largest }), () =>
          askStaff(word("party_more_text", { n: largest })),
        ),
  );
}

export function drawPriority(wish) {
  group(
    byId("priority"),
    ["none", ...priorities],
    (each) => word(`priority_${each}`),
    wish.priority ?? "none",
    (each) => {
      wish.priority = each === "none" ? null : each;
    },
  );
}
