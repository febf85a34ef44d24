// A ticket that is shown at the door: what becomes of its holder, and the check-in if it is time.
import { problemText, ticketUrl } from "../command.js";
import { getJson } from "../live.js";
import { byId, say } from "../page.js";
import { isNik } from "../scanner.js";
import { notify } from "../tell.js";
import { post } from "./send.js";
import { personsOf, root, state, timeOf, url, words } from "./state.js";

const KINDS = {
  inside: "ok",
  enter: "ok",
  called: "ok",
  came_in: "ok",
  not_next: "wait",
  wait: "wait",
  stopped: "wait",
  came_out: "wait",
  early: "wait",
  check_in: "",
};

/** What to say of somebody whom this page has just checked in. */
const JUST_CAME = { inside: "came_in", wait: "came_out" };

let shown = null; // the ticket checked last
let follow = () => {}; // shows who booked it

function showBox(kind, number, text) {
  byId("verdict").hidden = false;
  byId("verdict").dataset.kind = kind;
  byId("verdict-number").textContent = number;
  byId("verdict-words").textContent = text;
}

/** Say that nobody comes in, and why. */
export function showProblem(text) {
  showBox("no", "", text);
  byId("verdict-admit").hidden = true;
  shown = null;
  follow(null);
}

function showVerdict(ticket, verdict) {
  const number = `${ticket.number ?? ""} ${personsOf(ticket.party_size)}`.trim();
  const name = verdict === "over" && ticket.status === "SERVED" ? "served" : verdict;
  const text = say(words.verdict[name], {
    time: ticket.opens_at ? timeOf(ticket.opens_at) : "",
    date: ticket.date,
    next: state.snapshot?.next[0]?.number ?? "",
  });
  showBox(KINDS[verdict] ?? "no", number, text);
  const mayEnter = ["enter", "not_next"].includes(verdict) && ticket.place === "OUTSIDE";
  byId("verdict-admit").hidden = !mayEnter;
  shown = ticket;
  follow(ticket, verdict);
}

const look = (text) => getJson(`${url("door/ticket")}?shown=${encodeURIComponent(text)}`);

async function checkIn(text, refresh) {
  const code = text.trim().replace(/\/+$/, "").split("/").pop();
  const slip = await post(ticketUrl(code, "check-in"), {});
  const ticket = await look(slip.number);
  showVerdict(ticket, JUST_CAME[ticket.verdict] ?? ticket.verdict);
  refresh();
}

/**
 * Wire the field and the button. `letIn(ticket, done)` lets its party in, `refresh` asks for the
 * newest snapshot, `showBooker(ticket, verdict)` who booked it. Returns `check`, which takes a text
 * that the camera or a scanner has read, and `refuse`, which says why a scan is none.
 */
export function setUpVerdict({ letIn, refresh, showBooker }) {
  follow = showBooker;

  // An identity card is dropped here: its number must reach no server's log.
  function refuse(kind) {
    if (kind === "nik") byId("shown").value = "";
    if (kind === "dialog") notify(words.scan.dialog);
    else showProblem(words.scan[kind]);
  }

  async function check(text) {
    if (isNik(text)) return refuse("nik");
    if (!state.isConnected) return notify(words.offline);
    try {
      const ticket = await look(text);
      showVerdict(ticket, ticket.verdict);
      if (ticket.verdict === "check_in") await checkIn(text, refresh);
      byId("shown").value = "";
    } catch (problem) {
      if (problem.status === 401) return location.assign(root.dataset.login);
      if (problem.status === 404 || problem.status === 422) showProblem(words.unknown);
      else if (problem.status) showProblem(problemText(problem, words));
      else notify(words.offline);
    }
  }

  byId("scan").addEventListener("submit", (event) => {
    event.preventDefault();
    check(byId("shown").value);
  });
  byId("verdict-admit").addEventListener("click", (event) => {
    event.stopPropagation();
    const ticket = shown;
    letIn(ticket, () => showVerdict({ ...ticket, place: "INSIDE" }, "enter"));
  });
  return { check, refuse };
}
