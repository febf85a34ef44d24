// What stands around the calls: the office, how full it is, what is out of the usual, who may come
// in.
import { byId, make } from "../page.js";
import { firstLanguage, pair } from "../words.js";
import { fitting, pageOf } from "./rules/plans.js";
import { numberWidth, putText, widthOf } from "./type.js";

const NAME_LINES = 2;

export function drawTop(board) {
  putText(byId("office"), board.office_name, NAME_LINES, "id");
  byId("room").hidden = board.limit === null;
  byId("room").dataset.over = board.over > 0 ? "yes" : "";
  pair(byId("room-label"), "inside");
  byId("inside").textContent = String(board.inside);
  byId("limit").textContent = board.limit === null ? "" : `/ ${board.limit}`;
}

/** What is out of the usual, or nothing: stopped, over, closed, urgent_only or online_first. */
export function modeOf(board) {
  const usual =
    !board.open || board.mode === "CLOSED"
      ? "closed"
      : { URGENT_ONLY: "urgent_only", ONLINE_FIRST: "online_first" }[board.mode];
  return board.admitting === false ? "stopped" : board.over > 0 ? "over" : usual;
}

export function drawMode(board) {
  const mode = modeOf(board);
  byId("mode").hidden = !mode;
  byId("mode").dataset.mode = mode ?? "";
  if (!mode) return;
  pair(byId("mode-title"), mode, { inside: board.inside, limit: board.limit });
  pair(byId("mode-hint"), `${mode}_hint`);
}

/** Who may come in, on the page that has its turn. */
export function drawEntering(board, turn) {
  const closed = board.admitting === false || board.over > 0;
  const numbers = closed ? [] : board.entering;
  byId("entering").hidden = numbers.length === 0;
  if (numbers.length === 0) return;
  pair(byId("entering-title"), "come_in");
  const list = byId("entering-list");
  const { columnGap, fontSize } = getComputedStyle(list);
  const gap = parseFloat(columnGap);
  const widest = Math.max(...numbers.map(numberWidth)) * parseFloat(fontSize);
  const size = fitting(widthOf(list), widest * 1.02, gap, numbers.length);
  const { shown, page, pages } = pageOf(numbers, size, turn);
  list.textContent = "";
  for (const number of shown) list.append(make("li", "", number));
  byId("entering").dataset.page = pages > 1 ? `${page + 1}/${pages}` : "";
  list.lang = firstLanguage();
}
