// What the reception knows: the visit on the card, the words of the page, and how it says times.
import { clockOf } from "../clock.js";
import { officeUrl, ticketUrl } from "../command.js";
import { byId, inLanguage, say, sayCount } from "../page.js";

export const root = byId("reception");
export const words = JSON.parse(root.dataset.words);

/** `visit` is the visit on the card, as the server last told it. */
export const state = { visit: null };

export const url = (name) => officeUrl(root.dataset.office, name);
export const visitUrl = (name) => ticketUrl(state.visit.id, name);
export const timeOf = (time) => clockOf(time, words.clockMark);
export const personsOf = (n) => sayCount(words.persons, n);
export const serviceOf = (visit) => inLanguage(visit.service_name);

const dateLocale = words.language === "en" ? "en-GB" : words.language;

// In UTC throughout: a date alone has no zone, and this computer's must not move it.
function datePart(date, part) {
  const format = new Intl.DateTimeFormat(dateLocale, { ...part, timeZone: "UTC" });
  return format.format(new Date(`${date}T00:00:00Z`));
}

export const dateOf = (date) =>
  `${datePart(date, { weekday: "long" })}, ${datePart(date, { day: "numeric", month: "long" })}`;

export const momentOf = (ticket) =>
  say(words.at, { date: dateOf(ticket.date), time: timeOf(ticket.starts_at) });
