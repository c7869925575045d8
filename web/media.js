// media.js -- what the page says of an object of the library: its kind, its words, its symbol.

import { count, date } from './format.js';
import { has, language, t } from './i18n/index.js';
import { address } from './router.js';
import { ROOT, split } from './servers.js';

// 'container', 'audio', 'video' or 'image', from the UPnP class.
export function kindOf(object) {
  const found = /container|audio|video|image|photo/.exec(object.class ?? '');
  if (found) return found[0] === 'photo' ? 'image' : found[0];
  return /^(audio|video|image)\//.exec(object.mime ?? '')?.[1] ?? 'video';
}

export const isContainer = (object) => kindOf(object) === 'container';

const CONTAINER_ICONS = [
  [/musicAlbum/, 'album'], [/photoAlbum/, 'image'], [/Artist|person/, 'artist'],
  [/Genre/, 'genre'], [/playlist/, 'queue'],
];
const VIEW_ICONS = {
  0: 'home', music: 'music', videos: 'video', pictures: 'image', folders: 'folder',
  'music-folders': 'folder', 'video-folders': 'folder', 'picture-folders': 'folder',
  artists: 'artist', albums: 'album', genres: 'genre', tracks: 'music', photos: 'image',
};
// What the entries of a view are.
const MEMBER_ICONS = { albums: 'album', artists: 'artist', genres: 'genre' };
const KIND_ICONS = { audio: 'music', video: 'video', image: 'image' };

export function iconOf(object) {
  if (!isContainer(object)) return KIND_ICONS[kindOf(object)];
  const { server, id } = split(object.id);
  if (server && id === ROOT) return 'device';
  return VIEW_ICONS[id] ?? MEMBER_ICONS[split(object.parent_id ?? '').id]
    ?? CONTAINER_ICONS.find(([pattern]) => pattern.test(object.upnp_class))?.[1] ?? 'folder';
}

const MONTH = /^\d{4}-\d{2}$/;

// The views that every library has carry their names in the reader's language.
export function titleOf(object) {
  const key = `view.${object.id}`;
  if (isContainer(object) && has(key)) return t(key);
  if (isContainer(object) && MONTH.test(object.title)) return date(object.title);
  // A place is told in both languages: "Paris, France · 法国巴黎".
  if (split(object.parent_id ?? '').id === 'places') return object.title.split(' · ').at(language === 'zh-CN' ? -1 : 0);
  return object.title || t('untitled');
}

// The quiet line below a title.
export function noteOf(object) {
  if (object.unreadable) return object.unreadable;
  switch (kindOf(object)) {
    case 'container':
      if (object.reason) return object.reason;
      if (object.artist) return object.artist;
      return object.child_count === undefined ? '' : t('count.entries', { n: object.child_count, text: count(object.child_count) });
    case 'audio':
      return [object.artist, object.album].filter(Boolean).join(' · ');
    case 'video':
      return [yearOf(object), quality(object)].filter(Boolean).join(' · ');
    default:
      return object.width ? `${object.width} × ${object.height}` : '';
  }
}

// The year something is of. The moment at which a file was made says nothing of that.
export const yearOf = ({ date: text = '' }) => (text.includes('T') ? '' : text.slice(0, 4));

// "4K", "1080p": what people call a picture of that size.
export function quality(object) {
  const { width = 0, height = 0 } = object;
  if (width >= 3800 || height >= 2100) return '4K';
  if (width >= 1900 || height >= 1070) return '1080p';
  if (width >= 1260 || height >= 710) return '720p';
  return '';
}

export const isOffline = (object) => Boolean(object.offline ?? object.is_offline);
export const isPlayable = (object) => !isContainer(object) && !object.unreadable && !isOffline(object);

export function addressOf(object) {
  return isContainer(object) ? address('folder', object.id) : address('item', object.id);
}

// One of eight calm colours, always the same for the same thing.
export function tintOf(object) {
  let sum = 0;
  for (const letter of object.title || object.id) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return `tint-${sum % 8}`;
}

// The sounds of a film of ours, [{ value, label, note, isUsual }]; value is the number that the server counts them by.
export function soundsOf({ id, streams = [] }) {
  const all = split(id ?? '').server ? [] : streams.filter(({ type }) => type === 'audio');
  const usual = Math.max(0, all.findIndex((one) => one.default));
  return all.map(({ language, title, channels }, value) => ({
    value,
    label: languageName(language) || title || t('sound', { n: value + 1 }),
    note: [languageName(language) && title, CHANNELS[channels]].filter(Boolean).join(' · '),
    isUsual: value === usual,
  }));
}

export const CHANNELS = { 1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1' };

let languages = null; // made when one is to be named, which takes its time

// "chi", "zh-Hant", "eng" in the reader's words; what is no language is nothing.
export function languageName(code) {
  if (!code || code === 'und') return '';
  try {
    languages ??= new Intl.DisplayNames([language], { type: 'language', fallback: 'none' });
    return languages.of(code.replace('_', '-')) ?? code;
  } catch {
    return code;
  }
}
