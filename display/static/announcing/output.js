// Where sound comes out: one audio context, made anew when it dies, and whether it can be heard.
const RATE_HZ = 48_000;
const STUCK_MS = 6000;
const REMADE_AFTER_MS = 15_000;

export class Output {
  /** `changed()` follows when the state may be another. */
  constructor(changed) {
    this.changed = changed;
    this.context = null;
    this.hasDevice = true;
    this.madeAtMs = -Infinity;
    this.make();
    // The first touch allows sound.
    for (const event of ["pointerdown", "keydown"])
      document.addEventListener(event, () => this.allow());
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.lookForDevices(true));
    this.lookForDevices(false);
  }

  /** "ok", "blocked" until somebody touches the screen, "missing" without a way out for sound. */
  get state() {
    if (!this.context || !this.hasDevice || this.isStuck) return "missing";
    return this.context.state === "running" ? "ok" : "blocked";
  }

  /** The context, if it plays. */
  get running() {
    return this.context?.state === "running" && !this.isStuck ? this.context : null;
  }

  /** Ask the browser to let it sound. */
  allow() {
    this.context?.resume().catch(() => {});
  }

  /** Look after the context; to be called every few seconds. */
  look() {
    const state = this.context?.state;
    if (state === "suspended" || state === "interrupted") this.allow();
    if (!this.context || state === "closed" || this.isStill()) this.remake();
  }

  make() {
    this.madeAtMs = performance.now();
    this.progress = { at: 0, sinceMs: this.madeAtMs };
    this.isStuck = false;
    try {
      this.context = makeContext();
      this.context.addEventListener("statechange", this.changed);
      this.context.addEventListener("error", () => this.remake());
    } catch {
      this.context = null; // no sound on this machine: the picture goes on
    }
    this.allow();
  }

  remake() {
    if (performance.now() - this.madeAtMs < REMADE_AFTER_MS) return;
    const old = this.context;
    const wasStuck = this.isStuck;
    this.make();
    this.isStuck = wasStuck; // until its clock has moved
    if (old && old.state !== "closed") old.close().catch(() => {});
    this.changed();
  }

  // A context says that it runs, but its clock stands still: the device went away.
  isStill() {
    if (this.context.state !== "running") {
      this.progress.sinceMs = performance.now();
      return false;
    }
    const at = this.context.currentTime;
    if (at !== this.progress.at) {
      this.progress = { at, sinceMs: performance.now() };
      if (this.isStuck) this.changed();
      this.isStuck = false;
      return false;
    }
    const isStuck = performance.now() - this.progress.sinceMs > STUCK_MS;
    if (isStuck && !this.isStuck) {
      this.isStuck = true;
      this.changed();
    }
    return isStuck;
  }

  // Only a browser that can choose among devices lists those that play, and only over a secure
  // connection.
  async lookForDevices(isOther) {
    if (!navigator.mediaDevices?.enumerateDevices || !window.AudioContext?.prototype.setSinkId)
      return;
    try {
      const devices = await navigator.mediaDevices.enumerateDevices();
      this.hasDevice = devices.some((device) => device.kind === "audiooutput");
    } catch {
      return; // unknown is no reason to complain
    }
    if (isOther && this.hasDevice) this.remake();
    this.changed();
  }
}

function makeContext() {
  try {
    return new AudioContext({ sampleRate: RATE_HZ });
  } catch {
    return new AudioContext();
  }
}
