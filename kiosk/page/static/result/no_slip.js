// "No slip came out?": a copy, marked as one; if that does not come either, an officer.
import { AgentGone, printCopy } from "../agent/agent.js";
import { byId } from "../frame/page.js";
import { word } from "../frame/words.js";

const COPIES_MOST = 1;

export class NoSlip {
  constructor({ callStaff }) {
    this.callStaff = callStaff;
    this.key = null;
    this.copies = 0;
    byId("no-slip").addEventListener("click", () => this.press());
  }

  /** A new number is on the screen. */
  start(key) {
    this.key = key;
    this.copies = 0;
    this.draw();
  }

  draw() {
    byId("no-slip").textContent = word(this.copies < COPIES_MOST ? "no_slip" : "no_slip_again");
  }

  async press() {
    // A printer in trouble prints no copy: only a hand helps.
    const isHopeless = ["trouble", "none"].includes(byId("print").dataset.print);
    if (isHopeless || this.copies >= COPIES_MOST) return this.callStaff();
    this.copies += 1;
    this.draw();
    try {
      await printCopy(this.key);
    } catch (problem) {
      if (!(problem instanceof AgentGone)) throw problem;
      this.callStaff();
    }
  }
}
