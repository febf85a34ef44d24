// What the console asks before it acts: where to send somebody, why a counter stops, who is meant, what to note.
import { getJson } from "../live.js";
import { byId, clockOf } from "../list.js";
import { offer } from "./menu.js";
import { notify } from "../tell.js";
import { say } from "./words.js";
import { counterUrl, ticketUrl } from "./send.js";
import {
  desk,
  findTicket,
  fits,
  mayCall,
  nameOf,
  speaker,
  state,
  stopReason,
  words,
} from "./state.js";

const historyUrl = `/api/v1/offices/${encodeURIComponent(desk.dataset.office)}/own-actions`;
const timeOf = (moment) => clockOf(moment, words.clockMark);

/** `send` sends a command, `acted(name, ticket)` says what was done and offers to undo it, `undo(action)` takes one back. */
export function makeAsker({ send, acted, undo }) {
  const step = (name, ticket, body = {}) =>
    send(ticketUrl(ticket.id, name), body, () => acted(name, ticket), { about: ticket });

  function whom(title, hint, tickets, hintOf, take) {
    if (tickets.length === 0) return notify(words.nobodyThere);
    offer(
      title,
      hint,
      tickets.map((ticket) => ({
        text: `${ticket.number} – ${speaker.serviceName(ticket)}`,
        hint: hintOf(ticket),
        press: () => take(ticket),
      })),
    );
  }

  const resume = (ticket) => step("resume", ticket);
  const putBack = (ticket) =>
    send(
      ticketUrl(ticket.id, "return"),
      {},
      () => {
        state.lastActed = null;
        notify(say(words.done.return, { number: ticket.number }));
      },
      { about: ticket },
    );

  // Out of turn: whoever is passed over may ask why, so the reason comes first and stays in the log.
  function callOne(ticket) {
    offer(
      say(words.callWhy.title, { number: ticket.number }),
      words.callWhy.hint,
      words.callWhy.reasons.map(([reason, text]) => ({
        text,
        press: () =>
          send(
            ticketUrl(ticket.id, "call"),
            { counter: state.counter.id, reason },
            () => acted("call", ticket),
            { about: ticket },
          ),
      })),
    );
  }

  /** Leave the counter for a while or for good: `name` is "break" or "close". */
  function stop(name) {
    const asked = words.stop[name];
    offer(
      asked.title,
      asked.hint,
      asked.reasons.map(([reason, text]) => ({
        text,
        press: () =>
          send(counterUrl(state.counter.id, name), { reason }, () => notify(words.done[name])),
      })),
    );
  }

  function evidence() {
    const ticket = state.current;
    offer(
      say(words.evidence.title, { number: ticket.number }),
      words.evidence.hint,
      words.evidence.answers.map(([found, text]) => ({
        text,
        press: () =>
          send(
            ticketUrl(ticket.id, "evidence"),
            { evidence: found },
            () => notify(say(words.done.evidence, { number: ticket.number })),
            { about: ticket },
          ),
      })),
    );
  }

  function note() {
    const dialog = byId("note-dialog");
    const ticket = state.current;
    byId("note-title").textContent = say(words.noteFor, { number: ticket.number });
    dialog.returnValue = "";
    byId("note-text").value = "";
    dialog.showModal();
    dialog.addEventListener(
      "close",
      () => {
        const text = byId("note-text").value.trim();
        if (dialog.returnValue !== "go" || !text) return;
        send(
          ticketUrl(ticket.id, "notes"),
          { text },
          () => notify(say(words.done.note, { number: ticket.number })),
          {
            about: ticket,
            refused(problem) {
              const told =
                problem.code === "limit_reached"
                  ? words.noteRefused.limit
                  : words.noteRefused[problem.facts?.reason];
              if (told)
                notify(told, {
                  text: words.noteAgain,
                  press: () => {
                    note();
                    byId("note-text").value = text;
                  },
                });
              return Boolean(told);
            },
          },
        );
      },
      { once: true },
    );
  }

  function transfer() {
    const dialog = byId("transfer-dialog");
    const ticket = state.current;
    const [service, whose] = [byId("transfer-service"), byId("transfer-to")];
    dialog.returnValue = "";
    service.value = "";
    for (const option of service.options)
      option.hidden = option.disabled = option.value === ticket.service;
    drawHolders();
    const judge = () =>
      whose.setCustomValidity(service.value || whose.value ? "" : words.transferWhere);
    service.onchange = whose.onchange = judge;
    judge();
    dialog.showModal();
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "go") return;
        const [kind, id] = whose.value.split(":");
        const body = {
          ...(service.value ? { service: service.value } : {}),
          ...(id ? { [kind]: id } : {}),
        };
        send(ticketUrl(ticket.id, "transfer"), body, () => acted("transfer", ticket), {
          about: ticket,
        });
      },
      { once: true },
    );
  }

  // A visitor sent to somebody on break waits for the end of it.
  function presence(name, counter) {
    if (counter.state !== "break") return name;
    const reason = stopReason(counter);
    return reason ? say(words.awayBecause, { name, reason }) : say(words.awayFor, { name });
  }

  // Only counters with somebody at them, and the clerks who are there: nobody is sent to wait for an empty chair.
  function drawHolders() {
    const staffed = state.snapshot.counters.filter(
      (each) => each.clerk && each.id !== state.counter.id,
    );
    const at = (clerk) =>
      staffed.find((each) => each.clerk === clerk && each.state === "open") ??
      staffed.find((each) => each.clerk === clerk);
    const clerks = [...new Set(staffed.map((each) => each.clerk))].filter(
      (each) => words.staff[each],
    );
    for (const [group, options] of [
      ["counter", staffed.map((each) => [each.id, presence(nameOf(each.id), each)])],
      ["clerk", clerks.map((each) => [each, presence(words.staff[each], at(each))])],
    ]) {
      const place = byId(`transfer-${group}s`);
      place.hidden = options.length === 0;
      place.replaceChildren(
        ...options.map(([id, text]) => {
          const option = document.createElement("option");
          option.value = `${group}:${id}`;
          option.textContent = text;
          return option;
        }),
      );
    }
  }

  async function history() {
    try {
      const { actions } = await getJson(historyUrl);
      const items = actions.map((each) => ({
        text: `${timeOf(each.at)}  ${say(words.history[each.action] ?? "{number}", { number: each.number })}`,
        hint: each.undo_until ? say(words.undoUntil, { time: timeOf(each.undo_until) }) : "",
        press: each.undo_until
          ? () => undo({ id: each.ticket, number: each.number, name: words.actionOf[each.action] })
          : null,
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
      state.lastActed = last
        ? {
            id: last.ticket,
            number: last.number,
            name: words.actionOf[last.action],
            until: Date.parse(last.undo_until),
          }
        : null;
    } catch {
      // Without it the key stays off; the list shows the same once it can be had.
    }
  }

  const why = (ticket) => speaker.whyOf(ticket);
  const asks = {
    transfer,
    evidence,
    note,
    history,
    break: () => stop("break"),
    close: () => stop("close"),
    resume: () =>
      state.snapshot.parked.length === 1
        ? resume(state.snapshot.parked[0])
        : whom(words.whom.resume, "", state.snapshot.parked, why, resume),
    return: () =>
      state.snapshot.missed.length === 1
        ? putBack(state.snapshot.missed[0])
        : whom(
            words.whom.return,
            "",
            state.snapshot.missed,
            (each) => say(words.calledAt, { time: timeOf(each.called_at ?? each.arrived_at) }),
            putBack,
          ),
    "call-one": () =>
      whom(
        words.whom.call,
        words.callWhy.hint,
        state.snapshot.waiting.filter((each) => mayCall(each) && fits(each)),
        why,
        callOne,
      ),
  };

  /** The button of one row: "call", "resume" or "return" for the ticket with that id. */
  function row(name, id) {
    const ticket = findTicket(id);
    if (ticket) ({ call: callOne, resume, return: putBack })[name](ticket);
  }

  return { asks, row, putBack, recallLast };
}
