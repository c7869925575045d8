// components/cover.js -- the picture of a thing: its thumbnail, or a calm colour with a symbol while
// there is none.

import { thumbUrl } from '../api.js';
import { h, icon } from '../dom.js';
import { iconOf, tintOf } from '../media.js';

export function cover(object, width, { isEager = false } = {}) {
  const box = h('span.cover', { class: tintOf(object) }, icon(iconOf(object)));
  if (object.thumb_url) box.append(picture(object, width, isEager));
  return box;
}

function picture(object, width, isEager) {
  const image = h('img', { alt: '', decoding: 'async', draggable: 'false', loading: isEager ? 'eager' : 'lazy' });
  image.addEventListener('load', () => image.classList.add('is-here'));
  image.addEventListener('error', () => image.remove());
  image.src = thumbUrl(object, width);
  return image;
}
