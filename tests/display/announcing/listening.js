// Renders an announcement with the page's own graph, and listens to the samples: which clip of the
// packs is heard where, how loud, and what lies between. It knows the clips' files, not the page's
// timeline.
async ({ call, form, settings, hasChime, kind }) => {
  const load = (name) => import(`/static/announcing/${name}.js`);
  const [{ Clips }, { addAnnouncement }, { layOut, sentencesOf }] = await Promise.all(
    ["clips", "sound", "speech"].map(load),
  );
  const RATE = 48_000;
  const COARSE = 12;
  const SURE = 0.95;
  const AUDIBLE = 0.004;
  const NEAR = 40;
  const SYLLABLE = 400;

  // What takes long is done once for all calls that a page listens to.
  const once = (name, make) => ((globalThis.listening ??= {})[name] ??= make());

  async function render() {
    const clips = await once("clips", async () => {
      const fresh = new Clips({ languages: () => settings.languages, changed() {} });
      await fresh.fetchAll();
      return fresh;
    });
    const packs = clips.packs();
    const timeline = layOut(sentencesOf(call, form, settings, packs), packs, hasChime);
    const length = Math.ceil((timeline.totalS + 0.5) * RATE);
    const context = new OfflineAudioContext(1, length, RATE);
    const buffer = (language, key) => clips.buffer(language, key);
    addAnnouncement(context, { timeline, buffer, hasChime, volume: settings.volume, atS: 0 });
    return (await context.startRendering()).getChannelData(0);
  }

  async function references() {
    const { languages } = await (await fetch("/voice/index.json")).json();
    const decoder = new OfflineAudioContext(1, 1, RATE);
    const all = [];
    for (const [language, { words }] of Object.entries(languages))
      for (const [key, addresses] of Object.entries(words)) {
        const address = addresses.find((each) => each.includes(`.${kind}`));
        const content = await (await fetch(address)).arrayBuffer();
        const samples = (await decoder.decodeAudioData(content)).getChannelData(0);
        const coarse = coarsen(samples);
        const { length } = samples;
        all.push({ language, key, length, coarse, onset: onset(coarse, 0, loudest(coarse)) });
      }
    return all;
  }

  function coarsen(samples) {
    const coarse = new Float32Array(Math.floor(samples.length / COARSE));
    for (let i = 0; i < coarse.length; i += 1)
      for (let j = 0; j < COARSE; j += 1) coarse[i] += samples[i * COARSE + j];
    return coarse;
  }

  const loudest = (samples) =>
    samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

  // Where it begins to sound.
  function onset(samples, from, peak) {
    let at = from;
    while (at < samples.length && Math.abs(samples[at]) < AUDIBLE * peak) at += 1;
    return at;
  }

  // How alike the beginnings of what is heard and of a clip are, from 0 to 1.
  function likeness(heard, at, { coarse }, most = Infinity) {
    const length = Math.min(coarse.length, heard.length - at, most);
    let product = 0;
    let power = 0;
    let own = 0;
    for (let i = 0; i < length; i += 1) {
      const sample = heard[at + i];
      const other = coarse[i];
      product += sample * other;
      power += sample * sample;
      own += other * other;
    }
    return product / Math.sqrt(own * power + 1e-12);
  }

  // The clip that is most like what sounds next.
  function nextWord(heard, clips, from) {
    const start = onset(heard, from, loudest(heard));
    let best = { like: 0 };
    for (const clip of clips)
      for (let off = -NEAR; off <= NEAR; off += 1) {
        const at = start - clip.onset + off;
        // Most are nothing like it from the first syllable on.
        if (at < 0 || likeness(heard, at, clip, SYLLABLE) < SURE / 2) continue;
        const like = likeness(heard, at, clip);
        if (like > best.like) best = { like, at, clip };
      }
    return best;
  }

  const decibels = (ratio) => 20 * Math.log10(ratio + 1e-9);

  function loudness(samples) {
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0);
    return decibels(Math.sqrt(power / samples.length));
  }

  const samples = await render();
  const clips = await once(kind, references);
  const heard = coarsen(samples);
  const ms = (coarse) => (1000 * coarse * COARSE) / RATE;
  const words = [];
  let end = hasChime ? Math.floor((0.95 * RATE) / COARSE) : 0;
  for (;;) {
    const best = nextWord(heard, clips, end);
    if (best.like < SURE) break;
    const { clip, at } = best;
    const part = samples.subarray(at * COARSE, at * COARSE + clip.length);
    const gapMs = words.length > 0 ? ms(at - end) : null;
    words.push({ language: clip.language, key: clip.key, gapMs, loudness: loudness(part) });
    end = at + clip.coarse.length;
  }
  const tail = samples.subarray((end + 2) * COARSE);
  return {
    words,
    endsMs: ms(end),
    peak: loudest(samples),
    rest: loudest(tail),
    chime: loudness(samples.subarray(0, 0.9 * RATE)),
  };
};
