// How long ago something was: by a clock that only goes forward, and by the machine's own where
// that one went ahead of it, because the machine slept or its clock was put forward.
const JUMP_MS = 5000;
const GRACE_MS = 3000;

/**
 * The time since the last proof that what is shown is right. `steadyMs()` only goes forward but may
 * stand still while the machine sleeps; `wallMs()` goes on then, but may be put to any other time.
 *
 * Where the two part, nobody knows which is right: `look` says so, the caller asks anew, and
 * without an answer in 3 s the longer time counts.
 */
export class Elapsed {
  constructor(steadyMs, wallMs) {
    this.steadyMs = steadyMs;
    this.wallMs = wallMs;
    this.reset();
  }

  /** There was a proof just now. */
  reset() {
    this.sinceMs = this.seenSteadyMs = this.steadyMs();
    this.seenWallMs = this.wallMs();
    this.sleptMs = 0;
    this.jumpedAtMs = null;
  }

  /** Compare the clocks, about once a second. True if they have parted since the last time. */
  look() {
    const steady = this.steadyMs();
    const wall = this.wallMs();
    const ahead = wall - this.seenWallMs - (steady - this.seenSteadyMs);
    this.seenSteadyMs = steady;
    this.seenWallMs = wall;
    if (ahead < JUMP_MS) return false;
    this.sleptMs += ahead;
    this.jumpedAtMs = steady;
    return true;
  }

  /** Milliseconds since the last proof. */
  ms() {
    const steady = this.steadyMs();
    const isUnsure = this.jumpedAtMs !== null && steady - this.jumpedAtMs < GRACE_MS;
    return steady - this.sinceMs + (isUnsure ? 0 : this.sleptMs);
  }
}
