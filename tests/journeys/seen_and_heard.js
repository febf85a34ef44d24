// For a page before its own scripts. Keeps, in the page's time:
// `window.seen`: each call with the moment in which it could first be seen: painted, inside the
// screen, nothing over it;
// `window.staged`: the calls that had the stage, one after another: in large letters, or named in a
// grid;
// `window.heard`: each clip that was handed to the sound device, with when it begins, ends, and was
// stopped.
// `window.decoded`: how many clips can be played.
// With `QUICK` the audio clock follows the page's, which the test lets run faster.
(() => {
  const clips = new WeakMap();
  const seen = new Map();
  window.seen = [];
  window.staged = [];
  window.heard = [];
  window.decoded = 0;

  const read = Response.prototype.arrayBuffer;
  Response.prototype.arrayBuffer = async function () {
    const content = await read.call(this);
    clips.set(content, this.url);
    return content;
  };
  const decode = BaseAudioContext.prototype.decodeAudioData;
  BaseAudioContext.prototype.decodeAudioData = async function (content) {
    const name = clips.get(content);
    const buffer = await decode.call(this, content);
    clips.set(buffer, name);
    window.decoded += 1;
    return buffer;
  };
  if (QUICK)
    Object.defineProperty(BaseAudioContext.prototype, "currentTime", {
      get: () => performance.now() / 1000,
    });

  const momentOf = (context, whenS) => Date.now() + (whenS - context.currentTime) * 1000;
  const { start, stop } = AudioBufferSourceNode.prototype;
  const notes = new WeakMap();
  AudioBufferSourceNode.prototype.start = function (whenS, ...more) {
    const name = clips.get(this.buffer) ?? "?";
    const from = momentOf(this.context, whenS);
    const to = from + this.buffer.duration * 1000;
    const note = { clip: name, from, to, stopped: null };
    notes.set(this, note);
    window.heard.push(note);
    return start.call(this, whenS, ...more);
  };
  AudioBufferSourceNode.prototype.stop = function (...when) {
    const note = notes.get(this);
    if (note && note.stopped === null) note.stopped = momentOf(this.context, when[0] ?? 0);
    return stop.apply(this, when);
  };

  function canBeSeen(element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    if (width < 1 || height < 1 || !element.checkVisibility()) return false;
    const [x, y] = [left + width / 2, top + height / 2];
    if (left < -1 || top < -1 || left + width > innerWidth + 1 || top + height > innerHeight + 1)
      return false;
    const topmost = document.elementFromPoint(x, y);
    return element.contains(topmost) || topmost?.contains(element);
  }

  function look() {
    const stages = document.querySelectorAll(".call.fresh[data-call], #burst-list .naming");
    const onStage = [...stages].find(canBeSeen)?.dataset.call;
    if (onStage && window.staged.at(-1) !== onStage) window.staged.push(onStage);
    for (const place of document.querySelectorAll("[data-call]")) {
      const { call } = place.dataset;
      const digits = place.querySelector(".digits");
      if (!call || seen.has(call) || !digits || !canBeSeen(digits)) continue;
      seen.set(call, true);
      window.seen.push({ call, number: digits.textContent, at: Date.now() });
    }
  }
  const changes = { subtree: true, childList: true, attributes: true, characterData: true };
  // Before the next picture everything stands where it will be painted.
  const watch = new MutationObserver(look);
  addEventListener("DOMContentLoaded", () => watch.observe(document.body, changes));
})();
