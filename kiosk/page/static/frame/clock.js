// Times and dates as people here write them.
import { language, word } from "./words.js";

/** A time such as 10:15 as the language chosen writes it: 10.15 in Indonesian. */
export const writeTime = (time) => (language() === "id" ? time.replaceAll(":", ".") : time);

/** A time in the office's zone, whatever this machine's zone is. */
export function clockTime(text, zone) {
  const moment = new Date(text ?? NaN);
  if (Number.isNaN(moment.valueOf())) return "";
  const format = { timeZone: zone, hour: "2-digit", minute: "2-digit" };
  return writeTime(new Intl.DateTimeFormat("en-GB", format).format(moment));
}

/** A date such as Senin, 23 November 2026, from `2026-11-23`; by our own tables, as a machine may
 * lack a language. */
export function plainDate(text) {
  const [year, month, day] = (text ?? "").split("-").map(Number);
  if (!day) return "";
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  const name = word("months").split(" ")[month - 1];
  return `${word("weekdays").split(" ")[weekday]}, ${day} ${name} ${year}`;
}

/** The office's date of a moment, as `2026-11-23`. */
export function dateIn(text, zone) {
  const format = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" };
  return new Intl.DateTimeFormat("en-CA", format).format(new Date(text));
}

/** When an office opens again: the time alone today, else with its date. */
export function nextOpening(text, now, zone) {
  if (!text) return "";
  const time = clockTime(text, zone);
  if (dateIn(text, zone) === dateIn(now, zone)) return word("opens_today", { time });
  return word("opens_on", { time, date: plainDate(dateIn(text, zone)) });
}
