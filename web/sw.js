// sw.js -- keeps the page itself, so that it opens when the server is away and says so. What the page
// asks of the server is never kept: an old answer would be a wrong one.

const KEPT = 'page';
const SHARED = 'shared'; // what another app gave to this one, until the page takes it (shared.js)
const PATIENCE_MS = 3000; // then what is kept is shown; a network that is there answers sooner

const isPage = ({ pathname, origin }) => origin === location.origin && (pathname === '/' || pathname.startsWith('/web/'));

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT);
    const files = await (await fetch('/web/files.json')).json();
    await cache.addAll(['/', ...files.filter((file) => !/\/(tv[./]|test\/)/.test(file))]);
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'POST' && new URL(request.url).pathname === '/share') event.respondWith(share(request));
  if (request.method === 'GET' && isPage(new URL(request.url))) event.respondWith(answer(request));
});

// The server's answer, which is kept; where there is none in time, the one before.
async function answer(request) {
  const cache = await caches.open(KEPT);
  const fresh = fetch(request).then((response) => {
    if (response.ok) cache.put(request, response.clone()).catch(() => {}); // whoever asked has left
    return response;
  });
  const kept = await cache.match(request, { ignoreSearch: true });
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([fresh.catch(() => kept), late]);
}

// The share target of the manifest. Nothing goes to the server yet: the page asks first to which screen.
async function share(request) {
  const cache = await caches.open(SHARED);
  const files = (await request.formData()).getAll('files').filter((file) => file instanceof File);
  await Promise.all(files.map((file, i) => cache.put(`/shared/${Date.now()}-${i}?${encodeURIComponent(file.name)}`,
    new Response(file, { headers: { 'Content-Type': file.type } }))));
  return Response.redirect('/#/shared', 303);
}
