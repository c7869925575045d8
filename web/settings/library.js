// settings/library.js -- where the library lies, how its reading goes on, what could not be read and why,
// and the library as a file to take home and bring back.

import { getContainer, getServer } from '../api.js';
import { fill, h, icon, setText } from '../dom.js';
import { count } from '../format.js';
import { t } from '../i18n/index.js';
import { address } from '../router.js';
import { titleOf } from '../media.js';
import { errorTitle, toast } from '../components/toast.js';
import { watch } from '../store.js';
import { BACKUP, bringBack, getSettings } from './api.js';
import { facts, form, part } from './form.js';

const SHOWN = 8; // unreadable files; the view of them has all

export async function librarySection(signal) {
  const { settings } = await getSettings(signal);
  return [
    part(t('settings.reading'), reading(signal)),
    part(t('settings.folders'), form({ settings, names: ['library.folders', 'library.uploads', 'library.tag-charset'] })),
    part(t('settings.problems'), problems(signal)),
    part(t('settings.backup'), backup()),
  ];
}

function reading(signal) {
  const place = h('div');
  const bar = h('progress', { 'aria-label': t('scan.label'), hidden: true });
  watch(['server', 'scan'], (server, scan) => {
    if (!server || !scan) return;
    const { audio, video, image } = server.library;
    const isRunning = scan.state !== 'idle';
    bar.hidden = !isRunning || Boolean(scan.trouble);
    bar.max = Math.max(1, scan.total);
    bar.value = scan.done;
    fill(place, facts([
      [t('settings.state'), scan.trouble || t(`scan.${scan.state}.short`)],
      isRunning ? [t('settings.progress'), t('scan.running', { done: count(scan.done), total: count(scan.total) })] : ['', ''],
      isRunning ? [t('settings.now'), scan.folder] : ['', ''],
      [t('kind.video'), count(video)], [t('kind.audio'), count(audio)], [t('kind.image'), count(image)],
    ]));
  }, signal);
  return h('div', {}, place, bar);
}

// Folders that are away, and files that could not be read, each with its reason.
function problems(signal) {
  const place = h('div');
  watch(['library', 'scan'], async () => {
    const [server, bad] = await Promise.all([getServer(signal), getContainer('unreadable', { limit: SHOWN }, signal)]).catch(() => [null]);
    if (!server) return;
    const away = server.folders.filter(({ online }) => !online);
    fill(place,
      away.length + bad.children.length === 0 && h('p.soft', {}, t('settings.problems.none')),
      h('ul.trouble-list', {}, away.map(({ path, reason }) => trouble('offline', path, reason)),
        bad.children.map((file) => trouble('warning', h('a', { href: address('item', file.id) }, titleOf(file)), file.unreadable))),
      bad.total > SHOWN && h('p', {}, h('a.more', { href: address('folder', 'unreadable') }, t('unreadable.count', { n: bad.total, text: count(bad.total) }), icon('forward'))));
  }, signal);
  return place;
}

const trouble = (symbol, name, reason) => h('li.trouble-line', {}, icon(symbol), h('span', {}, h('strong', {}, name), h('small.soft', {}, reason)));

function backup() {
  const input = h('input', { type: 'file', hidden: true, accept: '.db,application/vnd.sqlite3', 'aria-label': t('settings.restore') });
  const problem = h('p.setting-problem', { role: 'alert' });
  const button = h('button.button.quiet', { type: 'button', onclick: () => input.click() }, icon('upload'), t('settings.restore'));
  input.addEventListener('change', async () => {
    if (input.files.length === 0) return;
    button.disabled = true;
    setText(problem, '');
    try {
      await bringBack(input.files[0]);
      toast(t('settings.restored'), { detail: t('settings.starting'), icon: 'check' });
    } catch (error) {
      setText(problem, error.detail || errorTitle(error));
    } finally {
      button.disabled = false;
      input.value = '';
    }
  });
  return h('div', {}, h('p.soft', {}, t('settings.backup.hint')),
    h('p.actions', {}, h('a.button', { href: BACKUP, download: '' }, icon('download'), t('settings.backup.do')), button, input), problem);
}
