// Fingers: what they must not do by accident.
const PRESS_MS = 300; // the click of a press follows its end within this time
let isPressing = false;

/** Whether a finger is on a tile, so that the tiles must stay as they are. */
export const isPressed = () => isPressing;

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
  document.addEventListener("contextmenu", (event) => event.preventDefault());
  tiles.addEventListener("pointerdown", () => (isPressing = true));
  document.addEventListener("pointerup", release, true);
  document.addEventListener("pointercancel", release, true);
}
