// Looks every half minute whether the entry has moved on, and shows the page anew when it has.
// Without it, "Refresh" does the same. It does without the shared scripts, since they would bring
// the library of the live channel with them.
const entry = document.getElementById("wait");
const hint = document.getElementById("live-hint");
if (hint) hint.textContent = hint.dataset.live;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(`/api/v1/waitlist/${entry.dataset.code}`, {
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) return;
    const now = await answer.json();
    if (now.status !== entry.dataset.status || String(now.before) !== entry.dataset.before) {
      location.replace(location.pathname);
    }
  } catch {
    // No connection: the page stays as it is, and the next look may succeed.
  }
}
setInterval(look, 30_000);
document.addEventListener("visibilitychange", look);
