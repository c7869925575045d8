// components/cover.js -- the picture of a thing: its thumbnail, or a calm colour with a symbol while
// there is none. A container without a picture of its own shows that of its first entry.

import { getContainer, getItem, thumbUrl } from '../api.js';
import { h, icon } from '../dom.js';
import { iconOf, isContainer, isOffline, tintOf } from '../media.js';
import { watchNext } from '../store.js';

const SETTLE_MS = 120; // what is scrolled past is not asked for
const AT_ONCE = 4;
const TRIES = 3; // a server that makes many pictures may be late with one
const RETRY_MS = 4000;

const firsts = new Map(); // container id -> promise of its first entry, or null
const waiting = [];
let asked = 0;

watchNext('library', () => firsts.clear());

export function cover(object, width, { isEager = false } = {}) {
  const box = h('span.cover', { class: tintOf(object) });
  // A symbol below each of a hundred pictures would only cost time.
  if (object.thumb_url) box.append(picture(object, width, isEager));
  else box.append(icon(iconOf(object)));
  if (!object.thumb_url && isContainer(object) && object.child_count > 0 && !isOffline(object)) borrow(box, object, width);
  return box;
}

function picture(object, width, isEager) {
  const image = h('img', { alt: '', decoding: 'async', draggable: 'false', loading: isEager ? 'eager' : 'lazy' });
  image.addEventListener('load', () => image.classList.add('is-here'));
  let left = TRIES;
  image.addEventListener('error', () => {
    left -= 1;
    const box = image.parentElement;
    if (box && !box.querySelector('.icon')) box.prepend(icon(iconOf(object)));
    if (left === 0) image.remove();
    else setTimeout(() => { if (image.isConnected) image.src = thumbUrl(object, width); }, RETRY_MS);
  });
  image.src = thumbUrl(object, width);
  return image;
}

// The first entry of a container, asked for once.
export function firstOf(id) {
  if (!firsts.has(id)) {
    const first = getContainer(id, { limit: 1 }).then((answer) => answer.children[0] ?? null).catch(() => null);
    firsts.set(id, first);
  }
  return firsts.get(id);
}

function borrow(box, object, width) {
  setTimeout(() => {
    waiting.push({ box, object, width });
    askNext();
  }, firsts.has(object.id) ? 0 : SETTLE_MS);
}

async function askNext() {
  if (asked >= AT_ONCE || waiting.length === 0) return;
  const { box, object, width } = waiting.shift();
  if (box.isConnected) {
    asked += 1;
    const first = await firstOf(object.id);
    asked -= 1;
    if (first?.thumb_url) box.prepend(picture(first, width, false));
  }
  askNext();
}

const items = new Map(); // item id -> promise of the item, or null
const ITEMS_KEPT = 50;

watchNext('library', () => items.clear());

// An item that is shown in several places, asked for once.
export function itemOf(id) {
  if (items.size > ITEMS_KEPT) items.clear();
  if (!items.has(id)) items.set(id, getItem(id).catch(() => null));
  return items.get(id);
}

// What a screen plays: as far as its report tells, and then as the library knows it.
export function coverOfScreen(screen, width) {
  const box = cover({ id: screen.id, title: screen.title ?? screen.name, class: screen.class ?? 'video' }, width);
  if (screen.item_id) {
    itemOf(screen.item_id).then((item) => {
      if (item?.thumb_url) box.append(picture(item, width, true));
    });
  }
  return box;
}
