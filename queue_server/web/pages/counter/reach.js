// Whom to ring at home, or where to meet by video: shown to the clerk whose visit it is, and taken
// off the page as soon as it is over.
import { makePost, newKey, ticketUrl } from "../command.js";
import { byId, say, setText } from "../page.js";
import { desk, state } from "./state.js";
import { words } from "./words.js";

const post = makePost(desk.dataset.token);
let shown = null; // the call whose contact is on the page
let contact = null;

const isRemote = (ticket) => Boolean(ticket) && ticket.visit !== "OFFICE";
// Somebody may be called twice on one day; each time it is asked anew who may see the number.
const callOf = (ticket) => `${ticket.id} ${ticket.called_at}`;

function setLink(link, url) {
  link.hidden = !url;
  if (url) link.href = url;
  else link.removeAttribute("href");
}

function paint(text = "") {
  const isVideo = state.current?.visit === "VIDEO";
  setText(byId("reach-name"), contact?.name ?? "");
  setText(byId("reach-phone"), contact?.phone ?? "");
  setLink(byId("reach-tel"), contact?.tel_url);
  setLink(byId("reach-whatsapp"), contact?.whatsapp_url);
  byId("reach-meeting").hidden = !isVideo || !contact;
  setLink(byId("reach-join"), contact?.meeting_opened ? contact.meeting_url : null);
  byId("reach-again").hidden = contact !== null;
  setText(byId("reach-said"), text);
}

async function load() {
  const { id } = state.current;
  const asked = shown;
  try {
    const answer = await post(ticketUrl(id, "contact"), {}, newKey());
    if (asked !== shown) return;
    contact = answer;
    byId("reach-url").value = answer.meeting_url ?? "";
    paint(answer.meeting_opened ? words.reach.open : "");
  } catch {
    if (asked === shown) paint(words.reach.failed);
  }
}

/** Show how the present visitor is reached; nothing for one who stands here. */
export function drawReach() {
  const { current } = state;
  byId("reach").hidden = !isRemote(current);
  if (!isRemote(current)) {
    if (shown === null) return;
    shown = contact = null;
    byId("reach-url").value = "";
    paint();
  } else if (callOf(current) !== shown) {
    shown = callOf(current);
    contact = null;
    paint();
    load();
  }
}

/** `send` sends a command of the console. */
export function setUpReach(send) {
  byId("reach-again").addEventListener("click", load);
  byId("reach-meeting").addEventListener("submit", (event) => {
    event.preventDefault();
    const url = byId("reach-url").value.trim();
    const done = (opened) => {
      contact = { ...contact, meeting_url: opened.meeting_url, meeting_opened: true };
      paint(words.reach.open);
    };
    const refused = (problem) => {
      if (problem.code !== "bad_input") return false;
      setText(byId("reach-said"), say(words.reach.badUrl));
      byId("reach-url").focus();
      return true;
    };
    send(ticketUrl(state.current.id, "meeting"), { url }, done, { about: state.current, refused });
  });
}
