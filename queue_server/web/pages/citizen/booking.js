// Small comforts for the booking forms. Everything works without them.
const nik = document.getElementById("f-nik");
nik?.addEventListener("paste", (event) => {
  // A NIK copied from elsewhere often brings dots and spaces; only its digits matter.
  const pasted = event.clipboardData?.getData("text") ?? "";
  const digits = pasted.replace(/[\s.\-]/g, "");
  if (/^\d{16}$/.test(digits)) {
    event.preventDefault();
    nik.value = digits;
  }
});

// A second press while the first is under way would only confuse; the server counts both as one anyway.
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

// How long the chosen time is still kept. Counted from the page's own start, since clocks of phones are often wrong.
const kept = document.getElementById("kept");
if (kept) {
  const ends = performance.now() + Number(kept.dataset.seconds) * 1000;
  const left = document.getElementById("kept-left");
  const say = document.getElementById("kept-say");
  const tick = () => {
    const seconds = Math.max(0, Math.round((ends - performance.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds <= 120 && seconds > 0 && !say.textContent) say.textContent = kept.dataset.soon;
    if (seconds === 0) {
      clearInterval(timer);
      kept.classList.replace("notice--info", "notice--warn");
      kept.querySelector("b").textContent = kept.dataset.over;
      left.textContent = "";
      say.textContent = kept.dataset.over;
      kept.querySelector("button")?.remove();
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
}
