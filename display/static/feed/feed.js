// What every screen's page needs: whole states from its agent or from the server, the clock, a word
// when the data is old, a page that stays new and a panel that stays awake.
import { byId } from "../page.js";
import { pair, pairText, word } from "../words.js";
import { followAgent } from "./agent_source.js";
import { dateText, timeText, zoneName } from "./clock.js";
import { Elapsed } from "./elapsed.js";
import { Reloader } from "./reload.js";
import { careForScreen } from "./screen.js";
import { followServer } from "./server_source.js";

const SILENT_MS = 11_000;
const STALE_SECONDS = 10;
const UNCONFIRMED_SECONDS = 35;
const CUT_SECONDS = 300;
const REFRESH_MS = 15_000;

/** What the page was given with it: `feed` is "agent" or "server". */
const setup = JSON.parse(byId("setup").textContent);

/** Whether this page has an agent: one that remembers what was announced, and reports. */
export const hasAgent = setup.feed === "agent";

/**
 * Keep a page supplied. `draw(frame)` is called when what is shown has changed; `aged(seconds,
 * isCut)` with the age of the data, and whether it is so old that it is no longer the truth;
 * `mayReload()` says whether a newer page may be loaded now. The page has #board, #time, #zone,
 * #day, #stale, #stale-words, #cut and #cut-words.
 */
export function makeFeed({ draw, aged = () => {}, mayReload = () => true }) {
  const pageBuild = document.querySelector('meta[name="build"]').content;
  const heard = new Elapsed(
    () => performance.now(),
    () => Date.now(),
  );
  const reloader = new Reloader(mayReload);
  let frame = null;
  let drawn = "";
  let wasCut = false;
  let serverBuild = null;
  let refreshedMs = -REFRESH_MS;

  const officeNowMs = () => (frame ? frame.office_time * 1000 + heard.ms() : Date.now());
  // A machine that has lost the time cannot tell the age.
  const dataAgeSeconds = () =>
    frame.age_seconds === null ? Infinity : Math.max(0, frame.age_seconds) + heard.ms() / 1000;

  function showAge() {
    const seconds = dataAgeSeconds();
    const isLost = heard.ms() > SILENT_MS || !frame.connected;
    const isStale = (isLost && seconds > STALE_SECONDS) || seconds > UNCONFIRMED_SECONDS;
    const isCut = isStale && seconds >= CUT_SECONDS;
    byId("stale").hidden = !isStale;
    if (isStale) pairText(byId("stale-words"), staleWords(seconds));
    byId("cut").hidden = !isCut;
    if (isCut) pair(byId("cut-words"), "cut");
    document.body.dataset.cut = isCut ? "yes" : "no";
    attempt(() => aged(seconds, isCut));
    return isCut;
  }

  function tick() {
    if (heard.look() || heard.ms() > REFRESH_MS) refresh();
    if (!frame?.board) return;
    const now = new Date(officeNowMs());
    byId("time").textContent = timeText(now, frame.board.zone);
    byId("zone").textContent = zoneName(now, frame.board.zone);
    byId("day").textContent = dateText(now, frame.board.zone, "id");
    const isCut = showAge();
    // What is true of a room for five minutes only is drawn otherwise then.
    if (isCut !== wasCut) drawNow();
    wasCut = isCut;
  }

  function refresh() {
    if (performance.now() - refreshedMs < REFRESH_MS / 5) return;
    refreshedMs = performance.now();
    source.refresh();
  }

  function drawNow() {
    drawn = attempt(() => draw(frame)) ? shownOf(frame) : "";
  }

  function reloadIfOther() {
    if (serverBuild === null && frame.board) serverBuild = frame.board.build;
    if (frame.build !== pageBuild) {
      reloader.offer((page) => !page.includes(`name="build" content="${pageBuild}"`));
    } else if (setup.face && setup.face !== faceOf(frame.settings)) {
      reloader.offer();
    } else if (hasAgent && frame.board && serverBuild !== frame.board.build) {
      reloader.offer();
    }
  }

  function take(fresh) {
    frame = fresh;
    heard.reset();
    reloadIfOther();
    if (drawn !== shownOf(frame)) drawNow();
    attempt(tick);
  }

  const follow = hasAgent ? followAgent : followServer;
  const source = follow({ setup, take });
  setInterval(tick, 1000);
  careForScreen();
  document.documentElement.dataset.alive = "yes";
  return { frame: () => frame, officeNowMs, showAge };
}

const faceOf = (settings) => (settings.layout === "entry" ? "entry" : "tv");

const shownOf = (frame) =>
  JSON.stringify([
    frame.board,
    frame.paired,
    frame.pairing_code,
    frame.settings,
    frame.announced,
    frame.test_call,
    frame.media,
  ]);

// A picture that cannot be drawn must not stop the next one.
function attempt(step) {
  try {
    step();
    return true;
  } catch (problem) {
    console.error(problem);
    return false;
  }
}

function staleWords(seconds) {
  return { id: staleText("id", seconds), en: staleText("en", seconds) };
}

function staleText(language, seconds) {
  if (seconds === Infinity)
    return `${word("disconnected", language)} · ${word("data_age_unknown", language)}`;
  const [key, n] =
    seconds < 60
      ? ["seconds", seconds]
      : seconds < 3600
        ? ["age_minutes", seconds / 60]
        : ["age_hours", seconds / 3600];
  const age = word(key, language, { n: Math.floor(n) });
  return `${word("disconnected", language)} · ${word("data_age", language, { age })}`;
}
