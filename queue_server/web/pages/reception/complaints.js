// What is said beside a form when something is refused.
import { problemText } from "../command.js";
import { byId } from "../page.js";
import { root, words } from "./state.js";

/** Show `text` in the element with that id, or hide the element if there is none. */
export function complain(id, text) {
  byId(id).textContent = text;
  byId(id).hidden = !text;
}

/** Why the server refused, in words. Whoever has to sign in again is led there. */
export function reasonOf(problem) {
  const { status, code, facts } = problem;
  if (status === 401) location.assign(root.dataset.login);
  if (code === "bad_input") {
    const isReason = ["beyond", "reason"].includes(facts.field);
    return words.fields[facts.field] ?? (isReason ? words.needReason : words.problem);
  }
  if (code === "limit_reached") return words.limits[facts.rule] ?? facts.detail;
  return problemText(problem, words);
}
