// The TV: takes the whole state from the agent, draws it, announces what is new, and says when it
// is old.
import { Announcer } from "./announcer.js";
import { drawCall, drawFrame, drawPairing, drawStandstill, newestFirst } from "./draw.js";
import { Chime } from "./chime.js";
import { makeFeed } from "./feed.js";
import { pair, pairText } from "./words.js";

const WAITS_OLD_SECONDS = 300;
const REPORT_MS = 10_000;
const NOTICE_MS = 9000;

const byId = (id) => document.getElementById(id);
let frame = null;
let lastCall = "";
let noticeTurn = 0;

const chime = new Chime(showSound);
const announcer = new Announcer(() => feed.officeNow(), announce, draw);

function announce(call) {
  lastCall = call.id;
  draw();
  drawCall(call, true);
  chime.play();
}

function draw() {
  if (!frame) return;
  const screen = !frame.paired
    ? "pairing"
    : !frame.board
      ? "starting"
      : frame.board.paused
        ? "standstill"
        : "board";
  document.body.dataset.screen = screen;
  if (screen === "standstill") {
    drawStandstill(frame.board.paused, frame.board.drill);
    return;
  }
  if (screen !== "board") {
    drawPairing(frame);
    return;
  }
  // A call is in the list at once, before its announcement: nobody stays unseen because two
  // counters call together.
  const calls = newestFirst(frame.board.calls);
  const shown = announcer.current ?? calls[0] ?? null;
  drawFrame(frame.board, calls, shown);
  if (!announcer.busy) drawCall(shown, false);
  showNotice();
  feed.showAge();
}

function hideOldWaits(seconds) {
  for (const wait of document.querySelectorAll("#streams .wait"))
    wait.hidden = seconds >= WAITS_OLD_SECONDS;
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

function report() {
  if (!frame) return;
  if (!chime.ok) chime.allow(); // the sound output was missing for a while
  const body = JSON.stringify({
    audio_ok: chime.ok,
    last_call: lastCall,
    width: innerWidth,
    height: innerHeight,
  });
  fetch("/report", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(
    () => {},
  );
}

for (const event of ["pointerdown", "keydown"])
  document.addEventListener(event, () => chime.allow());
pair(byId("muted-words"), "muted");
setInterval(report, REPORT_MS);
setInterval(() => {
  noticeTurn += 1;
  if (frame?.board) showNotice();
}, NOTICE_MS);
showSound();
const feed = makeFeed({
  aged: hideOldWaits,
  mayReload: () => !announcer.busy,
  draw(fresh) {
    frame = fresh;
    draw();
    if (!frame.board || frame.board.paused) announcer.hush();
    else announcer.offer(newestFirst(frame.board.calls));
  },
});
