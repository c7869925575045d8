// components/bar.js -- the bar that is always there: what plays where, and where the next thing plays.

import { fill, h, icon, iconButton, setText } from '../dom.js';
import { count, duration } from '../format.js';
import { t } from '../i18n/index.js';
import { HERE, askScreen, busyScreens, canMove, findScreen, isReady, move, openRemote, positionOf, targetScreen, whatPlays } from '../screens.js';
import { get, watch } from '../store.js';
import { coverOfScreen } from './cover.js';
import { playButton, screenIcon } from './transport.js';

const TICK_MS = 500;

export function screensBar() {
  const players = h('div.players');
  const idle = h('span.bar-idle');
  const targetName = h('span.target-name');
  const target = h('button.target', { type: 'button', onclick: () => askScreen() }, icon('cast'), targetName);
  const bar = h('section.bar', { 'aria-label': t('screens') }, players, idle, target);
  const shown = new Map(); // screen id -> { element, update, controller }

  function update() {
    const busy = busyScreens();
    for (const [id, player] of shown) {
      if (busy.some((screen) => screen.id === id)) continue;
      player.controller.abort();
      player.element.remove();
      shown.delete(id);
    }
    for (const screen of busy) {
      if (!shown.has(screen.id)) {
        shown.set(screen.id, playerOf(screen.id));
        players.append(shown.get(screen.id).element);
      }
      shown.get(screen.id).update();
    }
    const ready = get('screens').filter(isReady).length;
    setText(idle, ready ? t('screens.ready', { n: ready, text: count(ready) }) : t('screens.none'));
    bar.classList.toggle('is-busy', busy.length > 0);
    const name = targetScreen()?.name ?? t('screens.here');
    setText(targetName, name);
    target.setAttribute('aria-label', t('screens.target', { screen: name }));
    target.title = t('screens.target', { screen: name });
    target.classList.toggle('is-elsewhere', Boolean(targetScreen()));
  }

  watch(['screens', 'here', 'target'], update);
  setInterval(() => {
    if (document.visibilityState === 'visible') for (const player of shown.values()) player.update();
  }, TICK_MS);
  return bar;
}

// One thing that plays somewhere.
function playerOf(id) {
  const controller = new AbortController();
  const find = () => findScreen(id);
  const picture = h('span.player-cover');
  const title = h('span.player-title');
  const where = h('span.player-where');
  const time = h('span.player-time');
  const line = h('span.player-line');
  const open = h('button.player-open', {
    type: 'button', title: t('screens.remote', { screen: find()?.name ?? '' }), onclick: () => openRemote(id),
  },
    picture, h('span.player-text', {}, title, where), time);
  const elsewhere = iconButton('cast', t('move'), async () => {
    const to = await askScreen({ movedFrom: id });
    if (to) move(id, to);
  }, { class: 'player-move' });
  const element = h('div.player', { class: id === HERE ? 'is-here' : '' }, line, open, playButton(find, controller.signal), elsewhere);
  let pictured = '';

  function update() {
    const screen = find();
    if (!screen) return;
    setText(title, whatPlays(screen));
    if (where.dataset.text !== screen.name + screen.state) {
      where.dataset.text = screen.name + screen.state;
      fill(where, screenIcon(screen), h('span', {}, screen.state === 'playing' ? screen.name : `${screen.name} · ${t(`state.${screen.state}`)}`));
    }
    const position = positionOf(screen);
    elsewhere.hidden = !canMove(screen);
    setText(time, screen.hidden ? '' : screen.duration_ms ? `${duration(position)} / ${duration(screen.duration_ms)}` : duration(position));
    line.style.setProperty('--part', String(screen.duration_ms ? position / screen.duration_ms : 0));
    if (pictured !== `${screen.item_id} ${screen.class}`) {
      pictured = `${screen.item_id} ${screen.class}`;
      fill(picture, coverOfScreen(screen, 56));
    }
  }
  return { element, update, controller };
}
