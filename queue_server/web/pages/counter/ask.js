// What the console asks before it acts: who is meant, where to send them, why a counter stops, what
// to note.
import { counterUrl, officeUrl, ticketUrl } from "../command.js";
import { getJson } from "../live.js";
import { byId, say } from "../page.js";
import { ask, notify } from "../tell.js";
import { offer } from "./menu.js";
import { desk, findTicket, fits, mayCall, nameOf, state, stopReason } from "./state.js";
import { calledWords, serviceName, timeOf, whyOf, words } from "./words.js";

const historyUrl = officeUrl(desk.dataset.office, "own-actions");

/**
 * `send` sends a command, `acted(name, ticket)` says what was done and offers to undo it,
 * `undo(action)` takes one back.
 */
export function makeAsker({ send, acted, undo }) {
  /** Take a step with a ticket. `done` follows, in place of the usual sentence about it. */
  function step(name, ticket, body = {}, done = () => acted(name, ticket), refused = undefined) {
    return send(ticketUrl(ticket.id, name), body, done, { about: ticket, refused });
  }

  const tellDone = (text, ticket) => () => notify(say(text, { number: ticket.number }));

  function whom(title, hint, tickets, hintOf, take) {
    if (tickets.length === 0) return notify(words.nobodyThere);
    const items = tickets.map((ticket) => ({
      text: `${ticket.number} – ${serviceName(ticket)}`,
      hint: hintOf(ticket),
      press: () => take(ticket),
    }));
    offer(title, hint, items);
  }

  const resume = (ticket) => step("resume", ticket);
  const putBack = (ticket) =>
    step("return", ticket, {}, () => {
      state.lastActed = null;
      tellDone(words.done.return, ticket)();
    });

  // Out of turn: whoever is passed over may ask why, so the reason comes first and is logged.
  function callOne(ticket) {
    const items = words.callWhy.reasons.map(([reason, text]) => ({
      text,
      press: () => step("call", ticket, { counter: state.counter.id, reason }),
    }));
    offer(say(words.callWhy.title, { number: ticket.number }), words.callWhy.hint, items);
  }

  /** Leave the counter for a while or for good: `name` is "break" or "close". */
  function stop(name) {
    const { title, hint, reasons } = words.stop[name];
    const url = counterUrl(state.counter.id, name);
    const items = reasons.map(([reason, text]) => ({
      text,
      press: () => send(url, { reason }, () => notify(words.done[name])),
    }));
    offer(title, hint, items);
  }

  function evidence() {
    const ticket = state.current;
    const done = tellDone(words.done.evidence, ticket);
    const items = words.evidence.answers.map(([answer, text]) => ({
      text,
      press: () => step("evidence", ticket, { evidence: answer }, done),
    }));
    offer(say(words.evidence.title, { number: ticket.number }), words.evidence.hint, items);
  }

  function note(draft = "") {
    const ticket = state.current;
    byId("note-title").textContent = say(words.noteFor, { number: ticket.number });
    byId("note-text").value = draft;
    ask(byId("note-dialog"), () => {
      const text = byId("note-text").value.trim();
      if (text) step("notes", ticket, { text }, tellDone(words.done.note, ticket), refuse(text));
    });
  }

  // What was typed is not lost with the refusal.
  function refuse(text) {
    return ({ code, facts }) => {
      const told = words.noteRefused[code === "limit_reached" ? "limit" : facts?.reason];
      if (told) notify(told, { text: words.noteAgain, press: () => note(text) });
      return Boolean(told);
    };
  }

  function transfer() {
    const ticket = state.current;
    const [service, whose] = [byId("transfer-service"), byId("transfer-to")];
    service.value = "";
    for (const option of service.options) {
      option.hidden = option.disabled = option.value === ticket.service;
    }
    drawHolders();
    const judge = () =>
      whose.setCustomValidity(service.value || whose.value ? "" : words.transferWhere);
    service.onchange = whose.onchange = judge;
    judge();
    ask(byId("transfer-dialog"), () => {
      const [kind, id] = whose.value.split(":");
      const body = {};
      if (service.value) body.service = service.value;
      if (id) body[kind] = id;
      step("transfer", ticket, body);
    });
  }

  // A visitor sent to somebody on break waits for the end of it.
  function presence(name, counter) {
    if (counter.state !== "break") return name;
    const reason = stopReason(counter);
    return reason ? say(words.awayBecause, { name, reason }) : say(words.awayFor, { name });
  }

  // Only counters with somebody at them, and the clerks who are there: nobody is sent to wait for
  // an empty chair.
  function drawHolders() {
    // Nobody at home is sent to a counter in the office, nor the other way round.
    const others = state.snapshot.counters.filter(
      (each) => each.id !== state.counter.id && each.remote === state.counter.remote,
    );
    const staffed = others.filter((each) => each.clerk);
    const clerks = [...new Set(staffed.map((each) => each.clerk))].filter(
      (each) => words.staff[each],
    );
    // Whoever has two counters may still be at the open one.
    const at = (clerk) => {
      const theirs = staffed.filter((each) => each.clerk === clerk);
      return theirs.find((each) => each.state === "open") ?? theirs[0];
    };
    drawOptions(
      "counter",
      staffed.map((each) => [each.id, presence(nameOf(each.id), each)]),
    );
    drawOptions(
      "clerk",
      clerks.map((each) => [each, presence(words.staff[each], at(each))]),
    );
  }

  function drawOptions(kind, holders) {
    const group = byId(`transfer-${kind}s`);
    group.hidden = holders.length === 0;
    group.replaceChildren(...holders.map(([id, text]) => new Option(text, `${kind}:${id}`)));
  }

  const actionOf = ({ ticket, number, action, undo_until: until }) => ({
    id: ticket,
    number,
    name: words.actionOf[action],
    untilMs: Date.parse(until),
  });

  async function history() {
    try {
      const { actions } = await getJson(historyUrl);
      const items = actions.map((each) => ({
        text: `${timeOf(each.at)}  ${say(words.history[each.action] ?? "{number}", each)}`,
        hint: each.undo_until ? say(words.undoUntil, { time: timeOf(each.undo_until) }) : "",
        press: each.undo_until ? () => undo(actionOf(each)) : null,
      }));
      if (items.length === 0) notify(words.noHistory);
      else offer(words.historyTitle, words.historyHint, items);
    } catch {
      notify(words.offline);
    }
  }

  /** The clerk's newest action that can be taken back, after a reload or an undo. */
  async function recallLast() {
    try {
      const { actions } = await getJson(historyUrl);
      const last = actions.find((each) => each.undo_until);
      state.lastActed = last ? actionOf(last) : null;
    } catch {
      // Undo stays switched off; the list of actions offers the same once it can be had.
    }
  }

  // Where there is only one, nobody need be asked who is meant.
  function oneOf(tickets, title, hintOf, take) {
    return tickets.length === 1 ? take(tickets[0]) : whom(title, "", tickets, hintOf, take);
  }

  const asks = {
    transfer,
    evidence,
    note: () => note(),
    history,
    break: () => stop("break"),
    close: () => stop("close"),
    resume: () => oneOf(state.snapshot.parked, words.whom.resume, whyOf, resume),
    return: () => oneOf(state.snapshot.missed, words.whom.return, calledWords, putBack),
    "call-one": () => {
      const tickets = state.snapshot.waiting.filter((each) => mayCall(each) && fits(each));
      whom(words.whom.call, words.callWhy.hint, tickets, whyOf, callOne);
    },
  };

  /** The button of one row: "call", "resume" or "return" for the ticket with that id. */
  function row(name, id) {
    const ticket = findTicket(id);
    if (ticket) ({ call: callOne, resume, return: putBack })[name](ticket);
  }

  return { asks, row, callOne, resume, putBack, recallLast };
}
