// Passing a ticket on by what the phone offers. Without this module the link to WhatsApp does it.
import { byId } from "../../page.js";

const button = byId("share");

// Only where the browser can: on a phone, and over https.
if (navigator.share) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const { text, url } = button.dataset;
    navigator.share({ text, url }).catch(() => {
      // The visitor thought better of it.
    });
  });
}
