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
  addEventListener("pageshow", () => { delete form.dataset.sent; });
}
