// components/card.js -- one entry of a list: as a card with its cover, or as a row. Both are links to
// where the entry leads; the button on them plays it at once.

import { h, icon, iconButton } from '../dom.js';
import { duration } from '../format.js';
import { leftAt } from '../here.js';
import { t } from '../i18n/index.js';
import { addressOf, isContainer, isOffline, isPlayable, kindOf, noteOf, titleOf } from '../media.js';
import { address, go } from '../router.js';
import { HERE, playOn, playOnTarget, targetScreen } from '../screens.js';
import { cover } from './cover.js';

function badge(object) {
  if (isOffline(object)) return h('span.badge', {}, icon('offline'), t('offline'));
  if (object.unreadable) return h('span.badge.is-bad', { title: object.unreadable }, icon('warning'), t('unreadable'));
  return null;
}

// What a press on an entry does: songs play, pictures are looked at, the rest is opened.
export function activate(object, from) {
  if (!isPlayable(object)) return go(addressOf(object));
  if (kindOf(object) === 'audio') return playOnTarget(object, { from });
  if (kindOf(object) === 'image') {
    return targetScreen() ? playOnTarget(object) : go(address('watch', object.id, { in: from?.container, at: from?.index, sort: from?.sort }));
  }
  return go(addressOf(object));
}

function link(spec, object, from, ...children) {
  return h(spec, {
    href: addressOf(object),
    onclick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      activate(object, from);
    },
    onkeydown: (event) => {
      if (event.key === 'p' && isPlayable(object)) playOnTarget(object, { from });
      if (event.key === 'i') go(addressOf(object));
    },
  }, ...children);
}

function progress(object) {
  const left = leftAt(object);
  if (!left || !object.duration_ms) return null;
  const bar = h('span.cover-progress');
  bar.style.setProperty('--part', String(Math.min(1, left / object.duration_ms)));
  return bar;
}

export function card(object, { width = 200, from = null, isEager = false } = {}) {
  const box = h('div.card', { class: isOffline(object) || object.unreadable ? 'is-dim' : '' });
  const picture = cover(object, width, { isEager });
  const length = kindOf(object) === 'video' && object.duration_ms;
  picture.append(...[badge(object), length && h('span.length', {}, duration(length)), progress(object)].filter(Boolean));
  box.append(link('a.card-link', object, from, picture,
    h('span.card-title', {}, titleOf(object)), h('span.card-note', {}, noteOf(object))));
  if (isPlayable(object) && kindOf(object) !== 'image') {
    box.append(iconButton('play', t('item.play', { title: titleOf(object) }), () => playOnTarget(object, { from }),
      { class: 'card-play', tabIndex: -1 }));
  }
  return box;
}

// Within an album the artist is only told where it is not the album's.
const soloOf = (song) => (song.album_artist && song.artist !== song.album_artist ? song.artist : '');

export function row(object, { from = null, isNumbered = false } = {}) {
  const isSong = kindOf(object) === 'audio';
  const box = h('div.row', { class: isOffline(object) || object.unreadable ? 'is-dim' : '' });
  box.append(
    link('a.row-link', object, from,
      isNumbered ? h('span.row-number', {}, String(object.track || '·')) : cover(object, 48),
      h('span.row-text', {}, h('span.row-title', {}, titleOf(object)),
        h('span.row-note', {}, isNumbered ? soloOf(object) : noteOf(object))),
      badge(object),
      object.duration_ms && h('span.row-length', {}, duration(object.duration_ms))),
    isSong || kindOf(object) === 'image'
      ? iconButton('info', t('item.open', { title: titleOf(object) }), () => go(addressOf(object)), { tabIndex: -1 })
      : !isContainer(object) && isPlayable(object)
        && iconButton('play', t('item.play', { title: titleOf(object) }), () => playOn(targetScreen()?.id ?? HERE, object), { tabIndex: -1 }) || '');
  return box;
}
