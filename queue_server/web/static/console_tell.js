// What the console tells: a line at the foot of the page, and a soft note.
import { byId } from "./console_list.js";

let snackbarTimer = 0;
let way = null;
/** Say what was done for ten seconds; `offer` is {text, press}, the way back or on where there is one. */
export function notify(text, offer = null) {
  clearTimeout(snackbarTimer);
  way = offer;
  byId("snackbar-text").textContent = text;
  byId("snackbar-way").hidden = !offer;
  byId("snackbar-way").textContent = offer?.text ?? "";
  byId("snackbar").hidden = false;
  snackbarTimer = setTimeout(() => { byId("snackbar").hidden = true; }, 10_000);
}

byId("snackbar-way").addEventListener("click", () => {
  const taken = way;
  taken?.press();
  // Taking it may have said something new at once.
  if (way === taken) byId("snackbar").hidden = true;
});

/** One soft note: somebody has come to an empty queue. */
export function chime() {
  try {
    const audio = new AudioContext();
    const note = audio.createOscillator();
    const level = audio.createGain();
    note.frequency.value = 880;
    level.gain.setValueAtTime(0.12, audio.currentTime);
    level.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
    note.connect(level).connect(audio.destination);
    note.start();
    note.stop(audio.currentTime + 0.45);
  } catch {
    // Silence is fine: the list shows the newcomer.
  }
}
