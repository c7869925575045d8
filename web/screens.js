// screens.js -- what can be asked of a screen, be it across the room or this page itself.

import * as api from './api.js';
import { upsertScreen } from './events.js';
import * as here from './here.js';
import { t } from './i18n/index.js';
import { isPlayable, kindOf, titleOf } from './media.js';
import { split } from './servers.js';
import { address, back, go, parse } from './router.js';
import { get, set } from './store.js';
import { toast, toastError } from './components/toast.js';

export const HERE = 'here';

// Every screen that has something loaded, this page first.
export function busyScreens() {
  const screens = get('screens').filter((screen) => isBusy(screen));
  return get('here') ? [get('here'), ...screens] : screens;
}

// What plays there; who may not see it is told so.
export const whatPlays = (screen) => screen.title || t(screen.hidden ? 'screens.hidden' : 'screens.nothing');
// An item, or what the server knows the address of.
export const canMove = (screen) => isBusy(screen) && Boolean(screen.item_id || screen.url);

export const isBusy = (screen) => ['playing', 'paused', 'loading'].includes(screen.state);
export const isReady = (screen) => screen.state !== 'offline';

export function findScreen(id) {
  return id === HERE ? get('here') : get('screens').find((screen) => screen.id === id);
}

// Where the play buttons play. A screen that went away is not played on by surprise.
export function targetScreen() {
  const screen = get('target') === HERE ? null : findScreen(get('target'));
  return screen && isReady(screen) ? screen : null;
}

export function setTarget(id) {
  set('target', id);
  sessionStorage.setItem('target', id);
}

// Where a screen is now: between two reports it goes on by itself.
export function positionOf(screen) {
  const since = screen.state === 'playing' && !screen.hidden ? performance.now() - (screen.at ?? performance.now()) : 0;
  if (screen.id === HERE) return here.positionNow();
  const position = (screen.position_ms ?? 0) + since;
  return screen.duration_ms ? Math.min(position, screen.duration_ms) : position;
}

// verb: play, pause, stop, next, previous, seek, volume, tracks. Failures are shown, not thrown.
export async function command(id, verb, values) {
  try {
    if (id === HERE) await here.command[verb](values);
    else upsertScreen(await api.command(id, verb, values));
  } catch (error) {
    toastError(error, () => command(id, verb, values));
  }
}

// Plays an item on a screen; answers whether it does. from: { source, index }, the list it stands in; audio,
// subtitle: the numbers of its sound and of its words.
export async function playOn(id, item, { position_ms, from, audio, subtitle, isQuiet = false } = {}) {
  if (id === HERE) return playHere(item, { position_ms, from });
  try {
    await (isList(item, from) ? playList(id, from) : api.cast(id, item.id, { position_ms, audio, subtitle }));
    if (!isQuiet) toast(t('screens.sent', { screen: nameOf(id) }), { detail: titleOf(item), icon: 'cast' });
    return true;
  } catch (error) {
    toastError(error, () => playOn(id, item, { position_ms, from, audio, subtitle, isQuiet }));
    return false;
  }
}

// Songs of a list go on with the list: the screen's queue becomes what follows in it.
const LIST_MOST = 200;
const isList = (item, from) => from?.source && kindOf(item) === 'audio' && !split(item.id).server;

async function playList(id, { source, index }) {
  const items = [];
  for (let i = index; i < source.total && items.length < LIST_MOST; i += 1) {
    const item = await source.get(i);
    if (item && kindOf(item) === 'audio' && isPlayable(item)) items.push(item.id);
  }
  await api.clearQueue(id);
  await api.addToQueue(id, { items, play: true });
}

// Into the queue of the screen where things play now; isNext: before what is in it.
export async function queueUp(object, isNext) {
  const screen = targetScreen();
  const { server, id: item } = split(object.id);
  try {
    await api.addToQueue(screen.id, { item, server, next: isNext });
    toast(t('queue.added', { screen: screen.name }), { detail: titleOf(object), icon: 'queue' });
  } catch (error) {
    toastError(error, () => queueUp(object, isNext));
  }
}

// What is known of a screen's queue; undefined: nothing is in it.
export const headOf = (id) => get('queues')[id];

function playHere(item, options) {
  if (kindOf(item) !== 'audio') go(address('watch', item.id));
  if (kindOf(item) !== 'image') here.play(item, options);
  return true;
}

export const nameOf = (id) => (id === HERE ? t('screens.here') : findScreen(id)?.name ?? '');

// What plays on one screen goes on on another, and the first falls silent; a press brings it back.
export async function move(from, to) {
  const screen = findScreen(from);
  if (!screen || from === to) return;
  try {
    if (from !== HERE && to !== HERE) {
      upsertScreen(await api.move(from, to));
      moved(screen.title, from, to);
      return;
    }
    if (!screen.item_id) return;
    const item = await api.getItem(screen.item_id);
    const list = from === HERE ? here.following() : null;
    const position_ms = kindOf(item) === 'image' ? 0 : Math.round(positionOf(screen));
    if (!(await playOn(to, item, { position_ms, from: list, isQuiet: true }))) return;
    await command(from, 'stop');
    if (from === HERE && parse(location.hash).name === 'watch') back();
    moved(titleOf(item), from, to);
  } catch (error) {
    toastError(error, () => move(from, to));
  }
}

function moved(title, from, to) {
  set('moved', { id: to, from });
  toast(t('move.done', { screen: nameOf(to) }), {
    detail: title, icon: 'cast', action: { label: t('move.undo'), run: () => move(to, from) },
  });
}

// Plays where the reader last chose to play.
export const playOnTarget = (item, options) => playOn(targetScreen()?.id ?? HERE, item, options);

// Sheets that are fetched when they are wanted for the first time.
export const askScreen = async (question) => (await import('./components/screen-menu.js')).chooseScreen(question);
export const openRemote = async (id) => (await import('./components/remote.js')).openRemote(id);
