// tv/tv.js -- a tab that is a screen. It shows its name and code, does what the server orders and says
// how it is. The secret that it made for itself makes it the same screen after being loaded anew.

import { debounce, fill, h, icon, iconButton, loadIcons, setText } from '../dom.js';
import { duration } from '../format.js';
import { language, t } from '../i18n/index.js';
import { FORM, LIST, isFed } from '../segments.js';
import * as player from './player.js';

const RETRY_MS = 2000;
const REPORT_MS = 1000;
const SHOWN_MS = 4000; // the line about what plays
const SKIP_MS = 10000;

const TYPES = {
  video: ['mp4', 'webm', 'ogg', 'x-matroska', 'quicktime', 'mp2t', '3gpp'],
  audio: ['mpeg', 'mp4', 'aac', 'flac', 'ogg', 'opus', 'x-wav', 'webm'],
  image: ['jpeg', 'png', 'gif', 'webp', 'bmp', 'svg+xml'],
};
// What each codec is asked for as; of who can, the names that the server knows.
const CODECS = {
  h264: 'video/mp4; codecs="avc1.640028"', hevc: 'video/mp4; codecs="hvc1.1.6.L93.B0"', av1: 'video/mp4; codecs="av01.0.04M.08"',
  vp8: 'video/webm; codecs="vp8"', vp9: 'video/webm; codecs="vp9"', mpeg4: 'video/mp4; codecs="mp4v.20.9"', theora: 'video/ogg; codecs="theora"',
  aac: 'audio/mp4; codecs="mp4a.40.2"', alac: 'audio/mp4; codecs="alac"', ac3: 'audio/mp4; codecs="ac-3"', eac3: 'audio/mp4; codecs="ec-3"',
  mp3: 'audio/mpeg', flac: 'audio/flac', opus: 'audio/webm; codecs="opus"', vorbis: 'audio/webm; codecs="vorbis"', pcm: 'audio/wav; codecs="1"',
};
const ASKED_AS = { 'audio/x-wav': 'audio/wav', 'audio/opus': 'audio/ogg; codecs=opus' };

document.documentElement.lang = language;
const icons = loadIcons();

function secret() {
  const known = localStorage.getItem('screen-secret');
  if (known) return known;
  const made = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  localStorage.setItem('screen-secret', made);
  return made;
}

// What the browser says that it plays. Chromium plays Matroska where it plays WebM, and does not say so.
function takes() {
  const probe = document.createElement('video');
  const plays = (mime) => mime.startsWith('image/') || probe.canPlayType(ASKED_AS[mime] ?? mime) !== ''
    || (mime === 'video/x-matroska' && 'chrome' in window);
  const types = Object.entries(TYPES).flatMap(([kind, names]) => names.map((name) => `${kind}/${name}`)).filter(plays);
  if (plays(LIST)) types.push(LIST);
  if (isFed()) types.push(`form/${FORM}`);
  return [...types, ...Object.keys(CODECS).filter((codec) => plays(CODECS[codec])).map((codec) => `codec/${codec}`)];
}

const BASE = `/api/v1/web-screens/${secret()}`;

async function send(method, path, body) {
  const answer = await fetch(BASE + path, {
    method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, keepalive: method !== 'PUT' || path !== '',
  });
  if (!answer.ok) throw Object.assign(new Error(`HTTP ${answer.status}`), { status: answer.status });
  return answer.status === 204 ? null : answer.json();
}

// -- What is seen

const name = h('h1.tv-name');
const code = h('p.tv-code');
const clock = h('p.tv-clock');
const hint = h('p.tv-hint');
const rename = h('input.tv-rename', { 'aria-label': t('tv.name'), placeholder: t('tv.name'), maxlength: '24', autocomplete: 'off' });
const form = h('form.tv-form', { hidden: true, onsubmit: saveName }, rename, h('button.button', { type: 'submit' }, t('tv.save')));
const begin = h('button.button', { type: 'button', onclick: enter }, icon('full'), h('span', {}, t('tv.begin')));
const change = h('button.button.quiet', { type: 'button', onclick: openForm }, t('tv.rename'));
const idle = h('section.tv-idle', {}, h('p.tv-brand', {}, icon('logo'), h('span', {}, 'duoping')), name, code, hint,
  h('p.actions', {}, begin, change), form, clock);
const cover = h('img.tv-cover', { alt: '' });
const songTitle = h('h2');
const songNote = h('p.soft');
const song = h('section.tv-song', { hidden: true }, cover, h('div', {}, songTitle, songNote));
const lineTitle = h('span.tv-line-title');
const lineTime = h('span.time');
const progress = h('span.tv-progress');
const line = h('div.tv-line', { hidden: true }, lineTitle, lineTime, progress);
const notice = h('div.tv-notice', { role: 'status', hidden: true });
fill(document.getElementById('tv'), h('div.tv-scene', {}, player.elements), song, idle, line, notice);

function say(text, action = null) {
  notice.hidden = !text;
  fill(notice, h('span', {}, text), action);
}

