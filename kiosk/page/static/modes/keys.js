// The page by keys alone: arrows go to the nearest control in their direction, Enter presses it.
// Tab and Escape stay as the browser has them, and nothing holds the focus.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ASIDE = 2; // going straight counts for more than being near

function controls() {
  const within = document.querySelector("dialog[open]") ?? document;
  return [...within.querySelectorAll("button")].filter(
    (each) => !each.disabled && each.getClientRects().length > 0,
  );
}

function distance(from, to, [x, y]) {
  // From edge to edge along the way, from middle to middle across it: tiles differ in size.
  const along = x
    ? x > 0
      ? to.left - from.right
      : from.left - to.right
    : y > 0
      ? to.top - from.bottom
      : from.top - to.bottom;
  if (along < -1) return Infinity;
  const gap = x
    ? Math.max(0, to.top - from.bottom, from.top - to.bottom)
    : Math.max(0, to.left - from.right, from.left - to.right);
  const middle = x
    ? Math.abs(to.top + to.bottom - from.top - from.bottom) / 2
    : Math.abs(to.left + to.right - from.left - from.right) / 2;
  return along + ASIDE * gap + middle / 10;
}

/** The control that an arrow leads to from `current`, which may be none. */
function nextControl(current, step) {
  const all = controls();
  if (!all.includes(current)) {
    const first = document.querySelector("dialog[open]") ? all : [...all].filter(inMain);
    return first[0] ?? all[0] ?? null;
  }
  const from = current.getBoundingClientRect();
  const others = all.filter((each) => each !== current);
  const ranked = others
    .map((each) => [distance(from, each.getBoundingClientRect(), step), each])
    .filter(([far]) => far < Infinity)
    .sort(([one], [other]) => one - other);
  if (ranked.length > 0) return ranked[0][1];
  // Nothing lies there: on to the next one in reading order, so that every control is reached.
  const forwards = step[0] + step[1] > 0 ? 1 : -1;
  return all[(all.indexOf(current) + forwards + all.length) % all.length];
}

const inMain = (element) => element.closest("main") !== null;

export function listenForArrows() {
  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    nextControl(document.activeElement, step)?.focus();
  });
}
