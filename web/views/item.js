// views/item.js -- one film, song or picture: what is known of it and where it can play.

import { getItem, thumbUrl } from '../api.js';
import { fill, h, icon, setText } from '../dom.js';
import { bitrate, codec, date, duration, size } from '../format.js';
import { leftAt } from '../here.js';
import { t } from '../i18n/index.js';
import { isOffline, isPlayable, kindOf, noteOf, quality, titleOf, yearOf } from '../media.js';
import { address, restoreScroll } from '../router.js';
import { HERE, askScreen, playOn, queueUp, targetScreen } from '../screens.js';
import { watch, watchNext } from '../store.js';
import { cover } from '../components/cover.js';
import { chaptersOf, placesOf, sidecarsOf, streamsOf } from './item-parts.js';
import { failedPlace, nameWindow, trail } from './parts.js';

// The facts in their order, and how each is written.
const FACTS = [
  ['artist'], ['album_artist'], ['album'], ['track', String], ['genre'], ['composer'], ['date', date],
  ['duration_ms', duration], ['dimensions'], ['camera'], ['video_codec', codec], ['audio_codec', codec],
  ['bitrate', bitrate], ['size', size], ['mime'], ['name'],
];

export function itemView({ id }, signal) {
  const element = h('div.view.item', { 'aria-busy': 'true' });

  async function show() {
    try {
      const item = await getItem(id, signal);
      element.removeAttribute('aria-busy');
      nameWindow(titleOf(item), signal);
      fill(element, backdrop(item), trail(item.parent_id, signal), hero(item, signal), chaptersOf(item),
        placesOf(item, signal), streamsOf(item), sidecarsOf(item), facts(item));
      restoreScroll();
    } catch (error) {
      failedPlace(element, error, show);
    }
  }

  watchNext('library', show, signal);
  show();
  return element;
}

// The picture itself, large and faint behind the words.
function backdrop(item) {
  if (!item.thumb_url) return null;
  return h('div.backdrop', { 'aria-hidden': 'true' }, h('img', { alt: '', src: thumbUrl(item, 320) }));
}

function hero(item, signal) {
  const kind = kindOf(item);
  const picture = h(kind === 'image' ? 'a.hero-cover' : 'div.hero-cover', {
    class: `is-${kind}`, href: kind === 'image' ? address('watch', item.id) : null,
    'aria-label': kind === 'image' ? t('play.here') : null,
  }, cover(item, kind === 'audio' ? 260 : 480, { isEager: true }));
  const line = [yearOf(item), item.duration_ms && duration(item.duration_ms), quality(item), item.genre];
  return h('header.hero', {}, picture, h('div.hero-text', {},
    h('h1', {}, titleOf(item)),
    kind === 'audio' && h('p.hero-note', {}, noteOf(item)),
    h('p.soft', {}, line.filter(Boolean).join(' · ')),
    trouble(item), actions(item, signal)));
}

function trouble(item) {
  if (isOffline(item)) return h('p.trouble', {}, icon('offline'), t('offline.hint'));
  if (item.unreadable) return h('p.trouble', {}, icon('warning'), t('unreadable.hint', { reason: item.unreadable }));
  return null;
}

function actions(item, signal) {
  const box = h('div.actions');
  if (!isPlayable(item)) return box;
  const left = leftAt(item);
  const label = h('span');
  const main = h('button.button', {
    type: 'button',
    onclick: () => playOn(targetScreen()?.id ?? HERE, item, left ? { position_ms: left } : {}),
  }, icon('play'), label);
  const elsewhere = h('button.button.quiet', {
    type: 'button',
    onclick: async () => {
      const screen = await askScreen();
      if (screen) playOn(screen, item, left ? { position_ms: left } : {});
    },
  }, icon('cast'), h('span', {}, t('play.elsewhere')));
  const queue = h('button.button.quiet', { type: 'button', onclick: () => queueUp(item, false) }, icon('queue'), h('span', {}, t('queue.add')));
  fill(box, main,
    left > 0 && h('button.button.quiet', {
      type: 'button', onclick: () => playOn(targetScreen()?.id ?? HERE, item, { position_ms: 0 }),
    }, h('span', {}, t('play.start'))), elsewhere, queue);
  watch(['target', 'screens'], () => {
    const screen = targetScreen();
    queue.hidden = !screen;
    if (screen) setText(label, t('play.on', { screen: screen.name }));
    else setText(label, left ? t('play.resume', { time: duration(left) }) : t('play.here'));
  }, signal);
  return box;
}

function facts(item) {
  const values = { ...item, dimensions: item.width ? `${item.width} × ${item.height}` : '' };
  const rows = FACTS.filter(([name]) => values[name])
    .map(([name, write = String]) => h('div.fact', {}, h('dt', {}, t(`fact.${name}`)), h('dd', {}, write(values[name]))));
  return h('section.facts', { 'aria-labelledby': 'facts' }, h('h2', { id: 'facts' }, t('item.facts')), h('dl', {}, rows),
    h('p.actions', {},
      h('a.button.quiet', { href: address('folder', item.parent_id) }, icon('folder'), t('item.folder')),
      item.url && !isOffline(item) && h('a.button.quiet', { href: item.url, download: item.name || titleOf(item) }, icon('download'), t('item.download'))));
}
