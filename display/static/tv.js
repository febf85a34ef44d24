// The TV: takes the whole state from the agent, draws it, announces what is new, and owns up when it is old.
import { Announcer } from "./announcer.js";
import { drawCall, drawFrame, drawPairing, newestFirst } from "./draw.js";
import { Chime } from "./chime.js";
import { dateText, timeText, zoneName } from "./clock.js";
import { pair, pairText, word } from "./words.js";

const AGENT_SILENT_MS = 11_000;
const STALE_SECONDS = 10;
const WAITS_OLD_SECONDS = 300;
const REPORT_MS = 10_000;
const NOTICE_MS = 9000;
const SHIFT_MS = 60_000;
const RELOAD_MS = 60_000;
const SHIFTS = [[0, 0], [4, 2], [6, -3], [2, -5], [-3, -4], [-6, 1], [-4, 4]];

const byId = (id) => document.getElementById(id);
const pageBuild = document.querySelector('meta[name="build"]').content;
let frame = null;
let heardAt = performance.now();
let serverBuild = null;
let lastCall = "";
let noticeTurn = 0;

const officeNow = () => (frame ? frame.office_time * 1000 + performance.now() - heardAt : Date.now());
const elapsedSeconds = () => (performance.now() - heardAt) / 1000;
const chime = new Chime(showSound);
const announcer = new Announcer(officeNow, announce, draw);

function announce(call) {
  lastCall = call.id;
  draw();
  drawCall(call, true);
  chime.play();
}

function draw() {
  if (!frame) return;
  const screen = !frame.paired ? "pairing" : frame.board ? "board" : "starting";
  document.body.dataset.screen = screen;
  if (screen !== "board") {
    drawPairing(frame);
    return;
  }
  // A call that waits for its announcement is in the list at once: nobody stays unseen because two counters call together.
  const calls = newestFirst(frame.board.calls);
  const shown = announcer.current ?? calls[0] ?? null;
  drawFrame(frame.board, calls, shown, { showWaits: dataAge() < WAITS_OLD_SECONDS });
  if (!announcer.busy) drawCall(shown, false);
  showNotice();
  showAge();
}

function dataAge() {
  return frame.age_seconds === null ? 0 : frame.age_seconds + elapsedSeconds();
}

function showAge() {
  const agentGone = performance.now() - heardAt > AGENT_SILENT_MS;
  const seconds = dataAge();
  const stale = (agentGone || !frame.connected) && seconds > STALE_SECONDS;
  byId("stale").hidden = !stale;
  if (stale) pairText(byId("stale-words"), { id: staleWords("id", seconds), en: staleWords("en", seconds) });
  if (seconds >= WAITS_OLD_SECONDS) for (const wait of document.querySelectorAll("#streams .wait")) wait.hidden = true;
}

function staleWords(language, seconds) {
  const [key, n] = seconds < 60 ? ["seconds", seconds] : seconds < 3600 ? ["age_minutes", seconds / 60] : ["age_hours", seconds / 3600];
  const age = word(key, language, { n: Math.floor(n) });
  return `${word("disconnected", language)} · ${word("data_age", language, { age })}`;
}

function showSound() {
  byId("muted").hidden = chime.ok;
}

function showNotice() {
  const texts = frame.board.notices.map((notice) => notice.text);
  const turn = noticeTurn % (texts.length + 1);
  if (turn === 0) pair(byId("notice"), "waiting_room");
  else pairText(byId("notice"), texts[turn - 1]);
}

function tick() {
  if (!frame?.board) return;
  const now = new Date(officeNow());
  byId("time").textContent = timeText(now, frame.board.zone);
  byId("zone").textContent = zoneName(now, frame.board.zone);
  byId("day").textContent = dateText(now, frame.board.zone, "id");
  showAge();
}

function reloadIfNewer() {
  serverBuild ??= frame.board?.build ?? null;
  const newer = frame.build !== pageBuild || (frame.board && serverBuild !== frame.board.build);
  const last = Number(sessionStorage.getItem("antrean.reloaded") ?? -RELOAD_MS);
  if (!newer || announcer.busy || Date.now() - last < RELOAD_MS) return;
  sessionStorage.setItem("antrean.reloaded", String(Date.now()));
  location.reload();
}

function report() {
  if (!frame) return;
  const body = JSON.stringify({ audio_ok: chime.ok, last_call: lastCall, width: innerWidth, height: innerHeight });
  fetch("/report", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => {});
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
    // refused on battery power or by policy: the system's own blanking settings decide
  }
}

function listen() {
  const source = new EventSource("/stream");
  source.onmessage = (message) => {
    const received = JSON.parse(message.data);
    const drawnBefore = frame && JSON.stringify([frame.board, frame.paired, frame.pairing_code]);
    frame = received;
    heardAt = performance.now();
    reloadIfNewer();
    if (drawnBefore === JSON.stringify([frame.board, frame.paired, frame.pairing_code])) {
      showAge();
      return;
    }
    draw();
    if (frame.board) announcer.offer(newestFirst(frame.board.calls));
    tick();
  };
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, 2000);
  };
}

for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, () => chime.allow());
document.addEventListener("visibilitychange", stayAwake);
pair(byId("muted-words"), "muted");
setInterval(tick, 1000);
setInterval(report, REPORT_MS);
setInterval(() => {
  noticeTurn += 1;
  if (frame?.board) showNotice();
}, NOTICE_MS);
setInterval(shift, SHIFT_MS);
shift();
showSound();
stayAwake();
listen();
