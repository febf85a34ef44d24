// The slip as it would be printed with what is being typed: each picture is asked for anew once the
// typing pauses, and shown when it has come. Without this script the button does the same.

const PAUSE_MS = 400;
const TRIES = 4; // a busy server draws nothing at the moment
const AGAIN_MS = 1_000;
const LINES = ["header_id", "header_en", "footer_id", "footer_en"];

const form = document.getElementById("slip-form");
const pictures = [...document.querySelectorAll("[data-sample]")];
const addresses = new Map(pictures.map((each) => [each, each.src]));
let timer = 0;
let asked = 0;

async function redraw() {
  const turn = ++asked;
  for (const picture of pictures) {
    const address = new URL(addresses.get(picture));
    for (const name of LINES) address.searchParams.set(name, form.elements[name].value);
    try {
      const drawn = await fetchPicture(address, () => turn === asked);
      if (turn !== asked) return; // somebody has typed on
      if (drawn) picture.src = drawn;
    } catch {
      return; // no connection: the last picture stays, and the button says what is wrong
    }
  }
}

async function fetchPicture(address, isWanted) {
  for (let left = TRIES; left > 0 && isWanted(); left -= 1) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.ok) return readPicture(await answer.blob());
    if (answer.status !== 503) break;
    await new Promise((over) => setTimeout(over, AGAIN_MS));
  }
  return null;
}

function readPicture(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

form.addEventListener("input", (event) => {
  if (!LINES.includes(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(redraw, PAUSE_MS);
});

// What was typed before this script was there, or is back with the page, is drawn as well.
const isTyped = ({ value, defaultValue }) => value !== defaultValue;
if (LINES.some((name) => isTyped(form.elements[name]))) redraw();
