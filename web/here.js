// here.js -- this page as a screen: one <video> for films and two <audio> for songs, so that the next
// song is loaded when the last one ends. Told of in the store under 'here' in the shape that the
// server uses for a screen. Where a film was left the server keeps; of another server's the tab does.

import { noteUse, thumbUrl } from './api.js';
import { t } from './i18n/index.js';
import { debounce, h } from './dom.js';
import { kindOf, soundsOf, titleOf } from './media.js';
import { partOf } from './part.js';
import { split } from './servers.js';
import { get, set } from './store.js';

const NOTE_MS = 60000; // how often the server hears where a film is
const PUBLISH_MS = 5000;
const BEGUN_MS = 5000; // sooner nobody has begun
const LONG_MS = 600000; // songs of that length have a position, too
const PREPARE_S = 20; // before its end the next song is fetched
const REST_MS = 200; // of a finger on the line
const HAND_OVER_S = 0.6; // and then a clock waits for the very end
const LEFT = 'left:'; // session storage: LEFT + id -> milliseconds

const film = h('video.here', { playsInline: true, preload: 'auto' });
const decks = [h('audio', { preload: 'auto', hidden: true }), h('audio', { preload: 'auto', hidden: true })];
const players = [film, ...decks];
export { film as element, decks };

let active = film;
let item = null;
let list = null; // { source, index }: what follows and what came before
let part = { src: '', from: 0, to: Infinity }; // of the file in the player, the item is this
let made = null; // what the server makes of the item, where the file itself will not do (made.js)
let sound = null; // which of its sounds that has; null: the usual one
let aim = null; // milliseconds to which a finger or a key has gone in what has no places, until it is asked for
let prepared = null; // { item, index }: the song in the deck that does not play
let handOver = 0;
let onfail = () => {};
let noted = 0; // when the server was last told
let published = 0;
let isCounted = false; // this playing of the item

// Told when the browser cannot play an item.
export const whenUnplayable = (fn) => { onfail = fn; };

export const leftAt = ({ id, use }) => (split(id).server ? Number(sessionStorage.getItem(LEFT + id)) || 0 : use?.position_ms ?? 0);

// Ids of what was begun of other servers and not finished in this tab, the latest first.
export const begun = () => JSON.parse(sessionStorage.getItem('begun') ?? '[]');

const nowMs = () => aim ?? Math.max(0, Math.round((active.currentTime - part.from) * 1000));
// Seconds at which it ends; NaN while nobody knows.
const end = () => Math.min(part.to, active.duration);

function goTo(ms) {
  if (made && !made.hasPlaces) {
    aim = ms;
    askMade();
  } else {
    active.currentTime = part.from + ms / 1000;
  }
}

// Where what is made has no places it is another stream from there on, asked for when the finger rests.
function fetchMade(ms, isPlaying) {
  aim = null;
  const from = made.hasPlaces ? 0 : -ms / 1000;
  part = { src: made.url, from, to: !made.hasPlaces && item.duration_ms ? item.duration_ms / 1000 + from : Infinity };
  made.begin(active, ms / 1000);
  if (isPlaying) active.play().catch(() => {}); // its element tells what is wrong
}
const askMade = debounce(() => made && aim !== null && fetchMade(aim, !active.paused), REST_MS);

function keepForeign(id, ms) {
  const others = begun().filter((other) => other !== id);
  if (ms) sessionStorage.setItem(LEFT + id, ms);
  else sessionStorage.removeItem(LEFT + id);
  sessionStorage.setItem('begun', JSON.stringify(ms ? [id, ...others].slice(0, 12) : others));
}

function remember() {
  if (!item || kindOf(item) === 'image' || !active.currentTime) return;
  noted = performance.now();
  const length = end() - part.from || (item.duration_ms ?? 0) / 1000;
  const isOver = active.ended || (length && nowMs() > length * 970);
  const isKept = kindOf(item) === 'video' || length * 1000 >= LONG_MS;
  const position_ms = isKept && !isOver && nowMs() >= BEGUN_MS ? nowMs() : 0;
  if (split(item.id).server) return keepForeign(item.id, position_ms);
  const isPlayed = !isCounted && nowMs() > length * 500;
  isCounted ||= isPlayed;
  noteUse(item.id, { position_ms, ...(isPlayed ? { play_count: (item.use?.play_count ?? 0) + 1 } : {}) });
  return undefined;
}

