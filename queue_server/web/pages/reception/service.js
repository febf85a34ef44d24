// Which service is meant by what somebody says: found as on the citizens' pages.
import { getJson } from "../live.js";
import { byId, say } from "../page.js";
import { url, words } from "./state.js";

const PAUSE_MS = 200; // nobody reads what was found for half a word
const task = byId("task");
const told = byId("task-found");
const hint = told.textContent;
let waiting = null;
let asked = 0;

async function find() {
  asked += 1;
  const own = asked;
  const query = task.value.trim();
  if (!query) return void (told.textContent = hint);
  let found;
  try {
    found = (await getJson(`${url("reception/services")}?${new URLSearchParams({ q: query })}`))
      .services;
  } catch {
    return; // the list below is there without it
  }
  if (own !== asked) return;
  choose(found);
}

function choose([best]) {
  const select = byId("service");
  const option = [...select.options].find((each) => each.value === best);
  told.textContent = option ? say(words.taskFound, { name: option.text }) : words.taskNone;
  if (!option || select.value === best) return;
  select.value = best;
  select.dispatchEvent(new Event("change"));
}

task.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, PAUSE_MS);
});
// Whoever goes on, or presses Enter, has said all.
task.addEventListener("change", () => {
  clearTimeout(waiting);
  find();
});
task.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  clearTimeout(waiting);
  find();
});
byId("new").addEventListener("reset", () => {
  asked += 1;
  told.textContent = hint;
});
