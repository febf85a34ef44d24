// The rule of announcing: which call is announced now, in which form, and what counts as done.
// Pure: plain values in, a new state and orders out; no clock, no sound, no page.
//
// One to three calls that wait are announced in full, one after another. More than three are a
// burst: a grid of at most twelve, one chime, each named in short. Nothing that waits expires.
import { boardClaims, earliestFirst, isHere } from "./standing.js";

const FRESH_MS = 60_000; // an older call, when it is first seen, is only shown
const FULL_MOST = 3; // waiting calls; more are a burst
const GRID_MOST = 12;
const SLEPT_MS = 120_000; // a page that did nothing for so long begins anew

const REMEMBERED = 2000;
const TEST_NUMBER = "A012";
const TEST_COUNTER = "3";

/**
 * The state of a page that opens. `heard` holds the ids of calls that were announced, `shown` of
 * those that this screen has shown without a voice, `waiting` the calls that a page before this one
 * left, `beside` those that it has shown while another page had the voice.
 */
export function begin({ heard = [], shown = [], waiting = [], beside = [] } = {}) {
  const left = new Set(waiting.map((call) => call.id));
  return {
    heard: new Set(heard),
    shown: new Set(shown.filter((id) => !left.has(id))),
    fresh: new Map([...waiting, ...beside].map((call) => [call.id, true])),
    waiting: [...waiting],
    beside: [...beside],
    batch: null,
    current: null,
    test: null,
    voice: null,
    paused: false,
    awakeMs: null,
    stage: { kind: "rest" },
  };
}

/**
 * Take a board. Gives `{state, orders}`; so do `noteLast` and `finish`.
 *
 * `board`: `calls`, newest first, all of the office; `sentAtMs` and `leftOut` of the board;
 * `counters` that this screen is for, none for all; `nowMs`, the office's time; `awakeMs`, a clock
 * that only goes forward; `paused`; `testCall`, the id of a sound test, or null; `heard`, ids that
 * were announced by anybody; `voice`: "speaks", "beside" (another page of this screen speaks),
 * "off" (this screen has no voice), or null (not known yet: nothing is announced).
 *
 * Orders: `{do: "say", call, form, chime}` with the form full, short or test; `{do: "cut"}`;
 * `{do: "note", id, as}` with as heard or shown.
 */
export function take(state, board) {
  const orders = [];
  const draft = wake(state, board.awakeMs, orders);
  for (const id of board.heard) draft.heard.add(id);
  if (draft.voice !== board.voice) changeVoice(draft, board.voice, orders);
  judge(draft, board);
  dropTakenBack(draft, board, orders);
  draft.paused = board.paused;
  draft.test = board.testCall;
  if (draft.paused || draft.voice === null) stop(draft, orders);
  return settle(draft, orders);
}

/** The last word of the present announcement begins: from here on it is not said again. */
export function noteLast(state, awakeMs) {
  const orders = [];
  const draft = wake(state, awakeMs, orders);
  note(draft, orders);
  return settle(draft, orders);
}

/** The present announcement is over. */
export function finish(state, awakeMs) {
  const orders = [];
  const draft = wake(state, awakeMs, orders);
  note(draft, orders);
  draft.current = null;
  return settle(draft, orders);
}

// A copy to work on. After a sleep nothing is waiting any more, and each call on the board is
// judged by its age again.
function wake(state, awakeMs, orders) {
  const draft = {
    ...state,
    heard: newest(state.heard),
    shown: newest(state.shown),
    fresh: new Map(state.fresh),
    awakeMs,
  };
  if (state.awakeMs === null || awakeMs - state.awakeMs <= SLEPT_MS) return draft;
  if (draft.current) orders.push({ do: "cut" });
  return { ...draft, fresh: new Map(), waiting: [], beside: [], batch: null, current: null };
}

// Ids stand in the order in which they came.
const newest = (ids) => new Set([...ids].slice(-REMEMBERED));

function changeVoice(draft, voice, orders) {
  stop(draft, orders);
  if (voice === "speaks") {
    // What the page that spoke has not finished is said here.
    const left = draft.beside.filter((call) => !draft.heard.has(call.id));
    for (const call of left) draft.shown.delete(call.id);
    draft.waiting = earliestFirst([...left, ...draft.waiting]);
  }
  if (voice === "speaks" || voice === "off") draft.beside = [];
  draft.voice = voice;
}

