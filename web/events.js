// events.js -- the server's live events. A stream that breaks is opened again, and because what
// happened meanwhile is unknown, everything the page knows is then asked anew.

import { toast } from './components/toast.js';
import { getScreens, getServer, getServers } from './api.js';
import { t } from './i18n/index.js';
import { claimScreen } from './servers.js';
import { get, set, watchNext } from './store.js';
import { debounce, throttle } from './dom.js';

const RETRY_MS = 2000;
const LIBRARY_MS = 1000;

let stream = null;
let retry = 0;

// What each event changes. The rest of the page only watches the store.
const handlers = {
  screen: (data) => (data?.id && data.state ? upsertScreen(data) : refreshScreens()),
  queue: (data) => data?.screen && set('queues', { ...get('queues'), [data.screen]: data }),
  cast: (data) => {
    refreshScreens();
    failed(data);
  },
  device: () => refreshScreens(),
  server: (data) => (data?.id && data.name ? upsertServer(data) : refreshServers()),
  group: (data) => data?.id && set('groups', upsert(get('groups'), data)),
  scan: (data) => set('scan', data),
  folder: (data) => data?.path && get('server') && set('server', { ...get('server'),
    folders: get('server').folders.map((folder) => (folder.path === data.path ? data : folder)) }),
  library: (data) => {
    if (data && !('items' in data)) refreshServer(); // how much of it one may see is counted for who asks
    else if (data && get('server')) set('server', { ...get('server'), library: data });
    if (data?.update_id !== beganWith) libraryChanged();
    beganWith = null;
  },
};

// The library as it was when the first lists were asked for: that it is so still is no news.
let beganWith;

// Who starts a cast that the screen refuses hears so in answer; what breaks off later is told to everybody.
const running = new Set();

function failed({ id, state, title, problem } = {}) {
  if (state === 'running') running.add(id);
  else if (state !== 'starting' && running.delete(id) && state === 'failed' && problem)
    toast(t('cast.failed', { title: title || '' }), { detail: problem, icon: 'warning', isError: true });
}

// While many files come in, what is shown follows once a second.
const libraryChanged = throttle(() => set('library', get('library') + 1), LIBRARY_MS);

// The list with entry in the place of the one that has its id, at the end, or gone from it.
function upsert(known, entry) {
  if (entry.removed) return known.filter((other) => other.id !== entry.id);
  if (known.some((other) => other.id === entry.id)) return known.map((other) => (other.id === entry.id ? entry : other));
  return [...known, entry];
}

export function upsertScreen(screen) {
  set('screens', upsert(get('screens'), { ...claimScreen(screen), at: performance.now() }));
}

// What another server has may have changed: lists of it are asked for anew.
function upsertServer(server) {
  const before = get('servers').find((other) => other.id === server.id);
  set('servers', upsert(get('servers'), server));
  if (before && (before.update_id !== server.update_id || before.online !== server.online)) libraryChanged();
}

async function loadScreens() {
  const answer = await getScreens();
  const at = performance.now();
  set('screens', (Array.isArray(answer) ? answer : answer.screens).map((one) => ({ ...claimScreen(one), at })));
}

async function loadServers() {
  set('servers', await getServers());
}

async function loadServer() {
  const server = await getServer();
  if (beganWith === undefined) beganWith = server.library?.update_id ?? null;
  set('server', server);
  set('scan', server.scan ?? null);
}

const quietly = (load) => debounce(() => load().catch(() => {}), 150);
export const refreshScreens = quietly(loadScreens);
const refreshServers = quietly(loadServers);
const refreshServer = quietly(loadServer);

async function onOpen() {
  const wasAway = get('away');
  set('groups', []); // the stream begins with those that there are
  try {
    await Promise.all([loadServer(), loadScreens(), loadServers()]);
    set('away', false);
    if (wasAway) set('library', get('library') + 1);
  } catch {
    onLost();
  }
}

function onLost() {
  set('away', true);
  stream?.close();
  clearTimeout(retry);
  retry = setTimeout(connect, RETRY_MS);
}

export function connect() {
  clearTimeout(retry);
  retry = 0;
  stream?.close();
  stream = new EventSource('/api/v1/events');
  stream.addEventListener('open', onOpen);
  stream.addEventListener('error', onLost);
  for (const [name, handle] of Object.entries(handlers))
    stream.addEventListener(name, (event) => handle(parse(event.data)));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// A request that found nobody is a sign, too.
watchNext('away', (isAway) => isAway && !retry && onLost());

// A phone that slept may hold a stream that is dead without knowing it.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && (get('away') || stream?.readyState === 2)) connect();
});
window.addEventListener('pagehide', () => {
  clearTimeout(retry);
  stream?.close();
});
window.addEventListener('pageshow', (event) => event.persisted && connect());
