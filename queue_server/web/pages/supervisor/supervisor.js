// The supervisor dashboard. Everything on it is the server's snapshot; each press is one command.
import { setUpEvacuation } from "../evacuation.js";
import { follow, getJson } from "../live.js";
import { byId } from "../page.js";
import { showConnection } from "../tell.js";
import { setUpSound, tellAlerts } from "./alerts.js";
import { makeDecisions } from "./decide.js";
import { draw, drawFigures } from "./draw.js";
import { drawCounters } from "./rows.js";
import { makeSender } from "./send.js";
import { clock, root, state, url, words } from "./state.js";

const send = makeSender({ draw, refresh: () => live.refresh() });
const { stop, announce, lend, release } = makeDecisions(send);

byId("stop").addEventListener("click", stop);
byId("announce").addEventListener("click", announce);
byId("resume").addEventListener("click", () =>
  send(url("resume"), { kind: "PAUSE" }, words.resumedDone),
);
setUpEvacuation({
  call: (drill) => send(url("pause"), { kind: "EVACUATION", drill }, words.evacuated),
  end: () => send(url("resume"), { kind: "EVACUATION" }, words.evacuationOver),
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-id] [data-do]");
  if (!button) return;
  const { id } = button.closest("[data-id]").dataset;
  const urlOf = (list, name) => url(`${list}/${encodeURIComponent(id)}/${name}`);
  const step = button.dataset.do;
  const counter = state.snapshot.counters.find((each) => each.id === id);
  if (step === "lend") lend(counter);
  if (step === "release") release(counter);
  if (step === "acknowledge") send(urlOf("alerts", step), {}, words.seenDone);
  if (step === "end") send(urlOf("announcements", step), {}, words.endedDone);
});

function setConnected(isConnected) {
  state.isConnected = isConnected;
  showConnection(isConnected);
}

const live = follow({
  audience: "dashboard",
  key: root.dataset.office,
  fetchNow: () => getJson(url("dashboard")),
  onSnapshot(fresh) {
    state.snapshot = fresh;
    clock.set(fresh.sent_at);
    setConnected(true);
    draw();
    tellAlerts();
  },
  onHealth(health) {
    if (health === "refused") return location.assign(root.dataset.login);
    setConnected(health === "live");
    draw();
  },
});
setUpSound();
setInterval(() => {
  if (!state.snapshot) return;
  drawFigures();
  drawCounters();
}, 1_000);
