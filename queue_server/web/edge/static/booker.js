// Who booked the visit that stands here, for this desk alone, and a card that is another person's.
// Never part of a live picture: asked for one visit, and taken off the page with it.
import { newKey, ticketUrl } from "./command.js";
import { byId, say, setText } from "./page.js";
import { ask } from "./tell.js";

/**
 * `post` sends a request, `where` names this place to the server, `voidVisit(visit)` sends the
 * command once it is confirmed. Returns `show(visit)`: {id, occasion, isBooked, asks} or null. Each
 * `occasion` is asked for once, by itself where `asks`, else by a press. `painted` follows what is
 * new on the page.
 */
export function makeBooker({ post, where, words, voidVisit, painted = () => {} }) {
  let visit = null;
  let known = null; // what the server has told of this visit

  function paint(hint = "") {
    const name = known?.name ?? "";
    const last4 = known?.last4 ? say(words.last4[known.document], { last4: known.last4 }) : "";
    byId("booker").hidden = visit === null;
    setText(byId("booker-label"), name ? words.bookedBy : "");
    setText(byId("booker-name"), name);
    setText(byId("booker-last4"), last4);
    setText(byId("booker-hint"), hint || (known?.represented ? words.represented : ""));
    byId("booker-show").hidden = !visit?.isBooked || known !== null;
    byId("mismatch").hidden = !known?.name;
    setText(byId("mismatch-name"), name);
    setText(byId("mismatch-last4"), last4);
    byId("mismatch-represented").hidden = !known?.represented;
    if (visit) painted();
  }

  async function load() {
    const { id, occasion } = visit;
    try {
      const answer = await post(ticketUrl(id, "booker"), { where }, newKey());
      if (visit?.occasion !== occasion) return;
      known = answer;
      paint(words.known[answer.known]);
    } catch (problem) {
      if (visit?.occasion !== occasion) return;
      paint(problem.status ? words.refused : words.failed);
    }
  }

  byId("booker-show").addEventListener("click", load);
  byId("mismatch").addEventListener("click", () => {
    const about = visit;
    // Its key may be pressed while there is nobody whose card could be compared.
    if (byId("mismatch").hidden) return;
    ask(byId("mismatch-dialog"), () => voidVisit(about));
  });

  return function show(fresh) {
    if (fresh?.occasion === visit?.occasion) return;
    visit = fresh;
    known = null;
    paint(visit && !visit.isBooked ? words.known.WALK_IN : "");
    if (visit?.isBooked && visit.asks) load();
  };
}
