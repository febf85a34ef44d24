// "Why is this one next?" One sentence for any waiting visitor: for the row that has the focus, and
// else for whoever is next.
import { byId, setText } from "../page.js";
import { likelyNext, nameOf, state } from "./state.js";
import { reasonOf } from "./words.js";

const list = byId("queue");
const line = byId("why-text");
let cameFrom = null; // where the keyboard was before it went to the rows

const numberOf = (row) => row.querySelector("[data-slot=number]");
const rowInFocus = () => document.activeElement?.closest("#queue > [data-id]") ?? null;

/** Show the sentence. One row of all can be tabbed to; from there the arrows go on. */
export function drawWhy() {
  const row = rowInFocus();
  const ticket = row
    ? state.snapshot.waiting.find((each) => each.id === row.dataset.id)
    : likelyNext();
  const text = ticket ? reasonOf(ticket, nameOf, state.counter?.id) : "";
  setText(line, text);
  const stop = row ?? rowOf(ticket) ?? list.firstElementChild;
  for (const each of list.children) numberOf(each).tabIndex = each === stop ? 0 : -1;
  byId("why-ask").disabled = list.children.length === 0;
}

const rowOf = (ticket) => [...list.children].find((each) => each.dataset.id === ticket?.id);

function goTo(row) {
  if (row) numberOf(row).focus();
}

/** Asked by its key or button: first about the next visitor, then about one after the other. */
function ask() {
  const row = rowInFocus();
  if (!row) cameFrom = document.activeElement;
  goTo(
    row
      ? (row.nextElementSibling ?? list.firstElementChild)
      : (rowOf(likelyNext()) ?? list.firstElementChild),
  );
}

function goBack() {
  if (cameFrom?.isConnected && !cameFrom.disabled && cameFrom !== document.body) cameFrom.focus();
  else document.activeElement.blur();
  cameFrom = null;
}

byId("why-ask").addEventListener("click", ask);
// A press of the button leaves the focus with the row, so that the next press asks about the next.
byId("why-ask").addEventListener("pointerdown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  if (!event.target.closest("[data-do]")) goTo(event.target.closest("[data-id]"));
});
// Said only when somebody asks: the line of whoever is next changes all day by itself.
list.addEventListener("focusin", () => {
  drawWhy();
  byId("why-said").textContent = line.textContent;
});
list.addEventListener("focusout", () => {
  byId("why-said").textContent = "";
  drawWhy();
});
list.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const row = rowInFocus();
  const goes = {
    ArrowDown: () => goTo(row?.nextElementSibling),
    ArrowUp: () => goTo(row?.previousElementSibling),
    Home: () => goTo(list.firstElementChild),
    End: () => goTo(list.lastElementChild),
    Escape: goBack,
  }[event.key];
  if (!goes) return;
  event.preventDefault();
  goes();
});
