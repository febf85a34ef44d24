// The console's picture: the visitor at the counter, the queue by stream, who is on hold, and which
// buttons may be pressed.
import { drawAlarm, stopText } from "../evacuation.js";
import { byId, fill, inLanguage, keepList, say, sayWait, setText } from "../page.js";
import { chime, nameButton } from "../tell.js";
import { drawBooker } from "./booker.js";
import { drawStep, stepButton } from "./next_step.js";
import { drawReach } from "./reach.js";
import {
  clock,
  counterName,
  desk,
  fits,
  isConnected,
  isMine,
  isOnBreak,
  isPossible,
  isStandstill,
  likelyNext,
  mayCall,
  nameOf,
  nobodyReason,
  state,
  stopReason,
} from "./state.js";
import { drawTimer } from "./timer.js";
import { drawWhy } from "./why.js";
import {
  calledWords,
  evidenceOf,
  needsOf,
  recallOf,
  serviceName,
  staffName,
  timeOf,
  turnOf,
  waitWords,
  whyOf,
  words,
} from "./words.js";

const buttons = [...document.querySelectorAll("[data-action]")];
let waitingBefore = null;
let keepFocus = false; // the hand was on a button that is about to be switched off

/**
 * Buttons are about to be switched off: a focus on one of them goes on to the step that follows.
 */
export function holdFocus() {
  keepFocus = Boolean(document.activeElement?.closest("[data-action], [data-do], [data-counter]"));
}

export function draw() {
  const { counter } = state;
  byId("chooser").hidden = counter !== null;
  byId("workplace").hidden = counter === null;
  byId("counter-name").hidden = counter === null;
  byId("counter-name").textContent = counterName();
  drawChooser();
  drawStop();
  // Where there is room the message stands in the clerk's own column, so that it covers no button.
  const place = counter ? byId("now").parentElement : desk;
  if (byId("snackbar").parentElement !== place) place.append(byId("snackbar"));
  if (!counter) return;
  drawNow();
  drawStreams();
  drawQueue();
  drawParked();
  drawButtons();
}

function drawChooser() {
  for (const button of document.querySelectorAll("button[data-counter]")) {
    const counter = state.snapshot.counters.find((each) => each.id === button.dataset.counter);
    button.disabled = !isConnected() || state.busy || Boolean(counter?.clerk);
    button.querySelector(".counter__state").textContent = stateOf(counter);
  }
}

// The page may show a counter that the office has taken away since.
function stateOf(counter) {
  if (counter?.clerk) return say(words.taken, { clerk: staffName(counter.clerk) });
  const reason = counter ? stopReason(counter) : "";
  return reason ? say(words.freeStopped, { reason }) : words.free;
}

function drawNow() {
  const { counter, current } = state;
  const status = current?.status ?? (isOnBreak() ? "BREAK" : "");
  byId("now").dataset.state = current?.status ?? "";
  byId("now-number").textContent = current?.number ?? "–";
  byId("now-service").textContent = current ? serviceName(current) : "";
  byId("now-why").textContent = current ? turnOf(current) : "";
  byId("now-idle").hidden = Boolean(current);
  byId("now-idle").textContent = isOnBreak()
    ? say(words.breakSince, { time: timeOf(counter.since), reason: stopReason(counter) })
    : words.idle;
  const badge = byId("now-badge");
  badge.hidden = !status;
  badge.textContent = status === "BREAK" ? words.onBreak : (words.states[status] ?? "");
  badge.className = `badge badge--${words.badges[status] ?? "busy"}`;
  const chips = current ? [...needsOf(current), ...evidenceOf(current)] : [];
  byId("now-needs").replaceChildren(...chips);
  drawNotes(current?.notes ?? []);
  drawBooker();
  drawReach();
  tick();
}

// The newest first: it tells best where things stand.
function drawNotes(notes) {
  const list = byId("now-notes");
  const rows = notes.map((each) => ({ id: `${each.at} ${each.text}`, ...each })).reverse();
  list.hidden = notes.length === 0;
  keepList(list, byId("row-note"), rows, (row, each) => {
    fill(row, { text: each.text, by: `${timeOf(each.at)} · ${staffName(each.clerk)}` });
  });
  // A list that has to be scrolled must be reached by keyboard too.
  if (notes.length > 0) list.tabIndex = list.scrollHeight > list.clientHeight ? 0 : -1;
}

function drawStop() {
  const { stop } = state.snapshot;
  const mark = words.clockMark;
  const out = drawAlarm(desk, stop, { since: words.calledSince, mark, nameOf: staffName });
  const isTold = Boolean(stop) && !out;
  byId("door-stop").hidden = !isTold;
  const text = isTold ? stopText(stop, words.stopped, { by: staffName(stop.by), mark }) : "";
  setText(byId("door-stop"), text);
}

// Each queue of this counter: how many wait, how long a newcomer would, and a word if its first has
// waited too long.
function drawStreams() {
  const mine = state.snapshot.streams.filter((each) => state.counter.letters.includes(each.letter));
  const rows = mine.map((each) => ({ id: each.letter, ...each }));
  keepList(byId("streams"), byId("row-stream"), rows, (row, stream) => {
    const { letter, wait, waiting } = stream;
    const name = inLanguage(stream.name);
    fill(row, {
      letter,
      waiting: String(waiting),
      range: wait ? sayWait(wait, words.wait) : "",
      said: say(words.streamSaid, { name, waiting }),
    });
    row.title = name;
  });
}

