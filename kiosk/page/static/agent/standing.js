// How the kiosk stands: asked of the agent each second.
import { followGuide } from "../choosing/guide.js";
import { AgentGone, readState } from "./agent.js";
import { whyNoNumber } from "./supply.js";

const STATE_MS = 1000;

export class Standing {
  // `changed()` follows each look, also one that the agent did not answer.
  constructor(changed) {
    this.changed = changed;
    this.state = null;
    this.isAgentHere = false;
  }

  /** Why no number can be had now, or null. */
  get why() {
    return whyNoNumber(this.state, this.isAgentHere);
  }

  get offer() {
    return this.state?.offer ?? null;
  }

  get zone() {
    return this.offer?.zone ?? "Asia/Jakarta";
  }

  async look() {
    try {
      this.state = await readState();
      this.isAgentHere = true;
      followGuide(this.state.guide);
    } catch (problem) {
      if (!(problem instanceof AgentGone)) throw problem;
      this.isAgentHere = false;
    }
    this.changed();
  }

  lookWithoutEnd() {
    setTimeout(() => this.look().finally(() => this.lookWithoutEnd()), STATE_MS);
  }
}