function showClock() {
  setText(clock, new Date().toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' }));
}
setInterval(showClock, 5000);
showClock();

// A touch of the page lets it make sounds and fill the screen.
async function enter() {
  await document.documentElement.requestFullscreen?.().catch(() => {});
  await navigator.wakeLock?.request('screen').catch(() => {});
  begin.hidden = true;
  change.focus();
}

function openForm() {
  form.hidden = !form.hidden;
  rename.value = localStorage.getItem('screen-name') ?? '';
  if (!form.hidden) rename.focus();
}

function saveName(event) {
  event.preventDefault();
  localStorage.setItem('screen-name', rename.value.trim());
  form.hidden = true;
  change.focus();
  join();
}

let lineTimer = 0;
function showLine() {
  line.hidden = false;
  clearTimeout(lineTimer);
  lineTimer = setTimeout(() => { line.hidden = player.status().state === 'playing'; }, SHOWN_MS);
}

let pictured = 0;
function paint() {
  const { state, position_ms, duration_ms } = player.status();
  const { media, number } = player.now() ?? {};
  const isOn = media && !['idle', 'stopped'].includes(state);
  idle.hidden = Boolean(isOn);
  song.hidden = !isOn || player.kindOf(media) !== 'audio';
  document.documentElement.classList.toggle('is-playing', Boolean(isOn) && state === 'playing');
  if (!isOn) line.hidden = true;
  setText(lineTitle, media?.title ?? '');
  setText(lineTime, duration_ms ? `${duration(position_ms)} / ${duration(duration_ms)}` : '');
  progress.style.setProperty('--part', String(duration_ms ? position_ms / duration_ms : 0));
  if (media && pictured !== number) {
    pictured = number;
    showSong(media);
    showLine();
  }
}

async function showSong(media) {
  setText(songTitle, media.title ?? '');
  setText(songNote, '');
  cover.src = media.thumb_url ? `${media.thumb_url}?w=640` : '/web/favicon.svg';
  if (!media.item_id || media.server || player.kindOf(media) !== 'audio') return;
  const item = await fetch(`/api/v1/library/items/${encodeURIComponent(media.item_id)}`).then((answer) => answer.json()).catch(() => ({}));
  if (player.now()?.media === media) setText(songNote, [item.artist, item.album].filter(Boolean).join(' · '));
}

// -- What is said and heard

let isReady = false; // what was open before is known again: until then nothing is to be said of it
const report = debounce(() => {
  if (!isReady) return;
  const { url, mime, title, subtitle_url, item_id, server, class: kind } = player.now()?.media ?? {};
  send('PUT', '/status', { ...player.status(), ...clean({ url, mime, title, subtitle_url, item_id, server, class: kind }) }).catch(() => {});
}, 30);
const clean = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value));

async function obey(order) {
  let problem;
  try {
    await player.acts[order.verb](order);
  } catch (error) {
    problem = error.message || error.name;
    say(problem);
  }
  report();
  if (!order.again) send('POST', '/answers', clean({ number: order.number, problem })).catch(() => {});
}

let stream = null;
let retry = 0;

async function join() {
  clearTimeout(retry);
  try {
    const joined = await send('PUT', '', { name: localStorage.getItem('screen-name') || undefined, takes: takes() });
    setText(name, localStorage.getItem('screen-name') || t('tv.screen'));
    setText(code, joined.code);
    setText(hint, t('tv.hint', { address: location.host }));
    document.title = joined.name;
  } catch (error) {
    say(t(error.status ? 'tv.refused' : 'tv.away'));
    retry = setTimeout(join, RETRY_MS);
    return;
  }
  listen();
}

function listen() {
  stream?.close();
  isReady = false;
  stream = new EventSource(`${BASE}/orders`);
  stream.addEventListener('open', () => say(''));
  stream.addEventListener('ready', () => {
    isReady = true;
    report();
  });
  stream.addEventListener('order', (event) => obey(JSON.parse(event.data)));
  stream.addEventListener('replaced', () => {
    stream.close();
    player.acts.stop();
    say(t('tv.replaced'), h('button.button', { type: 'button', onclick: join }, t('tv.here')));
  });
  stream.addEventListener('error', () => {
    stream.close();
    say(t('tv.away'));
    clearTimeout(retry);
    retry = setTimeout(join, RETRY_MS);
  });
}

// -- The remote control that came with the television

const keys = {
  ' ': toggle, Enter: toggle, MediaPlayPause: toggle, MediaStop: () => player.acts.stop(),
  ArrowLeft: () => seek(-SKIP_MS), ArrowRight: () => seek(SKIP_MS),
  ArrowUp: () => volume(5), ArrowDown: () => volume(-5), f: () => document.documentElement.requestFullscreen?.().catch(() => {}),
};

function toggle() {
  if (player.status().muted) player.acts.mute({ muted: false });
  else if (player.status().state === 'paused') player.acts.play().catch(() => {});
  else player.acts.pause();
  say('');
}
const seek = (by) => player.acts.seek({ position_ms: Math.max(0, player.status().position_ms + by) });
const volume = (by) => player.acts.volume({ volume: Math.max(0, Math.min(100, player.status().volume + by)) });

document.addEventListener('keydown', (event) => {
  if (!idle.hidden || event.target.closest('.tv-notice') || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
  showLine();
});
// On the idle picture the arrows walk its buttons.
idle.addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step || event.target === rename) return;
  const all = [...idle.querySelectorAll('button, input')].filter((one) => one.checkVisibility());
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
});
document.addEventListener('pointermove', () => !idle.hidden || showLine());
document.addEventListener('click', () => player.status().muted && idle.hidden && toggle());
document.addEventListener('tv-silent', () => say(t('tv.silent'), iconButton('volume', t('unmute'), toggle)));

player.whenChanged(() => {
  paint();
  report();
});
setInterval(() => {
  paint();
  if (player.status().state === 'playing') report();
}, REPORT_MS);
await icons;
join();
begin.focus();
