// The first screen's tiles, as many as fit: the rest is one touch away.
import { make, makeButton } from "../frame/page.js";
import { counted, pick, waiting, word } from "../frame/words.js";

// How many wait and how long it takes them: a range, and none where nobody waits.
export function load(service) {
  const people = counted("waiting", service.waiting);
  return service.wait && service.waiting > 0
    ? [people, waiting("minutes", service.wait)]
    : [people];
}

// Lets a name such as "Pengaduan/konsultasi" break after its slash, but not "KTP-el" at its hyphen.
const breakable = (name) => name.replaceAll("/", "/\u200b").replaceAll("-", "\u2011");

// A service closed by the office's mode may still be open for urgent cases.
export function asksUrgency(offer, service) {
  return (
    !service.open &&
    service.reason === "mode" &&
    offer.open &&
    offer.mode !== "CLOSED" &&
    offer.mode !== "NORMAL"
  );
}

function reason(offer, service) {
  if (asksUrgency(offer, service)) return word("closed_urgent");
  const known = ["mode", "hours"].includes(service.reason);
  return word(known ? `closed_${service.reason}` : "closed_other");
}

function tile(offer, service, usable, chosen) {
  const urgent = asksUrgency(offer, service);
  const open = usable && offer.open && (service.open || urgent);
  const element = makeButton(
    `tile${urgent ? " urgent" : ""}`,
    undefined,
    () => open && chosen(service),
  );
  element.dataset.service = service.code;
  if (!open) element.setAttribute("aria-disabled", "true");
  const closed = offer.open
    ? reason(offer, service)
    : word(offer.reason === "paused" ? "closed_paused" : "closed_office");
  element.append(
    make("span", "letter", service.letter),
    make("span", "name", breakable(pick(service.name))),
  );
  const line = make("span", "load");
  line.append(
    ...(service.open && offer.open ? load(service) : [closed]).map((part) =>
      make("span", "", part),
    ),
  );
  element.append(line);
  return element;
}

function capacity(box) {
  const style = getComputedStyle(box);
  const columns = style.gridTemplateColumns.split(" ").length;
  const gap = parseFloat(style.rowGap);
  const smallest = parseFloat(/minmax\(([\d.]+)px/.exec(style.gridAutoRows)[1]);
  return columns * Math.max(1, Math.floor((box.clientHeight + gap) / (smallest + gap)));
}

export function drawTiles(box, offer, usable, page, { chosen, turn }) {
  const services = offer.services;
  const room = Math.max(2, capacity(box));
  const pages = services.length <= room ? 1 : Math.ceil(services.length / (room - 1));
  const shown = page % pages;
  const size = pages === 1 ? room : room - 1;
  const tiles = services
    .slice(shown * size, shown * size + size)
    .map((service) => tile(offer, service, usable, chosen));
  if (pages > 1) {
    const more = makeButton("tile more", undefined, turn);
    const last = shown === pages - 1;
    more.append(
      make("span", "name", word(last ? "first_services" : "more")),
      make("span", "letter", last ? "‹" : "›"),
    );
    tiles.push(more);
  }
  const focused = box.contains(document.activeElement)
    ? document.activeElement.dataset.service
    : null;
  box.replaceChildren(...tiles);
  if (focused !== null)
    tiles.find((each) => each.dataset.service === focused)?.focus({ preventScroll: true });
}
