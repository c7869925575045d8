// shared.js -- takes what another app shared with this one (sw.js keeps it meanwhile) and pushes it.

import { pushFiles } from './push.js';

const SHARED = 'shared';

async function take() {
  const cache = await caches.open(SHARED);
  const requests = await cache.keys();
  const files = await Promise.all(requests.map(async (request) => {
    const blob = await (await cache.match(request)).blob();
    return new File([blob], decodeURIComponent(new URL(request.url).search.slice(1)), { type: blob.type });
  }));
  await caches.delete(SHARED);
  return files;
}

export async function pushShared() {
  const files = 'caches' in self ? await take() : [];
  if (files.length > 0) await pushFiles(files);
}
