// Times and dates as people here write them.

/** A time in the office's zone, such as 10.15, whatever this machine's zone is. */
export function clockTime(text, zone) {
  const moment = new Date(text ?? NaN);
  if (Number.isNaN(moment.valueOf())) return "";
  const format = { timeZone: zone, hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat("en-GB", format).format(moment).replace(":", ".");
}

/** A date such as 25/11/2026. */
export const plainDate = (text) => (text ?? "").split("-").reverse().join("/");
