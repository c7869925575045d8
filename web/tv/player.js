// tv/player.js -- what a tab plays when it is a screen: films and songs in two players, of which one
// plays while the other has the next thing ready, and pictures.

import { h } from '../dom.js';
import { t } from '../i18n/index.js';
import { partOf } from '../part.js';
import { LIST, feed, isFed } from '../segments.js';
import { showWords } from './words.js';

const SAME_MS = 2000;
const KINDS = /^(audio|video|image)\//;

const players = [h('video', { playsInline: true, preload: 'auto' }), h('video', { playsInline: true, preload: 'auto' })];
const picture = h('img', { alt: '', hidden: true });
export const elements = [...players, picture];

let active = players[0];
let current = null; // { number, media }: what is loaded
let following = null; // the same, of what comes next
let shown = 'idle'; // the state while it is not the player that knows: idle, loading, playing (a picture), stopped
let part = { src: '', from: 0, to: Infinity }; // of the file in the player that plays
let partEnd = 0;
let onchange = () => {};

export const whenChanged = (fn) => { onchange = fn; };
export const now = () => current;
export const kindOf = (media) => media.class ?? KINDS.exec(media.mime ?? '')?.[1] ?? 'video';

// What is ours comes from where the page came from, whatever address the server gave it.
const placeOf = (url, { item_id, server }) => (item_id && !server ? url.slice(new URL(url).origin.length) : url);
const addressOf = (media) => placeOf(media.url, media);
const wordsOf = (media) => (media.subtitle_url ? placeOf(media.subtitle_url, media) : null);

export function status() {
  const isPicture = current && kindOf(current.media) === 'image';
  const isHeld = current && !isPicture && shown === 'player';
  const state = !isHeld ? shown : active.ended ? 'stopped' : active.paused ? 'paused' : active.readyState < 3 ? 'loading' : 'playing';
  return {
    state: current ? state : 'idle',
    media: current?.number ?? 0,
    position_ms: isHeld ? Math.max(0, Math.round((active.currentTime - part.from) * 1000)) : 0,
    duration_ms: isHeld && Number.isFinite(active.duration) ? Math.round((Math.min(part.to, active.duration) - part.from) * 1000) : 0,
    volume: Math.round(active.volume * 100),
    muted: active.muted,
  };
}

// A list of segments of ours; others' the browser plays by itself, or not.
const isInParts = ({ mime, item_id, server }) => mime === LIST && item_id && !server && isFed();

function give(player, media, seconds = 0) {
  const { src } = partOf(addressOf(media));
  if (!isInParts(media)) player.src = src;
  else {
    feed(player, src);
    player.currentTime = seconds; // so that it begins there
  }
}

const other = () => (active === players[0] ? players[1] : players[0]);

function empty(player) {
  player.pause();
  player.removeAttribute('src');
  player.load();
  player.hidden = true;
}

const loaded = (player) => new Promise((resolve, reject) => {
  if (player.readyState >= 2) return resolve();
  player.addEventListener('loadeddata', resolve, { once: true });
  player.addEventListener('error', () => reject(new Error(t('tv.format'))), { once: true });
  return undefined;
});

// A browser may want to be touched before it makes a sound: then it plays without one.
async function start(player) {
  try {
    await player.play();
  } catch (error) {
    if (error.name === 'AbortError') return; // it was paused, or something else came
    if (error.name !== 'NotAllowedError') throw error;
    setMuted(true);
    await player.play();
    document.dispatchEvent(new Event('tv-silent'));
  }
}

function setMuted(isMuted) {
  for (const player of players) player.muted = isMuted;
}

export async function open({ number, media, position_ms = 0, paused = false }) {
  const mine = { number, media };
  const isSame = current?.media.url === media.url && shown === 'player' && !active.ended;
  current = mine;
  if (isSame) return goOnWith(media, position_ms, paused);
  shown = 'loading';
  onchange();
  try {
    if (kindOf(media) === 'image') await openPicture(media);
    else await openPlayer(media, position_ms, paused, mine);
  } catch (error) {
    if (current === mine) close('stopped');
    throw error;
  }
}

// The same film with other words, or told once more after a sleep: it is not fetched again.
async function goOnWith(media, position_ms, isPaused) {
  if (Math.abs((active.currentTime - part.from) * 1000 - position_ms) > SAME_MS) active.currentTime = part.from + position_ms / 1000;
  showWords(active, wordsOf(media), part.from);
  if (!isPaused) await start(active);
  onchange();
}

async function openPicture(media) {
  players.forEach(empty);
  const next = new Image();
  next.src = addressOf(media);
  await next.decode().catch(() => { throw new Error(t('tv.format')); });
  picture.src = next.src;
  picture.hidden = false;
  shown = 'playing';
  onchange();
}

async function openPlayer(media, position_ms, isPaused, mine) {
  picture.hidden = true;
  const player = following?.media === media ? other() : active;
  if (player !== active) {
    empty(active);
    active = player;
  } else {
    give(player, media, position_ms / 1000);
  }
  part = partOf(addressOf(media));
  player.hidden = kindOf(media) === 'audio';
  await loaded(player);
  if (current !== mine) return;
  showWords(player, wordsOf(media), part.from);
  if (part.from + position_ms > 0) player.currentTime = part.from + position_ms / 1000;
  shown = 'player';
  if (!isPaused) await start(player);
  onchange();
}

function close(state) {
  players.forEach(empty);
  picture.hidden = true;
  picture.removeAttribute('src');
  shown = state;
  following = null;
  onchange();
}

export function follow({ number, media }) {
  following = media ? { number, media } : null;
  if (!following) empty(other());
  else if (kindOf(media) === 'image') new Image().src = addressOf(media);
  else give(other(), media);
}

function goOn() {
  const next = following;
  if (!next) return Promise.resolve();
  const opening = open(next);
  following = null;
  return opening;
}

function over() {
  clearTimeout(partEnd);
  if (following) goOn().catch(() => {});
  else close('stopped');
}

// One function a verb; what it throws is the answer.
export const acts = {
  open: (order) => {
    follow({});
    return open(order);
  },
  follow,
  play: async () => {
    if (current && shown === 'stopped') await open({ ...current });
    else if (shown === 'player') await start(active);
  },
  pause: () => active.pause(),
  stop: () => close('stopped'),
  next: goOn,
  previous: () => { active.currentTime = part.from; },
  seek: ({ position_ms }) => { active.currentTime = part.from + position_ms / 1000; },
  volume: ({ volume }) => {
    for (const player of players) player.volume = volume / 100;
    localStorage.setItem('screen-volume', volume);
  },
  mute: ({ muted }) => setMuted(muted),
};

for (const player of players) {
  player.volume = Number(localStorage.getItem('screen-volume') ?? 100) / 100;
  for (const event of ['play', 'pause', 'playing', 'waiting', 'seeked', 'volumechange', 'durationchange'])
    player.addEventListener(event, () => player === active && onchange());
  player.addEventListener('ended', () => player === active && over());
  player.addEventListener('timeupdate', () => {
    clearTimeout(partEnd);
    const left = part.to - active.currentTime;
    if (player === active && !active.paused && left < 0.6) partEnd = setTimeout(over, Math.max(0, left * 1000));
  });
}
