// Ways to use the kiosk that a visitor chooses, from every screen by one button: controls within
// low reach, high contrast, large letters, a voice with a keypad. The next visitor finds none on.
import { byId } from "../frame/page.js";
import { word } from "../frame/words.js";

const MODES = ["low", "contrast", "large", "voice"];
const SLOW = ["large", "voice"]; // who uses these needs more time

export class Modes {
  // `changed(mode)` follows each change, `unheard()` says why nothing would be heard, or "".
  constructor({ changed, unheard }) {
    Object.assign(this, { changed, unheard });
    this.on = new Set();
    this.dialog = byId("modes-dialog");
    this.buttons = MODES.map((mode) => byId(`mode-${mode}`));
    for (const [place, mode] of MODES.entries())
      this.buttons[place].addEventListener("click", () => this.turn(mode));
    byId("access").addEventListener("click", () => this.open());
    byId("modes-close").addEventListener("click", () => this.close());
    byId("modes-usual").addEventListener("click", () => this.reset());
    this.dialog.addEventListener("close", () => this.changed(null));
  }

  get isOpen() {
    return this.dialog.open;
  }

  get isAny() {
    return this.on.size > 0;
  }

  /** How many times longer the kiosk waits for this visitor. */
  get patience() {
    return SLOW.some((mode) => this.on.has(mode)) ? 3 : 1;
  }

  has(mode) {
    return this.on.has(mode);
  }

  open() {
    this.draw();
    this.dialog.showModal();
    this.changed(null);
  }

  close() {
    this.dialog.close();
  }

  turn(mode) {
    if (!this.on.delete(mode)) this.on.add(mode);
    this.draw();
    this.changed(mode);
  }

  reset() {
    this.on.clear();
    this.draw();
    this.changed(null);
  }

  draw() {
    for (const [place, mode] of MODES.entries()) {
      document.documentElement.toggleAttribute(`data-${mode}`, this.on.has(mode));
      this.buttons[place].setAttribute("aria-pressed", String(this.on.has(mode)));
    }
    byId("access").setAttribute("aria-label", word("access"));
    this.#moveLanguages();
    const why = this.has("voice") ? this.unheard() : "";
    byId("modes-unheard").hidden = !why;
    byId("modes-unheard").textContent = why ? word(why) : "";
    byId("modes-usual").hidden = !this.isAny;
  }

  // The choice of the language is the one control of the head: within low reach it is at the foot.
  #moveLanguages() {
    const languages = document.querySelector(".languages");
    const home = document.querySelector(this.has("low") ? ".bottom" : ".top");
    if (languages.parentElement !== home) home.append(languages);
  }
}
