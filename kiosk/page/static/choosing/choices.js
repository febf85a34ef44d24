// The one screen before a number: how many come in, and who needs priority.
import { byId, makeButton } from "../frame/page.js";
import { word } from "../frame/words.js";

const SIZES_IN_A_ROW = 6;
const SIZES_ON_A_SCREEN = 12; // so many that every screen shows them all, large enough to touch
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
 * A button for each size up to the largest that the office lets its kiosks take, and one more for
 * those who need the staff. The size chosen before stays.
 */
export function drawParty(box, wish, largest, askStaff) {
  const sizes = Array.from({ length: largest }, (_, place) => place + 1);
  const tellStaff = () => askStaff(word("party_more_text", { n: largest }));
  group(box, sizes, String, wish.party_size, (size) => (wish.party_size = size));
  box.append(makeButton("", word("party_more", { n: largest }), tellStaff));
  box.toggleAttribute("data-many", largest > SIZES_IN_A_ROW);
  if (largest > SIZES_ON_A_SCREEN) {
    box.dataset.many = "scrolled";
    box.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest" });
  }
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
