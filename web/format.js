// format.js -- numbers as people write them, in the language of the page.

import { language, t } from './i18n/index.js';

const two = (number) => String(number).padStart(2, '0');

// 65000 -> "1:05", 3665000 -> "1:01:05"
export function duration(ms) {
  const all = Math.max(0, Math.floor((ms || 0) / 1000));
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

export function size(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value.toLocaleString(language, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${units[unit]}`;
}

// A date of which only the year or month may be known: "1999", "2024-05", "2024-05-01T10:20:30".
export function date(text) {
  const [year, month, day] = (text ?? '').slice(0, 10).split('-').map(Number);
  if (!year) return '';
  if (!month) return String(year);
  const options = { year: 'numeric', month: 'long', ...(day ? { day: 'numeric' } : {}) };
  return new Date(year, month - 1, day || 1).toLocaleDateString(language, options);
}

// 340 -> "0.3 s"
export const seconds = (ms) => (ms / 1000).toLocaleString(language,
  { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 1 });

// As English and Chinese write them. Intl would do so, too, and takes 15 ms to begin with.
export const count = (number) => String(number ?? 0).replace(/\B(?=(\d{3})+$)/g, ',');

export const bitrate = (bits) => t('unit.kbps', { n: count(Math.round(bits / 1000)) });

const CODECS = {
  h264: 'H.264', hevc: 'H.265', mpeg4: 'MPEG-4', mpeg2video: 'MPEG-2', av1: 'AV1', vp8: 'VP8', vp9: 'VP9', mjpeg: 'JPEG',
  pcm_s16le: 'PCM', ac3: 'Dolby Digital', eac3: 'Dolby Digital Plus', truehd: 'Dolby TrueHD', dts: 'DTS', aac: 'AAC',
  opus: 'Opus', vorbis: 'Vorbis', subrip: 'SubRip', ass: 'ASS', hdmv_pgs_subtitle: 'PGS', dvd_subtitle: 'VobSub', mov_text: 'MP4',
};
export const codec = (name) => CODECS[name] ?? name.toUpperCase();
