// The TV: takes the whole state from the agent, draws it, announces what is new, and says when it
// is old.
import { setUpAnnouncing } from "./announcing/announcing.js";
import { drawBoard, drawStage } from "./board/draw.js";
import { ofToday } from "./board/rules/calls.js";
import { drawPairing, drawStandstill } from "./board/screens.js";
import { hasAgent, makeFeed } from "./feed/feed.js";
import { MediaPlayer } from "./feed/media.js";
import { byId } from "./page.js";

const WAITS_OLD_SECONDS = 300;

let frame = null;
let board = null; // of today

const media = new MediaPlayer(byId("media"));
const announcing = setUpAnnouncing({
  nowMs: () => feed.officeNowMs(),
  hasAgent,
  changed(stage) {
    if (board) drawStage(stage, board, frame.settings);
  },
  pageFacts: () => ({
    screen: document.body.dataset.screen,
    layout: frame?.settings.layout ?? "",
    media_broken: media.brokenCount,
    width: innerWidth,
    height: innerHeight,
  }),
});

function draw() {
  const screen = !frame.paired
    ? "pairing"
    : !board
      ? "starting"
      : board.paused
        ? "standstill"
        : "board";
  document.body.dataset.screen = screen;
  media.offer(frame.settings.media ? (frame.media ?? []) : []);
  media.pause(screen !== "board");
  if (screen === "standstill") {
    drawStandstill(board.paused, board.drill);
    return;
  }
  if (screen !== "board") {
    drawPairing(frame);
    return;
  }
  // A call that waits for its announcement is in the list or in the grid at once: nobody stays
  // unseen because several counters call together.
  drawBoard(board, frame.settings);
  feed.showAge();
}

function take() {
  board = frame.board && ofToday(frame.board, feed.officeNowMs());
  draw();
  announcing.take(frame, board);
}

function age(seconds) {
  byId("board").classList.toggle("old-waits", seconds >= WAITS_OLD_SECONDS);
  // Midnight may pass while no board comes.
  if (board && ofToday(frame.board, feed.officeNowMs()).isOld !== board.isOld) take();
}

const feed = makeFeed({
  aged: age,
  mayReload: () => !announcing.isBusy,
  draw(fresh) {
    frame = fresh;
    take();
  },
});
