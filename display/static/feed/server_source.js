// Frames for a browser without an agent: from the server's live channel, and by asking where that
// one does not come.
import { Elapsed } from "./elapsed.js";
import { isBoard } from "./frames.js";
import { Keeper } from "./keeper.js";

const LIVE_ASK_MS = 5000;
const POLL_MS = 3000;
const POLL_SLOWEST_MS = 12_000;
const ANSWER_MS = 4000;
const BUILD_MS = 60_000;
const CONNECTED_MS = 10_000;
const REFUSED_MS = 30_000;
const CLOCK_DRIFT_MS = 2000;
const RECONNECTION = {
  transports: ["websocket"],
  reconnectionDelay: 500,
  reconnectionDelayMax: 900,
  randomizationFactor: 0.5, // a hundred screens must not come back in the same moment
  timeout: 5000,
};

const spread = (ms) => ms * (0.8 + 0.4 * Math.random());
const steadyMs = () => performance.now();
const wallMs = () => Date.now();

/**
 * Call `take(frame)` whenever something has changed or was confirmed. `setup` has the `office`, the
 * `settings` and `build` of this page, and under `client` the address of the Socket.IO client.
 * Returns `refresh`, which asks anew at once.
 */
export function followServer({ setup, take }) {
  const keeper = new Keeper();
  const confirmed = new Elapsed(steadyMs, wallMs);
  const office = new Elapsed(steadyMs, wallMs);
  const board = `/api/v1/offices/${encodeURIComponent(setup.office)}/board`;
  let build = setup.build;
  let officeAtMs = null;
  let hasBoard = false;
  let socket = null;
  let fetched = { board: null, etag: null };
  let isAsking = false;
  let failures = 0;
  let nextAskMs = steadyMs();
  let nextBuildMs = steadyMs() + BUILD_MS;

  function send() {
    take({
      build,
      server: location.host,
      paired: true,
      pairing_code: null,
      connected: hasBoard && confirmed.ms() < CONNECTED_MS,
      age_seconds: hasBoard ? confirmed.ms() / 1000 : null,
      office_time: (officeAtMs === null ? wallMs() : officeAtMs + office.ms()) / 1000,
      board: keeper.board,
      settings: setup.settings,
      announced: [],
      test_call: null,
      media: [],
    });
  }

  function confirm() {
    keeper.confirm();
    confirmed.reset();
    hasBoard = true;
    failures = 0;
    nextAskMs = steadyMs() + spread(socket?.connected ? LIVE_ASK_MS : POLL_MS);
    send();
  }

  // An answer may come from a cache: the office is never behind it.
  function setClock(sentAt, isLive) {
    const sentMs = Date.parse(sentAt);
    const behindMs = officeAtMs === null ? Infinity : sentMs - (officeAtMs + office.ms());
    if (!isLive && behindMs <= 0 && behindMs > -CLOCK_DRIFT_MS && office.sleptMs === 0) return;
    officeAtMs = sentMs;
    office.reset();
  }

  function takeLive(snapshot) {
    if (!isBoard(snapshot)) return;
    if (!keeper.takeLive(snapshot)) return refresh();
    setClock(snapshot.sent_at, true);
    confirm();
  }

  /** False if the answer was dropped: nobody knows then whether the shown board is right. */
  function takeAnswer(answer, shownBefore) {
    if (!keeper.takeAnswer(answer, shownBefore)) return false;
    setClock(answer.sent_at, false);
    confirm();
    return true;
  }

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    try {
      const right = socket?.connected ? await askLive() : await askOverHttp();
      if (!right) nextAskMs = steadyMs() + spread(1000);
    } catch {
      failures += 1;
      nextAskMs = steadyMs() + spread(Math.min(POLL_MS * failures, POLL_SLOWEST_MS));
    } finally {
      isAsking = false;
    }
  }

  async function askLive() {
    const shown = keeper.board;
    const answer = await new Promise((resolve) => {
      const wish = { audience: "board", key: setup.office };
      socket.timeout(ANSWER_MS).emit("watch", wish, (late, given) => resolve(late ? null : given));
    });
    return isBoard(answer) ? takeAnswer(answer, shown) : askOverHttp();
  }

  async function askOverHttp() {
    const shown = keeper.board;
    const headers = { Accept: "application/json" };
    if (shown && shown === fetched.board && fetched.etag) headers["If-None-Match"] = fetched.etag;
    const response = await fetchInTime(board, { headers });
    if (response.status === 304) {
      if (keeper.board !== fetched.board) return false;
      confirm();
      return true;
    }
    if (!response.ok) throw new Error(String(response.status));
    const answer = await response.json();
    if (!isBoard(answer)) throw new Error("no board");
    const taken = takeAnswer(answer, shown);
    fetched = { board: taken ? answer : null, etag: response.headers.get("ETag") };
    return taken;
  }

  async function askBuild() {
    nextBuildMs = steadyMs() + spread(BUILD_MS);
    try {
      const response = await fetchInTime(setup.build_address, {});
      const answer = response.ok ? await response.json() : null;
      if (typeof answer?.build === "string") build = answer.build;
    } catch {
      // it is asked again in a minute
    }
  }

  function refresh() {
    nextAskMs = steadyMs();
    ask();
  }

  async function connect() {
    try {
      await import(setup.client);
      socket = globalThis.io("/live", RECONNECTION);
    } catch {
      return; // no websocket on this browser: it is asked over HTTP
    }
    socket.on("board", takeLive);
    socket.on("connect", () => {
      refresh();
      askBuild();
    });
    for (const event of ["disconnect", "connect_error"]) {
      socket.on(event, () => {
        nextAskMs = Math.min(nextAskMs, steadyMs() + spread(POLL_MS / 2));
        // Refused, or sent away: the client does not try again by itself.
        if (!socket.active) setTimeout(() => socket.connect(), spread(REFUSED_MS));
      });
    }
  }

  setInterval(() => {
    office.look();
    const jumped = confirmed.look();
    if (jumped || steadyMs() >= nextAskMs) refresh();
    if (steadyMs() >= nextBuildMs) askBuild();
    send();
  }, 1000);
  addEventListener("online", refresh);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
  refresh(); // the first picture need not wait until the channel stands
  connect();
  return { refresh };
}

async function fetchInTime(address, options) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), ANSWER_MS);
  try {
    return await fetch(address, { ...options, cache: "no-store", signal: stop.signal });
  } finally {
    clearTimeout(late);
  }
}
