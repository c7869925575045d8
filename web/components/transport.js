// components/transport.js -- the controls of one screen: where it is, the buttons, how loud. The same
// for a television and for this page; get() says which screen is meant and how it is now.

import { h, icon, iconButton, setIcon, setText } from '../dom.js';
import { duration } from '../format.js';
import { t } from '../i18n/index.js';
import { command, headOf, isBusy, isReady, positionOf } from '../screens.js';
import { watch } from '../store.js';
import { preview } from './preview.js';
import { slider } from './slider.js';

const TICK_MS = 250;

// chapters: where the line has marks.
export function seekBar(find, signal, chapters = []) {
  const now = h('span.time');
  const all = h('span.time');
  const bar = slider({
    label: t('seek'),
    max: 0,
    step: 1000,
    valueText: (ms) => t('seek.value', { position: duration(ms), duration: all.textContent }),
    oninput: (ms) => setText(now, duration(ms)),
    onchange: (ms) => command(find().id, 'seek', { position_ms: ms }),
  });
  const marks = chapters.filter(({ start_ms }) => start_ms > 0).map(({ start_ms }) => ({ start_ms, mark: h('span.seek-mark') }));
  const element = h('div.seek', {}, now, h('div.seek-line', {}, bar.element, marks.map(({ mark }) => mark), preview(find, bar.element)), all);

  function update() {
    const screen = find();
    if (!screen) return;
    const length = screen.duration_ms || 0;
    const position = positionOf(screen);
    bar.element.disabled = !length || screen.seekable === false || !isReady(screen);
    bar.set(length ? position : 0, length);
    for (const { start_ms, mark } of marks) mark.style.setProperty('--at', String(length ? start_ms / length : 0));
    if (!bar.isHeld()) setText(now, duration(position));
    setText(all, length ? duration(length) : '–:––');
  }
  watch(['screens', 'here'], update, signal);
  const timer = setInterval(update, TICK_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  return element;
}

export function buttons(find, signal) {
  const ask = (verb) => () => command(find().id, verb);
  const previous = iconButton('previous', t('previous'), ask('previous'));
  const next = iconButton('next', t('next'), ask('next'));
  const stop = iconButton('stop', t('stop'), ask('stop'));
  const main = playButton(find, signal);
  watch(['screens', 'here', 'queues'], () => {
    const screen = find();
    const isLoaded = screen && isReady(screen) && screen.state !== 'idle';
    main.disabled = !isLoaded;
    stop.disabled = !screen || !isBusy(screen);
    previous.disabled = !isLoaded;
    next.disabled = !(screen?.next || (headOf(screen?.id)?.length > 1 && isLoaded));
  }, signal);
  return h('div.buttons', {}, previous, main, next, stop);
}

// Plays what is paused and pauses what plays.
export function playButton(find, signal, props = {}) {
  const isPlaying = () => ['playing', 'loading'].includes(find()?.state);
  const button = iconButton('play', t('play'),
    () => command(find().id, isPlaying() ? 'pause' : 'play'), { class: 'primary', ...props });
  watch(['screens', 'here'], () => {
    const label = t(isPlaying() ? 'pause' : 'play');
    setIcon(button, isPlaying() ? 'pause' : 'play');
    button.setAttribute('aria-label', label);
    button.title = label;
    button.classList.toggle('is-loading', find()?.state === 'loading');
  }, signal);
  return button;
}

export function volume(find, signal) {
  const mute = iconButton('volume', t('mute'), () => command(find().id, 'volume', { muted: !find().muted }));
  let sent = 0;
  const send = (value) => command(find().id, 'volume', { volume: value, ...(find().muted && value ? { muted: false } : {}) });
  const bar = slider({
    label: t('volume'),
    valueText: (value) => `${value} %`,
    // While it moves, a few times a second: enough to hear, little enough for a television.
    oninput: (value) => {
      if (performance.now() - sent < 150) return;
      sent = performance.now();
      send(value);
    },
    onchange: send,
  });
  watch(['screens', 'here'], () => {
    const screen = find();
    if (!screen) return;
    const label = t(screen.muted ? 'unmute' : 'mute');
    setIcon(mute, screen.muted ? 'muted' : 'volume');
    mute.setAttribute('aria-label', label);
    mute.title = label;
    mute.setAttribute('aria-pressed', String(Boolean(screen.muted)));
    mute.disabled = bar.element.disabled = !isReady(screen);
    bar.set(screen.muted ? 0 : screen.volume ?? 0);
  }, signal);
  return h('div.volume', {}, mute, bar.element);
}

export const screenIcon = (screen) => icon(screen.kind === 'here' ? 'device' : 'tv');
