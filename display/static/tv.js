// The TV: takes the whole state from the agent, draws it, announces what is new, and says when it
// is old.
import { Announcer } from "./announcer.js";
import { drawBoard, drawStage } from "./board/draw.js";
import { callsOf, ofToday } from "./board/rules/calls.js";
import { drawPairing, drawStandstill } from "./board/screens.js";
import { setUpChime } from "./chime.js";
import { makeFeed } from "./feed.js";
import { byId } from "./page.js";

const WAITS_OLD_SECONDS = 300;
const REPORT_MS = 10_000;

let frame = null;
let board = null; // of today
let stage = { kind: "rest" };
let lastCall = "";

const chime = setUpChime();
const announcer = new Announcer(
  () => feed.officeNowMs(),
  announce,
  () => show({ kind: "rest" }),
);

function announce(call) {
  lastCall = call.id;
  show({ kind: "call", call, test: false });
  chime.play();
}

function show(fresh) {
  stage = fresh;
  if (board) drawStage(stage, board, frame.settings);
}

function draw() {
  const screen = !frame.paired
    ? "pairing"
    : !board
      ? "starting"
      : board.paused
        ? "standstill"
        : "board";
  document.body.dataset.screen = screen;
  if (screen === "standstill") {
    drawStandstill(board.paused, board.drill);
    return;
  }
  if (screen !== "board") {
    drawPairing(frame);
    return;
  }
  // A call that waits for its announcement is in the list at once: nobody stays unseen because two
  // counters call together.
  drawBoard(board, frame.settings);
  feed.showAge();
}

function take() {
  board = frame.board && ofToday(frame.board, feed.officeNowMs());
  draw();
  if (!board || board.paused) announcer.hush();
  else announcer.offer(callsOf(board, frame.settings));
}

function age(seconds) {
  byId("board").classList.toggle("old-waits", seconds >= WAITS_OLD_SECONDS);
  // Midnight may pass while no board comes.
  if (board && ofToday(frame.board, feed.officeNowMs()).isOld !== board.isOld) take();
}

function report() {
  if (!frame) return;
  if (!chime.ok) chime.allow(); // the sound output was missing for a while
  const body = JSON.stringify({
    sound: chime.ok ? "ok" : chime.context ? "blocked" : "missing",
    last_call: lastCall,
    width: innerWidth,
    height: innerHeight,
  });
  fetch("/report", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(
    () => {},
  );
}

setInterval(report, REPORT_MS);
const feed = makeFeed({
  aged: age,
  mayReload: () => !announcer.busy,
  draw(fresh) {
    frame = fresh;
    take();
  },
});
