// Nobody there? A warning with a countdown, then back to the start for the next visitor.
const WARN_MS = 20_000;
const RESET_MS = 30_000;
const TOUCH_MS = 600;

export class Idle {
  // `warn(seconds)` each second from the warning on, `calm()` when somebody is there again,
  // `reset()` at the end.
  constructor({ warn, calm, reset }) {
    Object.assign(this, { warn, calm, reset });
    this.touchedAtMs = performance.now();
    this.resting = true;
    this.limitMs = null;
    this.patience = 1;
    // If the start of a touch closed the warning, its end would press what lies below.
    for (const event of ["pointerdown", "keydown"])
      document.addEventListener(event, () => (this.touchedAtMs = performance.now()), true);
    document.addEventListener("click", () => this.touch(), true);
    setInterval(() => this.tick(), 250);
  }

  // At rest nothing is counted; with `limitMs` the screen closes after it without a warning. Every
  // time is `patience` times as long.
  watch({ resting = false, limitMs = null, patience = 1 } = {}) {
    this.resting = resting;
    this.limitMs = limitMs;
    this.patience = patience;
    this.touch();
  }

  touch() {
    this.touchedAtMs = performance.now();
    this.calm();
  }

  get secondsLeft() {
    return Math.max(0, Math.ceil((this.#resetMs - (performance.now() - this.touchedAtMs)) / 1000));
  }

  get #resetMs() {
    return (this.limitMs ?? RESET_MS) * this.patience;
  }

  tick() {
    if (this.resting) return;
    const quietMs = performance.now() - this.touchedAtMs;
    if (quietMs >= this.#resetMs) {
      this.resting = true;
      this.calm();
      this.reset();
    } else if (this.limitMs !== null || quietMs >= WARN_MS * this.patience) {
      this.warn(this.secondsLeft);
    } else if (quietMs > TOUCH_MS) {
      this.calm();
    }
  }
}
