// Fingers: what they must not do by accident. Nothing zooms, scrolls, selects or opens a menu.
const PRESS_MS = 300; // the click of a press follows its end within this time
const NEVER = ["contextmenu", "dragstart", "selectstart", "gesturestart", "gesturechange"];
let isPressing = false;

/** Whether a finger is on a tile, so that the tiles must stay as they are. */
export const isPressed = () => isPressing;

const stop = (event) => event.cancelable && event.preventDefault();

function stopGestures() {
  for (const name of NEVER) document.addEventListener(name, stop);
  // The style forbids pinching (touch-action); this is for the wheel and for two fingers.
  const firm = { passive: false };
  document.addEventListener("touchmove", (event) => event.touches.length > 1 && stop(event), firm);
  document.addEventListener("wheel", (event) => event.ctrlKey && stop(event), firm);
}

/** `screen()` names the screen that is shown, `tiles` is the element whose tiles are pressed. */
export function watchTouches(screen, tiles) {
  let tappedOn = "";
  // The second half of a double tap must not press what the first half has opened.
  const stopSecondTap = (event) => {
    if (event.detail > 1 && tappedOn !== screen()) {
      event.preventDefault();
      event.stopPropagation();
    } else {
      tappedOn = screen();
    }
  };
  const release = () => setTimeout(() => (isPressing = false), PRESS_MS);
  document.addEventListener("click", stopSecondTap, true);
  stopGestures();
  tiles.addEventListener("pointerdown", () => (isPressing = true));
  document.addEventListener("pointerup", release, true);
  document.addEventListener("pointercancel", release, true);
}
