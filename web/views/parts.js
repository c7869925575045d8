// views/parts.js -- what several views are made of: the way back up, empty places, failures.

import { getContainer } from '../api.js';
import { fill, h, icon } from '../dom.js';
import { t } from '../i18n/index.js';
import { titleOf } from '../media.js';
import { address } from '../router.js';
import { watch, watchNext } from '../store.js';
import { errorTitle } from '../components/toast.js';

const parents = new Map(); // id -> { id, parent_id, title }, as last seen
const DEEPEST = 32;

watchNext('library', () => parents.clear());

// Notes what a view has learnt anyway, so that the trail need not ask.
export function noteContainer({ id, parent_id, title }) {
  parents.set(id, { id, parent_id, title, class: 'container' });
}

async function ancestors(id, signal) {
  const found = [];
  for (let at = id; at && at !== '-1' && at !== '0' && found.length < DEEPEST; at = found[0].parent_id) {
    if (!parents.has(at)) noteContainer(await getContainer(at, { limit: 1 }, signal));
    found.unshift(parents.get(at));
  }
  return found;
}

// The containers above something, each a link.
export function trail(parentId, signal) {
  const nav = h('nav.trail', { 'aria-label': t('trail.label') }, h('a', { href: '#/home' }, t('view.home')));
  ancestors(parentId, signal).then((found) => {
    for (const one of found) nav.append(icon('forward'), h('a', { href: address('folder', one.id) }, titleOf(one)));
  }).catch(() => {});
  return nav;
}

// The name of the window while a view is shown.
export function nameWindow(title, signal) {
  watch('server', (server) => { document.title = [title, server?.name ?? 'duoping'].filter(Boolean).join(' · '); }, signal);
}

// Keeps a list true to the library; show() draws the view anew when it became empty, or no longer is.
export function follow(source, show, signal) {
  watchNext('library', async () => {
    const wasEmpty = source.total === 0;
    await source.refresh().catch(() => {});
    if (wasEmpty !== (source.total === 0)) show();
  }, signal);
}

export function emptyPlace(name, title, hint = '') {
  return h('div.empty', {}, icon(name), h('h2', {}, title), hint && h('p.soft', {}, hint));
}

// A view that could not be had, with the way out. again() tries anew.
export function failedPlace(element, error, again) {
  if (error.name === 'AbortError') return;
  fill(element, h('div.empty', {}, icon(error.status === 0 ? 'offline' : 'warning'),
    h('h2', {}, errorTitle(error)), error.detail && h('p.soft', {}, error.detail),
    h('p.actions', {}, h('button.button', { type: 'button', onclick: again }, t('retry')),
      h('a.button.quiet', { href: '#/home' }, t('view.home')))));
}
