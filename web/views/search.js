// views/search.js -- what was found, as one types. The words stand in the address.

import { search } from '../api.js';
import { fill, h, setText } from '../dom.js';
import { count } from '../format.js';
import { t } from '../i18n/index.js';
import { kindOf } from '../media.js';
import { address, restoreScroll } from '../router.js';
import { Source } from '../source.js';
import { card, row } from '../components/card.js';
import { grid } from '../components/grid.js';
import { emptyPlace, failedPlace, follow, nameWindow } from './parts.js';

const KINDS = ['', 'video', 'audio', 'image'];
const SHAPES = { video: 'video', image: 'picture' };

export function searchView({ query }, signal) {
  const words = query.get('q')?.trim() ?? '';
  const kind = KINDS.includes(query.get('class')) ? query.get('class') : '';
  nameWindow(t('search.hint'), signal);
  const found = h('p.soft.head-count', { role: 'status' });
  const results = h('div');
  const element = h('div.view', {}, h('header.head', {}, h('h1', {}, t('search.hint')), found), filters(words, kind), results);

  if (!words) {
    fill(results, emptyPlace('search', t('search.prompt')));
    return element;
  }

  const source = new Source(async (offset, limit) => {
    const answer = await search(words, { kind, offset, limit }, signal);
    return { total: answer.total, items: answer.items };
  }, signal);

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
  show();
  return element;
}

function filters(words, chosen) {
  return h('div.chips', {}, KINDS.map((kind) => h('a.chip', {
    href: address('search', undefined, { q: words, class: kind }), 'aria-current': kind === chosen ? 'true' : null,
  }, t(`kind.${kind || 'any'}`))));
}
