// Who booked the visit at this counter: asked for as soon as it is called, by its clerk alone.
import { makeBooker } from "../booker.js";
import { makePost, ticketUrl } from "../command.js";
import { desk, state } from "./state.js";
import { words } from "./words.js";

const HERE = "counter";
let show = () => {};

/**
 * Show who booked the present visit; of a number taken at the door there is nothing to say.
 * Somebody may be called twice on one day.
 */
export function drawBooker() {
  const { current } = state;
  show(
    current?.starts_at
      ? {
          id: current.id,
          number: current.number,
          occasion: `${current.id} ${current.called_at}`,
          isBooked: true,
          asks: true,
        }
      : null,
  );
}

/** `send` sends a command of the console; `acted(name, ticket)` says it and offers to undo it. */
export function setUpBooker(send, acted) {
  show = makeBooker({
    post: makePost(desk.dataset.token),
    where: HERE,
    words: words.booker,
    voidVisit: (visit) =>
      send(ticketUrl(visit.id, "mismatch"), { where: HERE }, () => acted("mismatch", visit), {
        about: visit,
      }),
  });
}
