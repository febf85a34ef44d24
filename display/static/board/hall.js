// A part of the office on the screen: its newest call in large letters, and those before it.
import { make } from "../page.js";
import { counterName, firstLanguage, pair } from "../words.js";
import { freshOf, standingCalls } from "./rules/calls.js";
import { pageOf, planRecent } from "./rules/plans.js";
import { heightOf, numberSize } from "./rules/sizes.js";
import { harmless } from "./rules/texts.js";
import {
  arrow,
  isOneLine,
  measureIn,
  numberWidth,
  putText,
  screenSize,
  squeezedNumber,
  widthOf,
} from "./type.js";

const NAME_LINES = 3;

export class Hall {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`.${name}`);
    this.calls = [];
    this.date = "";
    this.drawn = "";
  }

  /** Take a board: which calls stand here now. `hall` is one of the layout's. */
  take(hall, board) {
    const sameHall = JSON.stringify([hall, board.date]);
    if (sameHall !== this.date) this.calls = [];
    this.date = sameHall;
    this.calls = standingCalls(hall, board, this.calls);
    this.fresh = freshOf(this.calls, board).length;
  }

  /**
   * Show a call, or without one that nobody has been called. `kind` is rest, call (announced now:
   * it flashes) or test. The number's capitals take at most `most` of the screen's height.
   */
  show(call, kind, fonts, most) {
    const panel = this.part("call");
    panel.hidden = !call;
    this.part("idle").hidden = Boolean(call);
    this.root.classList.toggle("unused", !call);
    this.shown = call;
    const now = call ? `${kind} ${call.id}` : "";
    const isNew = now !== this.announced;
    this.announced = now;
    const announcing = Boolean(call) && kind !== "rest";
    panel.classList.toggle("fresh", announcing);
    panel.classList.toggle("test", kind === "test");
    if (isNew) panel.classList.remove("flash");
    if (!call) return;
    panel.dataset.call = call.id;
    const first = call.language === "en" ? "en" : "id";
    pair(this.part("call-title"), titleOf(call, kind), {}, first);
    this.drawCounter(call, first, fonts);
    this.fitNumber(call.number, fonts, most);
    if (announcing && isNew) {
      panel.getBoundingClientRect(); // restarts the animation of the same class
      panel.classList.add("flash");
    }
  }

  // The counter in both languages, as far as the number keeps its size.
  drawCounter(call, first, fonts) {
    const to = this.part("to");
    const counter = this.part("counter");
    const other = this.part("counter-other");
    to.hidden = !call.counter;
    if (!call.counter) return;
    const name = harmless(counterName(call.counter, first));
    const otherName = harmless(counterName(call.counter, first === "en" ? "id" : "en"));
    other.textContent = "";
    to.dataset.size = "large";
    if (!isOneLine(counter, name, roomIn(to))) to.dataset.size = "small";
    const room = roomIn(to);
    for (const lines of [NAME_LINES, NAME_LINES - 1]) {
      putText(counter, name, lines, first, room);
      if (this.hasRoom(fonts)) break;
    }
    if (otherName === name || to.dataset.size === "small") return;
    other.lang = first === "en" ? "id" : "en";
    other.textContent = otherName;
    if (!this.hasRoom(fonts)) other.textContent = "";
  }

  hasRoom({ number, cap }) {
    return this.part("number").clientHeight >= heightOf(number, cap);
  }

  fitNumber(number, fonts, most) {
    const box = this.part("number");
    const digits = box.firstElementChild;
    digits.textContent = number;
    const { font, squeeze } = numberSize(
      { width: widthOf(box), height: box.clientHeight },
      {
        width_em: numberWidth(number),
        cap: fonts.cap,
        least: fonts.number,
        most: Math.max(fonts.number, (most * screenSize().height) / fonts.cap),
      },
    );
    digits.style.fontSize = `${font}px`;
    digits.style.transform = `translate(-50%, -50%) scaleX(${squeeze})`;
  }

  /** Draw the calls beside the one that is shown, on the page that has its turn. */
  drawRecent(turn, fonts) {
    const others = this.calls.filter((call) => call.number !== this.shown?.number);
    const list = this.part("recent-list");
    const width_em = Math.max(1, ...others.map((call) => numberWidth(call.number)));
    const plan = planRecent(
      { width: widthOf(list), height: list.clientHeight },
      { width_em, font: fonts.recent, smallest: fonts.burst, fresh: this.fresh },
    );
    const { shown, page, pages } = pageOf(others, plan.columns * plan.rows, turn);
    const drawn = JSON.stringify([shown, plan, page, pages, firstLanguage()]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const title = this.part("recent-title");
    if (others.length > 0) pair(title, "recent");
    else title.textContent = "";
    if (pages > 1) title.append(make("span", "page", `${page + 1}/${pages}`));
    const width_px = width_em * plan.font * plan.squeeze;
    fillList(list, shown, { ...plan, width_px });
  }
}

// Once the screen is cut off (feed.js), nobody knows who is being called.
const titleOf = (call, kind) =>
  kind === "test"
    ? "test_call"
    : document.body.dataset.cut === "yes"
      ? "call_old"
      : call.times >= 3
        ? "last_call"
        : call.times === 2
          ? "second_call"
          : "now_calling";

/** Fill a list with calls as a plan of `plans.js` says; each number takes `width_px`. */
export function fillList(list, calls, { form, columns, rows, font, squeeze, width_px }) {
  list.dataset.form = form;
  list.style.fontSize = `${font}px`;
  list.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  list.style.gridTemplateRows = `repeat(${rows}, minmax(0, 1fr))`;
  list.textContent = "";
  for (const call of calls) list.append(callItem(call, { squeeze, width_px }));
  // When all stand where they belong: to measure between changes costs a layout each.
  const rooms = [...list.children].map((item) => ({
    width: roomIn(item.querySelector(".c-to")),
    height: item.clientHeight - (form === "below" ? item.firstElementChild.offsetHeight : 0),
  }));
  [...list.children].forEach((item, place) => nameCounter(item, rooms[place]));
}

// The width that an arrow leaves to a counter's name.
function roomIn(to) {
  const mark = to.firstElementChild;
  const { marginLeft, marginRight } = getComputedStyle(mark);
  const taken =
    mark.getBoundingClientRect().width + parseFloat(marginLeft) + parseFloat(marginRight);
  return widthOf(to) - (mark.matches(".arrow") ? taken : 0);
}

function callItem(call, size) {
  const item = make("li", "called");
  item.dataset.call = call.id;
  const to = make("span", "c-to");
  const counter = make("span", "c");
  counter.dataset.name = harmless(counterName(call.counter, firstLanguage()));
  if (call.counter) to.append(arrow());
  to.append(counter);
  item.append(squeezedNumber(call.number, size), to);
  return item;
}

// As large as its place lets it: one line, or two smaller ones.
function nameCounter(item, { width, height }) {
  const counter = item.querySelector(".c");
  const { name } = counter.dataset;
  const lineHeight = () => parseFloat(getComputedStyle(counter).lineHeight);
  if (measureIn(counter)(name) > width || lineHeight() > height) item.dataset.size = "small";
  const lines = Math.floor(height / lineHeight());
  putText(counter, name, Math.max(1, Math.min(2, lines)), firstLanguage(), width);
}
