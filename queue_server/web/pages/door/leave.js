// Who leaves: the guard is asked for the number. Who came in first stands first; who was served is
// off the count already. In an evacuation whole parties go out, also those at counters, and keep
// their places in the queue.
import { byId, fill, keepList, say } from "../page.js";
import { countUncounted } from "./presses.js";
import { isSentOut, personsOf, state, timeOf, words } from "./state.js";

const dialog = byId("leave-dialog");

/** Where a party inside is, and what follows from that for who counts it out. */
export function whereOf(party) {
  if (!party.counter) return say(words.insideSince, { time: timeOf(party.since) });
  const form = isSentOut() ? words.atCounterNow : words.atCounter;
  return say(form, { counter: words.counters[party.counter] });
}

function drawRow(row, party) {
  const { number, party_size: persons } = party;
  const stays = Boolean(party.counter) && !isSentOut();
  const [one, all] = row.querySelectorAll("button");
  fill(row, { number, persons: personsOf(persons), hint: whereOf(party) });
  row.dataset.away = stays ? "no" : "";
  all.hidden = stays;
  one.hidden = isSentOut() || persons === 1 || party.status !== "WAITING";
  all.textContent = persons === 1 ? words.out : say(words.all, { n: persons });
  one.textContent = words.one;
  for (const button of [one, all]) {
    button.setAttribute("aria-label", `${words.out} ${number}: ${button.textContent}`);
  }
}

/** Draw the choice, which follows the snapshots while it is open. */
export function drawLeaving() {
  const { inside_parties: parties, served } = state.snapshot;
  byId("leave-title").textContent = isSentOut() ? words.whoIsOut : words.whoLeaves;
  byId("leave-kept").hidden = !isSentOut();
  byId("leave-nobody").hidden = countUncounted() < 1;
  byId("leave-nobody").textContent = say(words.someone, { n: countUncounted() });
  const numbers = served.map((each) => each.number).join(", ");
  byId("served").hidden = served.length === 0;
  byId("served").textContent = say(words.served, { numbers });
  keepList(byId("leaving"), byId("row-leaving"), parties, drawRow);
}

export function askWhoLeaves() {
  drawLeaving();
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

export const closeLeaving = () => dialog.close();

/** Wire the buttons; `withoutNumber()` counts out somebody who has no ticket. */
export function setUpLeaving({ withoutNumber }) {
  byId("leave-close").addEventListener("click", closeLeaving);
  byId("leave-nobody").addEventListener("click", () => {
    closeLeaving();
    withoutNumber();
  });
}
