// What the server says now, told by the live channel or asked over HTTP.
//
// Every snapshot is whole and carries version [date, seq]: losing, repeating or reordering messages
// does no harm, because anything older than what is shown is dropped. Only the answer to a question
// asked after that came is always taken: a visit was moved to an earlier day, or the server has
// gone back to a backup.
import "./vendor/socket.io-client-4.8.4/socket.io.min.js";

const REFRESH_MS = 30_000;
const RETRY_MS = 10_000;
const STALE_MS = 15_000;
const ANSWER_MS = 5_000;

// A restart of the server cuts everybody off in one moment. The first attempts are spread over 0.3
// to 1.3 s, and stay so: later ones follow every 1.3 s, however long the server was away.
const CONNECTING = {
  transports: ["websocket"],
  reconnectionDelay: 800,
  reconnectionDelayMax: 1_300,
  randomizationFactor: 0.6,
};

// One connection for all that a page follows.
let shared = null;
const open = () => (shared ??= globalThis.io("/live", CONNECTING));

/** Whether version `a` is older than `b`; both are [date, seq] or null. */
export function isOlder(a, b) {
  if (!a || !b) return false;
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}

/**
 * Keep `onSnapshot` supplied with the newest snapshot of an audience.
 * `fetchNow` asks the server over HTTP and is used whenever the channel is down.
 * `onHealth` is told "live", "stale" (nothing heard for 15 s) or "refused" (signed out or revoked).
 * Returns { refresh }, which asks for the newest one at once.
 */
export function follow({ audience, key, fetchNow, onSnapshot, onHealth = () => {} }) {
  const socket = open();
  let shown = null;
  let taken = 0;
  let heardAtMs = Date.now();
  let health = "live";
  let nextRefreshAtMs = Date.now();

  function tell(state) {
    if (state !== health) onHealth((health = state));
  }

  /** Show a snapshot. `takenBefore` counts those before it was asked for, if it was. */
  function accept(snapshot, takenBefore) {
    if (!snapshot || !snapshot.version) return;
    heardAtMs = Date.now();
    tell("live");
    if (takenBefore !== taken && isOlder(snapshot.version, shown)) {
      if (takenBefore === undefined && snapshot.version[0] !== shown[0]) refresh();
      return;
    }
    shown = snapshot.version;
    taken += 1;
    onSnapshot(snapshot);
  }

  async function overHttp() {
    const takenBefore = taken;
    try {
      accept(await fetchNow(), takenBefore);
    } catch (error) {
      if (error.status === 401 || error.status === 403) tell("refused");
    }
  }

  function refresh() {
    nextRefreshAtMs = Date.now() + (socket.connected ? REFRESH_MS : RETRY_MS);
    if (!socket.connected) return overHttp();
    const takenBefore = taken;
    return socket.timeout(ANSWER_MS).emit("watch", { audience, key }, (late, answer) => {
      if (late || !answer || !answer.version) overHttp();
      else accept(answer, takenBefore);
    });
  }

  socket.on("connect", refresh);
  socket.on("disconnect", () => {
    nextRefreshAtMs = Date.now() + RETRY_MS;
  });
  socket.on(audience, accept);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
  addEventListener("online", refresh);

  setInterval(() => {
    // While connected the server speaks only when something changes; the half-minute refresh proves
    // that it is there.
    const patienceMs = socket.connected ? REFRESH_MS + STALE_MS : STALE_MS;
    if (health !== "refused" && Date.now() - heardAtMs > patienceMs) tell("stale");
    if (Date.now() >= nextRefreshAtMs) refresh();
  }, 1_000);

  // The first picture comes over HTTP: it need not wait until the channel stands.
  refresh();
  return { refresh };
}

/** GET a JSON document. Throws what `problemOf` makes of a refusal. */
export async function getJson(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (response.ok) return response.json();
  throw await problemOf(response);
}

/** A refusal as an Error with `status`, the problem's `code` and all its `facts`. */
export async function problemOf(response) {
  const facts = await response.json().catch(() => ({}));
  return Object.assign(new Error(facts.title || response.statusText), {
    status: response.status,
    code: facts.code,
    facts,
  });
}
