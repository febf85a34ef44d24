// The TV: takes the whole state from the agent, draws it, announces what is new, and says when it
// is old.
import { Announcer } from "./announcer.js";
import { drawCall, drawFrame, drawPairing, drawStandstill, newestFirst } from "./board/draw.js";
import { setUpChime } from "./chime.js";
import { hasAgent, makeFeed } from "./feed/feed.js";
import { MediaPlayer } from "./feed/media.js";
import { drawNotice, turnNotices } from "./board/notices.js";
import { byId } from "./page.js";
import { pair } from "./words.js";

const WAITS_OLD_SECONDS = 300;
const REPORT_MS = 10_000;

let frame = null;
let lastCall = "";

const media = new MediaPlayer(byId("media"));
const chime = setUpChime();
const announcer = new Announcer(() => feed.officeNowMs(), announce, draw);

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
  media.offer(frame.settings.media ? (frame.media ?? []) : []);
  media.pause(screen !== "board");
  if (screen === "standstill") {
    drawStandstill(frame.board.paused, frame.board.drill);
    return;
  }
  if (screen !== "board") {
    drawPairing(frame);
    return;
  }
  // A call that waits for its announcement is in the list at once: nobody stays unseen because two
  // counters call together.
  const calls = newestFirst(frame.board.calls);
  const shown = announcer.current ?? calls[0] ?? null;
  drawFrame(frame.board, calls, shown);
  if (!announcer.busy) drawCall(shown, false);
  if (feed.showAge()) pair(byId("call-title"), "call_old");
  drawNotice(frame.board, "waiting_room");
}

function hideOldWaits(seconds) {
  for (const wait of document.querySelectorAll("#streams .wait"))
    wait.hidden = seconds >= WAITS_OLD_SECONDS;
}

function report() {
  if (!frame || !hasAgent) return;
  if (!chime.ok) chime.allow(); // the sound output was missing for a while
  const body = JSON.stringify({
    sound: chime.ok ? "ok" : chime.context ? "blocked" : "missing",
    last_call: lastCall,
    screen: document.body.dataset.screen,
    layout: frame.settings.layout,
    media_broken: media.brokenCount,
    width: innerWidth,
    height: innerHeight,
  });
  fetch("/report", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(
    () => {},
  );
}

setInterval(report, REPORT_MS);
turnNotices(() => {
  if (frame?.board) drawNotice(frame.board, "waiting_room");
});
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
