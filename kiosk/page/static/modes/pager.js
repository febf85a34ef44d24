// What does not fit is paged: large letters and low reach leave less room, and nothing scrolls
// under a finger. One button turns to the next part of the screen, after the last to the first.
import { byId } from "../frame/page.js";
import { word } from "../frame/words.js";

const OVERLAP = 0.12; // of a part is seen again in the next, so that nothing is cut in two

const shown = () =>
  document.querySelector(`section[data-for="${CSS.escape(document.body.dataset.screen)}"]`);

export class Pager {
  constructor() {
    this.button = byId("part");
    this.button.addEventListener("click", () => this.turn());
    const look = () => this.draw();
    const sizes = new ResizeObserver(look);
    for (const section of document.querySelectorAll("section")) {
      sizes.observe(section);
      section.addEventListener("scroll", look);
    }
    for (const bar of [document.querySelector(".top"), document.querySelector(".bottom")])
      sizes.observe(bar);
    const watched = { childList: true, subtree: true, attributeFilter: ["data-screen", "hidden"] };
    new MutationObserver(look).observe(document.body, watched);
  }

  /** Show the button where there is more than fits, and tell styles how much room the bars take. */
  draw() {
    const root = document.documentElement;
    for (const [name, bar] of [
      ["--head", ".top"],
      ["--foot", ".bottom"],
    ]) {
      const height = `${document.querySelector(bar).offsetHeight}px`;
      if (root.style.getPropertyValue(name) !== height) root.style.setProperty(name, height);
    }
    const { parts, part } = this.#parts();
    const text = word("part", { n: part, of: parts });
    if (this.button.hidden !== parts < 2) this.button.hidden = parts < 2;
    if (this.button.getAttribute("aria-label") === text) return;
    this.button.setAttribute("aria-label", text);
    byId("part-number").textContent = `${part}/${parts}`;
  }

  /** To the next part, and its first control; after the last to the first. */
  turn() {
    const section = shown();
    const step = section.clientHeight * (1 - OVERLAP);
    const isLast = section.scrollTop + section.clientHeight >= section.scrollHeight - 2;
    section.scrollTop = isLast ? 0 : section.scrollTop + step;
    this.draw();
  }

  #parts() {
    const section = shown();
    if (!section || section.scrollHeight <= section.clientHeight + 2) return { parts: 1, part: 1 };
    const step = section.clientHeight * (1 - OVERLAP);
    const parts = 1 + Math.ceil((section.scrollHeight - section.clientHeight - 2) / step);
    const isLast = section.scrollTop + section.clientHeight >= section.scrollHeight - 2;
    return { parts, part: isLast ? parts : 1 + Math.round(section.scrollTop / step) };
  }
}
