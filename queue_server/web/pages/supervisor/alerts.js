// New alerts: told once, in words and, if wanted, by a note.
import { byId, say } from "../page.js";
import { chime, readySound } from "../tell.js";
import { alertText, put, state, words } from "./state.js";

const SOUND = "antrean.dashboard.sound";

let known = null; // ids of the alerts that this page has told of already
let isOn = false;
let isSilent = false; // whether the browser keeps the page silent until it is pressed
try {
  isOn = localStorage.getItem(SOUND) === "on";
} catch {
  // Without storage the choice holds for this visit only.
}

function drawSound() {
  const isHeard = isOn && !isSilent;
  byId("sound").setAttribute("aria-pressed", String(isHeard));
  byId("sound").dataset.silent = isOn && isSilent ? "yes" : "";
  put("sound-words", isHeard ? words.soundOn : isOn ? words.soundAsk : words.soundOff);
}

/** Show whether alerts sound, and get the browser ready for it. */
export function setUpSound() {
  if (isOn) {
    readySound((silent) => {
      isSilent = silent;
      drawSound();
    });
  }
  drawSound();
}

export function tellAlerts() {
  const open = state.snapshot.alerts.filter((each) => !each.ended_at && !each.acknowledged_at);
  const fresh = known === null ? [] : open.filter((each) => !known.has(each.id));
  known = new Set([...(known ?? []), ...open.map((each) => each.id)]);
  if (fresh.length === 0) return;
  put("spoken", say(words.newAlert, { text: alertText(fresh[0]) }));
  if (isOn) chime();
}

byId("sound").addEventListener("click", () => {
  if (isOn && isSilent) return chime(); // the press that the page has asked for
  isOn = !isOn;
  try {
    localStorage.setItem(SOUND, isOn ? "on" : "off");
  } catch {
    // Without storage the choice holds for this visit only.
  }
  setUpSound();
  if (isOn) chime();
});
