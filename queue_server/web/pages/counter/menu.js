// One dialog for every choice: a short list, taken by a digit, by Tab and Enter, or by a press.
import { byId } from "../page.js";
import { afterGap } from "../scanner.js";

const dialog = byId("menu-dialog");
const list = byId("menu-list");
let onTake = null;

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

function makeItem({ text, hint, press }, place) {
  const hasDigit = press && place < 9;
  const mark = hasDigit ? make("kbd", "key", String(place + 1)) : make("span", "menu__space");
  const label = make("span", "menu__text", make("b", "", text));
  if (hint) label.append(make("small", "", hint));
  if (!press) return make("li", "", make("div", "menu__item menu__item--still", mark, label));
  const button = make("button", "menu__item", mark, label);
  button.type = "button";
  button.addEventListener("click", () => {
    onTake = press;
    dialog.close();
  });
  return make("li", "", button);
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
    afterGap(() => button?.isConnected && dialog.open && button.click());
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    event.preventDefault();
    buttons[
      (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length
    ]?.focus();
  }
});
