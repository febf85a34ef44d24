// The first screen: what the office offers now, or how to pair this kiosk with it.
import { worksAlone } from "../agent/supply.js";
import { nextOpening, plainDate, dateIn, writeTime } from "../frame/clock.js";
import { byId } from "../frame/page.js";
import { language, pick, waiting, word } from "../frame/words.js";
import { drawTiles } from "./tiles.js";

const MODES = { URGENT_ONLY: "mode_urgent_only", ONLINE_FIRST: "mode_online_first" };
let drawn = ""; // what the screen shows, as text

export function drawPairing(state) {
  byId("pair-code").textContent = state.pairing_code ?? "";
  byId("pair-steps").hidden = !state.pairing_code;
  byId("pair-server").textContent = state.server;
  byId("pair-state").textContent = word(state.pairing_code ? "pair_waiting" : "pair_unreachable");
}

/** Why the office is closed and until when, with the office's own notice if it has one. */
export function closedText(offer) {
  if (offer.reason === "paused") return word("refused_paused");
  const notice = offer.reason === "mode" ? pick(offer.notice ?? {}) : "";
  const opens = nextOpening(offer.opens_at, offer.now, offer.zone);
  return [word("office_closed"), notice, opens].filter(Boolean).join(" ");
}

function modeText(offer) {
  const until = offer.mode_until
    ? word("mode_until", { date: plainDate(dateIn(offer.mode_until, offer.zone)) })
    : "";
  return [word(MODES[offer.mode]), pick(offer.notice ?? {}), until].filter(Boolean).join(" ");
}

// The most important first: what stops everything, then what only changes something.
function bannerOf({ offer }, why) {
  if (why) return ["off", word(`refused_${why}`)];
  if (!offer.open) return ["off", closedText(offer)];
  if (offer.over > 0) return ["over", word("room_over", offer)];
  return MODES[offer.mode] ? ["", modeText(offer)] : null;
}

function drawBanner(state, why) {
  const [kind, text] = state.offer
    ? (bannerOf(state, why) ?? [])
    : ["off", word("refused_offline")];
  byId("banner").hidden = !text;
  byId("banner").className = `banner ${kind ?? ""}`;
  byId("banner").textContent = text ?? "";
}

function roomText(offer) {
  if (!offer.open || offer.limit === null || offer.over > 0) return "";
  if (!offer.full) return word("room_free");
  return offer.outside_wait ? waiting("room_full", offer.outside_wait) : word("room_full_plain");
}

function drawStatus(state) {
  const { offer } = state;
  const hours = (offer?.hours ?? [])
    .map((each) => writeTime(`${each.opens}–${each.closes}`))
    .join(", ");
  byId("hours").textContent = !offer
    ? ""
    : hours
      ? word("hours_today", { hours })
      : word("hours_none");
  byId("room").textContent = offer ? roomText(offer) : "";
  byId("room").classList.toggle("full", Boolean(offer?.full));
  byId("alone").textContent = worksAlone(state) ? word("alone") : "";
}

/**
 * Draw the offer, unless it is drawn already: a tile replaced under a finger would lose the touch.
 * `why` is why no number can be had now, `page` which of the pages of tiles is shown.
 */
export function drawHome(state, why, page, { chosen, turn }) {
  const { offer } = state;
  const { now: _, ...lasting } = offer ?? {};
  const wanted = JSON.stringify([
    lasting,
    state.link,
    why,
    language(),
    page,
    innerWidth,
    innerHeight,
    document.documentElement.getAttributeNames(), // the modes that change what fits
    document.documentElement.className,
  ]);
  if (wanted === drawn) return;
  drawn = wanted;
  drawStatus(state);
  drawBanner(state, why);
  byId("have-code").hidden = Boolean(why);
  byId("tiles").hidden = !offer;
  if (offer) drawTiles(offer, !why, page, { chosen, turn });
}
