// The one calm screen before a number: how many come in, and who needs priority.
import { byId, makeButton } from "./page.js";
import { word } from "./words.js";

// As many buttons as the screen has room for; larger parties are referred to the staff as well.
const SIZES_SHOWN = 6;
// The codes are the contract's own, as the page was given them.
const { priorities, urgencies } = JSON.parse(byId("choices").textContent);

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
 * As many as the kiosk may take, and one button more for those who need the staff; the size chosen
 * before stays.
 */
export function drawParty(box, wish, largest, askStaff) {
  const most = Math.min(largest, SIZES_SHOWN);
  const sizes = Array.from({ length: most }, (_, place) => place + 1);
  group(box, sizes, String, wish.party_size, (size) => (wish.party_size = size));
  box.append(
    makeButton("", word("party_more", { n: most }), () =>
      askStaff(word("party_more_text", { n: most })),
    ),
  );
}

export function drawPriority(box, wish) {
  group(
    box,
    ["none", ...priorities],
    (each) => word(`priority_${each}`),
    wish.priority ?? "none",
    (each) => {
      wish.priority = each === "none" ? null : each;
    },
  );
}

export function drawUrgencies(box, pressed) {
  const buttons = urgencies.map((each) =>
    makeButton("", word(`urgency_${each}`), () => pressed(each)),
  );
  box.replaceChildren(...buttons);
}
