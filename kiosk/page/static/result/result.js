// What the visitor takes away: the number, where to wait, the QR code, and the state of printing.
import { clockTime } from "../frame/clock.js";
import { byId, make } from "../frame/page.js";
import { counted, waiting, word } from "../frame/words.js";

const SVG = "http://www.w3.org/2000/svg";

export function drawResult(request, zone) {
  const { slip, qr } = request;
  document.querySelector('[data-for="result"]').dataset.letters = String(slip.number.length);
  byId("number").textContent = slip.number;
  byId("result-service").textContent = slip.service_name;
  const outside = slip.place === "OUTSIDE";
  byId("result-place").dataset.place = slip.place;
  byId("result-place").textContent = word(outside ? "outside" : "inside");
  const facts = [];
  if (request.repeated) facts.push(word("repeated", { time: clockTime(slip.checked_in_at, zone) }));
  if (slip.party_size > 1) facts.push(word("party_many", { n: slip.party_size }));
  if (slip.ahead !== null) facts.push(counted("ahead", slip.ahead));
  if (slip.wait) facts.push(waiting("wait", slip.wait));
  byId("result-facts").replaceChildren(...facts.map((fact) => make("li", "", fact)));
  byId("qr").setAttribute("viewBox", `0 0 ${qr.size} ${qr.size}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", qr.path);
  byId("qr").replaceChildren(path);
  drawPrint(request);
}

export function drawPrint(request) {
  const line = byId("print");
  line.hidden = request.print === null;
  line.dataset.print = request.print ?? "";
  line.textContent = request.print === null ? "" : word(`print_${request.print}`);
}
