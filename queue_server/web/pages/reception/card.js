// The card of one visit: what the server knows of it, and which changes it allows.
import { getJson } from "../live.js";
import { byId, say, sayCount, sayWait } from "../page.js";
import { complain } from "./complaints.js";
import { momentOf, personsOf, root, serviceOf, state, timeOf, url, words } from "./state.js";

const HERE = ["WAITING", "CALLED", "SERVING", "PARKED"];
const drawers = [];

/** Have `draw(visit, { isFresh, isEntered, isOfUse })` draw its part of the card each time. */
export const onDraw = (draw) => drawers.push(draw);

/**
 * Fetch a visit by whatever names it, and draw its card. A fresh one has no slip yet; one that is
 * entered was so just now, at this desk.
 */
export async function showVisit(reference, { isFresh = false, isEntered = false } = {}) {
  const address = `${url("reception/ticket")}?shown=${encodeURIComponent(reference)}`;
  state.visit = await getJson(address);
  draw(isFresh, isEntered);
}

/** Lead eyes and readers by ear to the card. */
export function goToCard() {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  byId("visit").focus({ preventScroll: true });
  byId("visit").scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
}

function draw(isFresh, isEntered) {
  byId("visit").hidden = false;
  complain("visit-error", "");
  drawFacts(state.visit);
  drawReadOut(state.visit);
  drawChanges(state.visit);
  const isOfUse = ["BOOKED", ...HERE].includes(state.visit.ticket.status);
  for (const each of drawers) each(state.visit, { isFresh, isEntered, isOfUse });
}

function drawFacts({ ticket, channel, priority, needs, represented, document: shown }) {
  byId("visit-number").textContent = ticket.number ?? ticket.code.replace(/(.{4})(?=.)/g, "$1-");
  byId("visit-state").textContent = words.states[ticket.status] ?? ticket.status;
  byId("visit-state").className = `badge badge--${words.badges[ticket.status] ?? "info"}`;
  byId("visit-service").textContent = serviceOf(ticket);
  const facts = [
    ticket.starts_at &&
      ticket.status !== "BOOKED" &&
      say(words.bookedFor, { time: momentOf(ticket) }),
    ticket.delay_minutes && say(words.comesLater, { n: ticket.delay_minutes }),
    ticket.away_until && say(words.awayUntil, { time: timeOf(ticket.away_until) }),
    personsOf(ticket.party_size),
    channel === "URGENT" && words.urgent,
    priority && words.priority,
    ...(needs ?? []).map((need) => words.needs[need] ?? need),
    represented && words.represented,
    shown === "PASSPORT" && words.passport,
  ];
  byId("visit-time").textContent = facts.filter(Boolean).join(" · ");
  byId("visit-place").dataset.place = ticket.place ?? "";
  byId("visit-place").textContent = placeOf(ticket);
}

/** What is read out to whoever called: the time, and the code, a line for each group. */
function drawReadOut({ ticket }) {
  const isBooked = ticket.status === "BOOKED";
  byId("read-out").hidden = !isBooked;
  if (!isBooked) return;
  byId("read-out-time").textContent = momentOf(ticket);
  const lines = ticket.code.match(/.{1,4}/g).map((group) => {
    const line = document.createElement("li");
    const letters = document.createElement("b");
    letters.textContent = group;
    const said = document.createElement("span");
    said.textContent = [...group].map((each) => words.spelling[each] ?? each).join(", ");
    line.append(letters, said);
    return line;
  });
  byId("spelling").replaceChildren(...lines);
}

function placeOf({ status, place, ahead, wait, counter }) {
  if (status !== "WAITING") return counter ? say(words.counter, { name: counter }) : "";
  const facts = [
    words.place[place],
    sayCount(words.ahead, ahead ?? 0),
    wait && sayWait(wait, words.wait),
  ];
  return facts.filter(Boolean).join(" · ");
}

function drawChanges(visit) {
  const { ticket } = visit;
  const isUrgent = visit.channel === "URGENT";
  const isWaiting = ticket.status === "WAITING";
  const isBooked = ticket.status === "BOOKED";
  byId("check-in").hidden = !isBooked || !visit.today;
  byId("locked").hidden = !visit.locked;
  byId("party").hidden = !isWaiting && !isBooked;
  const sizes = Array.from({ length: visit.party_max }, (_each, n) => new Option(String(n + 1)));
  byId("party-size").replaceChildren(...sizes);
  byId("party-size").value = String(ticket.party_size);
  byId("evidence").hidden = !isUrgent || !HERE.includes(ticket.status);
  byId("evidence-now").textContent = words.evidence[visit.evidence] ?? words.notLooked;
  for (const button of root.querySelectorAll("[data-evidence]")) {
    button.setAttribute("aria-pressed", String(button.dataset.evidence === visit.evidence));
  }
  byId("urgent").hidden = !isWaiting || isUrgent;
  byId("urgent").open = false;
  byId("urgent-why").value = "";
}
