// How the console puts a ticket into words: what the visitor needs, and why the turn is theirs.
import { clockOf, minutesAndSeconds } from "../clock.js";
import { byId, inLanguage, say } from "../page.js";

/** The words of one language, which come from the server with the page. */
export const words = JSON.parse(byId("desk").dataset.words);
export const timeOf = (time) => clockOf(time, words.clockMark);
export const staffName = (id) => words.staff[id] ?? words.colleague;

const WHOLE_DAY_MINUTES = 24 * 60; // the credit of those whom the office's rule puts first

function chip(text, kind = "busy") {
  const element = document.createElement("span");
  element.className = `badge badge--${kind}`;
  element.textContent = text;
  return element;
}

/** One chip for each thing to know before the visitor stands here. */
export function needsOf(ticket) {
  const { calls, language, party_size: persons, starts_at: startsAt } = ticket;
  const chips = [
    ticket.visit !== "OFFICE" && chip(words.kinds[ticket.visit] ?? ticket.visit, "info"),
    ticket.channel === "URGENT" && chip(words.urgent, "late"),
    ticket.priority && chip(words.priority, "warn"),
    ...(ticket.needs ?? []).map((need) => chip(words.needs[need] ?? need, "warn")),
    ticket.represented && chip(words.represented, "info"),
    persons > 1 && chip(say(words.party, { n: persons }), "info"),
    language && language !== words.language && chip(words.languages[language] ?? language, "info"),
    calls > 1 && chip(say(words.callTimes, { n: calls }), "warn"),
    startsAt && chip(say(words.bookedFor, { time: timeOf(startsAt) })),
  ];
  return chips.filter(Boolean);
}

/** Whether the proof of an urgent case has been seen: one chip, and none for other cases. */
export function evidenceOf(ticket) {
  if (ticket.channel !== "URGENT") return [];
  const kind = { OK: "ok", NOT_OK: "late", NOT_NEEDED: "busy" }[ticket.evidence] ?? "warn";
  return [chip(words.evidence.found[ticket.evidence ?? "OPEN"], kind)];
}

/** [whole minutes, kind of badge, word] for a wait, against what the office has promised. */
export function waitWords(seconds) {
  const minutes = Math.floor(seconds / 60);
  const share = minutes / words.targetMinutes;
  if (share >= 1) return [minutes, "late", words.late];
  return share >= 0.7 ? [minutes, "warn", words.watch] : [minutes, "ok", words.onTime];
}

export const serviceName = (ticket) => inLanguage(ticket.service_name) || ticket.service;

/** When the visitor came, and what else decides the turn, in short. */
export function whyOf(ticket) {
  const parts = [
    ticket.starts_at
      ? say(words.bookedFor, { time: timeOf(ticket.starts_at) })
      : say(words.cameAt, { time: timeOf(ticket.arrived_at) }),
    ticket.visit !== "OFFICE" && words.kinds[ticket.visit],
    ticket.priority && words.priority,
    ticket.party_size > 1 && say(words.party, { n: ticket.party_size }),
    ticket.away_until
      ? say(words.awayUntil, { time: timeOf(ticket.away_until) })
      : ticket.place === "OUTSIDE" && words.outside,
    ticket.notes?.length > 0 && say(words.notes, { n: ticket.notes.length }),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** When somebody who did not come was called. */
export const calledWords = (ticket) =>
  say(words.calledAt, { time: timeOf(ticket.called_at ?? ticket.arrived_at) });

/** Every call can be explained from two numbers: the time that counts, and minutes of priority. */
export function turnOf(ticket) {
  const turn = say(words.turn[ticket.turn_basis] ?? words.turn.arrival, {
    turn: timeOf(ticket.turn_time),
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

/**
 * One sentence: why this waiting visitor is next, or not yet. `nameOf` gives the name of a counter
 * or of a clerk, `here` is our counter.
 */
export function reasonOf(ticket, nameOf, here) {
  const why = ticket.why;
  if (!why) return turnOf(ticket);
  const kind = {
    next: why.rival ? "nextBefore" : "next",
    outside: "outside",
    away: "away",
    sent_on: "sentOn",
    no_counter: "noCounter",
    behind: !why.rival ? "waits" : why.ahead > 1 ? "behind" : "behindOne",
  }[why.code];
  return say(words.reason[kind], {
    number: ticket.number,
    turn: turnOf(ticket),
    ahead: why.ahead,
    rival: why.rival ?? "",
    rivalTurn: why.rival_turn ? timeOf(why.rival_turn) : "",
    counters: countersOf(why.counters, nameOf, here),
    wanted: why.wanted ? nameOf(why.wanted) : "",
    away: ticket.away_until ? timeOf(ticket.away_until) : "",
  });
}

/** A called visitor who does not come: when to call again, and at last the advice to give up. */
export function recallOf(ticket, nowMs) {
  if (ticket.recall_at) {
    const seconds = Math.ceil((Date.parse(ticket.recall_at) - nowMs) / 1000);
    if (seconds <= 0) return words.recall.now;
    return say(words.recall.in, { time: minutesAndSeconds(seconds) });
  }
  const isMissed = ticket.missed_from && nowMs >= Date.parse(ticket.missed_from);
  return isMissed ? say(words.recall.missed, { n: ticket.calls }) : "";
}
