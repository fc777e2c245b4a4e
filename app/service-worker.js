// Keeps the page itself on the device, so that documents that are kept there can be opened without the server.
// The build puts in what there is to keep; a new build is a new worker with a cache of its own.
const NAMES = /* files */ [];
/** The path under which the server has the page: many may have one origin. */
const HOME = new URL('./', self.location).pathname;
const FILES = NAMES.map((name) => HOME + name);
const CACHES = `scriptorium page ${HOME} `;
const CACHE = `${CACHES}/* build */`;
/** How long the server may take to give the page before the kept one is shown, in milliseconds. */
const PATIENCE_MS = 3_000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((name) => name.startsWith(CACHES) && name !== CACHE).map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  // Every address of the page is the same HTML; what it shows comes from elsewhere.
  const isPage = pathname === HOME || pathname.startsWith(`${HOME}d/`);
  if (request.mode === 'navigate' && isPage) event.respondWith(fromServer(request));
  else if (FILES.includes(pathname)) event.respondWith(fromCache(request));
});

async function fromServer(request) {
  const kept = await caches.match(HOME, { cacheName: CACHE });
  try {
    return await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function fromCache(request) {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}
