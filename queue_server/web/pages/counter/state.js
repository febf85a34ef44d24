// What the console knows: the last picture of the server, and from it this clerk's counter and visitor.
import { byId, makeClock } from "../list.js";
import { isEvacuation } from "../evacuation.js";
import { makeSpeaker, say } from "./words.js";

export const desk = byId("desk");
export const words = JSON.parse(desk.dataset.words);
export const clock = makeClock();
export const speaker = makeSpeaker(words);

/**
 * `snapshot` is the newest picture; `counter` what this clerk has open there, `current` the ticket called to or served at it.
 * `lastActed` is {id, number, name, until} for undo; `busy` while a command is under way; `live` and `reached` say whether the
 * channel brings pictures and the last command reached the server.
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

// Many offices name their counters by a bare number.
const counterWords = (name) => (/^\d/.test(name) ? say(words.counter, { name }) : name);

export const counterName = () => counterWords(state.counter?.name ?? "");

/** What a counter or a clerk is called, by id. */
export function nameOf(id) {
  const found = state.snapshot.counters.find((each) => each.id === id);
  return found ? counterWords(found.name) : (words.staff[id] ?? words.colleague);
}

/** Why a counter is on break or closed, in words, or "" if nobody has said. Another program may give a reason of its own. */
export function stopReason(counter) {
  const { reasons } = words.stop[counter.state === "break" ? "break" : "close"];
  return reasons.find(([reason]) => reason === counter.because)?.[1] ?? counter.because ?? "";
}

/** Whether the visitor waits for this counter: by its streams, or sent on to it. Who was sent on is offered where the server says. */
export function isMine(ticket) {
  const { counter } = state;
  if (!counter) return true;
  return ticket.offered_to
    ? ticket.offered_to.includes(counter.id)
    : counter.letters.includes(ticket.stream);
}

/** Whether the visitor may be called out of turn here, also one of this counter's streams who was sent on to somebody else. */
export function mayCall(ticket) {
  return isMine(ticket) || state.counter.letters.includes(ticket.stream);
}

export function fits(ticket) {
  const { door, inside, limit } = state.snapshot;
  return (
    ticket.place === "INSIDE" ||
    (door !== "STOPPED" && (limit === null || inside + ticket.party_size <= limit))
  );
}

// The server decides; what it would do as the snapshot was made, each ticket says. A counter on break has no next one yet.
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

/** The ticket as the picture has it, wherever it is; undefined for one that is done, gone or cancelled. */
export function findTicket(id) {
  const { waiting, called, serving, parked, missed } = state.snapshot;
  return [...called, ...serving, ...waiting, ...parked, ...missed].find((each) => each.id === id);
}

/** One sentence: what has become of a ticket that is not where this page thought. `told` is the state the server named, if it did. */
export function becameOf(id, number, told) {
  const found = findTicket(id);
  const kind = found?.status ?? told ?? "GONE";
  const where =
    found?.counter && ["CALLED", "SERVING"].includes(kind)
      ? found.counter === state.counter?.id
        ? words.yourCounter
        : nameOf(found.counter)
      : words.anotherCounter;
  return say(words.became[kind] ?? words.became.GONE, { number, counter: where });
}
