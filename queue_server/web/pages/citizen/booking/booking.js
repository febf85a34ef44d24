// Small comforts for the booking forms. Everything works without them.
import { minutesAndSeconds } from "../../clock.js";
import { byId } from "../../page.js";

const nik = byId("f-nik");
nik?.addEventListener("paste", (event) => {
  // A NIK copied from elsewhere often brings dots and spaces; only its digits matter.
  const pasted = event.clipboardData?.getData("text") ?? "";
  const digits = pasted.replace(/[\s.\-]/g, "");
  if (/^\d{16}$/.test(digits)) {
    event.preventDefault();
    nik.value = digits;
  }
});

// A second press while the first is under way would only confuse; the server counts both as one
// anyway.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (form.dataset.sent) {
      event.preventDefault();
    } else if (!button?.hasAttribute("formaction")) {
      form.dataset.sent = "yes";
      const main = form.querySelector("[data-busy]");
      main.setAttribute("aria-busy", "true");
      main.textContent = main.dataset.busy;
    }
  });
  addEventListener("pageshow", () => {
    delete form.dataset.sent;
  });
}

// How long the chosen time is still kept. Counted from the page's own start, since clocks of phones
// are often wrong.
const kept = byId("kept");
if (kept) {
  const endsMs = performance.now() + Number(kept.dataset.seconds) * 1000;
  const left = byId("kept-left");
  const spoken = byId("kept-say");
  const tick = () => {
    const seconds = Math.max(0, Math.round((endsMs - performance.now()) / 1000));
    left.textContent = minutesAndSeconds(seconds);
    if (seconds <= 120 && seconds > 0 && !spoken.textContent)
      spoken.textContent = kept.dataset.soon;
    if (seconds === 0) {
      clearInterval(timer);
      kept.classList.replace("notice--info", "notice--warn");
      kept.querySelector("b").textContent = kept.dataset.over;
      left.textContent = "";
      spoken.textContent = kept.dataset.over;
      byId("kept-longer")?.remove();
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
}
