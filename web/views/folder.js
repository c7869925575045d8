// views/folder.js -- what a container holds: covers, or the songs of an album as a list. Kept live.

import { getContainer } from '../api.js';
import { fill, h, icon, iconButton } from '../dom.js';
import { count, duration } from '../format.js';
import { t } from '../i18n/index.js';
import { isPlayable, kindOf, noteOf, titleOf, yearOf } from '../media.js';
import { address, replace, restoreScroll } from '../router.js';
import { playOnTarget } from '../screens.js';
import { Source } from '../source.js';
import { card, row } from '../components/card.js';
import { cover } from '../components/cover.js';
import { grid } from '../components/grid.js';
import { emptyPlace, failedPlace, follow, nameWindow, noteContainer, trail } from './parts.js';

const SORTS = ['natural', 'title', '-date', 'date', '-size', '-duration'];
const SHAPES = { audio: 'square', image: 'picture', video: 'video', container: 'square' };

export function folderView({ id, query }, signal) {
  const sort = SORTS.includes(query.get('sort')) ? query.get('sort') : '';
  const element = h('div.view', { 'aria-busy': 'true' });
  let container = null;

  const source = new Source(async (offset, limit) => {
    const answer = await getContainer(id, { offset, limit, sort }, signal);
    container = answer;
    noteContainer(answer);
    return { total: answer.total, items: answer.children };
  }, signal);

  async function show() {
    try {
      await source.start();
    } catch (error) {
      failedPlace(element, error, show);
      return;
    }
    element.removeAttribute('aria-busy');
    nameWindow(titleOf({ ...container, class: 'container' }), signal);
    const first = Array.from({ length: Math.min(source.total, 60) }, (_, i) => source.at(i)).filter(Boolean);
    const list = listOf(source, container, first, sort, signal);
    fill(element, headOf(container, first, source, sort, signal), list.element);
    list.update?.();
    restoreScroll();
  }

  follow(source, show, signal);
  window.addEventListener('relayout', show, { signal });
  show();
  return element;
}

const isAlbum = (container, first) =>
  first.length > 0 && first.every((one) => kindOf(one) === 'audio' && one.album && one.album === first[0].album);

// Which kind most entries are of.
function kindOfMost(first) {
  const votes = {};
  for (const one of first) votes[kindOf(one)] = (votes[kindOf(one)] ?? 0) + 1;
  const [kind] = Object.entries(votes).sort((a, b) => b[1] - a[1])[0] ?? ['container'];
  return kind;
}

// As the reader chose; until then songs are a list and all else covers.
function wantsRows(kind) {
  const chosen = localStorage.getItem('layout');
  return chosen ? chosen === 'rows' : kind === 'audio';
}

function listOf(source, container, first, sort, signal) {
  if (source.total === 0) return { element: emptyPlace('folder', t('folder.empty')) };
  const album = isAlbum(container, first);
  const kind = kindOfMost(first);
  const asRows = album || wantsRows(kind);
  const from = (index) => ({ source, index, container: container.id, sort });
  return grid(source, asRows ? 'rows' : SHAPES[kind], (object, index, width) => (asRows
    ? row(object, { from: from(index), isNumbered: album })
    : card(object, { width, from: from(index) })), signal, titleOf({ ...container, class: 'container' }));
}

function headOf(container, first, source, sort, signal) {
  const object = { ...container, class: 'container' };
  const path = trail(container.parent_id, signal);
  if (isAlbum(container, first)) return h('div', {}, path, albumHead(object, first, source));
  return h('div', {}, path, h('header.head', {},
    h('h1', {}, titleOf(object)),
    h('p.soft.head-count', {}, t('count.entries', { n: source.total, text: count(source.total) })),
    h('div.head-tools', {}, sortMenu(container.id, sort), layoutButton(wantsRows(kindOfMost(first))))));
}

function sortMenu(id, sort) {
  return h('label.select', {}, h('span.unseen', {}, t('sort.label')),
    h('select', {
      onchange: (event) => replace(address('folder', id, { sort: event.target.value === 'natural' ? '' : event.target.value })),
    }, SORTS.map((name) => h('option', { value: name, selected: name === (sort || 'natural') }, t(`sort.${name}`)))),
    icon('down'));
}

function layoutButton(isRows) {
  return iconButton(isRows ? 'grid' : 'rows', t(isRows ? 'layout.cards' : 'layout.rows'), () => {
    localStorage.setItem('layout', isRows ? 'cards' : 'rows');
    window.dispatchEvent(new Event('relayout'));
  });
}

function albumHead(album, songs, source) {
  const [first] = songs;
  const length = songs.reduce((sum, song) => sum + (song.duration_ms ?? 0), 0);
  const facts = [yearOf(first), first.genre, t('count.items', { n: source.total, text: count(source.total) }), duration(length)];
  return h('header.hero', {},
    h('div.hero-cover', {}, cover({ ...first, class: 'audio' }, 240, { isEager: true })),
    h('div.hero-text', {},
      h('h1', {}, titleOf(album)),
      h('p.hero-note', {}, first.album_artist || first.artist || noteOf(album)),
      h('p.soft', {}, facts.filter(Boolean).join(' · ')),
      h('p.actions', {}, h('button.button', {
        type: 'button', disabled: !isPlayable(first),
        onclick: () => playOnTarget(first, { from: { source, index: 0 } }),
      }, icon('play'), t('play')))));
}
