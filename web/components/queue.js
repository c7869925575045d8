// components/queue.js -- what a screen plays next, in the remote: pressed it plays, its handle is drawn
// (or moved with the arrow keys) to another place. The queue is the server's; that of this page is
// the list that it plays along.

import * as api from '../api.js';
import { fill, h, icon, iconButton } from '../dom.js';
import { count, duration } from '../format.js';
import * as here from '../here.js';
import { t } from '../i18n/index.js';
import { titleOf } from '../media.js';
import { HERE, headOf } from '../screens.js';
import { watch } from '../store.js';
import { toastError } from './toast.js';

const SHOWN = 100; // entries around the current one
const REPEATS = ['off', 'all', 'one'];

export function queueOf(shown, signal) {
  const title = h('h3', {}, t('queue'));
  const tools = h('span.queue-tools');
  const list = h('ol.queue-list');
  const element = h('section.queue', { hidden: true, 'aria-label': t('queue') }, h('header.queue-head', {}, title, tools), list);
  let known = '';

  async function update() {
    const id = shown.id;
    const head = headOf(id);
    const now = JSON.stringify([id, head, id === HERE && here.following()?.index]);
    if (now === known) return;
    known = now;
    if (id === HERE) {
      await showHere(list, element);
      fill(tools);
      return;
    }
    element.hidden = !head?.length;
    if (element.hidden) return;
    const queue = await api.getQueue(id, signal).catch(() => null);
    if (!queue || shown.id !== id) return;
    fill(tools, toolsOf(queue));
    showEntries(list, queue);
  }
  watch(['queues', 'here'], update, signal);
  return { element, update };
}

// -- The server's

async function change(ask) {
  await ask.catch(toastError); // what came of it the event tells
}

function toolsOf({ screen, shuffle, repeat, length }) {
  const next = REPEATS[(REPEATS.indexOf(repeat) + 1) % REPEATS.length];
  return [
    h('small.soft', {}, t('count.entries', { n: length, text: count(length) })),
    iconButton('shuffle', t('shuffle'), () => change(api.setQueue(screen, { shuffle: !shuffle })), { 'aria-pressed': String(shuffle) }),
    iconButton(repeat === 'one' ? 'repeat-one' : 'repeat', t(`repeat.${repeat}`), () => change(api.setQueue(screen, { repeat: next })), { 'aria-pressed': String(repeat !== 'off') }),
    iconButton('close', t('queue.clear'), () => change(api.clearQueue(screen))),
  ];
}

function showEntries(list, { screen, entries, current }) {
  const at = Math.max(0, entries.findIndex(({ id }) => id === current));
  const start = Math.max(0, Math.min(at - 3, entries.length - SHOWN));
  const focused = document.activeElement?.closest?.('.queue-entry')?.dataset.id;
  fill(list, entries.slice(start, start + SHOWN).map((entry, i) => entryOf(screen, entry, start + i, entry.id === current, entries.length)));
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"] .queue-handle`)?.focus();
}

function entryOf(screen, entry, index, isCurrent, length) {
  const name = entry.title || t(entry.hidden ? 'screens.hidden' : 'untitled');
  const handle = iconButton('handle', t('queue.move', { title: name }), () => {}, { class: 'queue-handle' });
  const row = h('li.queue-entry', { 'aria-current': isCurrent ? 'true' : null },
    h('button.queue-play', { type: 'button', onclick: () => change(api.playEntry(screen, entry.id)) },
      icon(isCurrent ? 'play' : 'music'), h('span.queue-title', {}, name), h('span.time', {}, entry.duration_ms ? duration(entry.duration_ms) : '')),
    iconButton('close', t('queue.remove', { title: name }), () => change(api.removeEntry(screen, entry.id))), handle);
  row.dataset.id = entry.id;
  const move = (to) => to !== index && change(api.moveEntry(screen, entry.id, Math.max(0, Math.min(length - 1, to))));
  handle.addEventListener('keydown', (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    move(index + by);
  });
  drag(handle, row, (by) => move(index + by));
  return row;
}

// The row follows the finger; done(rows) is how far it was let go from where it was.
function drag(handle, row, done) {
  let start = null;
  handle.addEventListener('pointerdown', (event) => {
    handle.setPointerCapture(event.pointerId);
    start = event.clientY;
    row.classList.add('is-drawn');
  });
  handle.addEventListener('pointermove', (event) => {
    if (start !== null) row.style.transform = `translateY(${event.clientY - start}px)`;
  });
  const release = (event) => {
    if (start === null) return;
    const rows = Math.round((event.clientY - start) / row.offsetHeight);
    start = null;
    row.classList.remove('is-drawn');
    row.style.transform = '';
    if (event.type === 'pointerup' && rows) done(rows);
  };
  handle.addEventListener('pointerup', release);
  handle.addEventListener('pointercancel', release);
}

// -- This page's

async function showHere(list, element) {
  const along = here.following();
  element.hidden = !along || along.index + 1 >= along.source.total;
  if (element.hidden) return;
  const indexes = Array.from({ length: Math.min(20, along.source.total - along.index) }, (_, i) => along.index + i);
  const items = await Promise.all(indexes.map((index) => along.source.get(index).catch(() => null)));
  fill(list, items.map((item, i) => item && h('li.queue-entry', { 'aria-current': i === 0 ? 'true' : null },
    h('button.queue-play', { type: 'button', onclick: () => here.play(item, { position_ms: 0, from: { ...along, index: indexes[i] } }) },
      icon(i === 0 ? 'play' : 'music'), h('span.queue-title', {}, titleOf(item)), h('span.time', {}, item.duration_ms ? duration(item.duration_ms) : '')))));
}
