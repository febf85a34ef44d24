// What has the focus, spoken: by clips of the machine's own folder, else by a voice that is
// installed here. Never by one of the internet: what visitors do here concerns nobody there.
import { language } from "../frame/words.js";

const RATE = 0.95;

/** Which parts say an element: each with the key of a clip, if it has one, and its text. */
function partsOf(element) {
  if (element.getAttribute("aria-label"))
    return [{ key: element.dataset.clip ?? null, text: element.getAttribute("aria-label") }];
  if (element.matches("h1")) return heading(element);
  const key = element.dataset.clip ?? element.dataset.word ?? null;
  const parts = key ? [{ key, text: element.innerText }] : textsOf(element);
  const state = element.getAttribute("aria-pressed");
  return state === "true" ? [...parts, { key: "chosen", text: "✓" }] : parts;
}

// Who comes to a screen hears all it says, not its controls.
function heading(title) {
  const section = title.closest("section");
  const rest = [...(section?.querySelectorAll("p, li, h2") ?? [])];
  return [title, ...rest].filter((each) => each.getClientRects().length > 0).flatMap(textsOf);
}

function textsOf(element) {
  const inner = [...element.querySelectorAll("[data-word], [data-clip]")];
  if (element.dataset.word) return [{ key: element.dataset.word, text: element.innerText }];
  if (inner.length === 0) return [{ key: null, text: element.innerText }];
  return inner.map((each) => ({
    key: each.dataset.clip ?? each.dataset.word,
    text: each.innerText,
  }));
}

// A number is read digit by digit: "A012" is no word.
const spelt = (text) =>
  text.replace(/\b([A-Z]{1,2})(\d{3,4})\b/g, (_, letters, digits) =>
    [...letters, ...digits].join(" "),
  );

export class Voice {
  constructor() {
    this.isOn = false;
    this.clips = {};
    this.audio = new Audio();
    this.turn = 0; // what was begun before the last thing to say is not gone on with
    document.addEventListener("focusin", ({ target }) => this.isOn && this.speak(target));
    fetch("/voice")
      .then((answer) => answer.json())
      .then((clips) => (this.clips = clips))
      .catch(() => {}); // without clips there may still be a voice
  }

  /** Why nothing is heard, as the key of a word; "" if something is. */
  get unheard() {
    return this.#hasClips() || this.#voice() ? "" : "voice_missing";
  }

  turnOn(isOn) {
    this.isOn = isOn;
    if (!isOn) this.hush();
  }

  hush() {
    this.turn += 1;
    this.audio.pause();
    globalThis.speechSynthesis?.cancel();
  }

  async speak(element) {
    this.hush();
    const { turn } = this;
    const parts = partsOf(element).filter(({ text }) => text.trim());
    if (parts.every(({ key }) => this.#clip(key))) {
      for (const { key } of parts) {
        if (turn !== this.turn) return;
        await this.#play(this.#clip(key));
      }
      return;
    }
    const voice = this.#voice();
    if (!voice) return;
    const said = new SpeechSynthesisUtterance(spelt(parts.map(({ text }) => text).join(". ")));
    Object.assign(said, { voice, lang: voice.lang, rate: RATE });
    speechSynthesis.speak(said);
  }

  #hasClips() {
    return Object.keys(this.clips[language()] ?? {}).length > 0;
  }

  #clip(key) {
    return this.clips[language()]?.[key];
  }

  #voice() {
    const voices = globalThis.speechSynthesis?.getVoices() ?? [];
    return voices.find((each) => each.localService && each.lang.startsWith(language()));
  }

  #play(address) {
    return new Promise((done) => {
      this.audio.onended = this.audio.onerror = this.audio.onpause = done;
      this.audio.src = address;
      this.audio.play().catch(done);
    });
  }
}
