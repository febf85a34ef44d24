// The words of the screen in the language chosen now.
import { byId } from "./page.js";

const words = JSON.parse(byId("words").textContent);
const DEFAULT_LANGUAGE = "id";
let current = DEFAULT_LANGUAGE;
let offered = [DEFAULT_LANGUAGE, ...Object.keys(words).filter((code) => code !== DEFAULT_LANGUAGE)];

export const language = () => current;

/** The language in which each visitor is met. */
export const firstLanguage = () => offered[0];

/** From now on the office offers these languages. True if they are others than before. */
export function offerLanguages(codes) {
  const known = (codes ?? []).filter((code) => code in words);
  if (known.length === 0 || known.join() === offered.join()) return false;
  offered = known;
  const first = document.querySelector("[data-language]").parentElement;
  for (const code of offered) first.append(first.querySelector(`[data-language="${code}"]`));
  for (const button of document.querySelectorAll("[data-language]"))
    button.hidden = offered.length < 2 || !offered.includes(button.dataset.language);
  return true;
}

export function word(key, values = {}) {
  return words[current][key].replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? values[name] : whole,
  );
}

export function hasWord(key) {
  return key in words[current];
}

// A text that the server gave by language; Indonesian if there is no other.
export function pick(texts) {
  return texts[current] || texts[DEFAULT_LANGUAGE] || Object.values(texts)[0] || "";
}

export function speak(chosen = firstLanguage()) {
  current = offered.includes(chosen) ? chosen : firstLanguage();
  document.documentElement.lang = current;
  document.title = word("title");
  for (const element of document.querySelectorAll("[data-word]"))
    element.textContent = word(element.dataset.word);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === current));
  }
}

/** A wait in the words that the agent has chosen for its range: `key` with the saying. */
export const waiting = (key, wait) => word(`${key}_${wait.saying}`, wait);

export function counted(key, n) {
  return n === 0 ? word(`${key}_none`) : n === 1 ? word(`${key}_one`) : word(`${key}_many`, { n });
}
