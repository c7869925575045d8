// settings/log.js -- the last lines of the log, and everything in one file for somebody who helps.

import { fill, h, icon } from '../dom.js';
import { t } from '../i18n/index.js';
import { getLog, DIAGNOSIS } from './api.js';

const EVERY_MS = 3000;

// "2026-01-31T18:00:00.250 warning net: words"
const LINE = /^(\S+)T(\S+) (\S+) +([^:]*): (.*)$/s;

export async function logSection(signal) {
  const list = h('ol.log', { tabIndex: 0, 'aria-label': t('settings.log') });
  let last = '';

  async function show() {
    const { lines } = await getLog(signal);
    if (lines.at(-1) === last) return;
    last = lines.at(-1);
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    fill(list, lines.map(line));
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }

  await show();
  const timer = setInterval(() => document.visibilityState === 'visible' && show().catch(() => {}), EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  requestAnimationFrame(() => { list.scrollTop = list.scrollHeight; });
  return [
    h('p.soft', {}, t('settings.log.hint')),
    h('p.actions.is-tight', {}, h('a.button', { href: DIAGNOSIS, download: '' }, icon('download'), t('settings.diagnosis'))),
    list,
  ];
}

function line(text) {
  const [, day, time, level, room, words] = LINE.exec(text) ?? [, '', '', '', '', text];
  return h('li.log-line', { class: `is-${level || 'plain'}`, title: day },
    h('span.log-time', {}, time), h('span.log-room', {}, room), h('span.log-words', {}, words));
}
