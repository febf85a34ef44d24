// Frames from the agent on this machine, as Server-Sent Events.
import { readFrame } from "./frames.js";

const AGAIN_MS = 2000;

/** Call `take(frame)` for each. Returns `refresh`, which asks anew at once. */
export function followAgent({ take }) {
  let source = null;
  let again = 0;

  function listen() {
    clearTimeout(again);
    source?.close();
    source = new EventSource("/stream");
    source.onmessage = (message) => {
      const frame = readFrame(message.data);
      if (frame) take(frame);
    };
    // A browser tries again by itself, but not after an answer that is no stream.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) again = setTimeout(listen, AGAIN_MS);
    };
  }

  listen();
  return { refresh: listen };
}
