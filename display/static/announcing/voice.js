// Says a call: the words of a sentence out of the clips, through the output. Never throws, and
// never holds the picture up: it only tells how long it will take.
import { addAnnouncement } from "./sound.js";
import { layOut, sentencesOf } from "./speech.js";

const LEAD_S = 0.05;

export class Voice {
  constructor({ clips, output }) {
    this.clips = clips;
    this.output = output;
    this.stopPlaying = null;
  }

  /** Whether it knows which words it has. */
  get isReady() {
    return this.clips.isSettled;
  }

  /**
   * Begin to say a call by a screen's settings. `{lastMs, totalMs}`, when its last word begins and
   * when it is over; null if nothing can be heard. A call that no clips can say is only a chime.
   */
  say({ call, form, hasChime }, settings) {
    this.stop();
    const context = this.output.running;
    if (!context) return null;
    try {
      const packs = this.clips.packs();
      const sentences = sentencesOf(call, form, settings, packs);
      const timeline = layOut(sentences, packs, hasChime);
      this.stopPlaying = addAnnouncement(context, {
        timeline,
        buffer: (language, key) => this.clips.buffer(language, key),
        hasChime,
        volume: settings.volume,
        atS: context.currentTime + LEAD_S,
      });
      const ms = (seconds) => 1000 * (LEAD_S + seconds);
      return { lastMs: ms(timeline.lastS), totalMs: ms(timeline.totalS) };
    } catch (problem) {
      console.error(problem);
      return null;
    }
  }

  /** End what is being said. */
  stop() {
    try {
      this.stopPlaying?.();
    } catch (problem) {
      console.error(problem);
    }
    this.stopPlaying = null;
  }

  /** Look after the output. */
  look() {
    try {
      this.output.look();
    } catch (problem) {
      console.error(problem);
    }
  }

  facts() {
    return { sound: this.output.state, voice_missing: this.clips.missing() };
  }
}
