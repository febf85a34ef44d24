// How a range of waiting time is put into words: the same steps as queue_server/protocol/
// spoken_waits.py.

const OPEN_ENDED_MINUTES = 240;

/** The key of the sentence that fits, and its figures. */
export function sayingOf({ low, high }) {
  const least = Math.max(0, low);
  if (least >= OPEN_ENDED_MINUTES)
    return { key: "minutes_more_than_hours", values: { hours: Math.floor(least / 60) } };
  const values = { low: least, high };
  if (least >= high) return { key: "minutes_at_most", values };
  return { key: least === 0 ? "minutes_under" : "minutes", values };
}
