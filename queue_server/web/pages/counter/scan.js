// A ticket that is scanned at the counter: whoever waits is called, and of everybody else it is
// said where they are and what can be done.
import { officeUrl, problemText, ticketUrl } from "../command.js";
import { getJson } from "../live.js";
import { say } from "../page.js";
import { setUpScanner } from "../scanner.js";
import { notify } from "../tell.js";
import { fetchQueue } from "./send.js";
import {
  desk,
  findTicket,
  fits,
  isConnected,
  isOnBreak,
  isSentOut,
  isStandstill,
  likelyNext,
  mayCall,
  nameOf,
  nobodyReason,
  state,
} from "./state.js";
import { timeOf, words } from "./words.js";

const dateFormat = new Intl.DateTimeFormat(words.language === "en" ? "en-GB" : words.language, {
  weekday: "long",
  day: "numeric",
  month: "long",
  timeZone: "UTC", // a date alone has no zone, and this computer's must not move it
});
const dateOf = (date) => dateFormat.format(new Date(`${date}T00:00:00Z`));
const lookUrl = (code) => `${officeUrl(desk.dataset.office, "door/ticket")}?shown=${code}`;

/**
 * `send` sends a command, `acted(name, ticket)` says what was done, `asker` asks for a reason or
 * puts somebody back, `show(snapshot)` takes a picture over.
 */
export function setUpScan({ send, acted, asker, show }) {
  function step(name, ticket, body = {}, refused = undefined) {
    const done = () => acted(name, ticket);
    return send(ticketUrl(ticket.id, name), body, done, { about: ticket, refused });
  }

  function callWaiting(ticket) {
    const { counter, current } = state;
    if (current) return notify(say(words.scan.finishFirst, { ...ticket, current: current.number }));
    if (isOnBreak()) return notify(words.endBreakFirst);
    if (isStandstill()) return notify(words.standstill);
    if (!mayCall(ticket)) return notify(say(words.scan.elsewhere, ticket));
    if (!fits(ticket)) return notify(nobodyReason());
    if (likelyNext()?.id !== ticket.id) return asker.callOne(ticket);
    // Somebody may have come before them since this picture.
    const askWhy = ({ code }) => code === "bad_input" && (asker.callOne(ticket), true);
    return step("call", ticket, { counter: counter.id }, askWhy);
  }

  function tell(found) {
    const { number, status } = found;
    const ticket = findTicket(found.id);
    const isHere = Boolean(state.current) && state.current.id === found.id;
    const counter = ticket?.counter ? nameOf(ticket.counter) : words.anotherCounter;
    const facts = { number: number ?? "", counter };
    const toQueue = (press) => ({ text: words.toQueue, press });
    if (status === "WAITING" && ticket) return callWaiting(ticket);
    if (status === "CALLED" && isHere) {
      const start = { text: words.scan.start, press: () => step("start", ticket) };
      return notify(say(words.scan.calledHere, facts), start);
    }
    if (status === "SERVING" && isHere) return notify(say(words.scan.servedHere, facts));
    if (ticket && ["CALLED", "SERVING"].includes(status))
      return notify(say(words.scan.atCounter, facts));
    if (status === "PARKED" && ticket)
      return notify(
        say(words.scan.parked, facts),
        toQueue(() => asker.resume(ticket)),
      );
    if (status === "NO_SHOW" && ticket)
      return notify(
        say(words.scan.missed, facts),
        toQueue(() => asker.putBack(ticket)),
      );
    if (status === "BOOKED") {
      const when = {
        date: dateOf(found.date),
        time: found.starts_at ? timeOf(found.starts_at) : "",
      };
      return notify(say(words.scan.booked, when));
    }
    const what = words.states[status] ?? status;
    return notify(say(number ? words.scan.state : words.scan.stateBare, { number, state: what }));
  }

  async function read(code) {
    if (!isConnected()) return notify(words.offline);
    if (isSentOut()) return;
    if (!state.counter) return notify(words.scan.openFirst);
    if (state.busy) return notify(words.scan.again);
    try {
      const found = await getJson(lookUrl(code));
      // Whoever has only just come is not in the picture yet.
      if (found.status === "WAITING" && !findTicket(found.id)) show(await fetchQueue());
      tell(found);
    } catch (problem) {
      if (problem.status === 401) return location.assign(desk.dataset.login);
      const isUnknown = [404, 422].includes(problem.status);
      notify(isUnknown ? words.scan.other : problemText(problem, words));
    }
  }

  setUpScanner({ read, refuse: (kind) => notify(words.scan[kind]) });
}
