// Who booked the visit on the card, the card that does not match, and what may follow: a number for
// whoever stands here, or the booking again if it was a mistake.
import { makeBooker } from "../booker.js";
import { byId, say } from "../page.js";
import { notify } from "../tell.js";
import { goToCard, onDraw, showVisit } from "./card.js";
import { complain } from "./complaints.js";
import { post, send } from "./send.js";
import { state, url, visitUrl, words } from "./state.js";

const HERE = "reception";
const SEEN_IN = ["BOOKED", "WAITING", "CALLED", "SERVING", "PARKED"];
const { booker } = words;

const show = makeBooker({
  post,
  where: HERE,
  words: booker,
  voidVisit: () =>
    send("visit-error", visitUrl("mismatch"), { where: HERE }, async () => {
      await showVisit(state.visit.id);
      goToCard();
      notify(booker.voidedBare, { text: booker.undo, press: undo });
    }),
});

function undo() {
  const done = async () => {
    await showVisit(state.visit.id);
    notify(booker.undone);
  };
  send("visit-error", visitUrl("undo"), {}, done, ({ code, facts }) => {
    const text = { booked_again: booker.bookedAgain, too_late: booker.tooLate }[facts?.reason];
    if (code !== "nothing_to_undo" || !text) return false;
    complain("visit-error", text);
    return true;
  });
}

function giveNumber() {
  const { service, party_size: persons } = state.visit.ticket;
  const wanted = { service, party_size: persons, language: words.language };
  send("visit-error", url("reception/tickets"), wanted, async (slip) => {
    await showVisit(slip.id, { isFresh: true, isEntered: true });
    goToCard();
    notify(say(words.given, { number: slip.number }));
  });
}

byId("voided-undo").addEventListener("click", undo);
byId("voided-number").addEventListener("click", giveNumber);

let draws = 0; // of a visit that is looked up again it is asked anew
let last = null;

onDraw(({ id, ticket, today, voided }, { isEntered }) => {
  if (last !== `${id} ${ticket.status}`) draws += 1;
  last = `${id} ${ticket.status}`;
  // Whom this desk has just entered it knows.
  const isSeen = today && !isEntered && SEEN_IN.includes(ticket.status);
  show(isSeen ? { id, occasion: draws, isBooked: Boolean(ticket.starts_at), asks: true } : null);
  byId("voided").hidden = !voided;
  byId("voided-walk-in").hidden = !voided?.takes_walk_ins;
  byId("voided-closed").hidden = Boolean(voided?.takes_walk_ins);
  byId("voided-number").hidden = !voided?.takes_walk_ins;
  byId("voided-undo").hidden = !voided?.may_undo;
});
