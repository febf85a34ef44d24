// Which calls stand, and which of them a screen shows.
import { isFor, layoutOf } from "./layout.js";

const ALWAYS_CARRIED = 6; // a board carries the newest six, and all of the last minute
const MINUTE_MS = 60_000;

const madeAt = (call) => Date.parse(call.at);

export const newestFirst = (calls) => [...calls].sort((a, b) => madeAt(b) - madeAt(a));

/** The calls of a board that concern a screen with these settings, newest first. */
export function callsOf(board, settings) {
  const { halls } = layoutOf(settings);
  return newestFirst(board.calls).filter((call) => halls.some((hall) => isFor(hall, call)));
}

/** The board, or what is left of it if midnight has passed at the office and the board of the new
 * day is missing: then its calls, waits and notices are yesterday's, and it `isOld`. */
export const ofToday = (board, officeNowMs) =>
  dateIn(board.zone, officeNowMs) > board.date
    ? {
        ...board,
        calls: [],
        calls_left_out: 0,
        streams: [],
        entering: [],
        notices: [],
        isOld: true,
      }
    : board;

function dateIn(timeZone, moment) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(new Date(moment));
  const part = (type) => parts.find((each) => each.type === type).value;
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Calls made within a minute before the board was sent. */
export const freshOf = (calls, board) =>
  calls.filter((call) => Date.parse(board.sent_at) - madeAt(call) < MINUTE_MS);

/** Whether a call was taken back: the board does not carry it but would if it stood. A call that is
 * not carried only because it is older than those carried may stand. */
export function isTakenBack(call, board) {
  if (board.calls.some((each) => each.id === call.id)) return false;
  if (board.calls_left_out > 0 && isOlderThanAll(call, board)) return false;
  const carriesAll = board.calls.length < ALWAYS_CARRIED && board.calls_left_out === 0;
  return carriesAll || !isOlderThanAll(call, board) || freshOf([call], board).length > 0;
}

const isOlderThanAll = (call, board) => board.calls.every((each) => madeAt(each) > madeAt(call));

/**
 * The newest calls of a hall: those of the board and, where the calls of other halls have pushed
 * older ones off it, those `known` from before, until six are there. A number that was called anew,
 * or elsewhere, stands once.
 */
export function standingCalls(hall, board, known) {
  const carried = newestFirst(board.calls);
  const kept = known.filter(
    (call) => !carried.some((each) => each.id === call.id) && !isTakenBack(call, board),
  );
  const seen = new Set();
  const standing = [...carried, ...newestFirst(kept)].filter((call) => {
    if (seen.has(call.number)) return false;
    seen.add(call.number);
    return isFor(hall, call);
  });
  const inHall = carried.filter((call) => isFor(hall, call)).length;
  return standing.slice(0, Math.max(ALWAYS_CARRIED, inHall));
}
