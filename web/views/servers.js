// views/servers.js -- the other servers of the house, each the way into its library.

import { fill, h, setText } from '../dom.js';
import { count } from '../format.js';
import { t } from '../i18n/index.js';
import { restoreScroll } from '../router.js';
import { entryOf } from '../servers.js';
import { watch } from '../store.js';
import { card } from '../components/card.js';
import { emptyPlace, nameWindow, trail } from './parts.js';

const WIDTH = 180;

export function serversView(params, signal) {
  const list = h('div');
  const known = h('p.soft.head-count', { role: 'status' });
  nameWindow(t('servers'), signal);
  let shown = '';
  watch('servers', (servers) => {
    const entries = servers.map(entryOf);
    const now = JSON.stringify(entries);
    if (now === shown) return;
    shown = now;
    setText(known, t('count.servers', { n: entries.length, text: count(entries.length) }));
    fill(list, entries.length === 0
      ? emptyPlace('device', t('servers.none'), t('servers.none.hint'))
      : h('div.shelf-row.is-square', { role: 'list' }, entries.map((entry) =>
        h('div.shelf-cell', { role: 'listitem' }, card(entry, { width: WIDTH })))));
    restoreScroll();
  }, signal);
  return h('div.view', {}, trail('0', signal), h('header.head', {}, h('h1', {}, t('servers')), known), list);
}
