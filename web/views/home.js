// views/home.js -- where one begins: what was left in the middle, and what came last of each kind.

import { getContainer, getItem } from '../api.js';
import { debounce, fill, h, icon, setText } from '../dom.js';
import { begun } from '../here.js';
import { count } from '../format.js';
import { t } from '../i18n/index.js';
import { noteOf } from '../media.js';
import { address, restoreScroll } from '../router.js';
import { get, watch, watchNext } from '../store.js';
import { card } from '../components/card.js';
import { firstOf } from '../components/cover.js';
import { emptyPlace, failedPlace, nameWindow } from './parts.js';
import { SHELVES, UNFINISHED, rangeOf } from './shelves.js';

// Shelves that are drawn before the first paint, which shows no more; whoever comes back finds all of them where they were.
let atOnce = 3;

const entries = async (shelf, signal) => (await getContainer(shelf.container, rangeOf(shelf), signal)).children;

// An album says whose it is in the words of its first song, which nobody waits for.
async function tellWhose(album, cell) {
  const song = await firstOf(album.id);
  setText(cell.querySelector('.card-note'), song?.album_artist || song?.artist || noteOf(album));
}

async function unfinished(signal) {
  const own = entries(UNFINISHED, signal).catch(() => []);
  const foreign = await Promise.all(begun().map((id) => getItem(id, signal).catch(() => null)));
  return [...await own, ...foreign.filter(Boolean)];
}

function shelf({ title, shape, width, all, container, sort, isWhose }, objects) {
  const id = `shelf-${title}`;
  return h('section.shelf', { 'aria-labelledby': id },
    h('header.shelf-head', {}, h('h2', { id }, t(title)),
      all && h('a.more', { href: address('folder', all) }, t('home.all'), icon('forward'))),
    h('div.shelf-row', { class: `is-${shape}`, role: 'list' },
      objects.map((object, index) => {
        const cell = h('div.shelf-cell', { role: 'listitem' },
          card(object, { width, isEager: index < 6, from: listOf(objects, index, { container, sort }) }));
        if (isWhose) tellWhose(object, cell);
        return cell;
      })));
}

// A shelf as a list to go along.
const listOf = (objects, index, place) => ({
  ...place, index, source: { total: objects.length, get: async (i) => objects[i], at: (i) => objects[i] },
});

export function homeView(params, signal) {
  const element = h('div.view.home', { 'aria-busy': 'true' }, h('h1.unseen', {}, t('view.home')));
  nameWindow('', signal);
  let isFirst = true;
  let shown = ''; // what is there already is not drawn anew under the reader's fingers

  async function show() {
    try {
      const [mine, ...rest] = await Promise.all([unfinished(signal),
        ...SHELVES.map((one) => entries(one, signal).catch((error) => (error.status === 404 ? [] : Promise.reject(error))))]);
      const now = JSON.stringify([mine, rest]);
      if (now === shown) return;
      shown = now;
      const filled = [[UNFINISHED, mine], ...SHELVES.map((one, i) => [one, rest[i]])].filter(([, objects]) => objects.length > 0);
      const draw = (from, to) => filled.slice(from, to).map(([one, objects]) => shelf(one, objects));
      const notes = problems(signal);
      element.removeAttribute('aria-busy');
      fill(element, h('h1.unseen', {}, t('view.home')), filled.length > 0 ? draw(0, atOnce) : empty(), notes);
      if (filled.length > atOnce) {
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        if (now !== shown || signal.aborted) return;
        notes.before(...draw(atOnce));
      }
      atOnce = Infinity;
      if (isFirst) restoreScroll();
      isFirst = false;
    } catch (error) {
      if (isFirst) failedPlace(element, error, show);
    }
  }

  watchNext('library', debounce(show, 50), signal);
  show();
  return element;
}

function empty() {
  const isReading = get('scan') && get('scan').state !== 'idle';
  return emptyPlace('folder', t('home.empty'), t(isReading ? 'home.reading' : 'home.empty.hint'));
}

// Files that could not be read and disks that are away are not kept quiet about.
function problems(signal) {
  const notes = h('div.problems');
  const show = () => {
    const server = get('server');
    const scan = get('scan');
    const bad = server?.library?.unreadable ?? 0;
    const away = (server?.folders ?? []).filter(({ online }) => !online);
    fill(notes, scan?.state === 'idle' && scan.trouble && h('p.problem.soft', {}, icon('warning'), h('span', {}, scan.trouble)),
      away.map(({ path, reason }) => h('p.problem.soft', {}, icon('offline'), h('span', {}, [path, reason].filter(Boolean).join(' · ')))),
      bad > 0 && h('p.problem.soft', {}, icon('warning'), h('a', { href: address('folder', 'unreadable') },
        t('unreadable.count', { n: bad, text: count(bad) }))));
  };
  watch('server', show, signal);
  watch('scan', show, signal);
  return notes;
}
