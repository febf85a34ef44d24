// What a page of the staff tells and asks: by banner, by a line at its foot, by dialog, by sound.
import { byId } from "./page.js";

/** Say above the page that there is no connection, in the banner's own words. */
export function showConnection(isConnected) {
  const banner = byId("connection");
  banner.hidden = isConnected;
  banner.classList.toggle("connection--off", !isConnected);
  banner.textContent = isConnected ? "" : banner.dataset.off;
}

/** Tell screen readers which row a button belongs to. */
export function nameButton(button, about) {
  button.setAttribute("aria-label", `${button.textContent}: ${about}`);
}

/** Open a dialog; `answered(value)` follows when it was closed by a button that has a value. */
export function ask(dialog, answered) {
  const close = () => {
    if (dialog.returnValue) answered(dialog.returnValue);
  };
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", close, { once: true });
}

let snackbarTimer = 0;
let way = null;

/** Say what was done, for ten seconds; `offer` is {text, press}, the way back or on, or null. */
export function notify(text, offer = null) {
  clearTimeout(snackbarTimer);
  way = offer;
  byId("snackbar-text").textContent = text;
  byId("snackbar-way").hidden = !offer;
  byId("snackbar-way").textContent = offer?.text ?? "";
  byId("snackbar").hidden = false;
  snackbarTimer = setTimeout(() => {
    byId("snackbar").hidden = true;
  }, 10_000);
}

byId("snackbar-way").addEventListener("click", () => {
  const taken = way;
  taken?.press();
  // Taking it may have said something new at once.
  if (way === taken) byId("snackbar").hidden = true;
});

// ---- Sound: one context for the page. A browser may keep it silent until the page is pressed, and
// then the page asks for that.

const SETTLE_MS = 500; // what a browser that lets the page sound takes to begin
const FRESH_MS = 2_000; // a note that was kept back is worth hearing only for so long

let audio = null;
let freshUntilMs = 0;
let told = () => {};

function openSound() {
  if (audio) return;
  try {
    audio = new AudioContext();
  } catch {
    return; // No sound here; the page shows all that a note would say.
  }
  audio.addEventListener("statechange", tellSound);
  setTimeout(tellSound, SETTLE_MS);
}

function tellSound() {
  const silent = audio.state !== "running";
  if (!silent && performance.now() < freshUntilMs) play();
  byId("sound-ask")?.toggleAttribute("hidden", !silent);
  told(silent);
}

function wakeSound() {
  if (audio && audio.state !== "running") audio.resume().catch(() => {});
}

/**
 * Get ready to sound; `tell` hears now and at each change whether the browser keeps the page silent
 * until it is pressed.
 */
export function readySound(tell) {
  told = tell;
  if (audio) tellSound();
  else openSound();
}

// A touch counts as a press when it ends. A button that asks for the press acts on its own click,
// so it must still ask by then.
for (const press of ["pointerup", "keydown"]) {
  addEventListener(press, (event) => {
    if (!event.target.closest?.("[data-sound]")) wakeSound();
  });
}

/** One soft note: somebody has come to an empty queue, or the supervisor dashboard has an alert. */
export function chime() {
  openSound();
  if (audio?.state === "running") return play();
  freshUntilMs = performance.now() + FRESH_MS;
  wakeSound();
}

function play() {
  freshUntilMs = 0;
  const note = audio.createOscillator();
  const level = audio.createGain();
  note.frequency.value = 880;
  level.gain.setValueAtTime(0.12, audio.currentTime);
  level.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
  note.connect(level).connect(audio.destination);
  note.start();
  note.stop(audio.currentTime + 0.45);
}
