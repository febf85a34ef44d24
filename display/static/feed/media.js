// The pictures and films of this screen, one after the other, without sound. Each is loaded before
// it takes the place of the one before, so that nothing flashes; one that is broken is skipped.
import { make } from "../page.js";

const STUCK_MS = 15_000;
const LOOK_MS = 1000;
const FORGIVEN_MS = 600_000; // a file that was being copied is whole by then

export class MediaPlayer {
  /** `region` is the element to fill; it is hidden while there is nothing to show. */
  constructor(region) {
    this.region = region;
    this.list = [];
    this.broken = new Map();
    this.turn = -1;
    this.shown = null;
    this.coming = null;
    this.isPaused = false;
    setInterval(() => this.look(), LOOK_MS);
  }

  /** How many files cannot be shown. */
  get brokenCount() {
    return this.list.filter((each) => this.broken.has(each.url)).length;
  }

  /** Show this list from now on; the same list again changes nothing. */
  offer(list) {
    if (JSON.stringify(list) === JSON.stringify(this.list)) return;
    this.list = list;
    const isListed = (url) => list.some((each) => each.url === url);
    for (const url of [...this.broken.keys()]) if (!isListed(url)) this.broken.delete(url);
    if (!this.shown || !isListed(this.shown.url)) this.next();
  }

  /** Stand still while nobody should look here. */
  pause(isPaused) {
    if (isPaused === this.isPaused) return;
    this.isPaused = isPaused;
    if (this.shown?.kind !== "film") return;
    if (isPaused) this.shown.element.pause();
    else this.shown.element.play().catch(() => {});
  }

  next() {
    const now = performance.now();
    for (const [url, atMs] of [...this.broken])
      if (now - atMs > FORGIVEN_MS) this.broken.delete(url);
    for (let step = 1; step <= this.list.length; step += 1) {
      const turn = (this.turn + step) % this.list.length;
      if (this.broken.has(this.list[turn].url)) continue;
      this.turn = turn;
      if (this.shown?.url === this.list[turn].url) this.again();
      else this.load(this.list[turn]);
      return;
    }
    this.drop(this.coming);
    this.drop(this.shown);
    this.coming = this.shown = null;
    this.region.replaceChildren();
    this.region.hidden = true;
  }

  // The only one there is.
  again() {
    this.shown.sinceMs = performance.now();
    if (this.shown.kind !== "film") return;
    this.shown.element.currentTime = 0;
    this.shown.element.play().catch(() => {});
  }

  load({ url, kind, seconds }) {
    this.drop(this.coming);
    const element = make(kind === "film" ? "video" : "img");
    const item = { url, kind, element, ms: seconds * 1000, sinceMs: performance.now(), atS: -1 };
    this.coming = item;
    element.addEventListener("error", () => this.fail(item));
    if (kind === "film") {
      element.muted = element.defaultMuted = element.playsInline = true;
      element.volume = 0;
      element.preload = "auto";
      element.addEventListener("loadeddata", () => this.show(item), { once: true });
      element.addEventListener("ended", () => this.shown === item && this.next());
    } else {
      element.alt = "";
      element.addEventListener("load", () => this.show(item), { once: true });
    }
    element.src = url;
  }

  show(item) {
    if (this.coming !== item) return;
    const before = this.shown;
    this.shown = item;
    this.coming = null;
    item.sinceMs = performance.now();
    this.region.replaceChildren(item.element);
    this.region.hidden = false;
    this.drop(before);
    if (item.kind === "film" && !this.isPaused) item.element.play().catch(() => {});
  }

  // Or the browser goes on reading a film that nobody sees.
  drop(item) {
    if (item?.kind !== "film") return;
    item.element.pause();
    item.element.removeAttribute("src");
    item.element.load();
  }

  fail(item) {
    if (this.shown !== item && this.coming !== item) return;
    this.broken.set(item.url, performance.now());
    this.next();
  }

  // A picture has its time; a film that neither ends nor moves on is left, and so is a file that
  // does not come.
  look() {
    const now = performance.now();
    if (this.coming) {
      if (now - this.coming.sinceMs > STUCK_MS) this.fail(this.coming);
      return;
    }
    const shown = this.shown;
    if (!shown) {
      if (this.list.length > 0) this.next();
    } else if (this.isPaused) {
      shown.sinceMs = now;
    } else if (shown.kind === "picture") {
      if (now - shown.sinceMs >= shown.ms) this.next();
    } else if (shown.element.currentTime !== shown.atS) {
      shown.atS = shown.element.currentTime;
      shown.sinceMs = now;
    } else if (now - shown.sinceMs > STUCK_MS) {
      this.fail(shown);
    }
  }
}
