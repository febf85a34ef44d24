// The slip of the visit on the card: which printer prints it, and whether it came out.
import { ticketUrl } from "../command.js";
import { getJson } from "../live.js";
import { byId, say, setText } from "../page.js";
import { onDraw } from "./card.js";
import { send } from "./send.js";
import { root, state, timeOf, visitUrl, words } from "./state.js";

const LOOK_MS = 4_000; // how often is asked, where no change of the day has said so before
const OPEN = ["ordered", "unconfirmed"];
const ANSWER_MS = 20_000; // so long a printer takes at most to hear what the staff have said

let printers = []; // as the overview told them last
let order = null; // the newest order of the visit on the card
let answered = null; // the order for which somebody here has just answered
let asked = 0; // an answer about an earlier visit is dropped

onDraw(({ ticket, id }, { isFresh, isOfUse }) => {
  byId("order").hidden = !isOfUse;
  byId("print").hidden = !isFresh;
  byId("print").href = ticketUrl(ticket.code, "slip.pdf");
  byId("copy").hidden = isFresh || !isOfUse;
  byId("copy").action = ticketUrl(id, "copy");
  if (order?.visit !== id) order = null;
  drawOrder();
  drawPrinters();
  look();
});

/** What the overview says of the office's printers; and whether the order has got on. */
export function notePrinters(told) {
  printers = told;
  drawPrinters();
  drawOrder();
  if (OPEN.includes(order?.state)) look();
}

/** One printer is no choice. Those that cannot print say why. */
function drawPrinters() {
  const select = byId("printer");
  const before = select.value;
  const first = new Option(words.anyPrinter, "");
  const options = printers.map((each) => {
    const trouble = each.ready ? "" : words.printers[each.state] || words.printers.unknown;
    const option = new Option([each.name, trouble].filter(Boolean).join(" – "), each.id);
    option.disabled = !each.ready;
    return option;
  });
  select.replaceChildren(first, ...options);
  if (options.some((each) => each.value === before && !each.disabled)) select.value = before;
  byId("printer-part").hidden = byId("order").hidden || printers.length < 2;
}

async function look() {
  if (!state.visit) return;
  const { id } = state.visit;
  asked += 1;
  const own = asked;
  try {
    const { order: told } = await getJson(visitUrl("print"));
    if (own === asked && id === state.visit.id) take(told, id);
  } catch {
    // Asked again with the next change; nothing is lost by that.
  }
}

function take(told, id) {
  order = told && { ...told, visit: id };
  drawOrder();
}

const keyOf = ({ visit, copy }) => `${visit}.${copy}`;

function drawOrder() {
  const isBooked = state.visit?.ticket.status === "BOOKED";
  const first = isBooked ? words.printConfirmation : words.printSlip;
  setText(byId("order-text"), order?.state === "printed" ? words.printCopy : first);
  const line = byId("order-state");
  line.hidden = !order;
  line.dataset.state = order?.state ?? "";
  const isUnknown = order?.state === "unconfirmed";
  const isAnswered = isUnknown && answered === keyOf(order);
  byId("order-answer").hidden = !isUnknown || isAnswered;
  if (!order || isAnswered) return void setText(line, order ? words.answered : "");
  const printer = printers.find((each) => each.id === order.printer);
  const text = say(words.orders[order.state], {
    printer: printer?.name || words.aPrinter,
    ordered: timeOf(order.ordered_at),
    until: timeOf(order.until),
  });
  const isStuck = printer && !printer.ready && ["ordered", "not_printed"].includes(order.state);
  const trouble = isStuck ? words.printers[printer.state] || words.printers.unknown : "";
  setText(line, [text, trouble && `${trouble}.`].filter(Boolean).join(" "));
}

byId("order").addEventListener("click", () => {
  const { id } = state.visit;
  const printer = byId("printer").value;
  send("visit-error", visitUrl("print"), printer ? { printer } : {}, (told) => take(told, id));
});
for (const button of root.querySelectorAll("[data-came-out]")) {
  button.addEventListener("click", () => {
    const body = { came_out: button.dataset.cameOut === "yes" };
    send("visit-error", visitUrl("print/outcome"), body, () => {
      const mine = (answered = keyOf(order));
      drawOrder();
      byId("order").focus();
      setTimeout(() => {
        if (answered === mine) answered = null;
        drawOrder();
      }, ANSWER_MS);
    });
  });
}
setInterval(() => {
  if (!document.hidden && OPEN.includes(order?.state)) look();
}, LOOK_MS);
