// The screen of a number: drawn once, then only what becomes of its slip.
import { printCopy } from "../agent/agent.js";
import { evidenceOf } from "../choosing/guide.js";
import { byId } from "../frame/page.js";
import { speak } from "../frame/words.js";
import { NoSlip } from "./no_slip.js";
import { drawPrint, drawResult, enlargeCode, isWithoutPaper, resultLimit } from "./result.js";

const HASTY_MS = 700;

export class ResultScreen {
  // `show(limitMs)` brings the screen up, `watchIdle(limitMs)` counts idle time anew, `drawGo()`
  // follows what the large button may do, `key()` is that of the request shown.
  constructor({ show, watchIdle, drawGo, key, zone, callStaff }) {
    Object.assign(this, { show, watchIdle, drawGo, key, zone });
    this.noSlip = new NoSlip({ callStaff });
    this.answer = null;
    this.urgency = null;
    this.shownAtMs = -Infinity;
    byId("phone").addEventListener("click", () => this.#turnCode());
    byId("copy").addEventListener("click", () => this.#copy());
  }

  /** Whether the number has been there long enough: a late second tap on "Take a number" must not
   * close it, as the next button is in the same place. */
  get isSeen() {
    return performance.now() - this.shownAtMs >= HASTY_MS;
  }

  /** A number has come. `urgency` is what the visitor has chosen, if it is urgent. */
  begin(answer, urgency) {
    Object.assign(this, { answer, urgency });
    speak(answer.language);
    this.#drawNumber();
    this.noSlip.start(this.key());
    this.shownAtMs = performance.now();
    this.show(resultLimit(answer));
    enlargeCode(isWithoutPaper(answer));
    setTimeout(this.drawGo, HASTY_MS + 50);
    if (answer.repeated && answer.print === null) document.body.dataset.copy = "";
  }

  /** What has become of its slip. */
  follow(answer) {
    this.answer = answer;
    if (byId("print").dataset.print === (answer.print ?? "")) return;
    drawPrint(answer);
    if (isWithoutPaper(answer)) enlargeCode(true);
    this.watchIdle(resultLimit(answer));
    this.drawGo();
  }

  /** Say it again, in the language chosen now. */
  draw() {
    this.#drawNumber();
    enlargeCode("phone" in document.body.dataset);
  }

  #drawNumber() {
    drawResult(this.answer, this.zone(), evidenceOf(this.urgency));
  }

  #turnCode() {
    enlargeCode(!("phone" in document.body.dataset));
    this.watchIdle(resultLimit(this.answer));
  }

  #copy() {
    const key = this.key();
    delete document.body.dataset.copy;
    printCopy(key).catch(() => {
      if (this.key() === key) document.body.dataset.copy = "";
    });
  }
}
