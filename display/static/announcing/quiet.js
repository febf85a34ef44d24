// Whether it is a quiet hour at the office. Pure.
const formatters = new Map();

/** Whether `nowMs` lies in one of the daily stretches `{starts, ends}` in the office's zone. */
export function isQuiet(quiet, nowMs, zone) {
  if (quiet.length === 0) return false;
  const now = minutesOf(clockAt(nowMs, zone));
  return quiet.some(({ starts, ends }) => {
    const [from, to] = [minutesOf(starts), minutesOf(ends)];
    return from <= to ? from <= now && now < to : now >= from || now < to;
  });
}

function minutesOf(clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

function clockAt(nowMs, zone) {
  if (!formatters.has(zone)) {
    const options = { timeZone: zone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" };
    formatters.set(zone, new Intl.DateTimeFormat("en-GB", options));
  }
  return formatters.get(zone).format(nowMs);
}
