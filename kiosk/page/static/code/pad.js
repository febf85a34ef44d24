// The on-screen pad for a booking code: only the 32 characters a code can have.
import { make, makeButton } from "../frame/page.js";
import { word } from "../frame/words.js";

const CHARACTERS = "1234567890ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH = 12;

export class CodePad {
  constructor(keys, display, changed) {
    Object.assign(this, { keys, display, changed });
    this.code = "";
    for (const character of CHARACTERS)
      keys.append(makeButton("", character, () => this.add(character)));
    this.erase = makeButton("erase", "", () => this.back());
    keys.append(this.erase);
  }

  get complete() {
    return this.code.length === CODE_LENGTH;
  }

  add(character) {
    if (this.complete) return;
    this.code += character;
    this.draw();
  }

  back() {
    this.code = this.code.slice(0, -1);
    this.draw();
  }

  clear() {
    this.code = "";
    this.draw();
  }

  draw() {
    const boxes = [...this.code.padEnd(CODE_LENGTH)].map((character, place) =>
      make("span", place === this.code.length ? "next" : "", character.trim()),
    );
    this.display.replaceChildren(...boxes);
    this.erase.setAttribute("aria-label", word("code_erase"));
    this.erase.replaceChildren("⌫", make("span", "", ` ${word("code_erase")}`));
    this.changed();
  }
}
