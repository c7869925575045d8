// components/frame.js -- what surrounds every view: the ways in on the side (on a phone: below), the
// search above, the banner when the server is away, the progress of a scan.

import { ROOT_PAGE, getContainer } from '../api.js';
import { fill, h, icon, iconButton, setText } from '../dom.js';
import { count } from '../format.js';
import { t } from '../i18n/index.js';
import { iconOf, titleOf } from '../media.js';
import { address } from '../router.js';
import { get, watch, watchNext } from '../store.js';
import { screensBar } from './bar.js';
import { searchField } from './search-field.js';

export function frame(main) {
  return [
    h('a.skip', { href: '#main', onclick: (event) => { event.preventDefault(); main.focus(); } }, t('nav.skip')),
    banner(),
    h('header.top', {}, h('a.brand', { href: '#/home' }, icon('logo'), serverName()), searchField(), pushButton(), peopleLink(), settingsLink()),
    navigation(),
    main,
    screensBar(),
  ];
}

// Films and pictures of this device go to a screen; dropped on the page they do so at once.
function pushButton() {
  const part = h('span.push-part', { hidden: true });
  const button = iconButton('upload', t('push'), async () => (await import('./push-sheet.js')).openPushes(), { class: 'push-button' });
  button.append(part);
  watch('pushes', (pushes) => {
    const open = pushes.filter(({ state }) => ['waiting', 'sending'].includes(state));
    const whole = open.reduce((sum, { size }) => sum + size, 0);
    part.hidden = open.length === 0;
    setText(part, whole ? `${Math.floor(open.reduce((sum, { sent }) => sum + sent, 0) * 100 / whole)} %` : '');
  });
  document.addEventListener('dragover', (event) => event.dataTransfer?.types.includes('Files') && event.preventDefault());
  document.addEventListener('drop', async (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    (await import('../push.js')).pushFiles([...event.dataTransfer.files]);
  });
  return button;
}

function peopleLink() {
  return h('a.round.people-link', { href: '#/people', 'aria-label': t('people'), title: t('people') }, icon('people'));
}

function settingsLink() {
  return h('a.round', { href: '#/settings', 'aria-label': t('settings'), title: t('settings') }, icon('settings'));
}

function serverName() {
  const name = h('span', {}, 'duoping');
  watch('server', (server) => {
    if (server) setText(name, server.name);
  });
  return name;
}

function navigation() {
  const links = h('div.nav-links');
  const nav = h('nav.nav', { 'aria-label': t('nav.label') }, links, h('div', {}, installButton(), scanProgress()));
  const home = { id: 'home', title: '', class: 'container' };
  let views = [];

  const link = (hash, symbol, words) => h('a.nav-link', { href: hash }, icon(symbol), h('span', {}, words));
  const entry = (object) => (object.id === 'home' ? link('#/home', 'home', titleOf(object))
    : link(address('folder', object.id), iconOf(object), titleOf(object)));

  // Where there are other servers, they are the last entry.
  function show() {
    fill(links, [home, ...views].map(entry), get('servers').length > 0 && link(address('servers'), 'device', t('servers')));
    mark();
  }

  function mark() {
    for (const one of links.children) {
      const isHere = one.getAttribute('href') === (location.hash.split('?')[0] || '#/home');
      if (isHere) one.setAttribute('aria-current', 'page');
      else one.removeAttribute('aria-current');
    }
  }

  async function load() {
    const root = await getContainer('0', ROOT_PAGE).catch(() => null);
    if (!root) return;
    views = root.children;
    show();
  }

  watch('servers', show);
  load();
  watchNext('library', load);
  watchNext('away', () => !get('away') && views.length === 0 && load());
  document.addEventListener('route', mark);
  return nav;
}

function installButton() {
  const button = h('button.nav-link.nav-install', { type: 'button', hidden: true, onclick: () => get('install')?.prompt() },
    icon('download'), h('span', {}, t('install')));
  watch('install', (offer) => { button.hidden = !offer; });
  return button;
}

function scanProgress() {
  const text = h('span');
  const bar = h('progress', { 'aria-label': t('scan.label') });
  const box = h('div.scan', { hidden: true }, text, bar);
  watch('scan', (scan) => {
    box.hidden = !scan || scan.state === 'idle';
    if (box.hidden) return;
    setText(text, scan.trouble || [t('scan.running', { done: count(scan.done), total: count(scan.total) }),
      scan.folders_left > 0 && t('scan.folders', { n: scan.folders_left, text: count(scan.folders_left) }),
      scan.files_per_s > 0 && t('scan.speed', { speed: count(scan.files_per_s) })].filter(Boolean).join(' · '));
    box.title = scan.folder ?? '';
    bar.max = Math.max(scan.total, 1);
    bar.value = scan.done;
    bar.hidden = Boolean(scan.trouble);
  });
  return box;
}

function banner() {
  const box = h('div.banner', { role: 'alert', hidden: true }, icon('offline'), h('span', {}, t('away')));
  watch('away', (isAway) => { box.hidden = !isAway; });
  return box;
}
