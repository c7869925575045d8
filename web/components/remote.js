// components/remote.js -- the remote of one screen, as a sheet: what plays there, and its controls.

import { h, fill, setText } from '../dom.js';
import { t } from '../i18n/index.js';
import { address, go } from '../router.js';
import { busyScreens, command, findScreen, positionOf } from '../screens.js';
import { get, watch } from '../store.js';
import { coverOfScreen, itemOf } from './cover.js';
import { openDialog } from './dialog.js';
import { lyrics, lyricsOf } from './lyrics.js';
import { buttons, screenIcon, seekBar, volume } from './transport.js';

let isOpen = false;

export async function openRemote(id) {
  if (isOpen) return;
  isOpen = true;
  let shown = id;
  const find = () => findScreen(shown);
  await openDialog(t('screens'), (close, signal) => {
    const tabs = h('div.tabs', { role: 'group', 'aria-label': t('screens') });
    const picture = h('div.remote-cover');
    const title = h('p.remote-title');
    const note = h('p.remote-note');
    const words = h('div');
    const body = h('div.remote', { role: 'group' }, picture, h('div.remote-text', {}, title, note), words,
      seekBar(find, signal), buttons(find, signal), volume(find, signal));
    let pictured = '';
    let listed = '';

    function showTabs() {
      const busy = busyScreens();
      const others = get('screens').filter((screen) => !busy.some((one) => one.id === screen.id));
      const all = [...busy, ...others];
      const now = JSON.stringify([shown, all.map(({ id: one, name }) => [one, name])]);
      if (now === listed) return;
      listed = now;
      fill(tabs, all.map((screen) => h('button.chip', {
        type: 'button', 'aria-pressed': String(screen.id === shown),
        onclick: () => { shown = screen.id; update(); },
      }, screenIcon(screen), screen.name)));
    }

    let singing = new AbortController();
    signal.addEventListener('abort', () => singing.abort());
    async function showWords({ item_id, class: kind }) {
      singing.abort();
      singing = new AbortController();
      fill(words);
      const item = item_id && kind === 'audio' ? await itemOf(item_id) : null;
      if (!lyricsOf(item) || find()?.item_id !== item_id || signal.aborted) return;
      fill(words, lyrics(item, {
        position: () => (find() ? positionOf(find()) / 1000 : 0),
        seek: (seconds) => command(shown, 'seek', { position_ms: Math.round(seconds * 1000) }),
        label: t('sidecar.lyrics'),
      }, singing.signal));
    }

    function update() {
      const screen = find();
      if (!screen) {
        const [other] = [...busyScreens(), ...get('screens')];
        if (!other) return close();
        shown = other.id;
        return update();
      }
      showTabs();
      body.setAttribute('aria-label', t('screens.remote', { screen: screen.name }));
      setText(title, screen.title || t('screens.nothing'));
      setText(note, [screen.name, t(`state.${screen.state}`), screen.problem].filter(Boolean).join(' · '));
      const wanted = `${screen.item_id} ${screen.class}`;
      if (wanted !== pictured) {
        pictured = wanted;
        fill(picture, coverOfScreen(screen, 480));
        picture.classList.toggle('is-audio', screen.class === 'audio');
        picture.classList.toggle('is-link', Boolean(screen.item_id));
        showWords(screen);
      }
      return undefined;
    }

    picture.addEventListener('click', () => find()?.item_id && go(address('item', find().item_id)));
    watch(['screens', 'here'], update, signal);
    return h('div', {}, tabs, body);
  }, 'is-remote');
  isOpen = false;
}
