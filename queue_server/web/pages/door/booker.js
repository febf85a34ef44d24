// Who booked the visit just checked in at the door, and the card that does not match.
import { makeBooker } from "../booker.js";
import { ticketUrl } from "../command.js";
import { byId } from "../page.js";
import { notify } from "../tell.js";
import { post } from "./send.js";
import { words } from "./state.js";

const HERE = "door";
const SEEN_IN = ["BOOKED", "WAITING"];
const ELSEWHERE = ["other_day", "remote", "evacuation"];
const { booker } = words;

/**
 * `send` sends a command of the door; `voided()` and `undone()` follow. Returns `show(ticket,
 * verdict)`; null for no ticket. Of whom has just checked in it is asked at once, of others by a
 * press.
 */
export function setUpBooker({ send, voided, undone }) {
  let shown = 0;

  function undo(id) {
    const done = () => {
      undone();
      notify(booker.undone);
    };
    send(ticketUrl(id, "undo"), {}, done);
  }

  const show = makeBooker({
    post,
    where: HERE,
    words: booker,
    // On a phone the keys of the door lie over the foot of the page.
    painted: () => byId("booker").scrollIntoView({ block: "nearest" }),
    voidVisit: ({ id }) =>
      send(ticketUrl(id, "mismatch"), { where: HERE }, () => {
        voided(booker.voidedBare);
        notify(booker.voidedBare, { text: booker.undo, press: () => undo(id) });
      }),
  });

  return (ticket, verdict) => {
    shown += 1;
    const isHere = ticket && SEEN_IN.includes(ticket.status) && !ELSEWHERE.includes(verdict);
    if (!isHere) return show(null);
    show({
      id: ticket.id,
      occasion: shown,
      isBooked: Boolean(ticket.starts_at),
      asks: verdict.startsWith("came_"),
    });
  };
}
