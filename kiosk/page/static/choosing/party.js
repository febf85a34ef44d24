// How many come in, and who needs priority: beside the button for one person, never before it.
import { byId, makeButton } from "../frame/page.js";
import { word } from "../frame/words.js";

const SIZES_ON_A_SCREEN = 12; // so many that every screen shows them all, large enough to touch
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
 * A button for each size up to the largest that the office lets its kiosks take, twelve at a time,
 * and one more for those who need the staff. The size chosen before stays. `first` is the smallest
 * size shown.
 */
export function drawParty(wish, largest, { changed, askStaff }, first = 1) {
  const box = byId("party");
  const isSplit = largest - first >= SIZES_ON_A_SCREEN;
  const last = isSplit ? first + SIZES_ON_A_SCREEN - 2 : largest;
  const sizes = Array.from({ length: last - first + 1 }, (_, place) => first + place);
  const again = (from) => drawParty(wish, largest, { changed, askStaff }, from);
  group(box, sizes, String, wish.party_size, (size) => {
    wish.party_size = size;
    changed();
  });
  if (first > 1)
    box.prepend(makeButton("other", word("party_fewer"), () => again(Math.max(1, first - 11))));
  box.append(
    isSplit
      ? makeButton("other", word("party_next", { n: last + 1 }), () => again(last + 1))
      : makeButton("other", word("party_more", { n: largest }), () =>
          askStaff(word("party_more_text", { n: largest })),
        ),
  );
  box.toggleAttribute("data-many", box.children.length > 7);
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
