// How the console puts a ticket into words: what the visitor needs, and why it is this visitor's turn.
import { clockOf } from "../list.js";

/** `text` with each {name} filled in from `values`. */
export const say = (text, values) =>
  Object.entries(values ?? {}).reduce(
    (done, [name, value]) => done.replace(`{${name}}`, value),
    text,
  );

const WHOLE_DAY_MINUTES = 24 * 60; // the credit of those whom the office's rule puts first

/** The sentences of one language; `words` come from the server with the page. */
export function makeSpeaker(words) {
  function needsOf(ticket) {
    const found = [];
    const add = (text, kind = "busy") => {
      const chip = document.createElement("span");
      chip.className = `badge badge--${kind}`;
      chip.textContent = text;
      found.push(chip);
    };
    if (ticket.channel === "URGENT") add(words.urgent, "late");
    if (ticket.priority) add(words.priority, "warn");
    if (ticket.party_size > 1) add(say(words.party, { n: ticket.party_size }), "info");
    if (ticket.language && ticket.language !== words.language)
      add(words.languages[ticket.language] ?? ticket.language, "info");
    if (ticket.calls > 1) add(say(words.callTimes, { n: ticket.calls }), "warn");
    if (ticket.starts_at)
      add(say(words.bookedFor, { time: clockOf(ticket.starts_at, words.clockMark) }));
    return found;
  }

  /** Whether the proof of an urgent case has been seen: one chip, worded, and none for other cases. */
  function evidenceOf(ticket) {
    if (ticket.channel !== "URGENT") return [];
    const chip = document.createElement("span");
    chip.className = `badge badge--${{ OK: "ok", NOT_OK: "late", NOT_NEEDED: "busy" }[ticket.evidence] ?? "warn"}`;
    chip.textContent = words.evidence.found[ticket.evidence ?? "OPEN"];
    return [chip];
  }

  /** [whole minutes, kind of badge, word] for a wait of so many seconds, against what the office has promised. */
  function waitWords(seconds) {
    const minutes = Math.floor(seconds / 60);
    const share = minutes / words.targetMinutes;
    return [
      minutes,
      ...(share >= 1
        ? ["late", words.late]
        : share >= 0.7
          ? ["warn", words.watch]
          : ["ok", words.onTime]),
    ];
  }

  function serviceName(ticket) {
    return ticket.service_name[words.language] ?? ticket.service_name.id ?? ticket.service;
  }

  function whyOf(ticket) {
    const parts = [];
    if (ticket.starts_at)
      parts.push(say(words.bookedFor, { time: clockOf(ticket.starts_at, words.clockMark) }));
    else parts.push(say(words.cameAt, { time: clockOf(ticket.arrived_at, words.clockMark) }));
    if (ticket.priority) parts.push(words.priority);
    if (ticket.party_size > 1) parts.push(say(words.party, { n: ticket.party_size }));
    if (ticket.place === "OUTSIDE") parts.push(words.outside);
    if (ticket.notes?.length > 0) parts.push(say(words.notes, { n: ticket.notes.length }));
    return parts.join(" · ");
  }

  // Every call can be explained from two numbers: the time that counts, and the minutes of priority.
  function turnOf(ticket) {
    const turn = say(words.turn[ticket.turn_basis] ?? words.turn.arrival, {
      turn: clockOf(ticket.turn_time, words.clockMark),
    });
    if (ticket.credit_minutes >= WHOLE_DAY_MINUTES) return `${turn} ${words.turn.first}`;
    return ticket.credit_minutes > 0
      ? `${turn} ${say(words.turn.credit, { n: ticket.credit_minutes })}`
      : turn;
  }

  // A long list of counters would hide the reason.
  function countersOf(ids, nameOf, here) {
    if (ids.length <= 2) return ids.map(nameOf).join(", ");
    return say(words.andMore, {
      name: nameOf(ids.includes(here) ? here : ids[0]),
      n: ids.length - 1,
    });
  }

  /** One sentence: why this waiting visitor is next, or not yet. `nameOf` gives the name of a counter or of a clerk, `here` is ours. */
  function reasonOf(ticket, nameOf, here) {
    const why = ticket.why;
    if (!why) return turnOf(ticket);
    const kind = {
      next: why.rival ? "nextBefore" : "next",
      outside: "outside",
      sent_on: "sentOn",
      no_counter: "noCounter",
      behind: !why.rival ? "waits" : why.ahead > 1 ? "behind" : "behindOne",
    }[why.code];
    return say(words.reason[kind], {
      number: ticket.number,
      turn: turnOf(ticket),
      ahead: why.ahead,
      rival: why.rival ?? "",
      rivalTurn: why.rival_turn ? clockOf(why.rival_turn, words.clockMark) : "",
      counters: countersOf(why.counters, nameOf, here),
      wanted: why.wanted ? nameOf(why.wanted) : "",
    });
  }

  /** What a called visitor who does not come leads to: when to call again, and at last the suggestion to give up. */
  function recallOf(ticket, clock) {
    if (ticket.recall_at) {
      const seconds = Math.ceil((Date.parse(ticket.recall_at) - clock.now()) / 1000);
      if (seconds <= 0) return words.recall.now;
      return say(words.recall.in, {
        time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`,
      });
    }
    return ticket.missed_from && clock.now() >= Date.parse(ticket.missed_from)
      ? say(words.recall.missed, { n: ticket.calls })
      : "";
  }

  return { evidenceOf, needsOf, reasonOf, recallOf, serviceName, turnOf, waitWords, whyOf };
}
