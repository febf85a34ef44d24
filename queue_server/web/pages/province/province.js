// The province board: asks for the snapshot now and then, and draws what has changed.
import { byId, fill, keepList, setText } from "../page.js";

const LOOK_MS = 15_000;

const root = byId("province");
let isAsking = false;

function drawOffice(row, office) {
  const texts = { name: office.name, status: office.status, worst: office.worst };
  for (const [name, { main, more }] of Object.entries(office.cells)) {
    texts[name] = main;
    texts[`${name}-more`] = more;
  }
  fill(row, texts);
  row.dataset.look = office.look;
  row.querySelector("a").href = office.url;
  const worst = row.querySelector('[data-slot="worst"]');
  worst.hidden = !office.worst;
  worst.className = `badge badge--${office.look}`;
  for (const figure of row.querySelectorAll("[data-cell]")) {
    figure.dataset.look = office.cells[figure.dataset.cell].look;
  }
}

function drawAlarm(row, alarm) {
  const { office, text, since, told, seen, url } = alarm;
  fill(row, { office, text, since, told, seen, about: `: ${text}` });
  const form = row.querySelector("form");
  form.action = url;
  form.hidden = !url;
}

function draw(board) {
  setText(byId("summary"), board.summary);
  setText(byId("at"), board.at);
  if (byId("offices")) keepList(byId("offices"), byId("row-office"), board.lines, drawOffice);
  const { rows, title, more, quiet } = board.alarms;
  keepList(byId("alarms"), byId("row-alarm"), rows, drawAlarm);
  setText(byId("alarms-title"), title);
  byId("alarms-panel").hidden = rows.length === 0;
  setText(byId("alarms-more"), more);
  setText(byId("alarms-quiet"), quiet);
}

async function look() {
  if (document.hidden || isAsking) return;
  isAsking = true;
  try {
    // "no-cache" asks whether anything has changed: mostly nothing has, and nothing is sent.
    const headers = { Accept: "application/json" };
    const answer = await fetch(root.dataset.url, { headers, cache: "no-cache" });
    // Whoever is no longer signed in is led to the sign-in page, which is no snapshot.
    if (answer.redirected || answer.status === 403) return location.assign(root.dataset.login);
    if (answer.ok) draw(await answer.json());
    byId("connection").hidden = answer.ok;
  } catch {
    byId("connection").hidden = false;
  } finally {
    isAsking = false;
  }
}

setInterval(look, LOOK_MS);
document.addEventListener("visibilitychange", look);
addEventListener("online", look);
