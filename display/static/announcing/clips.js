// The clips of the voice packs: fetched and decoded once, judged, and kept by address. A clip that
// cannot be had is missing; it never holds anything up.
import { expectedWords } from "./sentence.js";

const INDEX = "/voice/index.json";
const LOOK_AGAIN_MS = 600_000;
const RETRY_FIRST_MS = 2000;
const RETRY_LAST_MS = 60_000;
const FETCH_MOST_MS = 15_000;
const AT_ONCE = 4;
const RATE_HZ = 48_000;
const CLIP_MOST_S = 4;
const SILENT_PEAK = 0.01;

export class Clips {
  /** `languages()` are those that the screen wants; `changed()` follows when one can be played. */
  constructor({ languages, changed }) {
    this.languages = languages;
    this.changed = changed;
    this.index = {};
    this.buffers = new Map(); // address → AudioBuffer, or null for one that is no good
    this.isSettled = false;
    this.retryMs = RETRY_FIRST_MS;
    this.decoder = makeDecoder();
  }

  /** Fetch what there is, and look for other clips from time to time. Never throws. */
  async keepUp() {
    let isWhole = false;
    try {
      isWhole = await this.fetchAll();
    } catch (problem) {
      console.error(problem);
    }
    this.isSettled = true;
    this.changed();
    if (isWhole) this.retryMs = RETRY_FIRST_MS;
    setTimeout(() => this.keepUp(), isWhole ? LOOK_AGAIN_MS : this.retryMs);
    if (!isWhole) this.retryMs = Math.min(2 * this.retryMs, RETRY_LAST_MS);
  }

  /** The packs that can be played, by language. */
  packs() {
    const packs = {};
    for (const [language, { sentences }] of Object.entries(this.index)) {
      packs[language] = {
        sentences,
        has: (key) => this.buffer(language, key) !== null,
        seconds: (key) => this.buffer(language, key).duration,
      };
    }
    return packs;
  }

  /** The decoded clip of a word, or null. */
  buffer(language, key) {
    for (const address of this.index[language]?.words[key] ?? []) {
      const buffer = this.buffers.get(address);
      if (buffer) return buffer;
    }
    return null;
  }

  /** How many words of the screen's languages cannot be played; none while they are fetched. */
  missing() {
    if (!this.isSettled) return 0;
    return this.languages().reduce((sum, language) => {
      const { sentences = {}, words = {} } = this.index[language] ?? {};
      const keys = new Set([...expectedWords(sentences), ...Object.keys(words)]);
      return sum + [...keys].filter((key) => this.buffer(language, key) === null).length;
    }, 0);
  }

  // True if nothing is left that another attempt could bring.
  async fetchAll() {
    if (!this.decoder) return true;
    const answer = await fetchSoon(INDEX);
    if (answer.status === 404) return true;
    if (!answer.ok) return false;
    this.index = readIndex(await answer.json());
    const words = Object.values(this.index).flatMap((pack) => Object.values(pack.words));
    const known = new Set(words.flat());
    for (const address of this.buffers.keys())
      if (!known.has(address)) this.buffers.delete(address);
    let isWhole = true;
    const left = [...words];
    const work = async () => {
      while (left.length > 0) isWhole = (await this.fetchWord(left.shift())) && isWhole;
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return isWhole;
  }

  // The first of a word's addresses that gives a good clip; false if one might yet.
  async fetchWord(addresses) {
    let isSure = true;
    for (const address of addresses) {
      if (!this.buffers.has(address)) {
        try {
          this.buffers.set(address, await this.load(address));
        } catch {
          isSure = false;
          continue;
        }
      }
      if (this.buffers.get(address)) return true;
    }
    return isSure;
  }

  // The clip; null for one that is no good; throws if it cannot be had now.
  async load(address) {
    const answer = await fetchSoon(address);
    if (answer.status >= 500) throw new Error(`${address}: ${answer.status}`);
    if (!answer.ok) return null;
    const content = await answer.arrayBuffer();
    try {
      const buffer = await this.decoder.decodeAudioData(content);
      return isSpeech(buffer) ? buffer : null;
    } catch {
      return null;
    }
  }
}

// Decoding needs no output device.
function makeDecoder() {
  try {
    return new OfflineAudioContext(1, 1, RATE_HZ);
  } catch {
    return null;
  }
}

async function fetchSoon(address) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), FETCH_MOST_MS);
  try {
    return await fetch(address, { signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}

function isSpeech(buffer) {
  if (buffer.duration > CLIP_MOST_S) return false;
  return buffer.getChannelData(0).some((sample) => Math.abs(sample) > SILENT_PEAK);
}

// Only what has the right form: a pack of the office's own may be anything.
function readIndex(content) {
  const index = {};
  for (const [language, pack] of Object.entries(content?.languages ?? {})) {
    const isList = ([, list]) => Array.isArray(list) && list.every((x) => typeof x === "string");
    const keep = (lists) => Object.fromEntries(Object.entries(lists ?? {}).filter(isList));
    index[language] = { sentences: keep(pack?.sentences), words: keep(pack?.words) };
  }
  return index;
}
