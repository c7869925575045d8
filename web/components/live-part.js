// components/live-part.js -- of the sheet that sends: what can be shown while it happens, and what is being shown.

import { fill, h, icon, iconButton } from '../dom.js';
import { seconds } from '../format.js';
import { t } from '../i18n/index.js';
import { offers, startLive, stopLive } from '../live.js';
import { nameOf } from '../screens.js';
import { watch } from '../store.js';

const SYMBOLS = { screen: 'tv', camera: 'video' };

const start = (kind) => h('button.button.quiet', { type: 'button', onclick: () => startLive(kind) }, icon(SYMBOLS[kind]), t(`live.${kind}`));

// Why there is less than elsewhere, and the way out.
function missing() {
  if (offers().includes('screen')) return null;
  if (offers().length > 0) return h('p.soft', {}, t('live.noscreen'));
  if (window.isSecureContext) return null;
  return h('p.soft', {}, t('live.insecure'), ' ', h('a', { href: '#/trust' }, t('trust')));
}

export function livePart(signal) {
  const note = h('small.soft');
  const name = h('span.push-name');
  const row = h('p.push-row.live-row', { hidden: true }, icon('tv'), h('span.push-text', {}, name, note), iconButton('close', t('live.stop'), () => stopLive()));
  watch('live', (live) => {
    row.hidden = !live;
    if (!live) return;
    fill(name, t('live.on', { screen: nameOf(live.screen) }));
    fill(note, live.isSlow ? t('live.slow') : live.delay_ms === null ? t('state.loading') : t('live.delay', { text: seconds(live.delay_ms) }));
  }, signal);
  return h('div.live', {}, row, h('p.actions', {}, offers().map(start)), missing());
}
