// What the visitor takes away: the number, where to wait, the QR code, and the state of printing.
import { clockTime } from "../frame/clock.js";
import { byId, drawCode, make } from "../frame/page.js";
import { counted, pick, waiting, word } from "../frame/words.js";

const SHOWN_MS = 10_000;
const SHOWN_LONG_MS = 30_000; // for a photo, or to find the phone
const PRINTING_MS = 60_000; // the printer tells sooner whether the number is on paper
const WITHOUT_PAPER = new Set(["trouble", "unconfirmed", "none"]);

/** Whether the number is on the screen alone, so that there must be time for a photo. */
export const isWithoutPaper = (request) => WITHOUT_PAPER.has(request.print);

/** How long a number stays on the screen if nobody touches it. */
export function resultLimit(request) {
  if (request.print === "printing") return PRINTING_MS;
  const isLong = isWithoutPaper(request) || "phone" in document.body.dataset;
  return isLong ? SHOWN_LONG_MS : SHOWN_MS;
}

// Who comes after the booked time is called by the time of arrival.
const isLate = ({ checked_in_at: came, ends_at: ends }) =>
  Boolean(came && ends && new Date(came) > new Date(ends));

/** `evidence` is what to bring for an urgent case, by language, or null. */
export function drawResult(request, zone, evidence) {
  const { slip, qr } = request;
  document.querySelector('[data-for="result"]').dataset.letters = String(slip.number.length);
  byId("number").textContent = slip.number;
  byId("result-service").textContent = slip.service_name;
  const outside = slip.place === "OUTSIDE";
  byId("result-place").dataset.place = slip.place;
  byId("result-place").textContent = word(outside ? "outside" : "inside");
  const facts = [];
  const show = evidence ? pick(evidence) : (slip.evidence ?? "");
  if (show) facts.push(show);
  if (request.repeated) facts.push(word("repeated", { time: clockTime(slip.checked_in_at, zone) }));
  else if (isLate(slip)) facts.push(word("came_late", { time: clockTime(slip.starts_at, zone) }));
  if (slip.party_size > 1) facts.push(word("party_many", { n: slip.party_size }));
  if (slip.ahead !== null) facts.push(counted("ahead", slip.ahead));
  if (slip.wait) facts.push(waiting("wait", slip.wait));
  if (slip.offline) facts.push(word("other_order"));
  byId("result-facts").replaceChildren(...facts.map((fact) => make("li", "", fact)));
  drawCode(qr, byId("qr"));
  byId("qr-where").textContent = word("scan_where", { host: new URL(slip.url).host });
  drawPrint(request);
}

export function drawPrint(request) {
  const line = byId("print");
  line.hidden = request.print === null;
  line.dataset.print = request.print ?? "";
  line.textContent = request.print === null ? "" : word(`print_${request.print}`);
}

/** Show the code as large as the screen allows, or as it was. */
export function enlargeCode(isLarge) {
  document.body.toggleAttribute("data-phone", isLarge);
  byId("phone").textContent = word(isLarge ? "phone_back" : "phone_save");
}
