// The first screen's tiles: every service under the name of its queue, without scrolling.
import { byId, make, makeButton } from "../frame/page.js";
import { counted, pick, waiting, word } from "../frame/words.js";
import { arrange } from "./arrange.js";

/**
 * How many wait and how long it takes them: a range, and none where nobody waits. Without the
 * server nobody knows, and nothing is said.
 */
export function load(service) {
  if (service.waiting < 0) return [];
  const people = counted("waiting", service.waiting);
  return service.wait && service.waiting > 0
    ? [people, waiting("minutes", service.wait)]
    : [people];
}

/** Why a regular visit gets no number now, as a word's key; null if it gets one. */
export function whyClosed(offer, service) {
  if (!offer.open) return offer.reason === "paused" ? "closed_paused" : "closed_office";
  if (service.open) return null;
  if (service.reason === "mode" && service.urgent_open) return "closed_urgent";
  const known = ["mode", "hours", "day_full"].includes(service.reason);
  return known ? `closed_${service.reason}` : "closed_other";
}

// Lets a name such as "Pengaduan/konsultasi" break after its slash, but not "KTP-el" at its hyphen.
export const breakable = (name) => name.replaceAll("/", "/\u200b").replaceAll("-", "\u2011");

function tile(offer, service, usable, chosen) {
  const why = usable ? whyClosed(offer, service) : "closed_now";
  // What closes the whole kiosk is said once, above the tiles.
  const isSaidAbove = !usable || !offer.open;
  const kind = why === "closed_urgent" ? " urgent" : why ? " closed" : "";
  const element = makeButton(`tile${kind}`, undefined, () => chosen(service));
  element.dataset.service = service.code;
  // The wait says more than how many wait, and there is no room for both.
  const line = isSaidAbove ? "" : why ? word(why) : (load(service).at(-1) ?? "");
  element.append(
    make("span", "letter", service.letter),
    make("span", "name", breakable(pick(service.name))),
    make("span", "load", line),
  );
  return element;
}

// The services of a queue are together, where its first one stands in the office's own list.
function group(offer, services) {
  const groups = Object.groupBy(services, (service) => service.letter);
  return Object.entries(groups).map(([letter, members]) => {
    members.title = pick(offer.streams?.[letter] ?? { id: letter });
    return members;
  });
}

// A name of three lines leaves no room for the wait, which the next screen says.
function spare(element) {
  if (element.scrollHeight > element.clientHeight) element.querySelector(".load")?.remove();
}

function measure(box) {
  const style = getComputedStyle(box);
  const length = (name) => parseFloat(style.getPropertyValue(name));
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    gap: length("--tile-gap"),
    head: length("--tile-head"),
    narrowest: length("--tile-narrowest"),
    least: length("--tile-least"),
    most: length("--tile-most"),
  };
}

// More services than fit even at the least height: as many on a page as do, and one tile to go on.
function page(groups, measures, shown) {
  const services = groups.flat();
  const columns = Math.floor((measures.width + measures.gap) / (measures.narrowest + measures.gap));
  const rows = Math.floor((measures.height + measures.gap) / (measures.least + measures.gap));
  const isOne = services.length <= columns * rows;
  const size = isOne ? services.length : Math.max(1, columns * rows - 1);
  const pages = Math.ceil(services.length / size);
  const first = (shown % pages) * size;
  const members = services.slice(first, first + size);
  const parts = Array.from({ length: columns }, (_, column) =>
    members.slice(column * rows, column * rows + rows),
  ).filter((each) => each.length);
  return {
    height: measures.least,
    columns: parts.map((tiles) => [{ group: tiles, hasHead: false, tiles }]),
    isOne,
    isLast: shown % pages === pages - 1,
  };
}

function moreTile(isLast, turned) {
  const more = makeButton("tile more", undefined, turned);
  more.append(
    make("span", "name", word(isLast ? "first_services" : "more")),
    make("span", "letter", isLast ? "‹" : "›"),
  );
  return more;
}

export function drawTiles(offer, usable, shown, { chosen, turn }) {
  const box = byId("tiles");
  const groups = group(offer, offer.services);
  const measures = measure(box);
  const whole = arrange(groups, measures);
  const layout = whole ?? page(groups, measures, shown);
  const focused = box.contains(document.activeElement)
    ? document.activeElement.dataset.service
    : null;
  const columns = layout.columns.map((parts) => {
    const column = make("div", "column");
    for (const part of parts) {
      if (part.hasHead) column.append(make("h2", "", part.group.title));
      column.append(...part.tiles.map((service) => tile(offer, service, usable, chosen)));
    }
    return column;
  });
  if (!whole && !layout.isOne) columns.at(-1)?.append(moreTile(layout.isLast, turn));
  box.style.setProperty("--tile-height", `${layout.height}px`);
  box.replaceChildren(...columns);
  for (const each of box.querySelectorAll(".tile")) spare(each);
  if (focused) box.querySelector(`[data-service="${focused}"]`)?.focus({ preventScroll: true });
}
