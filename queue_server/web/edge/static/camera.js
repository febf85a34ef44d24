// The phone's camera as a reader of codes, where the browser can read them by itself. Elsewhere its
// button stays hidden.
import { byId } from "./page.js";

const LOOK_MS = 200;

/** `read(text)` gets what a code says; `failed()` hears that there is no camera to look through. */
export function setUpCamera({ read, failed }) {
  const [button, view, video] = [byId("camera"), byId("view"), byId("video")];
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return;
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
  let stream = null;
  let timer = 0;

  function stop() {
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
    view.hidden = true;
  }

  async function look() {
    if (!stream) return;
    const codes = await detector.detect(video).catch(() => []);
    if (!stream) return;
    if (codes.length > 0) {
      stop();
      navigator.vibrate?.(60);
      return read(codes[0].rawValue);
    }
    timer = setTimeout(look, LOOK_MS);
  }

  button.hidden = false;
  byId("camera-off").addEventListener("click", stop);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
  });
  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment" },
        audio: false,
      });
      video.srcObject = stream;
      view.hidden = false;
      video.play().catch(() => {}); // a picture that never comes is no reason to stop looking
      look();
    } catch {
      stop();
      failed();
    }
  });
}
