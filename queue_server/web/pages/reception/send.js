// The reception's commands: one at a time, each done once.
import { makePost, newKey } from "../command.js";
import { showVisit } from "./card.js";
import { complain, reasonOf } from "./complaints.js";
import { root, state } from "./state.js";

export const post = makePost(root.dataset.token);

let isBusy = false;
let kept = null; // { command, key }: one whose answer was lost is sent again under its own key

/**
 * Send one command; the same press again after a lost answer is the same command. `done(answer)`
 * follows it. When it is refused, the element with the id `error` says why, unless
 * `refused(problem)` has said it and returns true.
 */
export async function send(error, url, body, done, refused = () => false) {
  if (isBusy) return;
  isBusy = true;
  root.setAttribute("aria-busy", "true");
  complain(error, "");
  const command = JSON.stringify([url, body]);
  if (kept?.command !== command) kept = { command, key: newKey() };
  try {
    const answer = await post(url, body, kept.key);
    kept = null;
    await done(answer);
  } catch (problem) {
    if (problem.status) kept = null;
    if (!refused(problem)) complain(error, reasonOf(problem));
    if (["wrong_state", "changed"].includes(problem.code) && state.visit) {
      await showVisit(state.visit.id).catch(() => {});
    }
  } finally {
    isBusy = false;
    root.removeAttribute("aria-busy");
  }
}
