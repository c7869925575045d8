// components/toast.js -- short messages that come and go, told to screen readers as well.

import { h, icon, iconButton } from '../dom.js';
import { has, t } from '../i18n/index.js';

const SHOWN_MS = 5000;
const ERROR_SHOWN_MS = 12000;

const holder = h('div.toasts', { role: 'status', 'aria-live': 'polite' });

export const toasts = () => holder;

// action: { label, run }, the way out.
export function toast(title, { detail = '', icon: name = 'info', action = null, isError = false } = {}) {
  const box = h('div.toast', { class: isError ? 'is-error' : '' },
    icon(name),
    h('div.toast-text', {}, h('strong', {}, title), detail && h('span', {}, detail)),
    action && h('button.text', { type: 'button', onclick: () => { box.remove(); action.run(); } }, action.label),
    iconButton('close', t('close'), () => box.remove()));
  while (holder.children.length > 2) holder.firstChild.remove();
  // A dialog covers the page: what is to be seen must be in it.
  (document.querySelector('dialog[open]') ?? document.body).append(holder);
  holder.append(box);
  setTimeout(() => box.remove(), isError ? ERROR_SHOWN_MS : SHOWN_MS);
}

const LIKE = { 403: 400, 410: 404, 413: 400, 422: 415, 501: 415 };

export const errorTitle = (error) => {
  const key = `error.${LIKE[error.status] ?? error.status ?? 'other'}`;
  return t(has(key) ? key : 'error.other');
};

// Says what went wrong and offers to try again.
export function toastError(error, retry = null) {
  if (error.name === 'AbortError') return;
  toast(errorTitle(error), {
    detail: error.detail || error.title || '',
    icon: 'warning',
    isError: true,
    action: retry && { label: t('retry'), run: retry },
  });
}
