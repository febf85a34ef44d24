// Keeps the pages of tickets that were opened here, and what they are made of, for the time without
// a network. Nothing else passes through it: no form, no API, no other page. The server says with
// each page for how long it may be kept; a page without that word is forgotten.
//
// `self.antrean` stands before this text: the build, its files, where tickets are, and the name of
// that header.
const { build, files, path, kept_for: keptFor } = self.antrean;
const PREFIX = "antrean-ticket-";
const CACHE = PREFIX + build;
const UNTIL = "X-Antrean-Kept-Until"; // by the clock of this phone
const PATIENCE_MS = 5_000;
const TICKET = new RegExp(`^${path}/[0-9A-Z]+$`);

const isTicket = (url) => url.origin === location.origin && TICKET.test(url.pathname);

/** Keep a page, or forget it: the newest answer of the server decides. */
async function take(pathname, answer) {
  const cache = await caches.open(CACHE);
  const seconds = Number(answer.headers.get(keptFor));
  if (answer.ok && seconds > 0) {
    const headers = new Headers(answer.headers);
    headers.set(UNTIL, String(Date.now() + seconds * 1_000));
    await cache.put(pathname, new Response(await answer.blob(), { headers }));
  } else if (answer.ok || answer.status === 404 || answer.status === 410)
    await cache.delete(pathname);
}

/** The kept page of a ticket whose day is not over. */
async function recall(pathname) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(pathname, { ignoreVary: true });
  if (!kept) return undefined;
  if (Date.now() < Number(kept.headers.get(UNTIL))) return kept;
  await cache.delete(pathname);
  return undefined;
}

/** Forget all whose day is over. */
async function sweep() {
  const cache = await caches.open(CACHE);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (TICKET.test(pathname)) await recall(pathname);
  }
}

// Pages that an older build has kept are made anew by this one. Whatever is not, because the
// network is away, goes with its build: its scripts would not fit.
async function moveIn() {
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  for (const name of older) {
    for (const { url } of await (await caches.open(name)).keys()) {
      const { pathname } = new URL(url);
      if (!TICKET.test(pathname)) continue;
      const answer = await fetch(pathname).catch(() => null);
      if (answer) await take(pathname, answer);
    }
    await caches.delete(name);
  }
  await sweep();
  await self.clients.claim();
}

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The network first. Where it fails, fails to answer, or the server is in trouble, the kept page.
async function openTicket(event, pathname) {
  const asked = fetch(event.request).then((answer) => {
    // A redirect is the browser's own affair.
    if (answer.type === "basic") event.waitUntil(take(pathname, answer.clone()));
    return answer;
  });
  asked.catch(() => {});
  const kept = await recall(pathname);
  if (!kept) return asked;
  const answer = await Promise.race([asked.catch(() => null), later(PATIENCE_MS)]);
  return answer && answer.status < 500 ? answer : kept;
}

const openFile = async (request) =>
  (await (await caches.open(CACHE)).match(request, { ignoreVary: true })) ?? fetch(request);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(moveIn()));

self.addEventListener("message", (event) => {
  const { look } = event.data ?? {};
  if (typeof look !== "string" || !TICKET.test(look)) return;
  const looked = fetch(look).then((answer) => take(look, answer));
  event.waitUntil(Promise.all([looked.catch(() => {}), sweep()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && isTicket(url)) {
    event.respondWith(openTicket(event, url.pathname));
    event.waitUntil(sweep());
  } else if (files.includes(url.pathname)) event.respondWith(openFile(request));
});
