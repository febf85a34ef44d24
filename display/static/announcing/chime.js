// Two tones, made here so that no sound file can be missing.
import { CHIME_S } from "./speech.js";

const TONES = [
  { at: 0, hz: 659.26 },
  { at: 0.42, hz: 523.25 },
];
const PARTIALS = [
  [1, 0.22],
  [2, 0.05],
];
const RING_SECONDS = CHIME_S + 0.1;
const SILENCE = 0.0001;

/** Add the chime to the graph of any audio context; it begins at `atS` of its clock. */
export function addChime(context, destination, atS) {
  return TONES.flatMap((tone) =>
    PARTIALS.map(([multiple, loudness]) => {
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      const start = atS + tone.at;
      const end = atS + RING_SECONDS;
      oscillator.frequency.value = tone.hz * multiple;
      gain.gain.setValueAtTime(SILENCE, start);
      gain.gain.exponentialRampToValueAtTime(loudness, start + 0.012);
      gain.gain.exponentialRampToValueAtTime(SILENCE, end);
      oscillator.connect(gain).connect(destination);
      oscillator.start(start);
      oscillator.stop(end);
      return oscillator;
    }),
  );
}