function judge(draft, board) {
  const oldestFirst = [...board.calls].reverse().filter((call) => isHere(call, board.counters));
  for (const call of oldestFirst) {
    if (draft.fresh.has(call.id)) continue;
    draft.fresh.set(call.id, board.nowMs - Date.parse(call.at) <= FRESH_MS);
  }
  const onBoard = new Set(oldestFirst.map((call) => call.id));
  const older = draft.waiting.filter(
    (call) => !onBoard.has(call.id) && isHere(call, board.counters),
  );
  const due = [...older, ...oldestFirst.filter((call) => draft.fresh.get(call.id))];
  draft.waiting = earliestFirst(
    due.filter((call) => !isDone(draft, call.id) && call.id !== draft.current?.call.id),
  );
  const current = draft.current ? [draft.current.call] : [];
  const known = [...board.calls, ...draft.waiting, ...draft.beside, ...current];
  const kept = new Set(known.map((call) => call.id));
  for (const id of draft.fresh.keys()) if (!kept.has(id)) draft.fresh.delete(id);
}

function dropTakenBack(draft, board, orders) {
  const stands = boardClaims(board);
  draft.waiting = draft.waiting.filter(stands);
  draft.beside = draft.beside.filter((call) => stands(call) && !draft.heard.has(call.id));
  if (draft.batch) draft.batch = { ...draft.batch, calls: draft.batch.calls.filter(stands) };
  if (draft.current && draft.current.form !== "test" && !stands(draft.current.call)) {
    draft.current = null;
    orders.push({ do: "cut" });
  }
}

// Break off; what was not yet announced waits again.
function stop(draft, orders) {
  const { current } = draft;
  if (current) orders.push({ do: "cut" });
  if (current && !current.noted && current.form !== "test")
    draft.waiting = earliestFirst([current.call, ...draft.waiting]);
  draft.current = null;
  draft.batch = null;
}

function note(draft, orders) {
  const { current } = draft;
  if (!current || current.noted) return;
  const { call, form } = current;
  const as = draft.voice === "speaks" ? "heard" : "shown";
  if (as === "heard") draft.heard.add(call.id);
  draft.shown.add(call.id);
  if (draft.voice === "beside" && form !== "test") draft.beside = [...draft.beside, call];
  draft.current = { ...current, noted: true };
  orders.push({ do: "note", id: call.id, as });
}

function isDone(draft, id) {
  return draft.shown.has(id) || (draft.voice !== "beside" && draft.heard.has(id));
}

function settle(draft, orders) {
  if (!draft.current && !draft.paused && draft.voice !== null) start(draft, orders);
  draft.stage = stageOf(draft);
  return { state: draft, orders };
}

function start(draft, orders) {
  const isWaiting = (call) => draft.waiting.some((each) => each.id === call.id);
  let isFirst = false;
  let next = draft.batch?.calls.find(isWaiting);
  if (!next && draft.test !== null && !isDone(draft, draft.test)) {
    draft.batch = null;
    draft.current = { call: testOf(draft.test), form: "test", noted: false };
    orders.push({ do: "say", call: draft.current.call, form: "test", chime: true });
    return;
  }
  if (!next) {
    draft.batch = batchOf(draft.waiting);
    next = draft.batch?.calls[0];
    isFirst = true;
  }
  if (!next) return;
  const form = draft.batch.kind === "burst" ? "short" : "full";
  draft.waiting = draft.waiting.filter((call) => call.id !== next.id);
  draft.current = { call: next, form, noted: false };
  orders.push({ do: "say", call: next, form, chime: form === "full" || isFirst });
}

function batchOf(waiting) {
  if (waiting.length === 0) return null;
  if (waiting.length <= FULL_MOST) return { kind: "full", calls: [...waiting] };
  return { kind: "burst", calls: waiting.slice(0, GRID_MOST) };
}

function testOf(id) {
  return { id, number: TEST_NUMBER, counter: TEST_COUNTER, at: "", times: 1, language: "" };
}

function stageOf({ current, batch }) {
  if (!current) return { kind: "rest" };
  if (current.form === "short")
    return { kind: "burst", calls: batch.calls, naming: current.call.id };
  return { kind: "call", call: current.call, test: current.form === "test" };
}
