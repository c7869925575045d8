// here.js -- this page as a screen: one <video> element that plays films and songs, told of in the
// store under 'here' in the shape that the server uses for a screen. Where a thing was left is kept
// for as long as the tab lives.

import { h } from './dom.js';
import { t } from './i18n/index.js';
import { kindOf, titleOf } from './media.js';
import { thumbUrl } from './api.js';
import { get, set } from './store.js';

const SAVE_MS = 5000;
const LEFT = 'left:'; // session storage: LEFT + id -> milliseconds

export const element = h('video.here', { playsInline: true, preload: 'auto' });

let item = null;
let list = null; // { source, index }: what follows and what came before
let onfail = () => {};
let saved = 0;

// A track of a cue sheet lies somewhere in its file: the element knows of the file alone.
const from = () => (item?.start_ms ?? 0) / 1000;
const to = () => (item?.end_ms ? item.end_ms / 1000 : element.duration || 0);
export const position = () => Math.round((element.currentTime - from()) * 1000);

// Told when the browser cannot play an item.
export const whenUnplayable = (fn) => { onfail = fn; };

export const leftAt = (id) => Number(sessionStorage.getItem(LEFT + id)) || 0;

// Ids of what was begun and not finished in this tab, the latest first.
export const begun = () => JSON.parse(sessionStorage.getItem('begun') ?? '[]');

function remember() {
  if (!item) return;
  const ms = position();
  const isOver = element.ended || (element.duration && ms > (to() - from()) * 970);
  const others = begun().filter((id) => id !== item.id);
  if (isOver || ms < 3000) {
    sessionStorage.removeItem(LEFT + item.id);
    sessionStorage.setItem('begun', JSON.stringify(others));
  } else {
    sessionStorage.setItem(LEFT + item.id, ms);
    sessionStorage.setItem('begun', JSON.stringify([item.id, ...others].slice(0, 12)));
  }
}

function stateNow() {
  if (element.ended) return 'stopped';
  if (element.paused) return 'paused';
  return element.readyState < 3 ? 'loading' : 'playing';
}

function publish() {
  set('here', item && {
    id: 'here', name: t('screens.here'), kind: 'here', state: stateNow(),
    title: titleOf(item), item_id: item.id, class: kindOf(item), thumb_url: item.thumb_url,
    position_ms: position(),
    duration_ms: Math.round((to() - from()) * 1000) || item.duration_ms || 0,
    seekable: true, volume: Math.round(element.volume * 100), muted: element.muted,
    next: list && list.index + 1 < list.source.total ? {} : undefined,
    previous: Boolean(list && list.index > 0),
    at: performance.now(),
  });
}

// position_ms: where to begin; left out: where it was left.
export async function play(wanted, { position_ms, from: origin = null } = {}) {
  if (item?.id !== wanted.id) {
    remember();
    item = wanted;
    [element.src] = wanted.url.split('#');
  }
  list = origin ?? (list && kindOf(wanted) === 'audio' ? list : null);
  const start = position_ms ?? (kindOf(wanted) === 'video' ? leftAt(wanted.id) || wanted.use?.position_ms || 0 : 0);
  if (Math.abs(position() - start) > 500 || element.ended) element.currentTime = from() + start / 1000;
  announce();
  publish();
  await element.play().catch((error) => {
    if (error.name === 'NotSupportedError') fail();
  });
}

function fail() {
  const failed = item;
  stop();
  if (failed) onfail(failed);
}

function stop() {
  remember();
  item = list = null;
  element.removeAttribute('src');
  element.load();
  publish();
}

// Goes that many places along the list, over what is no music.
async function step(by) {
  const { source } = list ?? {};
  for (let index = (list?.index ?? 0) + by; source && index >= 0 && index < source.total; index += by) {
    const next = await source.get(index);
    if (next && kindOf(next) === kindOf(item) && !next.unreadable)
      return play(next, { position_ms: 0, from: { source, index } });
  }
  return null;
}

export const command = {
  play: () => element.play(),
  pause: () => element.pause(),
  stop,
  next: () => step(1),
  previous: () => (position() > 3000 || !list ? command.seek({ position_ms: 0 }) : step(-1)),
  seek: ({ position_ms }) => { element.currentTime = from() + position_ms / 1000; },
  volume: ({ volume, muted }) => {
    if (volume !== undefined) element.volume = volume / 100;
    if (muted !== undefined) element.muted = muted;
  },
};

// The keys of keyboards and headsets, and the picture on a locked phone.
function announce() {
  const session = navigator.mediaSession;
  if (!session) return;
  session.metadata = new MediaMetadata({
    title: titleOf(item), artist: item.artist ?? '', album: item.album ?? '',
    artwork: item.thumb_url ? [{ src: new URL(thumbUrl(item, 320), location.href).href }] : [],
  });
  session.setActionHandler('nexttrack', () => step(1));
  session.setActionHandler('previoustrack', () => command.previous());
}

for (const event of ['play', 'pause', 'playing', 'waiting', 'seeked', 'volumechange', 'loadedmetadata', 'ended'])
  element.addEventListener(event, publish);

async function goOn() {
  remember();
  if (!(await step(1)) && get('here')?.class === 'video') document.dispatchEvent(new Event('here-ended'));
}

// The element goes on where a track ends; its time is told four times a second.
let partEnd = 0;
function endPart(of) {
  if (of !== item || element.paused || element.currentTime < to() - 0.1) return;
  element.pause();
  goOn();
}

element.addEventListener('timeupdate', () => {
  if (item?.end_ms && !element.paused && to() - element.currentTime < 0.5) {
    clearTimeout(partEnd);
    partEnd = setTimeout(endPart, (to() - element.currentTime) * 1000, item);
  }
  if (performance.now() - saved < SAVE_MS) return;
  saved = performance.now();
  remember();
  publish();
});
element.addEventListener('pause', remember);
element.addEventListener('ended', goOn);
element.addEventListener('error', () => item && element.src && fail());
window.addEventListener('pagehide', remember);
