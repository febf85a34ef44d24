// Two tones, made here so that no sound file can be missing. Tells when the browser does not let it
// sound, and never throws.
import { byId } from "./page.js";
import { pair } from "./words.js";

const TONES = [
  { at: 0, hz: 659.26 },
  { at: 0.42, hz: 523.25 },
];
const RING_SECONDS = 1.3;

class Chime {
  constructor(changed) {
    try {
      this.context = new AudioContext();
      this.context.addEventListener("statechange", changed);
    } catch {
      this.context = null; // no sound on this machine: the picture goes on
    }
    this.allow();
  }

  get ok() {
    return this.context?.state === "running";
  }

  allow() {
    this.context?.resume().catch(() => {});
  }

  play() {
    try {
      if (this.ok) this.sound();
    } catch (problem) {
      console.error(problem);
    }
  }

  sound() {
    const start = this.context.currentTime + 0.02;
    for (const tone of TONES) {
      for (const [multiple, loudness] of [
        [1, 0.5],
        [2, 0.12],
      ]) {
        const oscillator = this.context.createOscillator();
        const gain = this.context.createGain();
        oscillator.frequency.value = tone.hz * multiple;
        gain.gain.setValueAtTime(0.0001, start + tone.at);
        gain.gain.exponentialRampToValueAtTime(loudness, start + tone.at + 0.012);
        gain.gain.exponentialRampToValueAtTime(0.0001, start + tone.at + RING_SECONDS);
        oscillator.connect(gain).connect(this.context.destination);
        oscillator.start(start + tone.at);
        oscillator.stop(start + tone.at + RING_SECONDS);
      }
    }
  }
}

/** The page's chime. The first touch allows it to sound; until then #muted says that it cannot. */
export function setUpChime() {
  const showSound = () => {
    byId("muted").hidden = chime.ok;
  };
  const chime = new Chime(showSound);
  for (const event of ["pointerdown", "keydown"]) {
    document.addEventListener(event, () => chime.allow());
  }
  pair(byId("muted-words"), "muted");
  showSound();
  return chime;
}
