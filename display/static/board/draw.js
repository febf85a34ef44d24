// Draws a board and a stage as it is told; knows nothing of sound or of the network. What does not
// fit is turned page by page.
import { isHere } from "../announcing/standing.js";
import { byId } from "../page.js";
import { bothWords, pair, pairCounter, pairText, useLanguages } from "../words.js";
import { drawBurst } from "./burst.js";
import { Hall } from "./hall.js";
import { drawNotice, drawTexts, turnNotices } from "./notices.js";
import { gridOf, isTakenBack } from "./rules/calls.js";
import { languagesOf, layoutOf } from "./rules/layout.js";
import { isStanding } from "./rules/sizes.js";
import { drawStreams } from "./streams.js";
import { drawEntering, drawMode, drawTop, modeOf } from "./top.js";
import { applySizes, screenSize } from "./type.js";

const CALLS_TURN_SECONDS = 4;
const STREAMS_TURN_SECONDS = 8;
const FEW_CALLS = 4; // they leave a standing screen room for twice as many queues
const REST = { kind: "rest" };
const NUMBER_MOST = { main: 0.32, halls: 0.32, counter: 0.5 }; // of the screen's height

const views = [...document.querySelectorAll(".hall")].map((root) => new Hall(root));
let told = null; // the last stage, board and settings
let seconds = 0;

/** Draw a board; the call area keeps its stage. */
export function drawBoard(board, settings) {
  told = { stage: told ? told.stage : REST, board, settings };
  draw();
}

/** Draw what is announced: see the stages of `announcing/`. */
export function drawStage(stage, board, settings) {
  told = { stage, board, settings };
  draw();
}

function draw() {
  const { board, settings } = told;
  if (byId("board").clientWidth === 0) return; // another screen covers it
  useLanguages(languagesOf(settings));
  const plan = layoutOf(settings);
  const stage = standingStage(told.stage, board);
  arrange(plan, stage, settings);
  const fonts = applySizes(settings);
  drawTop(board);
  drawMode(board);
  drawEntering(board, turnOf(CALLS_TURN_SECONDS));
  drawQueues(plan, board, stage, fonts);
  views.forEach((view, place) => {
    view.root.hidden = place >= plan.halls.length || stage.kind === "burst";
    if (place < plan.halls.length) view.take(plan.halls[place], board);
    if (!view.root.hidden) drawHeading(view, place, plan);
  });
  byId("burst").hidden = stage.kind !== "burst";
  if (stage.kind === "burst") drawBurst(gridOf(stage, board, plan.halls), stage.naming, fonts);
  drawFoot();
  // Only now has each its height: a second hall takes from the first.
  views.forEach((view, place) => {
    if (!view.root.hidden) drawHall(view, place, plan, stage, fonts);
  });
}

// The stage without calls that were taken back.
function standingStage(stage, board) {
  const stands = (call) => !isTakenBack(call, board);
  if (stage.kind === "call") return stage.test || stands(stage.call) ? stage : REST;
  if (stage.kind !== "burst") return stage;
  const calls = stage.calls.filter(stands);
  return calls.length > 0 ? { ...stage, calls } : REST;
}

// Which regions there are. The pictures and films beside the calls have theirs while there are any.
function arrange({ layout }, { kind }, settings) {
  const { dataset } = byId("board");
  dataset.layout = layout;
  dataset.stands = isStanding(screenSize()) ? "yes" : "no";
  dataset.stage = kind;
  dataset.media = layout === "main" && settings.media && !byId("media").hidden ? "yes" : "no";
  dataset.chips = byId("muted").hidden && byId("stale").hidden ? "no" : "yes";
}

function drawHall(view, place, plan, stage, fonts) {
  drawIdle(view, plan.layout);
  const isStaged =
    stage.kind === "call" &&
    (stage.test
      ? place === 0
      : plan.halls.findIndex((hall) => isHere(stage.call, hall.counters)) === place);
  const most = NUMBER_MOST[plan.layout];
  if (isStaged) view.show(stage.call, stage.test ? "test" : "call", fonts, most);
  else view.show(view.calls[0] ?? null, "rest", fonts, most);
  if (plan.layout !== "counter") view.drawRecent(turnOf(CALLS_TURN_SECONDS), fonts);
}

function drawHeading(view, place, { layout, halls }) {
  const heading = view.part("hall-name");
  const hall = halls[place];
  if (layout === "counter") pairCounter(heading, hall.counters[0]);
  else pairText(heading, hall.name);
  heading.hidden = layout === "main" || heading.textContent === "";
}

function drawIdle(view, layout) {
  const { board } = told;
  const isClosed = modeOf(board) === "closed";
  const title = board.isOld
    ? "yesterday"
    : isClosed
      ? "closed"
      : layout === "counter"
        ? "counter_wait"
        : "look_and_listen";
  pair(view.part("idle-title"), title);
  pair(
    view.part("idle-hint"),
    board.isOld
      ? "yesterday_hint"
      : isClosed
        ? "closed_hint"
        : layout === "counter"
          ? "look_and_listen"
          : "no_calls",
  );
}

// Where the screen is too small for the queues beside all calls, who comes in goes before them.
function drawQueues({ layout }, board, stage, fonts) {
  const { stands, media, chips } = byId("board").dataset;
  const standing = stands === "yes";
  const isEntering = !byId("entering").hidden;
  const none =
    layout === "counter" ||
    (layout === "halls" && (standing || isEntering)) ||
    (standing && (media === "yes" || stage.kind === "burst"));
  const isRoomy =
    standing &&
    byId("mode").hidden &&
    !isEntering &&
    chips === "no" &&
    board.calls.length < FEW_CALLS;
  drawStreams(none ? [] : board.streams, turnOf(STREAMS_TURN_SECONDS), fonts, {
    rows: isRoomy ? 2 : 1,
    isOneLine: layout === "halls",
  });
}

function drawFoot() {
  const { board, settings } = told;
  const { stands, chips, layout } = byId("board").dataset;
  const leftOut = board.calls_left_out;
  const mode = modeOf(board);
  // A standing screen with two halls has no room for both: what is wrong comes first.
  byId("notice").hidden =
    stands === "yes" && layout === "halls" && chips === "yes" && leftOut === 0;
  const usual = ["waiting_room", ...(mode && stands === "yes" ? [`${mode}_hint`] : [])];
  if (leftOut > 0) drawTexts([bothWords("calls_left_out", { n: leftOut })]);
  else drawNotice(board, usual, settings.message);
}

const turnOf = (length) => Math.floor(seconds / length);

function drawAgain() {
  if (told) draw();
}

setInterval(() => {
  seconds += 1;
  if (seconds % CALLS_TURN_SECONDS === 0) drawAgain();
}, 1000);
turnNotices(() => {
  if (told) drawFoot();
});
addEventListener("resize", drawAgain);
// The chips come and go without a board; the notices beside them have to make room.
const chips = new MutationObserver(drawAgain);
for (const id of ["muted", "stale", "media"])
  chips.observe(byId(id), { attributes: true, attributeFilter: ["hidden"] });
