// settings/groups.js -- groups of devices, as IGRS knows them: those this server is in, those it hears of, and
// new ones.

import { fill, h, icon } from '../dom.js';
import { t } from '../i18n/index.js';
import { watch } from '../store.js';
import { toastError } from '../components/toast.js';
import { joinGroup, leaveGroup, makeGroup } from './api.js';
import { facts, part } from './form.js';

const KINDS = ['centralised', 'peer'];
const USES = ['Plain', 'AVMulticast', 'ContentIndex'];

export function groupsPart(signal) {
  const list = h('div.devices');
  let shown = ''; // what is the same is not drawn anew under the reader's fingers
  watch(['groups', 'server'], (groups, server) => {
    const now = JSON.stringify([groups, server?.device_id]);
    if (now !== shown) fill(list, groups.map((one) => group(one, server?.device_id)));
    shown = now;
  }, signal);
  return part(t('groups'), h('p.soft', {}, t('groups.hint')), list, newGroup());
}

const nameOf = ({ name, id }) => name || id.split(':').at(-1);

function group({ id, name, use, kind, ours, master, members }, self) {
  const leader = members.find((one) => one.id === master);
  const isLed = master === self;
  const act = async (deed) => deed(id).catch(toastError); // what came of it the event tells
  const button = ours ? h('button.button.quiet', { type: 'button', onclick: () => act(leaveGroup) }, t(isLed ? 'group.end' : 'group.leave'))
    : h('button.button.quiet', { type: 'button', onclick: () => act(joinGroup) }, t('group.join'));
  return h('article.device', { 'aria-label': name },
    h('header.device-head', {}, icon('people'), h('h3', {}, name), h('span.soft', {}, ours ? t('group.ours') : '')),
    facts([
      [t('group.members'), members.map((one) => (one.online ? nameOf(one) : t('group.away', { name: nameOf(one) }))).join(', ')],
      [t('group.master'), leader && nameOf(leader)],
      [t('group.kind'), t(`group.${kind}`)],
      [t('group.use'), USES.includes(use) ? t(`group.use.${use}`) : use],
    ]), h('p.actions', {}, button));
}

function newGroup() {
  const name = h('input.setting-input', { type: 'text', required: true, maxlength: '30', placeholder: t('group.name'), 'aria-label': t('group.name'), autocomplete: 'off' });
  const choice = (label, key, values) => h('select.setting-input', { 'aria-label': label }, values.map((one) => h('option', { value: one }, t(`${key}.${one}`))));
  const kind = choice(t('group.kind'), 'group', KINDS);
  const use = choice(t('group.use'), 'group.use', USES);

  async function make(event) {
    event.preventDefault();
    try {
      await makeGroup({ name: name.value.trim(), kind: kind.value, use: use.value });
      name.value = '';
    } catch (error) {
      toastError(error);
    }
  }
  return h('form.group-form', { onsubmit: make }, name, kind, use, h('button.button', { type: 'submit' }, icon('plus'), t('group.make')));
}
