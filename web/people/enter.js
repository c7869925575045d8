// people/enter.js -- the first visit makes the owner; everybody else comes with a code of the owner's.

import { h, setText } from '../dom.js';
import { t } from '../i18n/index.js';
import { replace } from '../router.js';
import { errorTitle } from '../components/toast.js';
import { enter } from './api.js';

// What people would call this device: "Android", "iPhone", "Windows", ...
function deviceName() {
  const [name] = navigator.userAgent.match(/iPhone|iPad|Android|Windows|Macintosh|CrOS|Linux/) ?? [''];
  return { Macintosh: 'Mac', CrOS: 'Chromebook' }[name] ?? name;
}

export function enterForm({ has_owner: hasOwner }, told, done) {
  const code = h('input.person-code', {
    id: 'enter-code', type: 'text', value: told, placeholder: 'XXXX-XXXX', required: true, maxlength: '40', autocomplete: 'one-time-code',
    autocapitalize: 'characters', spellcheck: 'false', 'aria-describedby': 'enter-problem',
  });
  const name = h('input', { id: 'enter-name', type: 'text', required: true, maxlength: '40', autocomplete: 'nickname' });
  const problem = h('p.person-problem', { id: 'enter-problem', role: 'alert' });
  const submit = h('button.button', { type: 'submit' }, t(hasOwner ? 'people.enter' : 'people.own'));

  async function send(event) {
    event.preventDefault();
    submit.disabled = true;
    setText(problem, '');
    try {
      await enter({ code: code.value, device: deviceName() || undefined, ...(hasOwner ? {} : { name: name.value }) });
      location.hash.includes('?') ? replace('#/people') : done();
    } catch (error) {
      setText(problem, { 403: t('people.wrong'), 429: t('people.slow') }[error.status] ?? errorTitle(error));
      code.select();
    } finally {
      submit.disabled = false;
    }
  }
  return h('form.person', { onsubmit: send, 'aria-labelledby': 'enter-title' },
    h('h2', { id: 'enter-title' }, t(hasOwner ? 'people.enter.title' : 'people.own.title')),
    h('p.soft', {}, t(hasOwner ? 'people.enter.hint' : 'people.own.hint')),
    !hasOwner && [h('label', { for: 'enter-name' }, t('people.name')), name],
    h('label', { for: 'enter-code' }, t('people.code.label')), code, problem,
    h('div.actions', {}, submit));
}
