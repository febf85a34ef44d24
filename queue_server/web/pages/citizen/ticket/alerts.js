// Sound, vibration and a screen that stays on: on the day, while the page is open, for those who
// asked. What this browser cannot do is not offered.
import { byId } from "../../page.js";

const KINDS = ["sound", "vibration", "awake"];
const CAN = {
  sound: "AudioContext" in globalThis,
  // Desktop browsers have the function too, and nothing that vibrates.
  vibration: "vibrate" in navigator && matchMedia("(pointer: coarse)").matches,
  awake: "wakeLock" in navigator, // over https alone
};
let audio = null;
let lock = null;

const keyOf = (kind) => `antrean.alert.${kind}`;
const isOn = (kind) => CAN[kind] && localStorage.getItem(keyOf(kind)) === "on";

// A touch of the page is what browsers want before they make a sound.
function wakeAudio() {
  if (!isOn("sound")) return;
  try {
    audio ??= new AudioContext();
    audio.resume().catch(() => {});
  } catch {
    // No sound here; the page itself shows the call.
  }
}

// Two soft notes.
function play() {
  wakeAudio();
  if (!audio) return;
  [659.3, 523.3].forEach((pitch, index) => {
    const note = audio.createOscillator();
    const level = audio.createGain();
    const start = audio.currentTime + index * 0.45;
    note.frequency.value = pitch;
    level.gain.setValueAtTime(0.25, start);
    level.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
    note.connect(level).connect(audio.destination);
    note.start(start);
    note.stop(start + 1);
  });
}

/** Tell the visitor to look, as they asked. */
export function ring() {
  if (isOn("vibration")) navigator.vibrate([300, 150, 300]);
  if (isOn("sound")) play();
}

// The browser lets go of it whenever the page is hidden.
async function keepAwake() {
  if (!isOn("awake") || document.hidden || byId("alerts").hidden) {
    await lock?.release().catch(() => {});
    lock = null;
    return;
  }
  lock = await navigator.wakeLock.request("screen").catch(() => null);
}

/** Offer what this browser can do while the visitor waits or is to come. */
export function offerAlerts(isWanted) {
  if (!byId("alerts")) return;
  const hidden = !isWanted || !KINDS.some((kind) => CAN[kind]);
  if (byId("alerts").hidden === hidden) return;
  byId("alerts").hidden = hidden;
  if (CAN.awake) keepAwake();
}

if (byId("alerts")) {
  for (const kind of KINDS) {
    byId(`alert-${kind}-part`).hidden = !CAN[kind];
    byId(`alert-${kind}`).checked = isOn(kind);
    byId(`alert-${kind}`).addEventListener("change", ({ target }) => {
      localStorage.setItem(keyOf(kind), target.checked ? "on" : "off");
      if (kind === "awake") keepAwake();
      else if (target.checked) ring();
    });
  }
  document.addEventListener("pointerdown", wakeAudio);
  document.addEventListener("visibilitychange", () => {
    if (CAN.awake) keepAwake();
  });
}
