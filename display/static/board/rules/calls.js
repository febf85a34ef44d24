// Which calls stand, and which of them a screen shows.
import { boardClaims, isHere } from "../../announcing/standing.js";

const SHOWN_LEAST = 6;
const MINUTE_MS = 60_000;
const GRID_MOST = 12;

const madeAt = (call) => Date.parse(call.at);

export const newestFirst = (calls) => [...calls].sort((a, b) => madeAt(b) - madeAt(a));

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

/** Whether a call was taken back: the board does not carry it but would if it stood. */
export const isTakenBack = (call, board) =>
  !boardClaims({
    calls: newestFirst(board.calls),
    sentAtMs: Date.parse(board.sent_at),
    leftOut: board.calls_left_out,
  })(call);

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
    return isHere(call, hall.counters);
  });
  const inHall = carried.filter((call) => isHere(call, hall.counters)).length;
  return standing.slice(0, Math.max(SHOWN_LEAST, inHall));
}

/**
 * The calls of a burst's grid, oldest first: those that are named together, and behind them those
 * made since, so that nobody waits unseen for the next burst. It holds twelve, and moves on with
 * the naming.
 */
export function gridOf({ calls, naming }, board, halls) {
  const carried = newestFirst(board.calls);
  const ids = new Set(calls.map((call) => call.id));
  const newest = carried.findIndex((call) => ids.has(call.id));
  const last = Math.max(...calls.map(madeAt));
  const since = (
    newest < 0 ? carried.filter((call) => madeAt(call) > last) : carried.slice(0, newest)
  )
    .filter((call) => halls.some((hall) => isHere(call, hall.counters)))
    .reverse();
  const all = [...calls, ...since];
  const now = Math.max(
    0,
    all.findIndex((call) => call.id === naming),
  );
  const start = Math.min(now, Math.max(0, all.length - GRID_MOST));
  return all.slice(start, start + GRID_MOST);
}
