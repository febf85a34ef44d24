// The graph of an announcement, for any audio context: what is played to the lobby and what a test
// renders are the same.
import { addChime } from "./chime.js";

const FADE_S = 0.02;

/**
 * Add an announcement to the graph. `timeline` is that of `layOut`, `buffer(language, key)` gives
 * the decoded clip, `volume` is in percent, `atS` the moment of the context's clock in which it
 * begins. Returns `stop`, which ends it at once.
 */
export function addAnnouncement(context, { timeline, buffer, hasChime, volume, atS }) {
  const output = context.createGain();
  output.gain.value = gainOf(volume);
  output.connect(context.destination);
  const sources = hasChime ? addChime(context, output, atS) : [];
  for (const { language, key, startS } of timeline.words) {
    const source = context.createBufferSource();
    source.buffer = buffer(language, key);
    source.connect(output);
    source.start(onSample(context, atS + startS));
    sources.push(source);
  }
  return () => {
    const now = context.currentTime;
    output.gain.setValueAtTime(output.gain.value, now);
    output.gain.linearRampToValueAtTime(0, now + FADE_S);
    for (const source of sources) source.stop(now + FADE_S);
  };
}

// Half the volume sounds about half as loud: the ear hears ratios, not differences.
function gainOf(volume) {
  return (Math.min(100, Math.max(0, volume)) / 100) ** 2;
}

// Between two samples a browser would interpolate the whole clip.
const onSample = (context, seconds) =>
  Math.round(seconds * context.sampleRate) / context.sampleRate;
