// components/push-sheet.js -- what this device sends, and how far it is: choose, cancel, keep.

import { fill, h, icon, iconButton } from '../dom.js';
import { size } from '../format.js';
import { t } from '../i18n/index.js';
import { cancelPush, keepPush, pushFiles } from '../push.js';
import { watch } from '../store.js';
import { openDialog } from './dialog.js';
import { emptyPlace } from '../views/parts.js';
import { livePart } from './live-part.js';

export const openPushes = () => openDialog(t('push'), (close, signal) => {
  const input = h('input', { type: 'file', multiple: true, hidden: true, accept: 'video/*,audio/*,image/*', 'aria-label': t('push.choose') });
  input.addEventListener('change', () => input.files.length > 0 && pushFiles([...input.files]));
  const list = h('ul.pushes');
  const rows = new Map(); // id -> { element, update }
  watch('pushes', (pushes) => {
    for (const [id, row] of rows) if (!pushes.some((one) => one.id === id)) { row.element.remove(); rows.delete(id); }
    for (const one of pushes) {
      if (!rows.has(one.id)) {
        rows.set(one.id, rowOf(one));
        list.append(rows.get(one.id).element);
      }
      rows.get(one.id).update(one);
    }
    hint.hidden = pushes.length > 0;
  }, signal);
  const touch = matchMedia('(pointer: coarse)').matches ? [taking('photo', 'image'), taking('film', 'video')] : [];
  return h('div.push', {}, input, hint, list,
    h('p.actions', {}, h('button.button', { type: 'button', onclick: () => input.click() }, icon('upload'), t('push.choose'))),
    touch.length > 0 && h('p.actions', {}, touch), livePart(signal));
});

// On a phone the camera itself answers: what it takes is sent as a file is.
function taking(what, kind) {
  const input = h('input', { type: 'file', hidden: true, accept: `${kind}/*`, capture: 'environment', 'aria-label': t(`push.${what}`) });
  input.addEventListener('change', () => {
    if (input.files.length > 0) pushFiles([...input.files]);
    input.value = ''; // the next one may have the same name
  });
  return h('span', {}, input, h('button.button.quiet', { type: 'button', onclick: () => input.click() }, icon(kind), t(`push.${what}`)));
}

const hint = emptyPlace('upload', t('push.none'), t('push.hint'));
hint.classList.add('is-small');

function rowOf({ id, name }) {
  const bar = h('progress', { 'aria-label': name });
  const note = h('small.soft');
  const keep = iconButton('download', t('push.keep', { name }), () => keepPush(id));
  const element = h('li.push-row', {}, icon('upload'), h('span.push-text', {}, h('span.push-name', {}, name), bar, note), keep,
    iconButton('close', t('push.cancel', { name }), () => cancelPush(id)));
  return { element, update({ sent, size: whole, state, kept }) {
    bar.max = whole || 1;
    bar.value = state === 'done' ? bar.max : sent;
    bar.hidden = state === 'done';
    keep.hidden = state !== 'done' || Boolean(kept);
    fill(note, kept ? t('push.kept') : t(`push.${state}`, { sent: size(sent), size: size(whole) }));
  } };
}
