// components/dialog.js -- a sheet over the page: in the middle of a desktop, from below on a phone.
// The browser's own <dialog> keeps the focus inside and closes it with Escape.

import { h, iconButton } from '../dom.js';
import { t } from '../i18n/index.js';

let number = 0; // one may lie over another

// build(close, signal) returns what the sheet holds. Answers what close() was given, or null.
export function openDialog(title, build, className = '') {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const id = `dialog-${number += 1}`;
    const heading = h('h2', { id }, title);
    const dialog = h('dialog.sheet', { class: className, 'aria-labelledby': id });
    let result = null;
    const close = (value = null) => {
      result = value;
      dialog.close();
    };
    dialog.append(
      h('div.sheet-head', {}, heading, iconButton('close', t('close'), () => close())),
      build(close, controller.signal));
    dialog.addEventListener('click', (event) => event.target === dialog && close());
    dialog.addEventListener('close', () => {
      controller.abort();
      dialog.remove();
      resolve(result);
    });
    document.addEventListener('route', () => close(), { signal: controller.signal });
    document.body.append(dialog);
    dialog.showModal();
  });
}
