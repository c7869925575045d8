// views/watch.js -- the stage: a film or a picture over the whole window, with controls that leave
// when nobody moves. Films go on in the one element of here.js; pictures are walked with the arrow
// keys or a swipe through the list they stand in.

import { getContainer, getItem, thumbUrl } from '../api.js';
import { fill, h, iconButton, setText } from '../dom.js';
import * as here from '../here.js';
import { t } from '../i18n/index.js';
import { kindOf, noteOf, titleOf } from '../media.js';
import { address, back, rename } from '../router.js';
import { HERE, findScreen, playOn } from '../screens.js';
import { get } from '../store.js';
import { Source } from '../source.js';
import { chooseScreen } from '../components/screen-menu.js';
import { toastError } from '../components/toast.js';
import { playButton, seekBar, volume } from '../components/transport.js';

const HIDE_MS = 3000;
const SWIPE_PX = 50;
const SKIP_MS = 10000;

const picture = h('img.stage-picture', { alt: '', hidden: true });
const title = h('h2');
const note = h('p.soft');
const top = h('div.stage-top');
const foot = h('div.stage-foot');
const box = h('section.stage', { hidden: true, role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': 'stage-title', tabIndex: -1 },
  here.element, picture, top, foot);
title.id = 'stage-title';

export const stage = () => box;

export function watchView({ id, query }, signal) {
  const opener = document.activeElement;
  box.hidden = false;
  setInert(true);
  document.documentElement.classList.add('is-staged');
  box.focus();
  signal.addEventListener('abort', () => {
    box.hidden = true;
    setInert(false);
    document.documentElement.classList.remove('is-staged');
    picture.removeAttribute('src');
    if (get('here')?.class === 'video') here.command.pause();
    if (document.fullscreenElement) document.exitFullscreen();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  });
  fadeControls(signal);
  getItem(id, signal).then((item) => (kindOf(item) === 'image' ? showPicture(item, query, signal) : showFilm(item, signal)))
    .catch((error) => {
      toastError(error);
      if (error.name !== 'AbortError') back();
    });
}

// What lies below the stage is out of reach while it is covered.
function setInert(isInert) {
  for (const other of box.parentElement.children)
    if (other !== box && !other.matches('.toasts')) other.inert = isInert;
}

function castButton(item, position) {
  return iconButton('cast', t('play.elsewhere'), async () => {
    const screen = await chooseScreen();
    if (!screen || screen === HERE) return;
    const position_ms = position();
    back();
    playOn(screen, item, { position_ms });
  });
}

function head(item, ...tools) {
  setText(title, titleOf(item));
  setText(note, noteOf(item));
  fill(top, iconButton('back', t('back'), back), h('div.stage-title', {}, title, note), tools);
}

function fullButton() {
  return document.fullscreenEnabled && iconButton('full', t('full'), toggleFull);
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else box.requestFullscreen();
}

function showFilm(item, signal) {
  const find = () => findScreen(HERE);
  const { position } = here;
  here.element.hidden = false;
  picture.hidden = true;
  head(item, castButton(item, position));
  if (get('here')?.item_id !== item.id || here.element.paused) here.play(item);
  fill(foot, playButton(find, signal), seekBar(find, signal), volume(find, signal), fullButton());
  here.element.addEventListener('click', () => toggle(), { signal });
  document.addEventListener('here-ended', back, { signal });
  const keys = {
    ' ': toggle, k: toggle, f: toggleFull, m: () => here.command.volume({ muted: !here.element.muted }),
    ArrowLeft: () => here.command.seek({ position_ms: Math.max(0, position() - SKIP_MS) }),
    ArrowRight: () => here.command.seek({ position_ms: position() + SKIP_MS }),
    ArrowUp: () => here.command.volume({ volume: Math.min(100, here.element.volume * 100 + 5) }),
    ArrowDown: () => here.command.volume({ volume: Math.max(0, here.element.volume * 100 - 5) }),
  };
  onKeys(keys, signal);
}

function toggle() {
  if (here.element.paused) here.command.play();
  else here.command.pause();
}

async function showPicture(item, query, signal) {
  here.element.hidden = true;
  picture.hidden = false;
  fill(foot);
  let index = Number(query.get('at')) || 0;
  const source = query.get('in') && new Source(async (offset, limit) => {
    const answer = await getContainer(query.get('in'), { offset, limit, sort: query.get('sort') ?? undefined }, signal);
    return { total: answer.total, items: answer.children };
  }, signal);

  function look(now) {
    item = now;
    picture.src = thumbUrl(now, 160); // at once; the whole one follows
    const whole = new Image();
    whole.addEventListener('load', () => { if (item === now) picture.src = whole.src; });
    whole.addEventListener('error', () => item === now && toastError({ status: 415, detail: titleOf(now) }));
    whole.src = now.url;
    picture.alt = titleOf(now);
    head(now, source && [iconButton('previous', t('previous'), () => step(-1)), iconButton('next', t('next'), () => step(1))],
      castButton(now, () => 0), h('a.round', { href: address('item', now.id), 'aria-label': t('item.facts') }, iconButton('info', '').firstChild), fullButton());
  }

  async function step(by) {
    for (let i = index + by; source && i >= 0 && (source.total === 0 || i < source.total); i += by) {
      const next = await source.get(i).catch(() => undefined);
      if (!next || kindOf(next) !== 'image') continue;
      index = i;
      rename(address('watch', next.id, { in: query.get('in'), at: String(i), sort: query.get('sort') }));
      return look(next);
    }
    return null;
  }

  look(item);
  onKeys({ ArrowLeft: () => step(-1), ArrowRight: () => step(1), ' ': () => step(1), f: toggleFull }, signal);
  let start = 0;
  picture.addEventListener('pointerdown', (event) => { start = event.clientX; }, { signal });
  picture.addEventListener('pointerup', (event) => {
    const moved = event.clientX - start;
    if (Math.abs(moved) > SWIPE_PX) step(moved < 0 ? 1 : -1);
  }, { signal });
}

function onKeys(keys, signal) {
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && !document.fullscreenElement) return back();
    const isOnControl = event.target.closest('input, button, a') && event.key !== 'f';
    if (!isOnControl && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
    return undefined;
  }, { signal });
}

// The controls leave when nothing moves, and come back with any movement, touch or key.
function fadeControls(signal) {
  let timer = 0;
  const wake = () => {
    box.classList.remove('is-still');
    clearTimeout(timer);
    timer = setTimeout(() => {
      const isFilm = !here.element.hidden;
      if (isFilm && !here.element.paused && !foot.contains(document.activeElement)) box.classList.add('is-still');
    }, HIDE_MS);
  };
  for (const event of ['pointermove', 'pointerdown', 'keydown'])
    document.addEventListener(event, wake, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  wake();
}
