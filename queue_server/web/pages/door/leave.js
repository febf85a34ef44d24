// Who leaves: the guard is asked for the number. Who came in first stands first; who was served is off the count already.
// In an evacuation whole parties go out, also those at counters, and keep their places in the queue.
import { byId, clockOf, fill, keepList } from "../list.js";
import { isEvacuation } from "../evacuation.js";

export function makeLeaving({ words, say, personsOf, withoutNumber }) {
  const dialog = byId("leave-dialog");
  let sentOut = false; // whether an evacuation lasts

  /** Where a party inside is, and what follows from that for who counts it out. */
  function whereOf(party) {
    if (!party.counter)
      return say(words.insideSince, { time: clockOf(party.since, words.clockMark) });
    return say(sentOut ? words.atCounterNow : words.atCounter, {
      counter: words.counters[party.counter],
    });
  }

  function drawRow(row, party) {
    fill(row, { number: party.number, persons: personsOf(party.party_size), hint: whereOf(party) });
    const stays = Boolean(party.counter) && !sentOut;
    row.dataset.away = stays ? "no" : "";
    const [one, all] = row.querySelectorAll("button");
    all.hidden = stays;
    one.hidden = sentOut || party.party_size === 1 || party.status !== "WAITING";
    all.textContent = party.party_size === 1 ? words.out : say(words.all, { n: party.party_size });
    one.textContent = words.one;
    for (const button of [one, all])
      button.setAttribute("aria-label", `${words.out} ${party.number}: ${button.textContent}`);
  }

  /** Draw the choice, live while it is open; `uncounted` persons inside have no ticket. */
  function draw(snapshot, uncounted) {
    sentOut = isEvacuation(snapshot.stop);
    byId("leave-title").textContent = sentOut ? words.whoIsOut : words.whoLeaves;
    byId("leave-kept").hidden = !sentOut;
    byId("leave-nobody").hidden = uncounted < 1;
    byId("leave-nobody").textContent = say(words.someone, { n: uncounted });
    byId("served").hidden = snapshot.served.length === 0;
    byId("served").textContent = say(words.served, {
      numbers: snapshot.served.map((each) => each.number).join(", "),
    });
    keepList(byId("leaving"), byId("row-leaving"), snapshot.inside_parties, drawRow);
  }

  function close() {
    dialog.close();
  }

  byId("leave-close").addEventListener("click", close);
  byId("leave-nobody").addEventListener("click", () => {
    close();
    withoutNumber();
  });

  return {
    draw,
    whereOf,
    close,
    ask(snapshot, uncounted) {
      draw(snapshot, uncounted);
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
    },
  };
}
