// What stays in view while the rest scrolls, and how much room it takes: what is scrolled to or has
// the focus must not end up below it.
import { byId } from "../page.js";

const set = (name, px) => document.documentElement.style.setProperty(name, `${px}px`);

/** Follow the heights of the meter, whose heading goes under the row of stop buttons, and of the
 * keys. */
export function setUpSticky() {
  const [meter, number] = [byId("meter"), byId("number")];
  const keys = document.querySelector(".gate__keys");
  const measure = () => {
    set("--meter-head", number.offsetTop);
    set("--meter-shown", meter.offsetHeight - number.offsetTop);
    set("--gate-keys", keys.offsetHeight);
  };
  for (const each of [meter, number, keys]) new ResizeObserver(measure).observe(each);
}