// What came to its end was noted then.
const leave = () => active.ended || remember();

function stateNow() {
  if (active.ended) return 'stopped';
  if (active.paused) return 'paused';
  return active.readyState < 3 ? 'loading' : 'playing';
}

function publish() {
  published = performance.now();
  set('here', item && {
    id: 'here', name: t('screens.here'), kind: 'here', state: stateNow(),
    title: titleOf(item), item_id: item.id, class: kindOf(item), thumb_url: item.thumb_url,
    position_ms: nowMs(),
    duration_ms: item.duration_ms || Math.round((end() - part.from) * 1000) || 0,
    seekable: true, volume: Math.round(active.volume * 100), muted: active.muted,
    next: list && list.index + 1 < list.source.total ? {} : undefined,
    previous: Boolean(list && list.index > 0),
    at: performance.now(),
  });
}

export const positionNow = nowMs;
// Seconds at which the beginning of the item stands in the player's own time.
export const beginning = () => part.from;
// The list that is played along, and where in it this is; or null.
export const following = () => list;

// The player that an item goes into: a song that was prepared is there already.
function load(wanted) {
  const before = active;
  const isPrepared = prepared?.item.id === wanted.id;
  if (kindOf(wanted) !== 'audio') active = film;
  else if (isPrepared || before === film) active = idleDeck();
  item = wanted;
  isCounted = false;
  made = sound = aim = null;
  part = partOf(wanted.url);
  if (before !== active) empty(before);
  if (!isPrepared) active.src = part.src;
  prepared = null;
}

const idleDeck = () => (active === decks[0] ? decks[1] : decks[0]);

function empty(player) {
  player.pause();
  player.removeAttribute('src');
  player.load();
}

// position_ms: where to begin; left out: where it was left.
export async function play(wanted, { position_ms, from = null } = {}) {
  clearTimeout(handOver);
  handOver = 0;
  if (item?.id !== wanted.id) {
    leave();
    load(wanted);
  }
  list = from ?? (list && kindOf(wanted) === 'audio' ? list : null);
  const start = position_ms ?? (kindOf(wanted) === 'video' ? leftAt(wanted) : 0);
  if (Math.abs((active.currentTime - part.from) * 1000 - start) > 500 || active.ended) goTo(start);
  announce();
  publish();
  if (!made && !isHeard(wanted) && await playMade(null, start)) return;
  await active.play().catch(() => {}); // its element tells what is wrong
}

// Sounds that a film may have and few browsers know: without a word they play the picture alone.
const RARE = { ac3: 'ac-3', eac3: 'ec-3', dts: 'dtsc', truehd: 'mlpa' };
const isHeard = ({ audio_codec: codec }) => !(codec in RARE) || film.canPlayType(`video/mp4; codecs="${RARE[codec]}"`) !== '';

// Plays what the server makes of the item; answers whether it makes anything.
async function playMade(which, ms = nowMs()) {
  const wanted = item;
  if (!wanted || split(wanted.id).server) return false;
  const { madeOf } = await import('./made.js');
  const found = await madeOf(wanted, which).catch(() => null);
  if (item !== wanted) return true; // something else plays meanwhile
  if (!found) return false;
  made = found;
  sound = which;
  fetchMade(ms, true);
  return true;
}

// The number of the sound that is heard, among soundsOf() the item.
export const soundNow = () => sound ?? soundsOf(item ?? {}).find(({ isUsual }) => isUsual)?.value;

export async function chooseSound(number) {
  if (number === soundNow()) return;
  if (!soundsOf(item)[number].isUsual) {
    if (!await playMade(number)) throw new Error('no such form');
    return;
  }
  const at = nowMs();
  made = sound = aim = null; // the file itself
  part = partOf(item.url);
  active.src = part.src;
  goTo(at);
  await active.play().catch(() => {});
}

// The browser does not know the file: the server may make something that it does.
async function fail() {
  const failed = item;
  const isUnknown = active.error?.code !== MediaError.MEDIA_ERR_NETWORK;
  if (!made && isUnknown && await playMade(null).catch(() => false)) return;
  if (item !== failed) return;
  stop();
  if (failed) onfail(failed);
}

function stop() {
  leave();
  clearTimeout(handOver);
  item = list = prepared = made = sound = aim = null;
  players.forEach(empty);
  publish();
}

