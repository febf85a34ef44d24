// A USB scanner types like a very fast keyboard and ends with Enter.
const GAP_MS = 50;
const SHORTEST = 8;
const LOOKALIKES = { I: "1", L: "1", O: "0" };

// The booking code in what was scanned: the bare code, or the last part of its address, whatever
// the keyboard made of ":/?".
function codeIn(scanned) {
  const parts = scanned
    .toUpperCase()
    .split(/[^0-9A-Z]+/)
    .filter((part) => part.length >= SHORTEST);
  const last = parts.at(-1);
  return last ? last.replace(/[ILO]/g, (letter) => LOOKALIKES[letter]) : null;
}

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
        const code = burst.length >= SHORTEST ? codeIn(burst) : null;
        burst = "";
        if (!code) return;
        event.preventDefault();
        event.stopPropagation();
        scanned(code);
      } else if (event.key.length === 1) {
        burst += event.key;
        lastAtMs = event.timeStamp;
        if (burst.length > 1) event.preventDefault();
      }
    },
    true,
  );
}
