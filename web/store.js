// store.js -- what the page knows, and who wants to hear when it changes. The only shared state:
// everything that several parts of the page show lives here under one key each.

const values = new Map(Object.entries({
  server: null,      // GET /api/v1/server
  scan: null,        // { state, done, total }
  screens: [],       // GET /api/v1/screens, kept fresh by events
  queues: {},        // screen id -> GET /api/v1/queue/ID without its entries
  servers: [],       // GET /api/v1/servers, the same
  groups: [],        // of devices, as the event "group" tells them
  here: null,        // what this page itself plays, in the shape of a screen
  pushes: [],        // what this device sends: { id, name, size, sent, state }
  live: null,        // what is shown of this device while it happens: { id, kind, screen, isSlow, delay_ms }
  moved: null,       // { id, from }: what plays on a screen was brought from another
  target: 'here',    // where the play buttons play: 'here' or a screen's id
  library: 0,        // counts the changes of the library
  away: false,       // the server does not answer
  install: null,     // the browser's offer to make an app of the page
}));
const watchers = new Map();

export const get = (key) => values.get(key);

export function set(key, value) {
  if (Object.is(values.get(key), value)) return;
  values.set(key, value);
  for (const watcher of [...(watchers.get(key) ?? [])]) watcher(value);
}

// Calls fn now and whenever one of the keys changes, until the signal is aborted.
export function watch(keys, fn, signal) {
  const names = [keys].flat();
  const run = () => fn(...names.map(get));
  watchNext(names, run, signal);
  run();
}

// The same without the first call.
export function watchNext(keys, fn, signal) {
  for (const key of [keys].flat()) {
    if (!watchers.has(key)) watchers.set(key, new Set());
    watchers.get(key).add(fn);
    signal?.addEventListener('abort', () => watchers.get(key).delete(fn));
  }
}
