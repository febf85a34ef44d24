// The type on the screen: what the machine's fonts measure, sizes in px, and texts put into lines.
import { byId, make } from "../page.js";
import { sizesFor } from "./rules/sizes.js";
import { harmless, piecesOf, shortened } from "./rules/texts.js";

const pen = document.createElement("canvas").getContext("2d");
const PROBE_PX = 200;

/** Height of the capitals, as a part of the font size, by family. */
function capOf(family) {
  pen.font = `700 ${PROBE_PX}px ${family}`;
  return pen.measureText("H").actualBoundingBoxAscent / PROBE_PX;
}

const familyOf = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

/** The screen's size in px. */
export const screenSize = () => ({
  width: document.documentElement.clientWidth,
  height: document.documentElement.clientHeight,
});

/**
 * Put the least sizes that the settings ask for into the style sheet, as font sizes, and give them
 * in px with `cap`, the height of a number's capitals at 1 px.
 */
export function applySizes(settings) {
  const screen = screenSize();
  const cap = capOf(familyOf("--font-number"));
  const least = Math.min(cap, capOf(familyOf("--font")));
  const sizes = sizesFor(settings, screen);
  const fonts = { cap };
  for (const name of Object.keys(sizes)) {
    fonts[name] = ((sizes[name] / 100) * screen.height) / least;
    document.body.style.setProperty(`--${name}`, `${fonts[name]}px`);
  }
  return fonts;
}

/** A function that tells how wide a text is in the type of `element`. */
export function measureIn(element) {
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(element);
  return (text) => {
    pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    return pen.measureText(text).width;
  };
}

/** The width of a number at 1 px. */
export function numberWidth(number) {
  pen.font = `700 ${PROBE_PX}px ${familyOf("--font-number")}`;
  return pen.measureText(number).width / PROBE_PX;
}

/** Put lines into an element. */
export function putLines(element, lines, language) {
  element.textContent = "";
  for (const line of lines) {
    const part = make("span", "line", line);
    part.lang = language;
    element.append(part);
  }
}

/** Put a text into an element, in at most `most` lines, shortened by the rule of `texts.js`. */
export function putText(element, text, most, language, width = widthOf(element)) {
  putLines(element, shortened(text, most, measureIn(element), width), language);
}

/** Whether a text stands in one line of `width`. */
export const isOneLine = (element, text, width) => measureIn(element)(harmless(text)) <= width;

/** All of a text in the type and width of `element`, in pieces of at most `most` lines. */
export const allPieces = (element, text, most) =>
  piecesOf(text, most, measureIn(element), widthOf(element));

/** The width inside an element, a hair less than it: browsers round. */
export function widthOf(element) {
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  return (element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)) * 0.99;
}

/** A number, perhaps squeezed sideways: `width_px` is the room it takes. */
export function squeezedNumber(number, { squeeze, width_px }) {
  const box = make("span", "n");
  const digits = make("span", "digits", number);
  box.style.width = `${width_px}px`;
  digits.style.transform = `scaleX(${squeeze})`;
  box.append(digits);
  return box;
}

/** The arrow from a number to its counter. */
export function arrow() {
  const copy = byId("arrow").content.firstElementChild.cloneNode(true);
  return copy;
}
