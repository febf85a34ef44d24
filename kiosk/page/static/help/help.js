// Help from the staff: one touch calls them, and the screen says honestly whether somebody comes.
import { AgentGone, askHelp, takeHelpBack } from "../agent/agent.js";
import { phone } from "../choosing/guide.js";
import { byId } from "../frame/page.js";
import { language, word } from "../frame/words.js";

const OPEN = new Set(["calling", "asked", "unanswered", "answered"]);
const SHORT = { calling: "asked", asked: "asked", unanswered: "asked", answered: "answered" };

export class Help {
  // `screen()` names what is shown, `changed()` follows each change, so that idle time is counted
  // anew.
  constructor({ screen, changed }) {
    Object.assign(this, { screen, changed });
    this.stage = "none";
    this.told = null; // what is explained before anybody has called
    this.dialog = byId("help-dialog");
    byId("help").addEventListener("click", () => this.call("VISITOR"));
    byId("help-call").addEventListener("click", () => this.call("VISITOR"));
    byId("help-take-back").addEventListener("click", () => this.takeBack());
    byId("help-close").addEventListener("click", () => this.close());
    this.dialog.addEventListener("close", () => this.changed());
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** Whether the staff are called and nobody has ended it. */
  get isCalled() {
    return OPEN.has(this.stage);
  }

  /** Whether somebody waits here for an officer. */
  get isWaiting() {
    return this.isOpen && this.isCalled;
  }

  /** Explain something that only the staff can do; they are one touch away. */
  explain(text) {
    this.told = text;
    this.#show();
  }

  async call(reason) {
    this.told = null;
    if (!OPEN.has(this.stage)) this.#take("calling");
    this.#show();
    const asked = { language: language(), screen: this.screen(), reason };
    await this.#send(() => askHelp(asked));
  }

  async takeBack() {
    this.#take("none");
    this.close();
    await this.#send(takeHelpBack);
  }

  close() {
    this.dialog.close();
  }

  /** What the agent says of the call, with every state. */
  follow(stage) {
    if (!this.isSending && stage !== this.stage) this.#take(stage);
  }

  /** Say it again, in the language chosen now. */
  draw() {
    const stage = this.told === null ? this.stage : "told";
    this.dialog.dataset.stage = stage;
    byId("help-title").textContent = word(`help_${stage}_title`);
    byId("help-text").textContent = this.told ?? word(`help_${stage}_text`);
    const isAlone = ["told", "unanswered", "unreachable", "resting"].includes(stage);
    byId("help-phone").textContent =
      isAlone && phone() ? word("help_phone", { phone: phone() }) : "";
    byId("help-take-back").hidden = this.told !== null || !OPEN.has(stage);
    byId("help-call").hidden = this.told === null || OPEN.has(this.stage);
    byId("help").dataset.stage = this.stage;
    const short = SHORT[this.stage];
    byId("help-words").textContent = word(short ? `help_short_${short}` : "help");
  }

  #show() {
    this.draw();
    if (!this.isOpen) this.dialog.showModal();
    this.changed();
  }

  #take(stage) {
    this.stage = stage;
    this.draw();
    if (this.isOpen) this.changed();
  }

  async #send(request) {
    this.isSending = true;
    try {
      this.#take((await request())?.stage ?? "unreachable");
    } catch (problem) {
      if (!(problem instanceof AgentGone)) throw problem;
      this.#take("unreachable");
    } finally {
      this.isSending = false;
    }
  }
}
