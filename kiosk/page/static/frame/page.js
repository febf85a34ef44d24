// The elements of the touch page: asked for by id, or made.
const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function makeButton(className, text, pressed) {
  const button = make("button", className, text);
  button.type = "button";
  button.addEventListener("click", pressed);
  return button;
}

/** A QR code as the agent has laid it out, drawn into `svg`. */
export function drawCode(qr, svg = document.createElementNS(SVG, "svg")) {
  svg.classList.add("qr");
  svg.setAttribute("viewBox", `0 0 ${qr.size} ${qr.size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  if (!svg.hasAttribute("role")) svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", qr.path);
  svg.replaceChildren(path);
  return svg;
}
