// Both languages of a screen side by side, in the order that its settings give them.
import { byId, make } from "./page.js";

const words = JSON.parse(byId("words").textContent);
let order = ["id", "en"];

/** From now on, write in these languages, in this order. */
export function useLanguages(languages) {
  order = languages;
}

/** The screen's languages, in their order. */
export const languages = () => order;

/** The language of what stands in one only. */
export const firstLanguage = () => order[0];

export function word(key, language, values = {}) {
  return words[language][key].replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? values[name] : whole,
  );
}

// Puts a text by language, {id, en}, into an element, `first` before the others; a language without
// words is left out.
export function pairText(element, texts, first = order[0]) {
  const parts = [];
  for (const language of [first, ...order]) {
    const text = texts[language];
    if (!text || parts.some((part) => part.textContent === text)) continue;
    const part = make("span", "", text);
    part.lang = language;
    parts.push(part);
  }
  element.textContent = "";
  element.append(...parts);
}

/** A text of ours by language. */
export const bothWords = (key, values) => ({
  id: word(key, "id", values),
  en: word(key, "en", values),
});

export function pair(element, key, values, first) {
  pairText(element, bothWords(key, values), first);
}

// "Loket 3" from a counter's name, whether the office wrote "3", "Loket 3" or "Counter 3".
export function counterName(counter, language) {
  const bare = counter.replace(/^(loket|counter)\s+/i, "");
  return /^[\dA-Z]{1,3}$/i.test(bare) ? `${word("counter", language)} ${bare}` : counter;
}

/** Puts a counter's name into an element, in the screen's languages. */
export function pairCounter(element, counter) {
  pairText(element, { id: counterName(counter, "id"), en: counterName(counter, "en") });
}
