// What fills the whole screen instead of the calls: a standstill, or how to connect the screen.
import { byId } from "../page.js";
import { pair } from "../words.js";

// A standstill: one message as large as the screen, and nothing that could distract from it.
export function drawStandstill(kind, drill) {
  const key = kind === "EVACUATION" ? "evacuation" : "paused";
  byId("standstill").dataset.kind = key;
  byId("standstill-drill").hidden = !drill;
  pair(byId("standstill-drill"), "drill");
  pair(byId("standstill-title"), key);
  pair(byId("standstill-hint"), `${key}_hint`);
}

export function drawPairing(frame) {
  pair(byId("pair-title"), frame.paired ? "starting" : "pair_title");
  byId("pair-code").textContent = frame.paired ? "" : (frame.pairing_code ?? "");
  byId("pair-steps").hidden = frame.paired || !frame.pairing_code;
  pair(byId("pair-steps"), "pair_steps");
  pair(byId("pair-server-label"), "pair_server");
  byId("pair-server").textContent = frame.server;
  byId("pair-state").hidden = frame.paired;
  pair(byId("pair-state"), frame.pairing_code ? "pair_waiting" : "pair_unreachable");
}
