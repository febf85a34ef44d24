// Loads a newer page: never during an announcement, at most once a minute, and only one that is
// there whole, so that a server that is just being replaced does not leave an error on the screen.
const RELOAD_MS = 60_000;
const LAST = "antrean.reloaded";

function lastMs() {
  try {
    return Number(sessionStorage.getItem(LAST)) || 0;
  } catch {
    return 0;
  }
}

function noteReload() {
  try {
    sessionStorage.setItem(LAST, String(Date.now()));
  } catch {
    // without storage the trial itself is noted only in this page
  }
}

export class Reloader {
  constructor(mayReload) {
    this.mayReload = mayReload;
    this.isTrying = false;
    this.triedMs = -RELOAD_MS;
  }

  /** Load the page anew, if `isOther(text)` says so of the present one's text. */
  async offer(isOther = () => true) {
    const now = performance.now();
    const since = Math.abs(Date.now() - lastMs()); // the clock may have been put back
    if (this.isTrying || now - this.triedMs < RELOAD_MS || since < RELOAD_MS) return;
    if (!this.mayReload()) return;
    this.isTrying = true;
    this.triedMs = now;
    try {
      if (!(await isThere(isOther)) || !this.mayReload()) return;
      noteReload();
      location.reload();
    } catch {
      // it is tried again in a minute; this page goes on
    } finally {
      this.isTrying = false;
    }
  }
}

/** Whether there is such a page, and its scripts and styles with it. */
async function isThere(isOther) {
  const response = await fetch(location.href, { cache: "no-store" });
  if (!response.ok) return false;
  const page = await response.text();
  if (!isOther(page)) return false;
  const files = [...page.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map((each) => each[1]);
  const answers = await Promise.all(files.map((file) => fetch(file, { cache: "no-store" })));
  return files.length > 0 && answers.every((each) => each.ok);
}
