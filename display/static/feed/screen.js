// The panel itself: kept awake, and kept from burning in.
import { byId } from "../page.js";

const SHIFT_MS = 60_000;
const SHIFTS = [
  [0, 0],
  [4, 2],
  [6, -3],
  [2, -5],
  [-3, -4],
  [-6, 1],
  [-4, 4],
];
let lock = null;

/** Keep the screen awake, and move the whole page by a few pixels each minute. */
export function careForScreen() {
  document.addEventListener("visibilitychange", stayAwake);
  setInterval(() => {
    shift();
    stayAwake();
  }, SHIFT_MS);
  shift();
  stayAwake();
}

function shift() {
  const [x, y] = SHIFTS[Math.floor(Date.now() / SHIFT_MS) % SHIFTS.length];
  byId("board").style.transform = `translate(${x}px, ${y}px)`;
}

// A browser takes the lock back whenever the page is hidden, and a machine that sleeps does so too.
async function stayAwake() {
  if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
  if (lock && !lock.released) return;
  try {
    lock = await navigator.wakeLock.request("screen");
  } catch {
    // refused on battery power or by policy: the system's blanking settings apply
  }
}
