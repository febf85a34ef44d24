// The first screen: what the office offers, or how to pair this kiosk with it.
import { byId } from "../frame/page.js";
import { drawTiles } from "./tiles.js";
import { language, word } from "../frame/words.js";

const MODES = { URGENT_ONLY: "mode_urgent_only", ONLINE_FIRST: "mode_online_first" };
const OFF = ["offline", "office_closed", "refused_paused"];
let drawn = ""; // what the screen shows, as text

export function drawPairing(state) {
  byId("pair-code").textContent = state.pairing_code ?? "";
  byId("pair-steps").hidden = !state.pairing_code;
  byId("pair-server").textContent = state.server;
  byId("pair-state").textContent = word(state.pairing_code ? "pair_waiting" : "pair_unreachable");
}

function bannerOf(offer, usable) {
  if (!usable) return "offline";
  if (!offer.open) return offer.reason === "paused" ? "refused_paused" : "office_closed";
  return offer.over > 0 ? "room_over" : MODES[offer.mode];
}

function drawBanner(offer, usable) {
  const banner = bannerOf(offer, usable);
  const facts = { inside: offer?.inside, limit: offer?.limit };
  byId("banner").hidden = !banner;
  byId("banner").classList.toggle("off", OFF.includes(banner));
  byId("banner").classList.toggle("over", banner === "room_over");
  byId("banner").textContent = banner ? word(banner, facts) : "";
}

/**
 * Draw the offer, unless it is drawn already: a tile replaced under a finger would lose the touch.
 * `usable` says whether a number can be had now, `page` which of the pages of tiles is shown.
 */
export function drawHome(offer, usable, page, { chosen, turn }) {
  const wanted = JSON.stringify([
    offer?.services,
    offer?.open,
    offer?.reason,
    offer?.mode,
    offer?.over && offer.inside,
    offer?.limit,
    usable,
    language(),
    page,
    innerWidth,
    innerHeight,
  ]);
  if (wanted === drawn) return;
  drawn = wanted;
  drawBanner(offer, usable);
  byId("have-code").hidden = !usable;
  byId("tiles").hidden = !offer;
  if (offer) drawTiles(byId("tiles"), offer, usable, page, { chosen, turn });
}
