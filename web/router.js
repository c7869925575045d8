// router.js -- which view is shown. Addresses are hashes, "#/folder/ID?sort=title", so that the
// server serves one page and the browser's own back, forward and bookmarks work.
//
// A view is a function (params, signal) that returns an element; the signal is aborted when the view
// is left. A route with an overlay lies over the view that was there, which stays as it is.

import { dropPictures } from './dom.js';

const routes = new Map();
const scrolls = new Map(); // where each address was left
let main = null;
let current = { hash: null, controller: null };
let overlay = null;
let depth = 0; // of the entry that comes next

export function route(name, view, { isOverlay = false } = {}) {
  routes.set(name, { view, isOverlay });
}

export function address(name, id, params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value)).toString();
  const path = ['#', name, id].filter((part) => part !== undefined)
    .map((part, i) => (i ? encodeURIComponent(part) : part)).join('/');
  return query ? `${path}?${query}` : path;
}

export const go = (hash) => { location.hash = hash; };

// Changes the address without a new entry in the history: while typing, or choosing an order.
export function replace(hash) {
  if (hash === location.hash) return;
  rename(hash);
  show();
}

// The same while what is shown stays.
export const rename = (hash) => history.replaceState(history.state, '', hash);

// Back to where one came from; a visitor who came straight here goes home.
export function back() {
  if (history.state?.depth > 0) history.back();
  else replace('#/home');
}

// Each entry of the history knows how many of ours lie below it.
function note() {
  if (history.state === null) history.replaceState({ depth }, '');
  depth = history.state.depth + 1;
}

export function parse(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', id = ''] = path.split('/').map(decode);
  return { name: name || 'home', id, query: new URLSearchParams(query) };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// A view calls this when its content has its height: the page returns to where it was left.
export function restoreScroll() {
  window.scrollTo(0, scrolls.get(current.hash) ?? 0);
}

function closeOverlay() {
  overlay?.abort();
  overlay = null;
}

function show() {
  note();
  const hash = location.hash || '#/home';
  const params = parse(hash);
  const { view, isOverlay } = routes.get(params.name) ?? routes.get('home');

  closeOverlay();
  if (isOverlay) {
    if (current.hash === null) showView('#/home');
    overlay = new AbortController();
    view(params, overlay.signal);
  } else if (hash !== current.hash) {
    showView(hash);
  }
  document.dispatchEvent(new CustomEvent('route', { detail: params }));
}

function showView(hash) {
  const params = parse(hash);
  const before = current.hash === null ? null : parse(current.hash);
  if (current.hash !== null) scrolls.set(current.hash, window.scrollY);
  current.controller?.abort();
  current = { hash, controller: new AbortController() };
  const { view } = routes.get(params.name) ?? routes.get('home');
  dropPictures(main);
  main.replaceChildren(view(params, current.controller.signal));
  if (before && before.name !== params.name || before?.id !== params.id) restoreScroll();
}

export function start(element) {
  main = element;
  history.scrollRestoration = 'manual';
  window.addEventListener('hashchange', show);
  show();
}
