// Keeps the pictures of the screens true: what each says of itself is asked for every few seconds
// and put in place. When a screen has come, gone or been set anew, the page is loaded again.
import { byId } from "../../page.js";

const LOOK_MS = 3000;

const list = byId("screens");

/** The picture has the shape of the screen. */
function shape(picture, width, height) {
  picture.style.setProperty("--shape", width && height ? `${width} / ${height}` : "16 / 9");
  picture.toggleAttribute("data-portrait", height > width);
}

function drawTroubles(card, troubles) {
  const place = card.querySelector(".screen__troubles");
  const said = JSON.stringify(troubles);
  if (place.dataset.said === said) return;
  place.dataset.said = said;
  place.replaceChildren(
    ...troubles.map(({ words, urgent }) => {
      const line = document.createElement("li");
      line.className = "screen__trouble";
      line.dataset.urgent = urgent ? "yes" : "";
      line.textContent = words;
      return line;
    }),
  );
}

function draw(card, seen) {
  for (const place of card.querySelectorAll("[data-text]")) {
    const text = seen.texts[place.dataset.text];
    if (place.textContent !== text) place.textContent = text;
  }
  const badge = card.querySelector(".badge");
  badge.className = `badge badge--${seen.look}`;
  badge.textContent = seen.texts.badge;
  const picture = card.querySelector(".tv");
  Object.assign(picture.dataset, seen.picture);
  picture.setAttribute("aria-label", seen.label);
  shape(picture, seen.width, seen.height);
  drawTroubles(card, seen.troubles);
}

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(list.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { mark, screens } = await answer.json();
    if (mark !== list.dataset.mark) {
      // Whoever is about to press something is not interrupted.
      if (!list.contains(document.activeElement)) location.reload();
      return;
    }
    for (const seen of screens) {
      const card = list.querySelector(`[data-device="${CSS.escape(seen.id)}"]`);
      if (card) draw(card, seen);
    }
  } catch {
    // Without a connection the pictures stay as they are; the next look tries again.
  }
}

if (list) {
  for (const picture of list.querySelectorAll(".tv"))
    shape(picture, Number(picture.dataset.width), Number(picture.dataset.height));
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
}
