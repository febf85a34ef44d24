// A burst: all calls that are announced together, in a grid, the one that is being named marked.
import { byId } from "../page.js";
import { pair } from "../words.js";
import { fillList } from "./hall.js";
import { planBurst } from "./rules/plans.js";
import { numberWidth } from "./type.js";

let drawn = "";

/** Draw the grid; `calls` oldest first, in the order in which they are named. */
export function drawBurst(calls, naming, fonts) {
  const list = byId("burst-list");
  pair(byId("burst-title"), "burst");
  const width_em = Math.max(1, ...calls.map((call) => numberWidth(call.number)));
  const gap = parseFloat(getComputedStyle(list).columnGap);
  const plan = planBurst(
    { width: list.clientWidth, height: list.clientHeight },
    { width_em, count: calls.length, smallest: fonts.burst, gap },
  );
  const now = JSON.stringify([calls, plan]);
  if (now !== drawn) {
    const width_px = width_em * plan.font * plan.squeeze;
    fillList(list, calls, { form: "below", ...plan, width_px });
  }
  drawn = now;
  for (const item of list.children) {
    item.classList.toggle("naming", item.dataset.call === naming);
    item.classList.toggle("named", isNamedBefore(item, list, naming));
  }
}

// Who has been named already is told apart from who is still to be named.
function isNamedBefore(item, list, naming) {
  const places = [...list.children];
  const now = places.findIndex((each) => each.dataset.call === naming);
  return now > places.indexOf(item);
}
