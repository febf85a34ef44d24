// The reception: a visit is looked up, changed by one command, and shown again as the server then
// knows it.
import { drawAlarm } from "../evacuation.js";
import { follow, getJson } from "../live.js";
import { byId } from "../page.js";
import { drawBeside } from "./beside.js";
import { root, url } from "./state.js";
import "./after_issue.js";
import "./arrival.js";
import "./booker.js";
import "./change.js";
import "./find.js";
import "./service.js";
import { notePrinters } from "./slip.js";
import "./triage.js";

// Whether everything stands still: the public board tells it at once.
follow({
  audience: "board",
  key: root.dataset.office,
  fetchNow: () => getJson(url("board")),
  onSnapshot(board) {
    const stop = board.paused && { kind: board.paused, drill: board.drill };
    const out = drawAlarm(root, stop);
    byId("stop-banner").hidden = !stop || out;
    byId("give").disabled = Boolean(stop);
  },
});

// The hall beside the work: who is expected, the queue, the printers.
follow({
  audience: "reception",
  key: root.dataset.office,
  fetchNow: () => getJson(url("reception/overview")),
  onSnapshot(overview) {
    drawBeside(overview);
    notePrinters(overview.printers);
  },
});
