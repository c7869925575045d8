// views/folder.js -- what a container holds: covers, or the songs of an album as a list. Kept live.

import { getContainer, search } from '../api.js';
import { debounce, fill, h, icon, iconButton, setText } from '../dom.js';
import { count, duration } from '../format.js';
import { t } from '../i18n/index.js';
import { isPlayable, kindOf, noteOf, titleOf, yearOf } from '../media.js';
import { address, go, rename, replace, restoreScroll } from '../router.js';
import { playOnTarget } from '../screens.js';
import { split } from '../servers.js';
import { Source } from '../source.js';
import { card, row } from '../components/card.js';
import { cover } from '../components/cover.js';
import { grid } from '../components/grid.js';
import { emptyPlace, failedPlace, follow, nameWindow, noteContainer, trail } from './parts.js';

const SORTS = ['natural', 'title', '-date', 'date', '-size', '-duration'];
const SHAPES = { audio: 'square', image: 'picture', video: 'video', container: 'square' };

export function folderView({ id, query }, signal) {
  const sort = SORTS.includes(query.get('sort')) ? query.get('sort') : '';
  const words = query.get('f')?.trim() ?? '';
  const element = h('div.view', { 'aria-busy': 'true' });
  const results = h('div');
  const found = h('p.soft.head-count', { role: 'status' });
  let container = null;

  const source = new Source(async (offset, limit) => {
    const answer = await getContainer(id, { offset, limit, sort }, signal);
    container = answer;
    noteContainer(answer);
    return { total: answer.total, items: answer.children };
  }, signal);
  const filter = filterField(words, (now) => {
    rename(address('folder', id, { sort, f: now }));
    showList(now);
  });

  async function show() {
    try {
      await source.start();
    } catch (error) {
      failedPlace(element, error, show);
      return;
    }
    element.removeAttribute('aria-busy');
    nameWindow(titleOf({ ...container, class: 'container' }), signal);
    fill(element, headOf(container, firstOf(source), source, { sort, filter, found }, signal), results);
    await showList(filter.value.trim());
    restoreScroll();
  }

  let narrowed = new AbortController(); // of the list that is shown
  async function showList(now) {
    narrowed.abort();
    narrowed = new AbortController();
    const { signal: mine } = narrowed;
    const { id: container_, server } = split(id);
    const list = now ? new Source((offset, limit) => search(now, { container: container_, server, offset, limit }, mine), mine) : source;
    try {
      if (now) await list.start();
    } catch (error) {
      failedPlace(results, error, () => showList(now));
      return;
    }
    if (mine.aborted) return;
    setText(found, t(now ? 'search.found' : 'count.entries', { n: list.total, text: count(list.total) }));
    const shown = listOf(list, container, { sort, words: now }, mine);
    fill(results, shown.element);
    shown.update?.();
  }

  signal.addEventListener('abort', () => narrowed.abort());
  follow(source, show, signal);
  window.addEventListener('relayout', show, { signal });
  show();
  return element;
}

const firstOf = (source) =>
  Array.from({ length: Math.min(source.total, 60) }, (_, i) => source.at(i)).filter(Boolean);

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

function listOf(source, container, { sort, words }, signal) {
  const title = titleOf({ ...container, class: 'container' });
  if (source.total === 0) {
    return { element: words ? emptyPlace('search', t('search.none', { words }), t('search.none.hint')) : emptyPlace('folder', t('folder.empty')) };
  }
  const first = firstOf(source);
  const isNumbered = !words && isAlbum(container, first);
  const kind = kindOfMost(first);
  const asRows = isNumbered || wantsRows(kind);
  const from = (index) => ({ source, index, ...(words ? {} : { container: container.id, sort }) });
  return grid(source, asRows ? 'rows' : SHAPES[kind], (object, index, width) => (asRows
    ? row(object, { from: from(index), isNumbered })
    : card(object, { width, from: from(index) })), signal, title);
}

function headOf(container, first, source, { sort, filter, found }, signal) {
  const object = { ...container, class: 'container' };
  const path = trail(container.parent_id, signal);
  if (isAlbum(container, first)) return h('div', {}, path, albumHead(object, first, source));
  const kind = kindOfMost(first);
  return h('div', {}, path, h('header.head', {},
    h('h1', {}, titleOf(object)), found,
    h('div.head-tools', {}, kind === 'audio' && playButtons(first, source), kind === 'image' && slidesButton(container, first, sort),
      source.total > 1 && filter.field, sortMenu(container.id, sort), layoutButton(wantsRows(kind)))));
}

// Narrows the list to what has these words, below this container.
function filterField(words, onchange) {
  const input = h('input', {
    type: 'search', value: words, placeholder: t('filter'), 'aria-label': t('filter.label'), autocomplete: 'off',
    autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'search', maxlength: '200',
    oninput: debounce(() => onchange(input.value.trim()), 150),
  });
  return { field: h('span.filter', {}, icon('filter'), input), get value() { return input.value; } };
}

const isSong = (object) => object && kindOf(object) === 'audio' && isPlayable(object);

function playButtons(first, source) {
  const index = first.findIndex(isSong);
  return index >= 0 && [
    iconButton('play', t('play.all'), () => playOnTarget(first[index], { from: { source, index } }), { class: 'primary' }),
    iconButton('shuffle', t('shuffle'), () => shuffle(source)),
  ];
}

// The list in an order of chance, as long as it is played.
async function shuffle(source) {
  const order = Array.from({ length: source.total }, (_, i) => i);
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const mixed = { total: source.total, get: (i) => source.get(order[i]), at: (i) => source.at(order[i]) };
  for (let index = 0; index < mixed.total; index += 1) {
    const song = await mixed.get(index).catch(() => null);
    if (isSong(song)) return playOnTarget(song, { from: { source: mixed, index } });
  }
  return null;
}

function slidesButton(container, first, sort) {
  const at = first.findIndex((one) => kindOf(one) === 'image' && isPlayable(one));
  return at >= 0 && iconButton('slides', t('slides'), () =>
    go(address('watch', first[at].id, { in: container.id, at: String(at), sort, slides: '1' })));
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
      }, icon('play'), t('play')), h('button.button.quiet', {
        type: 'button', disabled: !isPlayable(first), onclick: () => shuffle(source),
      }, icon('shuffle'), t('shuffle')))));
}