function chosenQueue() {
  const filter = byId("filter").value;
  return state.snapshot.waiting.filter((each) =>
    filter === "mine" ? isMine(each) : !filter || each.stream === filter,
  );
}

// Who is early for a booked time waits only from that time on.
const sinceOf = (ticket) =>
  ticket.starts_at && ticket.starts_at > ticket.arrived_at ? ticket.starts_at : ticket.arrived_at;

// Not said when that counter has closed or that clerk has left meanwhile: then the visitor is of
// the stream again.
function sentTo(ticket) {
  if ([state.counter.id, desk.dataset.me].includes(ticket.wanted)) return words.sentToYou;
  return ticket.wanted && !isMine(ticket)
    ? say(words.sentTo, { wanted: nameOf(ticket.wanted) })
    : "";
}

export function drawQueue({ anew = false } = {}) {
  const { current, snapshot } = state;
  const rows = chosenQueue();
  const next = likelyNext();
  const isFree = !current && !isOnBreak() && !isStandstill() && isConnected() && !state.busy;
  byId("count").textContent = String(rows.length);
  byId("queue-empty").hidden = rows.length > 0;
  keepList(byId("queue"), byId("row-waiting"), rows, (row, ticket) => {
    row.classList.toggle("queue__item--next", ticket === next);
    fill(row, {
      number: ticket.number,
      service: serviceName(ticket),
      why: [sentTo(ticket), whyOf(ticket)].filter(Boolean).join(" · "),
    });
    row.dataset.since = sinceOf(ticket);
    const call = row.querySelector("[data-do=call]");
    call.disabled = !isFree || !mayCall(ticket) || !fits(ticket);
    call.setAttribute("aria-label", `${call.textContent} ${ticket.number}`);
  });
  drawWhy();
  byId("peek").textContent = peek(current, next);
  drawStep();
  const form = snapshot.over > 0 ? words.overLimit : words.insideOf;
  byId("room").textContent = say(snapshot.limit === null ? words.inside : form, {
    n: snapshot.inside,
    limit: snapshot.limit,
  });
  byId("room").dataset.over = snapshot.over > 0 ? "yes" : "";
  if (!anew && waitingBefore === 0 && rows.length > 0) chime();
  waitingBefore = rows.length;
  tick();
}

function peek(current, next) {
  if (!isConnected()) return words.notNow;
  if (isStandstill()) return words.standstill;
  if (isOnBreak()) return words.endBreakFirst;
  if (current) return say(words.finishFirst, { number: current.number });
  return next
    ? say(words.next, { number: next.number, service: serviceName(next) })
    : nobodyReason();
}

// Who is put on hold, and who did not come when called: both may come back at any moment.
function drawParked() {
  const lists = [
    ["parked", "resume", whyOf],
    ["missed", "return", calledWords],
  ];
  for (const [list, step, why] of lists) {
    const rows = state.snapshot[list];
    byId(`${list}-part`).hidden = rows.length === 0;
    byId(`${list}-count`).textContent = String(rows.length);
    keepList(byId(list), byId(`row-${list}`), rows, (row, ticket) => {
      fill(row, {
        number: ticket.number,
        service: serviceName(ticket),
        why: [why(ticket), ...ticket.notes.slice(-1).map((each) => each.text)].join(" · "),
      });
      const back = row.querySelector(`[data-do=${step}]`);
      back.disabled = !isConnected() || state.busy;
      nameButton(back, ticket.number);
    });
  }
  byId("parked-panel").hidden = state.snapshot.parked.length + state.snapshot.missed.length === 0;
}

function drawButtons() {
  const { busy } = state;
  for (const button of buttons) {
    button.disabled = !isPossible(button.dataset.action) || !isConnected() || busy;
  }
  byId("break-words").textContent = isOnBreak() ? words.endBreak : words.takeBreak;
  byId("break").classList.toggle("button--quiet", !isOnBreak());
  // A switched-off button loses the focus; it goes on to the step that usually follows.
  const following = isOnBreak() ? byId("break") : stepButton();
  if (keepFocus && !busy && !following.disabled) {
    keepFocus = false;
    following.focus();
  }
}

/** What time alone changes. */
export function tick() {
  if (!state.snapshot || !state.counter) return;
  const { current } = state;
  const hint = current?.status === "CALLED" ? recallOf(current, clock.nowMs()) : "";
  if (byId("now-recall").textContent !== hint) {
    setText(byId("now-recall"), hint);
    drawButtons();
  }
  drawTimer();
  for (const row of byId("queue").children) {
    const [minutes, kind, text] = waitWords(clock.secondsSince(row.dataset.since));
    const chip = row.querySelector("[data-slot=chip]");
    fill(row, { wait: say(words.minutes, { n: minutes }), chip: text });
    chip.className = `badge badge--${kind}`;
  }
  drawWorst();
  if (state.lastActed && clock.nowMs() >= state.lastActed.untilMs) {
    state.lastActed = null;
    drawButtons();
  }
}

function drawWorst() {
  for (const row of byId("streams").children) {
    const first = state.snapshot.waiting
      .filter((each) => each.stream === row.dataset.id)
      .map(sinceOf)
      .sort()[0];
    const [, kind, text] = waitWords(clock.secondsSince(first));
    const chip = row.querySelector("[data-slot=chip]");
    chip.hidden = !first;
    setText(chip, text);
    chip.className = `badge badge--${kind}`;
  }
}
