// The screens while a number is awaited, and when there is none: never without a next step.
import { byId, drawCode } from "../frame/page.js";
import { word } from "../frame/words.js";
import {
  isInvitation,
  refusalText,
  refusalTitle,
  worthANumber,
  worthAnotherTry,
  worthThePage,
} from "./refusal.js";

/** Draw a request that is on its way; null if it was sent a moment ago. */
export function drawBusy(answer) {
  const pending = answer?.state === "pending";
  byId("busy-title").textContent = word(pending ? "pending_title" : "busy");
  byId("busy-text").textContent = word(pending ? "pending_text" : "busy_hint");
}

/** Draw a request that gave no number. */
export function drawProblem({ state, refusal, qr }, zone) {
  const abandoned = state === "abandoned";
  byId("problem-title").textContent = abandoned ? word("abandoned_title") : refusalTitle(refusal);
  byId("problem-sign").classList.toggle("calm", !abandoned && isInvitation(refusal));
  byId("problem-text").textContent = abandoned
    ? word("abandoned_text")
    : refusalText(refusal, zone);
  const hasPage = Boolean(qr) && !abandoned && worthThePage(refusal);
  byId("problem-page").hidden = !hasPage;
  if (hasPage) drawCode(qr, byId("problem-qr"));
}

/** The ways on, as flags of the page: `again` (scan or type once more), `number`. */
export function waysOn({ state, refusal }) {
  if (state === "abandoned") return [];
  return [worthAnotherTry(refusal) && "again", worthANumber(refusal) && "number"].filter(Boolean);
}