// The next thing of the list that is of the same kind, over what is not.
async function find(by) {
  const { source, index: start = 0 } = list ?? {};
  for (let index = start + by; source && index >= 0 && index < source.total; index += by) {
    const found = await source.get(index);
    if (found && kindOf(found) === kindOf(item) && !found.unreadable) return { item: found, index };
  }
  return null;
}

async function step(by) {
  const from = item;
  const found = by === 1 && prepared ? prepared : await find(by).catch(() => null); // its page may be out of reach
  if (!found || item !== from) return null;
  return play(found.item, { position_ms: 0, from: { ...list, index: found.index } });
}

// Shortly before its end the next song is fetched, and begins the moment that this one is over.
async function lookAhead() {
  const left = Math.min(end(), part.from + (item.duration_ms || Infinity) / 1000) - active.currentTime;
  if (!(left < PREPARE_S) || kindOf(item) !== 'audio' || active.paused) return;
  if (!prepared) {
    const from = item;
    const next = await find(1).catch(() => null);
    if (item !== from || prepared) return;
    if (next) {
      prepared = next;
      const coming = partOf(next.item.url);
      idleDeck().src = coming.src;
      if (coming.from > 0) idleDeck().currentTime = coming.from;
    }
  }
  if (left < HAND_OVER_S && !handOver) {
    handOver = setTimeout(() => {
      handOver = 0;
      if (!active.paused && end() - active.currentTime < 0.1) over();
    }, Math.max(0, left * 1000 - 20));
  }
}

// What plays is over: the next thing, or nothing, follows.
async function over() {
  if (active.ended || part.to < Infinity) remember();
  if (await step(1)) return;
  if (part.to < Infinity) active.pause();
  if (get('here')?.class === 'video') document.dispatchEvent(new Event('here-ended'));
}

export const command = {
  play: () => active.play().catch((error) => {
    if (error.name !== 'AbortError') throw error; // it was paused, or something else came
  }),
  pause: () => active.pause(),
  stop,
  next: () => step(1),
  previous: () => (nowMs() > 3000 || !list ? command.seek({ position_ms: 0 }) : step(-1)),
  seek: ({ position_ms }) => {
    clearTimeout(handOver);
    handOver = 0;
    goTo(position_ms);
  },
  volume: ({ volume, muted }) => {
    for (const player of players) {
      if (volume !== undefined) player.volume = volume / 100;
      if (muted !== undefined) player.muted = muted;
    }
  },
};

// The keys of keyboards and headsets, and the picture on a locked phone.
const SKIP_MS = 10000;
const sessionActions = {
  play: () => command.play(),
  pause: () => command.pause(),
  stop: () => stop(),
  nexttrack: () => step(1),
  previoustrack: () => command.previous(),
  seekto: ({ seekTime }) => command.seek({ position_ms: seekTime * 1000 }),
  seekbackward: () => command.seek({ position_ms: Math.max(0, nowMs() - SKIP_MS) }),
  seekforward: () => command.seek({ position_ms: nowMs() + SKIP_MS }),
};

function announce() {
  const session = navigator.mediaSession;
  if (!session) return;
  session.metadata = new MediaMetadata({
    title: titleOf(item), artist: item.artist ?? '', album: item.album ?? '',
    artwork: item.thumb_url ? [{ src: new URL(thumbUrl(item, 320), location.href).href }] : [],
  });
  for (const [name, act] of Object.entries(sessionActions)) session.setActionHandler(name, act);
}

function tellPosition() {
  const duration = end() - part.from;
  if (item && duration > 0 && Number.isFinite(duration))
    navigator.mediaSession?.setPositionState({ duration, position: Math.min(nowMs() / 1000, duration), playbackRate: 1 });
}

// Of the three players only the active one is heard.
function on(event, fn) {
  for (const player of players) player.addEventListener(event, () => player === active && fn());
}

for (const event of ['play', 'pause', 'playing', 'waiting', 'seeked', 'volumechange', 'loadedmetadata', 'ended'])
  on(event, publish);
for (const event of ['playing', 'seeked']) on(event, tellPosition);
on('timeupdate', () => {
  if (!item) return;
  lookAhead();
  if (performance.now() - published > PUBLISH_MS) publish();
  if (performance.now() - noted > NOTE_MS) remember();
});
on('pause', () => !active.ended && remember());
on('ended', over);
on('error', () => item && active.getAttribute('src') && fail());
window.addEventListener('pagehide', remember);
