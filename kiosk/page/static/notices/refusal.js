// Why there is no number, in words that a visitor can act on, and what can be done instead.
import { clockTime, plainDate } from "../frame/clock.js";
import { hasWord, word } from "../frame/words.js";

// States in which a booking can no longer be checked in, each with its own words and way on.
const STATES = {
  STRANDED: "stranded",
  CANCELLED: "cancelled",
  EXPIRED: "cancelled",
  NO_SHOW: "missed",
  LEFT: "left",
  SERVED: "served",
  SERVING: "called",
  CALLED: "called",
  PARKED: "called",
};

function reasonOf(refusal) {
  const { code, reason, state } = refusal;
  if (code === "not_in_service" && hasWord(`refused_${reason}`)) return reason;
  if (["wrong_state", "already_checked_in"].includes(code) && STATES[state]) return STATES[state];
  if (code === "too_early" && !refusal.opens_at) return "other";
  if (code === "already_checked_in" && !refusal.number) return "wrong_state";
  if (code === "wrong_office" && !refusal.office_name) return "unknown_code";
  return hasWord(`refused_${code}`) ? code : "other";
}

export function refusalText(refusal, zone) {
  return word(`refused_${reasonOf(refusal)}`, {
    date: plainDate(refusal.date),
    time: clockTime(refusal.opens_at, zone),
    number: refusal.number ?? "",
    office: refusal.office_name ?? "",
    n: refusal.retry_after_seconds ?? "",
  });
}

// A visitor who is asked to wait, or to come to the staff, has done nothing wrong: offer help, do
// not apologise.
export const isInvitation = (refusal) =>
  ["kiosk_resting", "party_for_staff"].includes(refusal.code);
export const refusalTitle = (refusal) => {
  const own = `title_${reasonOf(refusal)}`;
  if (hasWord(own)) return word(own);
  return word(isInvitation(refusal) ? "resting_title" : "sorry");
};

const CODE_FAULTS = ["unknown_code", "half_code", "foreign_code", "not_a_code"];
const NEW_NUMBER = [
  "stranded",
  "cancelled",
  "missed",
  "left",
  "served",
  "wrong_day",
  "remote_visit",
  "not_a_code",
];

/** A code that was misread is worth another try; nothing else is. */
export const worthAnotherTry = (refusal) => CODE_FAULTS.includes(refusal.code);
/** Whether a number of today is a way on. */
export const worthANumber = (refusal) =>
  worthAnotherTry(refusal) || NEW_NUMBER.includes(reasonOf(refusal));
/** Whether the visit's own page is a way on: to move, to follow or to cancel it. */
export const worthThePage = (refusal) =>
  ["stranded", "wrong_day", "remote_visit", "too_early", "missed", "called"].includes(
    reasonOf(refusal),
  );
