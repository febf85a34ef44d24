// For staff, behind their PIN: stop giving numbers at this kiosk and go on again, also without the
// network.
import { AgentGone, setStop } from "../agent/agent.js";
import { byId, make, makeButton } from "../frame/page.js";
import { hasWord, word } from "../frame/words.js";

const DIGITS = "123456789";
const PIN_LENGTH = 6;
const TICK_MS = 500;

export class Staff {
  // `isStopped()` tells how the kiosk stands, `changed()` follows each opening and closing,
  // `done()` a right PIN.
  constructor({ isStopped, changed, done }) {
    Object.assign(this, { isStopped, changed, done });
    this.dialog = byId("staff-dialog");
    this.erase = makeButton("erase", "⌫", () => this.#take(this.pin.slice(0, -1)));
    const keys = [...DIGITS].map((digit) => this.#key(digit));
    byId("staff-pad").append(...keys, this.erase, this.#key("0"));
    this.#clear();
    byId("staff-close").addEventListener("click", () => this.close());
    byId("staff-go").addEventListener("click", () => this.#send());
    this.dialog.addEventListener("close", () => this.#leave());
  }

  get isOpen() {
    return this.dialog.open;
  }

  open() {
    this.#clear();
    this.draw();
    this.dialog.showModal();
    this.timer = setInterval(() => this.draw(), TICK_MS);
    this.changed();
  }

  close() {
    this.dialog.close();
  }

  /** Say it again: in the language chosen now, with the seconds that are left to wait. */
  draw() {
    const stopped = this.isStopped();
    byId("staff-title").textContent = word(stopped ? "staff_go_on_title" : "staff_stop_title");
    byId("staff-text").textContent = word(stopped ? "staff_go_on_text" : "staff_stop_text");
    byId("staff-go").textContent = word(stopped ? "staff_go_on" : "staff_stop");
    byId("staff-go").toggleAttribute("data-stop", !stopped);
    byId("staff-go").setAttribute("aria-disabled", String(!this.#mayGo));
    this.erase.setAttribute("aria-label", word("code_erase"));
    byId("staff-pin").setAttribute("aria-label", word("staff_pin", { n: this.pin.length }));
    // Told only if it is something else than before: it is read aloud.
    const said = this.#said;
    if (byId("staff-said").textContent !== said) byId("staff-said").textContent = said;
    const boxes = Array.from({ length: PIN_LENGTH }, (_, place) =>
      make("span", place < this.pin.length ? "filled" : "", place < this.pin.length ? "●" : ""),
    );
    byId("staff-pin").replaceChildren(...boxes);
  }

  get #waitSeconds() {
    return Math.max(0, Math.ceil((this.untilMs - performance.now()) / 1000));
  }

  get #mayGo() {
    return this.pin.length === PIN_LENGTH && !this.isSending && this.#waitSeconds === 0;
  }

  get #said() {
    const n = this.#waitSeconds;
    if (n > 0) return word(`staff_${this.code}_wait`, { n });
    return this.code && this.code !== "too_many_tries" ? word(`staff_${this.code}`) : "";
  }

  #key(digit) {
    return makeButton("", digit, () => this.#take((this.pin + digit).slice(0, PIN_LENGTH)));
  }

  #take(pin) {
    this.pin = pin;
    if (this.#waitSeconds === 0) this.code = "";
    this.draw();
  }

  #clear() {
    Object.assign(this, { pin: "", code: "", untilMs: -Infinity, isSending: false });
  }

  #leave() {
    clearInterval(this.timer);
    this.#clear();
    this.changed();
  }

  async #send() {
    if (!this.#mayGo) return;
    this.isSending = true;
    this.draw();
    const answer = await this.#ask({ pin: this.pin, on: !this.isStopped() });
    this.isSending = false;
    if (!this.isOpen) return;
    if (["stopped", "lifted"].includes(answer.code)) {
      this.close();
      this.done();
      return;
    }
    this.pin = "";
    this.code = hasWord(`staff_${answer.code}`) ? answer.code : "failed";
    this.untilMs = performance.now() + 1000 * (answer.wait_seconds ?? 0);
    this.draw();
  }

  async #ask(wish) {
    try {
      return (await setStop(wish)) ?? {};
    } catch (problem) {
      if (!(problem instanceof AgentGone)) throw problem;
      return {};
    }
  }
}
