// Nobody there? A warning with a countdown, then back to the start for the next visitor.
const WARN_MS = 20_000;
const RESET_MS = 30_000;
const TOUCH_MS = 600;

export class Idle {
  // `warn(seconds)` each second from the warning on, `calm()` when somebody is there again,
  // `reset()` at the end.
  constructor({ warn, calm, reset }) {
    Object.assign(this, { warn, calm, reset });
    this.touchedAt = performance.now();
    this.resting = true;
    this.limit = null;
    // If the start of a touch closed the warning, its end would press what lies below.
    for (const event of ["pointerdown", "keydown"])
      document.addEventListener(event, () => (this.touchedAt = performance.now()), true);
    document.addEventListener("click", () => this.touch(), true);
    setInterval(() => this.tick(), 250);
  }

  // At rest nothing is counted; with `limit` in milliseconds the screen closes after it without a
  // warning.
  watch({ resting = false, limit = null } = {}) {
    this.resting = resting;
    this.limit = limit;
    this.touch();
  }

  touch() {
    this.touchedAt = performance.now();
    this.calm();
  }

  get secondsLeft() {
    return Math.max(
      0,
      Math.ceil(((this.limit ?? RESET_MS) - (performance.now() - this.touchedAt)) / 1000),
    );
  }

  tick() {
    if (this.resting) return;
    const quiet = performance.now() - this.touchedAt;
    if (quiet >= (this.limit ?? RESET_MS)) {
      this.resting = true;
      this.calm();
      this.reset();
    } else if (this.limit !== null || quiet >= WARN_MS) {
      this.warn(this.secondsLeft);
    } else if (quiet > TOUCH_MS) {
      this.calm();
    }
  }
}
