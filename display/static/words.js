// Both languages side by side: the lobby reads Indonesian first, English beside it.
import { byId, make } from "./page.js";

const words = JSON.parse(byId("words").textContent);

export function word(key, language, values = {}) {
  return words[language][key].replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? values[name] : whole,
  );
}

// Puts a text by language, {id, en}, into an element; a language without words is left out.
export function pairText(element, texts, first = "id") {
  const order = first === "en" ? ["en", "id"] : ["id", "en"];
  const parts = [];
  for (const language of order) {
    const text = texts[language];
    if (!text || parts.some((part) => part.textContent === text)) continue;
    const part = make("span", "", text);
    part.lang = language;
    parts.push(part);
  }
  element.replaceChildren(...parts);
}

export function pair(element, key, values, first) {
  pairText(element, { id: word(key, "id", values), en: word(key, "en", values) }, first);
}

// "Loket 3" from a counter's name, whether the office wrote "3", "Loket 3" or "Counter 3".
export function counterName(counter, language) {
  const bare = counter.replace(/^(loket|counter)\s+/i, "");
  return /^[\dA-Z]{1,3}$/i.test(bare) ? `${word("counter", language)} ${bare}` : counter;
}
