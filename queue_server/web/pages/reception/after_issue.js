// What may still become of the visit on the card: gone away, priority, another time, cancelled.
import { ticketUrl } from "../command.js";
import { getJson } from "../live.js";
import { byId, say } from "../page.js";
import { notify } from "../tell.js";
import { onDraw, showVisit } from "./card.js";
import { complain } from "./complaints.js";
import { send } from "./send.js";
import { momentOf, state, url, visitUrl, words } from "./state.js";
import { makeTimes } from "./times.js";

const MOVED = ["BOOKED", "STRANDED"];
const CANCELLED = [...MOVED, "WAITING"];
const GONE = ["WAITING", "PARKED"];
const FAVOURED = ["BOOKED", "WAITING"];

// A time for the very same visit, other than its own: as on the citizens' page of it, so without
// the places of walk-ins.
const times = makeTimes(byId("move-form"), "move-", "move-error", async () => {
  const { ticket, channel } = state.visit;
  const query = new URLSearchParams({
    service: ticket.service,
    party: String(ticket.party_size),
    urgent: String(channel === "URGENT"),
    visit: ticket.visit ?? "OFFICE",
  });
  const { days } = await getJson(`${url("availability")}?${query}`);
  const isOther = (slot) => slot.starts_at !== ticket.starts_at;
  return { days: days.map((each) => ({ ...each, slots: each.slots.filter(isOther) })) };
});

onDraw(({ ticket, priority }) => {
  const isIn = (states) => states.includes(ticket.status);
  byId("after").hidden = !isIn([...CANCELLED, ...GONE]);
  byId("leave").hidden = !isIn(GONE);
  byId("no-priority").hidden = !priority || !isIn(FAVOURED);
  byId("give-priority").hidden = priority || !isIn(FAVOURED);
  byId("move").hidden = !isIn(MOVED);
  byId("cancel").hidden = !isIn(CANCELLED);
  for (const id of ["give-priority", "move", "cancel"]) byId(id).open = false;
  byId("priority-why").value = "";
  byId("cancel-why").value = "";
  complain("move-error", "");
});

/** Send a command about a visit, show what it is then, and say `text`; `undo` is the way back. */
function change(address, body, text, { id = state.visit.id, error, refused, undo } = {}) {
  const done = async (answer) => {
    await showVisit(id);
    byId("visit").focus({ preventScroll: true });
    notify(text(answer), undo && { text: words.undo, press: undo });
  };
  return send(error ?? "visit-error", address, body, done, refused);
}

/** How the visit is called in a sentence. */
const nameOf = () => byId("visit-number").textContent;

byId("leave").addEventListener("click", () => {
  const { id, number } = visitNow();
  const undone = () => say(words.undone, { number });
  const back = () => change(ticketUrl(id, "undo"), {}, undone, { id });
  // In an evacuation a party goes outside and keeps its place.
  const text = ({ status }) =>
    say(status === "LEFT" ? words.leftDone : words.steppedOutDone, { number });
  change(visitUrl("leave"), {}, text, { undo: back });
});

/** Give priority to a visit for a reason, or take it away: null. */
function setPriority({ id, number }, reason, undo) {
  const text = reason ? words.priorityDone : words.noPriorityDone;
  change(ticketUrl(id, "priority"), { reason }, () => say(text, { number }), { id, undo });
}
const visitNow = () => ({ id: state.visit.id, number: nameOf() });
byId("priority-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = byId("priority-why").value;
  if (!reason) return complain("visit-error", words.choosePriority);
  const visit = visitNow();
  setPriority(visit, reason, () => setPriority(visit, null));
});
byId("no-priority").addEventListener("click", () => setPriority(visitNow(), null));

byId("move").addEventListener("toggle", () => {
  if (byId("move").open) times.offer();
});
byId("move-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const slot = times.chosen();
  if (!slot) return complain("move-error", words.fields.slot);
  const refused = (problem) => {
    if (["slot_full", "slot_passed"].includes(problem.code)) times.offer();
    return false;
  };
  const text = (ticket) => say(words.movedDone, { time: momentOf(ticket) });
  change(ticketUrl(state.visit.ticket.code, "reschedule"), { slot }, text, {
    error: "move-error",
    refused,
  });
});

byId("cancel-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = byId("cancel-why").value;
  if (!reason) return complain("visit-error", words.chooseCancel);
  const number = nameOf();
  change(ticketUrl(state.visit.ticket.code, "cancel"), { reason }, () =>
    say(words.cancelledDone, { number }),
  );
});
