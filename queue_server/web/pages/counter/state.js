// What the console knows: the last picture of the server, from it this clerk's counter and visitor,
// and what may be done with them.
import { makeClock } from "../clock.js";
import { isEvacuation } from "../evacuation.js";
import { byId, counterWords, say } from "../page.js";
import { staffName, words } from "./words.js";

const AT_COUNTER = ["CALLED", "SERVING"];

/** Actions by the states in which the visitor at the counter must be; "" when nobody is there. */
const POSSIBLE = {
  "call-next": [""],
  "finish-next": AT_COUNTER,
  start: ["CALLED"],
  finish: ["SERVING"],
  recall: ["CALLED"],
  "no-show": ["CALLED"],
  park: AT_COUNTER,
  transfer: ["SERVING"],
  evidence: AT_COUNTER,
  note: AT_COUNTER,
  break: [""],
  close: [""],
  "call-one": [""],
};

export const desk = byId("desk");
export const clock = makeClock();

/**
 * `snapshot` is the newest picture; `counter` what this clerk has open there, `current` the ticket
 * called to or served at it. `lastActed` is {id, number, name, untilMs} for undo; `busy` while a
 * command is under way; `live` and `reached` say whether the channel brings pictures and the last
 * command reached the server.
 */
export const state = {
  snapshot: null,
  counter: null,
  current: null,
  lastActed: null,
  busy: false,
  live: true,
  reached: true,
};

export const isConnected = () => state.live && state.reached;
/** Whether nobody may be called, and whether everybody is sent out. */
export const isStandstill = () => Boolean(state.snapshot?.stop?.kind);
export const isSentOut = () => isEvacuation(state.snapshot?.stop);
export const isOnBreak = () => state.counter?.state === "break";

export function take(fresh) {
  state.snapshot = fresh;
  clock.set(fresh.sent_at);
  state.counter = fresh.counters.find((each) => each.clerk === desk.dataset.me) ?? null;
  const here = state.counter?.id;
  state.current = here
    ? ([...fresh.called, ...fresh.serving].find((each) => each.counter === here) ?? null)
    : null;
}

export const counterName = () => counterWords(state.counter?.name ?? "", words.counter);

/** What a counter or a clerk is called, by id. */
export function nameOf(id) {
  const counter = state.snapshot.counters.find((each) => each.id === id);
  return counter ? counterWords(counter.name, words.counter) : staffName(id);
}

/**
 * Why a counter is on break or closed, in words, or "" if nobody has said. Another program may give
 * a reason of its own.
 */
export function stopReason(counter) {
  const { reasons } = words.stop[counter.state === "break" ? "break" : "close"];
  return reasons.find(([reason]) => reason === counter.because)?.[1] ?? counter.because ?? "";
}

/**
 * Whether the visitor waits for this counter: sent on to it, as the server says, or by its streams.
 */
export function isMine(ticket) {
  const { counter } = state;
  if (!counter) return true;
  return ticket.offered_to
    ? ticket.offered_to.includes(counter.id)
    : counter.letters.includes(ticket.stream);
}

/** Whether the visitor may be called out of turn here, even if sent on to somebody else. */
export function mayCall(ticket) {
  return isMine(ticket) || state.counter.letters.includes(ticket.stream);
}

export function fits(ticket) {
  const { door, inside, limit } = state.snapshot;
  return (
    ticket.place !== "OUTSIDE" ||
    (door !== "STOPPED" && (limit === null || inside + ticket.party_size <= limit))
  );
}

// The server decides: each ticket says for which counters it is next. For a counter on break it
// says nothing yet.
export function likelyNext() {
  const { counter, snapshot } = state;
  return snapshot.waiting.find((each) =>
    counter?.state === "open" && each.why
      ? each.why.counters.includes(counter.id)
      : isMine(each) && fits(each),
  );
}

export function nobodyReason() {
  if (isStandstill()) return words.standstill;
  return state.snapshot.waiting.some(isMine)
    ? (words.door[state.snapshot.door] ?? words.roomFull)
    : words.nobody;
}

/** The ticket as the picture has it, or undefined for one that is done, gone or cancelled. */
export function findTicket(id) {
  const { waiting, called, serving, parked, missed } = state.snapshot;
  return [...called, ...serving, ...waiting, ...parked, ...missed].find((each) => each.id === id);
}

/**
 * One sentence: what has become of a ticket that is not where this page thought. `told` is the
 * state that the server named, if it did.
 */
export function becameOf(id, number, told) {
  const ticket = findTicket(id);
  const kind = ticket?.status ?? told ?? "GONE";
  let counter = words.anotherCounter;
  if (ticket?.counter && AT_COUNTER.includes(kind)) {
    counter = ticket.counter === state.counter?.id ? words.yourCounter : nameOf(ticket.counter);
  }
  return say(words.became[kind] ?? words.became.GONE, { number, counter });
}

const mayRecall = () =>
  Boolean(state.current?.recall_at) && clock.nowMs() >= Date.parse(state.current.recall_at);

/** Whether the action of that name may be taken now. */
export function isPossible(name) {
  const { current, snapshot, lastActed } = state;
  if (name === "undo") return Boolean(lastActed) && clock.nowMs() < lastActed.untilMs;
  if (name === "resume") return snapshot.parked.length > 0;
  if (name === "return") return snapshot.missed.length > 0;
  if (name === "recall" && !mayRecall()) return false;
  if (name === "evidence" && current?.channel !== "URGENT") return false;
  if (isOnBreak() && ["call-next", "call-one"].includes(name)) return false;
  if (isStandstill() && ["call-next", "call-one", "recall"].includes(name)) return false;
  return !(name in POSSIBLE) || POSSIBLE[name].includes(current?.status ?? "");
}
