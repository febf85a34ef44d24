// Keeps the devices page true: it is loaded anew when something on it has changed.
import { byId } from "../../page.js";

const LOOK_MS = 5000;

const list = byId("device-list");
const news = byId("device-news");

/** Whoever types, or is about to press something here, is not interrupted. */
const isBusy = () => {
  const active = document.activeElement;
  return active?.matches("input:not([type=hidden])") || list.contains(active);
};

async function look() {
  if (document.hidden || !news.hidden) return;
  try {
    const answer = await fetch(list.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { mark } = await answer.json();
    if (mark === list.dataset.mark) return;
    if (isBusy()) news.hidden = false;
    else location.replace(news.querySelector("a").href);
  } catch {
    // Without a connection the page stays as it is; the next look tries again.
  }
}

// A page that says something once, such as the token of a new sensor, stays as it is.
if (list.dataset.url) {
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
}
