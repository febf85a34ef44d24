// The time of day and the time passed, as the server counts them: a clock here may be wrong.

/** The hour and minute of an RFC 3339 time by its own offset, which is the office's. */
export function clockOf(time, mark) {
  return time.slice(11, 16).replace(":", mark);
}

/** Whole minutes and seconds, such as 1:05. */
export function minutesAndSeconds(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;
}

/** The server's clock, carried on by a count of this page that no change of its clock disturbs. */
export function makeClock() {
  let aheadMs = Date.now() - performance.now();
  const nowMs = () => performance.now() + aheadMs;
  return {
    nowMs,
    secondsSince: (time) => (time ? Math.max(0, (nowMs() - Date.parse(time)) / 1000) : 0),
    set(sentAt) {
      if (sentAt) aheadMs = Date.parse(sentAt) - performance.now();
    },
  };
}
