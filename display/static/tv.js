// The TV: takes the whole state from the agent, draws it, announces what is new, and says when it
// is old.
import { setUpAnnouncing } from "./announcing/announcing.js";
import { drawCall, drawFrame, drawPairing, drawStandstill, newestFirst } from "./board/draw.js";
import { hasAgent, makeFeed } from "./feed/feed.js";
import { MediaPlayer } from "./feed/media.js";
import { drawNotice, turnNotices } from "./board/notices.js";
import { byId } from "./page.js";
import { pair } from "./words.js";

const WAITS_OLD_SECONDS = 300;

let frame = null;

const media = new MediaPlayer(byId("media"));
const announcing = setUpAnnouncing({
  nowMs: () => feed.officeNowMs(),
  hasAgent,
  changed: drawStage,
  pageFacts: () => ({
    screen: document.body.dataset.screen,
    layout: frame?.settings.layout ?? "",
    media_broken: media.brokenCount,
    width: innerWidth,
    height: innerHeight,
  }),
});

function drawStage() {
  draw();
  const { stage } = announcing;
  const screen = document.body.dataset.screen;
  if (screen === "board" && stage.kind !== "rest") drawCall(callOf(stage), true);
}

// Until the board draws stages itself, a burst is its calls one after another.
const callOf = (stage) =>
  stage.kind === "burst" ? stage.calls.find((call) => call.id === stage.naming) : stage.call;

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
  const { stage } = announcing;
  const shown = stage.kind === "rest" ? (calls[0] ?? null) : callOf(stage);
  drawFrame(frame.board, calls, shown);
  if (stage.kind === "rest") drawCall(shown, false);
  if (feed.showAge()) pair(byId("call-title"), "call_old");
  drawNotice(frame.board, "waiting_room");
}

function hideOldWaits(seconds) {
  for (const wait of document.querySelectorAll("#streams .wait"))
    wait.hidden = seconds >= WAITS_OLD_SECONDS;
}

turnNotices(() => {
  if (frame?.board) drawNotice(frame.board, "waiting_room");
});
const feed = makeFeed({
  aged: hideOldWaits,
  mayReload: () => !announcing.isBusy,
  draw(fresh) {
    frame = fresh;
    announcing.take(frame);
    draw();
  },
});
