// Asks the browser to keep this ticket, so that it opens without a network; see `worker.js`.
// Without https, or where the browser has no such thing, the page is as before.
const POLICY = "antrean-worker";

// What makes a browser run a script from an address must be named by a policy.
function trusted(address) {
  if (!globalThis.trustedTypes) return address;
  const policy = globalThis.trustedTypes.createPolicy(POLICY, {
    createScriptURL: (text) => (text === address ? text : ""),
  });
  return policy.createScriptURL(address);
}

// `worker` is empty where this page may not be kept.
async function keep({ worker }) {
  if (!("serviceWorker" in navigator)) return;
  try {
    // A worker that brought this page has kept or forgotten it already. One that was installed
    // meanwhile, and controls the page only since, has not.
    const [navigation] = performance.getEntriesByType("navigation");
    if (worker) await navigator.serviceWorker.register(trusted(worker), { scope: "/t/" });
    if (worker && !(navigation?.workerStart > 0)) {
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage({ look: location.pathname });
    }
  } catch {
    // The ticket is on the screen all the same.
  }
}

keep(document.getElementById("ticket").dataset);
