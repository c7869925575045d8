// settings/form.js -- fields of the server's settings, and one button that takes what was changed. What
// the command line says cannot be changed here, and the field says so.

import { h, icon, iconButton, setText } from '../dom.js';
import { t } from '../i18n/index.js';
import { errorTitle, toast } from '../components/toast.js';
import { changeSettings } from './api.js';

let number = 0;

// A titled part of a section.
export const part = (title, ...children) => h('section.setting-part', {}, h('h2', {}, title), ...children);

// names: which of settings, an answer of the server. choices(name) answers what a list is chosen from.
export function form({ settings, names, choices = () => null }) {
  const fields = names.map((name) => field(settings.find((one) => one.name === name), choices(name))).filter(Boolean);
  const save = h('button.button', { type: 'submit', disabled: true }, icon('check'), t('settings.save'));
  const hint = h('p.soft', {}, t('settings.restart'));
  const element = h('form.setting-form', { onsubmit: take, oninput: mark }, fields.map((one) => one.element),
    h('div.setting-end', {}, save, hint));

  const changes = () => fields.filter((one) => one.isChanged());
  function mark() {
    save.disabled = changes().length === 0;
  }

  async function take(event) {
    event.preventDefault();
    const changed = changes();
    save.disabled = true;
    for (const one of fields) one.complain('');
    try {
      await changeSettings(Object.fromEntries(changed.map((one) => [one.name, one.value()])));
      for (const one of changed) one.keep();
      toast(t('settings.saved'), { detail: t('settings.starting'), icon: 'check' });
    } catch (error) {
      const bad = fields.find((one) => one.name === error.field) ?? changed[0];
      bad.complain(error.detail || errorTitle(error));
      bad.element.querySelector('input, select, button')?.focus();
      mark();
    }
  }

  for (const one of fields) one.element.addEventListener('changed', mark);
  return element;
}

// What every field has: its words, why it cannot be changed, what is wrong with it.
function field(setting, options) {
  if (!setting) return null;
  const id = `setting-${number += 1}`;
  const key = setting.name.replace('.', '-');
  const control = setting.type === 'number' ? numberField(setting) : options ? checks(setting, options)
    : setting.type === 'list' ? lines(setting) : textField(setting);
  const problem = h('p.setting-problem', { role: 'alert', id: `${id}-problem` });
  const words = { id, text: t(`setting.${key}`) };
  const isGroup = control.element.tagName === 'DIV';
  if (isGroup) control.element.setAttribute('role', 'group');
  control.element.setAttribute('aria-labelledby', id);
  control.element.setAttribute('aria-describedby', `${id}-hint ${id}-problem`);
  const element = h('div.setting', {}, h('span.setting-name', { id }, words.text),
    h('p.soft.setting-hint', { id: `${id}-hint` }, setting.fixed ? t('settings.fixed', { option: setting.origin }) : t(`setting.${key}.hint`)),
    control.element, problem);
  if (setting.fixed) for (const one of element.querySelectorAll('input, button, select')) one.disabled = true;
  let known = JSON.stringify(control.value());
  return {
    name: setting.name,
    element,
    value: () => (isEmpty(control.value()) ? null : control.value()),
    isChanged: () => !setting.fixed && JSON.stringify(control.value()) !== known,
    keep: () => { known = JSON.stringify(control.value()); },
    complain: (text) => setText(problem, text),
  };
}

const isEmpty = (value) => value === '' || (Array.isArray(value) && value.length === 0);

function textField({ value = '' }) {
  const element = h('input.setting-input', { type: 'text', value: String(value), maxlength: '300', spellcheck: 'false', autocomplete: 'off' });
  return { element, value: () => element.value.trim() };
}

function numberField({ value, min, max }) {
  const element = h('input.setting-input.is-number', { type: 'number', value: String(value), min: String(min), max: String(max), required: true });
  return { element, value: () => Number(element.value) };
}

// One of several, any of them; none means all.
function checks({ value = [] }, options) {
  const all = [...new Set([...options, ...value])];
  const boxes = all.map((one) => h('input', { type: 'checkbox', value: one, checked: value.includes(one) }));
  const element = h('div.setting-checks', {}, boxes.map((box, i) => h('label.setting-check', {}, box, all[i])));
  return { element, value: () => boxes.filter((box) => box.checked).map((box) => box.value) };
}

// A list of texts, each a line with its own button to take it out.
function lines({ value = [] }) {
  const list = h('div.setting-lines');
  const element = h('div', {}, list, h('button.button.quiet', { type: 'button', onclick: () => add('').focus() }, icon('plus'), t('settings.add')));
  const tell = () => element.dispatchEvent(new CustomEvent('changed', { bubbles: true }));

  function add(text) {
    const input = h('input.setting-input', { type: 'text', value: text, 'aria-label': t('settings.path'), spellcheck: 'false', autocomplete: 'off', placeholder: '/srv/media' });
    const line = h('div.setting-line', {}, input, iconButton('close', t('settings.remove', { text: text || t('settings.path') }), () => { line.remove(); tell(); }));
    list.append(line);
    return input;
  }

  for (const one of value) add(one);
  return { element, value: () => [...list.querySelectorAll('input')].map((one) => one.value.trim()).filter(Boolean) };
}

// A line of words about something, as a list of facts shows it.
export const facts = (pairs) => h('dl.setting-facts', {}, pairs.filter(([, value]) => value || value === 0)
  .map(([name, value]) => h('div.fact', {}, h('dt', {}, name), h('dd', {}, value))));

