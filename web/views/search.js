// views/search.js -- what was found, as one types: in our library, and how much in those of other
// servers, which are a press away. The words stand in the address.

import { search } from '../api.js';
import { fill, h, icon, setText } from '../dom.js';
import { count } from '../format.js';
import { t } from '../i18n/index.js';
import { kindOf } from '../media.js';
import { address, restoreScroll } from '../router.js';
import { Source } from '../source.js';
import { get } from '../store.js';
import { card, row } from '../components/card.js';
import { grid } from '../components/grid.js';
import { emptyPlace, failedPlace, follow, nameWindow } from './parts.js';

const KINDS = ['', 'video', 'audio', 'image'];
const SHAPES = { video: 'video', image: 'picture' };
const SHORT = 30; // below so many of our own, those of others are shown as well
const SAMPLE = 6; // of each

export function searchView({ query }, signal) {
  const words = query.get('q')?.trim() ?? '';
  const kind = KINDS.includes(query.get('class')) ? query.get('class') : '';
  const server = query.get('server') ?? '';
  nameWindow(t('search.hint'), signal);
  const found = h('p.soft.head-count', { role: 'status' });
  const results = h('div');
  const others = h('div');
  const where = h('div.chips', { hidden: true });
  const element = h('div.view', {}, h('header.head', {}, h('h1', {}, t('search.hint')), found),
    kinds(words, kind, server), where, results, others);

  if (!words) {
    fill(results, emptyPlace('search', t('search.prompt')));
    return element;
  }

  const source = new Source((offset, limit) => search(words, { kind, server, offset, limit }, signal), signal);

  async function show() {
    try {
      await source.start();
    } catch (error) {
      failedPlace(results, error, show);
      return;
    }
    setText(found, t('search.found', { n: source.total, text: count(source.total) }));
    if (source.total === 0) {
      fill(results, emptyPlace('search', t('search.none', { words }), t('search.none.hint')));
      return;
    }
    const shape = SHAPES[kind] ?? 'rows';
    const list = grid(source, shape, (object, index, width) => {
      const from = kindOf(object) === 'audio' ? { source, index } : null;
      return shape === 'rows' ? row(object, { from }) : card(object, { width, from });
    }, signal, t('search.label'));
    fill(results, list.element);
    list.update();
    restoreScroll();
  }

  follow(source, show, signal);
  show().then(() => searchElsewhere({ words, kind, server, own: source.total }, where, others, signal));
  return element;
}

// Other servers answer when they do; what is there already stays where it is.
async function searchElsewhere({ words, kind, server, own }, where, others, signal) {
  const known = get('servers').filter(({ online, id }) => online || id === server);
  if (known.length === 0 || signal.aborted) return;
  const link = (id, name, total) => h('a.chip', {
    href: address('search', undefined, { q: words, class: kind, server: id }), 'aria-current': id === server ? 'true' : null,
  }, icon(id ? 'device' : 'logo'), name, total !== undefined && h('small', {}, count(total)));
  const chips = new Map(known.map(({ id, name }) => [id, link(id, name)]));
  fill(where, link('', get('server')?.name ?? t('search.own'), server ? undefined : own), [...chips.values()]);
  where.hidden = false;
  await Promise.all(known.map(async ({ id, name }) => {
    const answer = await search(words, { kind, server: id, limit: SAMPLE }, signal).catch(() => null);
    if (!answer || signal.aborted) return;
    const chip = link(id, name, answer.total);
    chips.get(id).replaceWith(chip);
    if (!server && own < SHORT && answer.total > 0) others.append(sample(name, chip.href, answer));
  }));
}

function sample(name, href, { items, total }) {
  const source = { total: items.length, get: async (i) => items[i], at: (i) => items[i] };
  return h('section.part', { 'aria-label': name },
    h('header.shelf-head', {}, h('h2', {}, name), total > items.length && h('a.more', { href }, t('home.all'), icon('forward'))),
    h('div.rows', {}, items.map((object, index) =>
      row(object, { from: kindOf(object) === 'audio' ? { source, index } : null }))));
}

function kinds(words, chosen, server) {
  return h('div.chips', {}, KINDS.map((kind) => h('a.chip', {
    href: address('search', undefined, { q: words, class: kind, server }), 'aria-current': kind === chosen ? 'true' : null,
  }, t(`kind.${kind || 'any'}`))));
}
