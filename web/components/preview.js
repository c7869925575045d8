// components/preview.js -- what a film shows at the place of its line that is pointed at, above it. The
// server makes these pictures when they are asked for and keeps them: one is asked for at a time, the
// last one wanted, and of a film there are no more than a hundred.

import { thumbUrl } from '../api.js';
import { debounce, h, setText } from '../dom.js';
import { duration } from '../format.js';
import { split } from '../servers.js';

const PLACES = 100;
const LEAST_S = 5; // the server tells no moments apart that are nearer (src/api/media-routes.c)
const WIDTH = 160;
const SETTLE_MS = 60; // who only passes by asks for nothing
const STAYS_MS = 700; // after the finger has left
const KNOB_PX = 14;

// Of the range input of a screen's line; find() is the screen as it is now.
export function preview(find, input) {
  const image = h('img', { alt: '', hidden: true });
  const time = h('span');
  const element = h('span.preview', { hidden: true, 'aria-hidden': 'true' }, image, time);
  let wanted = '';
  let isAsked = false;

  function ask() {
    if (isAsked || image.getAttribute('src') === wanted) return;
    isAsked = true;
    image.src = wanted;
  }
  function answered(isThere) {
    isAsked = false;
    image.hidden = !isThere;
    if (image.getAttribute('src') !== wanted) ask();
    else if (!isThere) image.removeAttribute('src'); // the time alone is told, until one points here again
  }
  image.addEventListener('load', () => answered(true));
  image.addEventListener('error', () => answered(false));
  const askSoon = debounce(ask, SETTLE_MS);

  function show(pointed) {
    const { item_id: id, class: kind, duration_ms: length } = find() ?? {};
    if (!length || input.disabled) return;
    const ms = Math.max(0, Math.min(length, pointed));
    setText(time, duration(ms));
    element.style.setProperty('--at', String(ms / length));
    element.hidden = false;
    if (!id || kind !== 'video' || split(id).server) {
      image.hidden = true;
      return;
    }
    const step = Math.max(LEAST_S, Math.ceil(length / 1000 / PLACES));
    wanted = `${thumbUrl({ id }, WIDTH)}&at=${Math.floor(ms / 1000 / step) * step}`;
    askSoon();
  }
  const hide = () => { element.hidden = true; };
  const hideSoon = debounce(hide, STAYS_MS);

  input.addEventListener('pointermove', ({ clientX, pointerType }) => {
    if (pointerType !== 'mouse') return;
    const { left, width } = input.getBoundingClientRect();
    show((clientX - left - KNOB_PX / 2) / (width - KNOB_PX) * Number(input.max));
  });
  input.addEventListener('pointerleave', hide);
  input.addEventListener('input', () => show(Number(input.value)));
  input.addEventListener('change', hideSoon);
  return element;
}
