// people/view.js -- who one is here; for the owner: who else comes, what they see, with which phones.

import { getServer } from '../api.js';
import { fill, h, icon } from '../dom.js';
import { t } from '../i18n/index.js';
import { emptyPlace, nameWindow, trail } from '../views/parts.js';
import { chooseFrom } from '../components/menu.js';
import { errorTitle, toast } from '../components/toast.js';
import { endSession, getPeople, removePerson } from './api.js';
import { enterForm } from './enter.js';
import { editPerson, showCode } from './person.js';

const when = (ms) => new Date(ms).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });

export function peopleView(params, signal) {
  const place = h('div.people');
  const view = h('div.view', {}, trail('0', signal), h('header.head', {}, h('h1', {}, t('people'))), place);

  async function show() {
    try {
      const server = await getServer(signal);
      const people = server.visitor.role === 'owner' ? await getPeople(signal) : [];
      if (!signal.aborted) fill(place, self(server.visitor), people.length > 0 && household(people, server.folders));
    } catch (error) {
      if (error.name !== 'AbortError') fill(place, emptyPlace('warning', errorTitle(error)));
    }
  }

  // Does it, tells when it went wrong, and shows what is now.
  async function act(deed) {
    try {
      await deed();
    } catch (error) {
      toast(errorTitle(error), { detail: error.detail, icon: 'warning', isError: true });
    }
    show();
  }

  function self(visitor) {
    if (!visitor.id) return enterForm(visitor, params.query.get('code') ?? '', show);
    return h('section.person', { 'aria-labelledby': 'people-self' },
      h('h2', { id: 'people-self' }, t('people.you', { name: visitor.name })),
      h('p.soft', {}, t(`role.${visitor.role}`)),
      visitor.session && h('div.actions', {}, h('button.button.quiet', {
        type: 'button', onclick: () => act(() => endSession(visitor.session)),
      }, t('people.leave'))));
  }

  function household(people, folders) {
    const edit = async (person) => (await editPerson(person, folders)) && show();
    const add = async () => {
      const made = await editPerson({ role: 'family', devices: [] }, folders);
      if (!made) return;
      show();
      showCode(made);
    };
    const owners = people.filter(({ role }) => role === 'owner').length;
    return [
      people.map((person) => card(person, folders, edit, person.role === 'owner' && owners === 1)),
      h('div.actions', {}, h('button.button', { type: 'button', onclick: add }, t('people.add'))),
    ];
  }

  // Somebody must stay the owner: the last one is not removed.
  function card(person, folders, edit, isLast) {
    const isPublic = person.role === 'public';
    const name = isPublic ? t('role.public') : person.name;
    const remove = async () => {
      const sure = await chooseFrom(t('people.remove.sure', { name }), [{ value: 'yes', label: t('people.remove') }]);
      if (sure) act(() => removePerson(person.id));
    };
    return h('section.person', { 'aria-label': name },
      h('h2', {}, name),
      h('p.soft', {}, [!isPublic && t(`role.${person.role}`), person.until_ms && t('people.until', { time: when(person.until_ms) }),
        seen(person, folders)].filter(Boolean).join(' · ')),
      person.sessions.length > 0 && h('ul.person-phones', {}, person.sessions.map(phone)),
      h('div.actions', {},
        !isPublic && h('button.button.quiet', { type: 'button', onclick: () => showCode(person) }, t('people.code')),
        h('button.button.quiet', { type: 'button', onclick: () => edit(person) }, t('people.edit')),
        !isPublic && !isLast && h('button.button.quiet', { type: 'button', onclick: remove }, t('people.remove'))));
  }

  const seen = ({ folders: some }, all) => (!some ? t('people.sees.all')
    : t('people.sees', { n: some.length, text: some.length, all: all.length }));

  function phone(session) {
    return h('li.person-phone', {}, icon('device'),
      h('span', {}, session.name || t('people.phone'), h('small.soft', {}, session.is_this ? t('people.this') : when(session.seen_ms))),
      h('button.button.quiet', {
        type: 'button', 'aria-label': t('people.end', { name: session.name || t('people.phone') }), onclick: () => act(() => endSession(session.id)),
      }, t('people.end.short')));
  }

  nameWindow(t('people'), signal);
  show();
  return view;
}
