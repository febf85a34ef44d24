// The chime of the screen at the entry. #muted says when the browser does not let it sound.
import { byId } from "../page.js";
import { pair } from "../words.js";
import { addAnnouncement } from "./sound.js";
import { Output } from "./output.js";
import { layOut } from "./speech.js";

const LOOK_MS = 5000;
const LEAD_S = 0.02;

/** `play(volume)` sounds it, in percent; `state` is as of `Output`. */
export function setUpChime() {
  const showSound = () => {
    byId("muted").hidden = output.state !== "blocked";
  };
  const output = new Output(() => showSound());
  setInterval(() => output.look(), LOOK_MS);
  pair(byId("muted-words"), "muted");
  showSound();
  return {
    get state() {
      return output.state;
    },
    play(volume) {
      const context = output.running;
      if (!context) return;
      try {
        const timeline = layOut([], {}, true);
        const atS = context.currentTime + LEAD_S;
        addAnnouncement(context, { timeline, buffer: null, hasChime: true, volume, atS });
      } catch (problem) {
        console.error(problem);
      }
    },
  };
}
