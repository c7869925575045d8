// components/search-field.js -- searches as one types; "/" reaches it from anywhere.

import { debounce, h, icon, iconButton } from '../dom.js';
import { t } from '../i18n/index.js';
import { address, back, go, parse, replace } from '../router.js';

const PAUSE_MS = 150;

export function searchField() {
  const input = h('input', {
    type: 'search', placeholder: t('search.hint'), 'aria-label': t('search.label'),
    autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'search', maxlength: '200',
  });
  const clear = iconButton('close', t('search.clear'), () => {
    input.value = '';
    input.focus();
    leave();
  }, { class: 'search-clear' });
  const form = h('form.search', { role: 'search', onsubmit: (event) => { event.preventDefault(); look(); input.blur(); } },
    icon('search'), input, clear);

  function look() {
    const { name, query } = parse(location.hash);
    const words = input.value.trim();
    if (!words) return leave();
    const hash = address('search', undefined, { q: words, class: name === 'search' ? query.get('class') : '' });
    return name === 'search' ? replace(hash) : go(hash);
  }

  function leave() {
    if (parse(location.hash).name === 'search') back();
  }

  input.addEventListener('input', debounce(look, PAUSE_MS));
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    input.value = '';
    input.blur();
    leave();
  });
  document.addEventListener('route', ({ detail }) => {
    const words = detail.name === 'search' ? detail.query.get('q') ?? '' : '';
    if (document.activeElement !== input) input.value = words;
    form.classList.toggle('has-words', Boolean(input.value));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target.closest('input, dialog')) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  return form;
}
