// The screen at the entry: who comes in, how many are inside, or why to wait outside. Fed by the
// board that the agent keeps.
import { setUpChime } from "./announcing/entry_chime.js";
import { isQuiet } from "./announcing/quiet.js";
import { drawPairing } from "./board/screens.js";
import { dateText, timeText } from "./feed/clock.js";
import { hasAgent, makeFeed } from "./feed/feed.js";
import { drawNotice, turnNotices } from "./board/notices.js";
import { layOutNumbers } from "./entry_numbers.js";
import { byId, make } from "./page.js";
import { counterName, pair, pairText, word } from "./words.js";

const NUMBERS_MS = 5000;
const upright = matchMedia("(max-aspect-ratio: 1/1)");
const RING_MS = 2600;
const REPORT_MS = 10_000;
const chime = setUpChime();
let known = null;
let numbersTurn = 0;
let isCut = false;

function draw() {
  const frame = feed.frame();
  const screen = !frame.paired ? "pairing" : frame.board ? "board" : "starting";
  document.body.dataset.screen = screen;
  if (screen !== "board") return drawPairing(frame);
  const board = frame.board;
  byId("office").textContent = board.office_name;
  drawLogo(frame.settings.logo ?? "");
  drawGate(board);
  drawRoom(board);
  drawHours(board);
  drawFoot(board);
  ringForNew(board);
}

function drawLogo(address) {
  const logo = byId("logo");
  logo.hidden = address === "";
  if (!logo.hidden && logo.getAttribute("src") !== address) logo.src = address;
}

function stateOf(board) {
  if (board.paused) return board.paused === "EVACUATION" ? "evacuation" : "paused";
  // Whoever was let in five minutes ago is not let in by an old picture.
  if (isCut) return "cut";
  if (!board.admitting) return "stopped";
  if (board.over > 0) return "over";
  if (board.entering.length > 0) return "enter";
  if (!board.open || board.mode === "CLOSED") return "closed";
  const isFull = board.limit !== null && board.inside >= board.limit;
  return isFull || board.outside > 0 ? "wait" : "open";
}

function drawGate(board) {
  const state = stateOf(board);
  if (byId("board").dataset.state !== state) byId("board").classList.remove("fresh");
  byId("board").dataset.state = state;
  byId("drill").hidden = !(state === "evacuation" && board.drill);
  pair(byId("drill"), "drill");
  pair(byId("gate-title"), `entry_${state}`, { inside: board.inside, limit: board.limit });
  drawHint(state, board);
  drawNumbers(state === "enter" ? board.entering : [], board.calls);
}

// Another page of numbers, or another shape of the screen.
function drawAgain() {
  const board = feed.frame()?.board;
  if (board && board.entering.length > 0) drawGate(board);
}

function drawHint(state, board) {
  const isUrgent = state === "open" && board.mode === "URGENT_ONLY";
  const key = isUrgent ? "urgent_only" : `entry_${state}_hint`;
  const until = state === "closed" ? board.opens_at : isUrgent ? board.mode_until : null;
  if (!until) return pair(byId("gate-hint"), key);
  const text = (language) => {
    const time = word(state === "closed" ? "entry_opens" : "entry_until", language, {
      time: momentText(until, board, language),
    });
    return state === "closed" ? time : `${word(key, language)} ${time}`;
  };
  pairText(byId("gate-hint"), { id: text("id"), en: text("en") });
}

function momentText(at, board, language) {
  const moment = new Date(at);
  const day = dateText(moment, board.zone, language);
  const time = timeText(moment, board.zone);
  const isToday = day === dateText(new Date(feed.officeNowMs()), board.zone, language);
  return isToday ? time : `${day}, ${time}`;
}

// All of them, as many at a time as are read from afar.
function drawNumbers(entering, calls) {
  const { perPage, sizeOf } = layOutNumbers(entering, upright.matches);
  const pages = Math.ceil(entering.length / perPage);
  const page = pages > 0 ? numbersTurn % pages : 0;
  const numbers = entering.slice(page * perPage, (page + 1) * perPage);
  byId("numbers").hidden = numbers.length === 0;
  byId("numbers-page").hidden = pages < 2;
  pair(byId("numbers-page"), "entry_page", { n: page + 1, all: pages });
  byId("numbers").style.setProperty("--size", String(sizeOf(numbers.length)));
  byId("numbers").replaceChildren(...numbers.map((number) => numberItem(number, calls)));
}

// Visitors called while outside go straight to a counter.
function numberItem(number, calls) {
  const item = make("li", "", number);
  const call = calls.find((each) => each.number === number);
  if (call) item.append(make("small", "", `→ ${counterName(call.counter, "id")}`));
  return item;
}

function drawRoom(board) {
  // In an evacuation the red message is all there is to read; old figures say nothing.
  const limited = board.limit !== null && board.paused !== "EVACUATION" && !isCut;
  byId("room").hidden = !limited;
  byId("board").classList.toggle("no-limit", !limited);
  if (!limited) return;
  pair(byId("room-label"), "inside");
  byId("inside").textContent = String(board.inside);
  byId("limit").textContent = `/${board.limit}`;
  byId("inside").parentElement.dataset.letters = String(`${board.inside}/${board.limit}`.length);
  byId("bar").setAttribute(
    "width",
    String(board.limit > 0 ? Math.min(100, (100 * board.inside) / board.limit) : 100),
  );
  byId("outside").hidden = board.outside === 0;
  pair(byId("outside"), "entry_outside", { n: board.outside });
}

function drawHours(board) {
  const hours = (board.hours ?? [])
    .map(({ opens, closes }) => `${opens}–${closes}`.replace(/:/g, "."))
    .join(", ");
  byId("hours").hidden = !hours;
  pair(byId("hours"), "entry_hours", { hours });
}

function drawFoot(board) {
  byId("notice").hidden = board.paused === "EVACUATION" || isCut;
  drawNotice(board, ["entry_phone"], feed.frame().settings.message);
}

// New numbers flash three times and sound once. After a start or an interruption, existing numbers
// are not new.
function ringForNew(board) {
  const fresh = known !== null && board.entering.some((number) => !known.has(number));
  known = new Set(board.entering);
  if (!fresh || isCut || !board.admitting || board.paused || board.over > 0) return;
  const { settings } = feed.frame();
  const isLoud = settings.voice && !isQuiet(settings.quiet, feed.officeNowMs(), board.zone);
  if (isLoud) chime.play(settings.volume);
  byId("board").classList.remove("fresh");
  byId("board").getBoundingClientRect();
  byId("board").classList.add("fresh");
  setTimeout(() => byId("board").classList.remove("fresh"), RING_MS);
}

function report() {
  const frame = feed.frame();
  if (!frame || !hasAgent) return;
  const body = JSON.stringify({
    screen: document.body.dataset.screen,
    layout: "entry",
    showing: byId("board").dataset.state,
    sound: chime.state,
    width: innerWidth,
    height: innerHeight,
  });
  fetch("/report", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(
    () => {},
  );
}

const feed = makeFeed({
  draw,
  aged(_seconds, nowCut) {
    isCut = nowCut;
  },
});
setInterval(report, REPORT_MS);
setInterval(() => {
  numbersTurn += 1;
  drawAgain();
}, NUMBERS_MS);
upright.addEventListener("change", drawAgain);
turnNotices(() => {
  if (feed.frame()?.board) drawFoot(feed.frame().board);
});
