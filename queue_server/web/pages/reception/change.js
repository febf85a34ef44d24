// The changes of the visit on the card, each by one command.
import { byId, say } from "../page.js";
import { notify } from "../tell.js";
import { goToCard, showVisit } from "./card.js";
import { complain } from "./complaints.js";
import { send } from "./send.js";
import { personsOf, root, state, url, visitUrl, words } from "./state.js";

/** Change the visit, show it as the server then knows it, and say `text` of what it answered. */
function change(name, body, text, refused) {
  const done = async (ticket) => {
    await showVisit(state.visit.id);
    notify(text(ticket));
  };
  return send("visit-error", visitUrl(name), body, done, refused);
}

byId("check-in").addEventListener("click", () =>
  send("visit-error", url("reception/arrivals"), { ticket: state.visit.id }, async (slip) => {
    await showVisit(slip.id, { isFresh: true });
    goToCard();
    notify(say(words.checkedIn, { number: slip.number }));
  }),
);
byId("unlock").addEventListener("click", () => change("unlock", {}, () => words.unlocked));
byId("party").addEventListener("submit", (event) => {
  event.preventDefault();
  const size = Number(byId("party-size").value);
  const text = (ticket) => say(words.partyDone, { persons: personsOf(ticket.party_size) });
  change("party", { party_size: size }, text, () => {
    byId("party-size").value = String(state.visit.ticket.party_size);
    return false;
  });
});
byId("urgent-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const urgency = byId("urgent-why").value;
  if (!urgency) return complain("visit-error", words.chooseReason);
  change("urgent", { urgency }, () =>
    say(words.urgentDone, { number: byId("visit-number").textContent }),
  );
});
for (const button of root.querySelectorAll("[data-evidence]")) {
  const { evidence } = button.dataset;
  const text = () => say(words.evidenceDone, { text: words.evidence[evidence] });
  button.addEventListener("click", () => change("evidence", { evidence }, text));
}
