// The one calm screen before a number: how many come in, and who needs priority.
import { button } from "./tiles.js";
import { word } from "./words.js";

const PARTY_MAX = 6;
const PRIORITIES = ["none", "elderly", "pregnant", "disabled", "child"];
const URGENCIES = ["hospital", "death", "departure", "deadline", "child", "disaster", "court", "cannot_use_online", "other"];

function group(box, values, text, chosen, pressed) {
  const buttons = values.map((value) => {
    const element = button("", text(value), () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === element));
      pressed(value);
    });
    element.setAttribute("aria-pressed", String(value === chosen));
    element.dataset.value = String(value);
    return element;
  });
  box.replaceChildren(...buttons);
}

export function drawParty(box, wish) {
  const sizes = Array.from({ length: PARTY_MAX }, (_, place) => place + 1);
  group(box, sizes, String, wish.party_size, (size) => (wish.party_size = size));
}

export function drawPriority(box, wish) {
  group(box, PRIORITIES, (each) => word(`priority_${each}`), wish.priority ?? "none", (each) => {
    wish.priority = each === "none" ? null : each;
  });
}

export function drawUrgencies(box, pressed) {
  const buttons = URGENCIES.map((each) => button("", word(`urgency_${each}`), () => pressed(each)));
  box.replaceChildren(...buttons);
}
