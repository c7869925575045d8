// views/item-parts.js -- what an item's page tells below its head: chapters, where it can play, its
// tracks, the files beside it.

import { getPlaces } from '../api.js';
import { fill, h, icon } from '../dom.js';
import { codec, count, duration } from '../format.js';
import { element as player } from '../here.js';
import { t } from '../i18n/index.js';
import { CHANNELS, isPlayable, kindOf, languageName } from '../media.js';
import { HERE, findScreen, isReady, playOn, targetScreen } from '../screens.js';
import { split } from '../servers.js';
import { get, watch } from '../store.js';
import { screenIcon } from '../components/transport.js';

// A part with its heading; without lines there is none.
function part(name, title, lines) {
  return lines.length > 0 && h('section.part', { 'aria-labelledby': `part-${name}` },
    h('h2', { id: `part-${name}` }, title), lines);
}

export function chaptersOf(item) {
  const chapters = item.chapters ?? [];
  const play = (start_ms) => playOn(targetScreen()?.id ?? HERE, item, { position_ms: start_ms });
  return part('chapters', t('chapters'), chapters.length < 2 ? [] : [h('ol.chapters', {}, chapters.map(({ title, start_ms = 0 }, i) =>
    h('li', {}, h('button.chapter', { type: 'button', disabled: !isPlayable(item), onclick: () => play(start_ms) },
      h('span.time', {}, duration(start_ms)), h('span', {}, title || t('chapter', { n: i + 1 }))))))]);
}

// -- Where it can play

// What the browser says of the file; of pictures it says nothing.
function playsHere({ mime = '', ...item }) {
  if (kindOf({ mime, ...item }) === 'image') return /jpe?g|png|gif|webp|avif|bmp|svg/.test(mime);
  return player.canPlayType(mime) !== '' || /matroska|quicktime/.test(mime);
}

// Asked of the server for our own items, once for each set of screens.
export function placesOf(item, signal) {
  if (!isPlayable(item)) return null;
  const list = h('ul.places');
  let asked = '';
  watch('screens', async () => {
    const ready = get('screens').filter(isReady);
    const now = ready.map(({ id, name }) => `${id} ${name}`).join();
    if (now === asked && list.hasChildNodes()) return;
    asked = now;
    const known = split(item.id).server ? [] : await getPlaces(item.id, signal).catch(() => []);
    if (signal.aborted || now !== asked) return;
    const here = { id: HERE, name: t('screens.here'), kind: 'here' };
    fill(list, place(here, item, playsHere(item) ? '' : t('place.here.not')),
      ready.map((screen) => place(screen, item, known.find((one) => one.screen === screen.id && !one.how)?.reason ?? '')));
  }, signal);
  return part('places', t('places'), [list]);
}

function place(screen, item, trouble) {
  const play = () => playOn(screen.id === HERE ? HERE : findScreen(screen.id)?.id ?? HERE, item, {});
  return h('li.place', { class: trouble ? 'is-not' : '' }, screenIcon(screen),
    h('span.place-text', {}, h('span', {}, screen.name), h('small.soft', {}, trouble || t('place.plays'))),
    trouble ? icon('close') : h('button.round', { type: 'button', 'aria-label': t('play.on', { screen: screen.name }), title: t('play.on', { screen: screen.name }), onclick: play }, icon('play')));
}

// -- What is in the file, and beside it

const HDR = { hdr10: 'HDR10', hlg: 'HLG', 'dolby-vision': 'Dolby Vision' };

function factsOf(stream) {
  const { profile, width, height, frame_rate, channels, sample_rate, bits, hdr } = stream;
  return [stream.codec && codec(stream.codec), profile, width && `${width} × ${height}`,
    frame_rate && t('unit.fps', { n: count(Math.round(frame_rate / 10) / 100) }), bits > 8 && stream.type !== 'subtitle' && t('unit.bits', { n: bits }), HDR[hdr],
    channels && (CHANNELS[channels] ?? t('unit.channels', { n: channels })), sample_rate && t('unit.khz', { n: count(sample_rate / 1000) })];
}

export function streamsOf(item) {
  const streams = item.streams ?? [];
  return part('streams', t('streams'), streams.length === 0 ? [] : [h('ul.streams', {}, streams.map((stream) =>
    h('li.stream', {}, icon({ video: 'video', audio: 'volume' }[stream.type] ?? 'subtitles'),
      h('span.stream-text', {}, h('span', {}, [t(`stream.${stream.type}`), languageName(stream.language), stream.title].filter(Boolean).join(' · ')),
        h('small.soft', {}, factsOf(stream).filter(Boolean).join(' · '))),
      stream.default && streams.filter(({ type }) => type === stream.type).length > 1 && h('span.badge', {}, t('stream.default')),
      stream.forced && h('span.badge', {}, t('stream.forced')))))]);
}

export function sidecarsOf(item) {
  const files = (item.sidecars ?? []).filter(({ track }) => !track); // the others are in the file
  return part('sidecars', t('sidecars'), files.length === 0 ? [] : [h('ul.streams', {}, files.map((file) =>
    h('li.stream', {}, icon(file.kind === 'lyrics' ? 'lyrics' : 'subtitles'),
      h('span.stream-text', {}, h('span', {}, [t(`sidecar.${file.kind}`), languageName(file.language)].filter(Boolean).join(' · ')),
        h('small.soft', {}, file.name)))))]);
}
