// people/person.js -- sheets about one person: what is said of them, and the code for their phone.

import { fill, h, icon, setText } from '../dom.js';
import { t } from '../i18n/index.js';
import { openDialog } from '../components/dialog.js';
import { qrPicture } from '../components/pairing.js';
import { errorTitle } from '../components/toast.js';
import { makeCode, putPerson } from './api.js';

const ROLES = ['family', 'guest', 'owner'];

// Without a time zone, as such inputs want it.
const asInput = (ms) => (ms ? new Date(ms - new Date(ms).getTimezoneOffset() * 60000).toISOString().slice(0, 16) : '');
const lastPart = (path) => path.split('/').filter(Boolean).pop() ?? path;

// Answers the person as they are now; null: nothing was changed.
export const editPerson = (person, folders) => openDialog(person.name || t(person.id ? 'role.public' : 'people.add'), (close) => {
  const isPublic = person.role === 'public';
  const name = h('input', { id: 'person-name', type: 'text', value: person.name ?? '', required: true, maxlength: '40', autocomplete: 'off' });
  const role = h('select', { id: 'person-role' }, ROLES.map((one) =>
    h('option', { value: one, selected: one === person.role }, t(`role.${one}`))));
  const until = h('input', { id: 'person-until', type: 'datetime-local', value: asInput(person.until_ms) });
  const untilPart = h('div.person-field', {}, h('label', { for: 'person-until' }, t('people.until.label')), until);
  const boxes = folders.map(({ path }) => h('input', { type: 'checkbox', value: path, checked: !person.folders || person.folders.includes(path) }));
  const folderPart = h('fieldset.person-folders', {}, h('legend', {}, t('people.folders')),
    boxes.map((box) => h('label', { title: box.value }, box, h('span', {}, lastPart(box.value)))));
  const devices = h('input', { id: 'person-devices', type: 'text', value: (person.devices ?? []).join(' '), autocomplete: 'off', spellcheck: 'false' });
  const problem = h('p.person-problem', { role: 'alert' });
  const submit = h('button.button', { type: 'submit' }, t('people.keep'));

  async function send(event) {
    event.preventDefault();
    const seen = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    const isGuest = !isPublic && role.value === 'guest';
    const isOwner = !isPublic && role.value === 'owner';
    submit.disabled = true;
    try {
      close(await putPerson({
        id: person.id,
        folders: isOwner || seen.length === boxes.length ? null : seen,
        ...(isPublic ? {} : {
          name: name.value,
          role: role.value,
          until_ms: isGuest && until.value ? new Date(until.value).getTime() : 0,
          devices: devices.value.split(/[\s,]+/).filter(Boolean),
        }),
      }));
    } catch (error) {
      setText(problem, error.status === 409 && person.role === 'owner' ? t('people.last') : error.detail || errorTitle(error));
      submit.disabled = false;
    }
  }
  // Guests alone leave again; an owner sees everything.
  function showParts() {
    untilPart.hidden = role.value !== 'guest';
    folderPart.hidden = !isPublic && role.value === 'owner';
  }
  role.addEventListener('change', showParts);
  showParts();
  return h('form.person-sheet', { onsubmit: send },
    !isPublic && [
      h('div.person-field', {}, h('label', { for: 'person-name' }, t('people.name')), name),
      h('div.person-field', {}, h('label', { for: 'person-role' }, t('people.role')), role),
      untilPart,
    ],
    folderPart,
    !isPublic && h('div.person-field', {}, h('label', { for: 'person-devices' }, t('people.devices')), devices),
    problem, h('div.actions', {}, submit));
});

export const showCode = (person) => openDialog(t('people.code.title', { name: person.name }), () => {
  const place = h('div.pairing-code', {}, icon('device'));
  makeCode(person.id).then(({ code, qr }) => fill(place, qrPicture(qr, t('people.qr')), h('code', {}, code)))
    .catch((error) => fill(place, h('p.soft', {}, errorTitle(error))));
  return h('div.person-sheet', {}, h('p.soft', {}, t('people.code.hint')), place);
});
