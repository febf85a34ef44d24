// Why the server refused, in words that a visitor can act on.
import { clockTime, plainDate } from "../frame/clock.js";
import { hasWord, word } from "../frame/words.js";

export function refusalText(refusal, zone) {
  const code =
    refusal.code === "not_in_service" && hasWord(`refused_${refusal.reason}`)
      ? refusal.reason
      : refusal.code;
  const key = hasWord(`refused_${code}`) ? `refused_${code}` : "refused_other";
  const time = clockTime(refusal.opens_at, zone);
  if (key === "refused_too_early" && !time) return word("refused_other");
  if (key === "refused_already_checked_in" && !refusal.number) return word("refused_wrong_state");
  return word(key, {
    date: plainDate(refusal.date),
    time,
    number: refusal.number ?? "",
    n: refusal.retry_after_seconds ?? "",
  });
}

// A visitor who is asked to wait, or to come to the staff, has done nothing wrong: offer help, do
// not apologise.
export const isInvitation = (refusal) =>
  ["kiosk_resting", "party_for_staff"].includes(refusal.code);
export const refusalTitle = (refusal) => word(isInvitation(refusal) ? "resting_title" : "sorry");

// A mistyped code is worth another try; nothing else is.
export const worthAnotherTry = (refusal) => refusal.code === "unknown_code";
