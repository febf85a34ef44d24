// One dialog for every choice: a short numbered list, taken by its digit, by Tab and Enter, or by a
// press.
import { byId } from "../page.js";

const dialog = byId("menu-dialog");
const list = byId("menu-list");
let onTake = null;

function makeItem({ text, hint, press, badge }, place) {
  const item = document.createElement("li");
  const button = document.createElement(press ? "button" : "div");
  button.className = press ? "menu__item" : "menu__item menu__item--still";
  if (press) button.type = "button";
  const mark = document.createElement(press && place < 9 ? "kbd" : "span");
  mark.className = press && place < 9 ? "key" : "menu__space";
  mark.textContent = press && place < 9 ? String(place + 1) : "";
  const what = document.createElement("span");
  what.className = "menu__text";
  const title = document.createElement("b");
  title.textContent = text;
  what.append(title);
  if (hint) {
    const small = document.createElement("small");
    small.textContent = hint;
    what.append(small);
  }
  button.append(mark, what);
  if (badge) button.append(badge);
  if (press)
    button.addEventListener("click", () => {
      onTake = press;
      dialog.close();
    });
  item.append(button);
  return item;
}

/** Offer `items`, each {text, hint?, press?}; one without `press` is only told. Esc takes none. */
export function offer(title, hint, items) {
  byId("menu-title").textContent = title;
  byId("menu-hint").textContent = hint;
  byId("menu-hint").hidden = !hint;
  list.replaceChildren(...items.map(makeItem));
  onTake = null;
  dialog.showModal();
  (list.querySelector("button") ?? byId("menu-back")).focus();
}

dialog.addEventListener("close", () => {
  const taken = onTake;
  onTake = null;
  taken?.();
});
dialog.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const buttons = [...list.querySelectorAll("button")];
  if (/^[1-9]$/.test(event.key)) {
    const button = list.children[Number(event.key) - 1]?.querySelector("button");
    event.preventDefault();
    button?.click();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    event.preventDefault();
    buttons[
      (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length
    ]?.focus();
  }
});
