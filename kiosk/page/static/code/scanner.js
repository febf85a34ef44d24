// A USB scanner types like a very fast keyboard and ends with Enter.
const GAP_MS = 50;
const LONGEST = 600; // no code of ours is nearly as long; a jammed scanner types for ever

/** Calls `scanned` with each text that was typed as only a scanner types. */
export function listenForScans(target, scanned) {
  let burst = "";
  let lastAtMs = -Infinity;
  target.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const quick = event.timeStamp - lastAtMs <= GAP_MS;
      if (!quick) burst = "";
      if (event.key === "Enter") {
        const text = burst;
        burst = "";
        if (text.length < 2) return;
        event.preventDefault();
        event.stopPropagation();
        scanned(text);
      } else if (event.key.length === 1) {
        burst = (burst + event.key).slice(-LONGEST);
        lastAtMs = event.timeStamp;
        if (burst.length > 1) event.preventDefault();
      }
    },
    true,
  );
}
