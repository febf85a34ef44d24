// What every page of this agent needs: the stream of whole states, the clock, a word when the data
// is old, and a screen that stays awake.
import { dateText, timeText, zoneName } from "./clock.js";
import { byId } from "../page.js";
import { pairText, word } from "../words.js";

const AGENT_SILENT_MS = 11_000;
const STALE_SECONDS = 10;
const SHIFT_MS = 60_000;
const RELOAD_MS = 60_000;
const SHIFTS = [
  [0, 0],
  [4, 2],
  [6, -3],
  [2, -5],
  [-3, -4],
  [-6, 1],
  [-4, 4],
];

/**
 * Keep a page supplied. `draw(frame)` is called when what is shown has changed, `aged(seconds)`
 * with the age of the data, `mayReload()` says whether a newer page may be loaded now. The page has
 * #board, #time, #zone, #day, #stale and #stale-words.
 */
export function makeFeed({ draw, aged = () => {}, mayReload = () => true }) {
  const pageBuild = document.querySelector('meta[name="build"]').content;
  let frame = null;
  let heardAtMs = performance.now();
  let serverBuild = null;

  const officeNowMs = () =>
    frame ? frame.office_time * 1000 + performance.now() - heardAtMs : Date.now();
  const elapsedSeconds = () => (performance.now() - heardAtMs) / 1000;
  // A machine that has lost the time cannot tell the age.
  const dataAgeSeconds = () =>
    frame.age_seconds === null ? Infinity : frame.age_seconds + elapsedSeconds();

  function showAge() {
    const agentGone = performance.now() - heardAtMs > AGENT_SILENT_MS;
    const seconds = dataAgeSeconds();
    const stale = (agentGone || !frame.connected) && seconds > STALE_SECONDS;
    byId("stale").hidden = !stale;
    if (stale)
      pairText(byId("stale-words"), {
        id: staleWords("id", seconds),
        en: staleWords("en", seconds),
      });
    aged(seconds);
  }

  function tick() {
    if (!frame?.board) return;
    const now = new Date(officeNowMs());
    byId("time").textContent = timeText(now, frame.board.zone);
    byId("zone").textContent = zoneName(now, frame.board.zone);
    byId("day").textContent = dateText(now, frame.board.zone, "id");
    showAge();
  }

  function reloadIfNewer() {
    serverBuild ??= frame.board?.build ?? null;
    const newer = frame.build !== pageBuild || (frame.board && serverBuild !== frame.board.build);
    const last = Number(sessionStorage.getItem("antrean.reloaded") ?? -RELOAD_MS);
    if (!newer || !mayReload() || Date.now() - last < RELOAD_MS) return;
    sessionStorage.setItem("antrean.reloaded", String(Date.now()));
    location.reload();
  }

  function listen() {
    const source = new EventSource("/stream");
    source.onmessage = (message) => {
      const drawnBefore = frame && shownOf(frame);
      frame = JSON.parse(message.data);
      heardAtMs = performance.now();
      reloadIfNewer();
      if (drawnBefore !== shownOf(frame)) draw(frame);
      if (frame.board) showAge();
      tick();
    };
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(listen, 2000);
    };
  }

  document.addEventListener("visibilitychange", stayAwake);
  setInterval(tick, 1000);
  setInterval(shift, SHIFT_MS);
  shift();
  stayAwake();
  listen();
  return { frame: () => frame, officeNowMs, showAge };
}

const shownOf = (frame) => JSON.stringify([frame.board, frame.paired, frame.pairing_code]);

function staleWords(language, seconds) {
  if (seconds === Infinity)
    return `${word("disconnected", language)} · ${word("data_age_unknown", language)}`;
  const [key, n] =
    seconds < 60
      ? ["seconds", seconds]
      : seconds < 3600
        ? ["age_minutes", seconds / 60]
        : ["age_hours", seconds / 3600];
  const age = word(key, language, { n: Math.floor(n) });
  return `${word("disconnected", language)} · ${word("data_age", language, { age })}`;
}

// A still picture burns into a panel: the whole page moves by a few pixels each minute.
function shift() {
  const [x, y] = SHIFTS[Math.floor(Date.now() / SHIFT_MS) % SHIFTS.length];
  byId("board").style.transform = `translate(${x}px, ${y}px)`;
}

async function stayAwake() {
  if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // refused on battery power or by policy: the system's blanking settings apply
  }
}
