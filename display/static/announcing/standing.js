// Which calls stand: one that left the board was taken back, unless the board has no room for it.

// A board carries all calls of so long, and at least so many of the newest.
const CARRIED_MS = 60_000;
const CARRIED_LEAST = 6;

const madeAtMs = (call) => Date.parse(call.at);

/** In the order of the calls. Those of one moment keep the order in which they are given. */
export const earliestFirst = (calls) => [...calls].sort((a, b) => madeAtMs(a) - madeAtMs(b));

/** Whether a screen for these counters is for a call; without counters it is for all. */
export const isHere = (call, counters) => counters.length === 0 || counters.includes(call.counter);

/**
 * A function that tells of any call whether it stands, by a board's calls (newest first), the
 * moment in which it was sent, and how many of the last minute it had no room for.
 */
export function boardClaims({ calls, sentAtMs, leftOut }) {
  const ids = new Set(calls.map((call) => call.id));
  const times = calls.map(madeAtMs);
  const lastOfNewest = times[CARRIED_LEAST - 1];
  const oldest = Math.min(...times);
  return (call) => {
    if (ids.has(call.id)) return true;
    const at = madeAtMs(call);
    if (calls.length < CARRIED_LEAST || at > lastOfNewest) return false;
    if (sentAtMs - at >= CARRIED_MS) return true;
    return leftOut > 0 && at <= oldest;
  };
}
