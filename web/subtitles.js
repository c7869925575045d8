// subtitles.js -- files of subtitles and lyrics as cues, whatever wrote them: SubRip, WebVTT, ASS and
// LRC. Octets are read as what they say they are, then as UTF-8, and else as Chinese was written
// before it.

import { codec as nameOf } from './format.js';
import { languageName } from './media.js';
import { split } from './servers.js';

const OLD_CHARSET = 'gb18030';
const LAST_LINE_S = 8; // how long the last line of a song stands

export function decode(octets) {
  const bytes = new Uint8Array(octets);
  const mark = bytes[0] << 8 | bytes[1];
  if (mark === 0xfffe || mark === 0xfeff) return new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(OLD_CHARSET).decode(bytes);
  }
}

// "1:02:03,5", "02:03.45" -> seconds
function seconds(text) {
  return text.replace(',', '.').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

const plain = (text) => text.replace(/<[^>]*>|\{[^}]*\}/g, '').trim();

const ARROW = /^\s*((?:\d+:)?\d+:\d+[.,]\d+)\s*-->\s*((?:\d+:)?\d+:\d+[.,]\d+)/;

// SubRip and WebVTT differ in what surrounds the same three things.
function cuesOfBlocks(text) {
  return text.split(/\n\s*\n/).map((block) => {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => ARROW.test(line));
    if (at < 0) return null;
    const [, start, end] = ARROW.exec(lines[at]);
    return { start: seconds(start), end: seconds(end), text: plain(lines.slice(at + 1).join('\n')) };
  });
}

// Of the events of an ASS file the words alone; the last field may hold commas.
function cuesOfEvents(text) {
  const format = /^Format:(.*Text.*)$/m.exec(text.slice(text.indexOf('[Events]')));
  const fields = (format?.[1] ?? 'Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text')
    .split(',').map((name) => name.trim());
  const place = (name) => fields.indexOf(name);
  return [...text.matchAll(/^Dialogue:(.*)$/gm)].map(([, line]) => {
    const parts = line.split(',');
    return {
      start: seconds(parts[place('Start')]?.trim() ?? ''),
      end: seconds(parts[place('End')]?.trim() ?? ''),
      text: plain(parts.slice(place('Text')).join(',').replace(/\\[Nn]/g, '\n').replace(/\\h/g, ' ')),
    };
  });
}

// A line of a song may be sung several times: it has as many times before it.
function cuesOfSong(text) {
  const lines = [...text.matchAll(/^((?:\[\d+:\d+(?:[.:]\d+)?\]\s*)+)(.*)$/gm)].flatMap(([, times, words]) =>
    [...times.matchAll(/\[(\d+:\d+)(?:[.:](\d+))?\]/g)].map(([, time, part]) =>
      ({ start: seconds(time) + Number(`0.${part ?? 0}`), text: words.replace(/<\d+:\d+(?:\.\d+)?>/g, '').trim() })));
  lines.sort((a, b) => a.start - b.start);
  return lines.map((line, i) => ({ ...line, end: lines[i + 1]?.start ?? line.start + LAST_LINE_S }));
}

const READERS = { srt: cuesOfBlocks, vtt: cuesOfBlocks, ass: cuesOfEvents, ssa: cuesOfEvents, lrc: cuesOfSong };

export const isReadable = ({ format }) => format in READERS;

// Those of a film of ours by the server's numbers (pipelines/track-choice.h): what is words, in it and beside it, and
// behind that what of its own is pictures. Of those nothing draws some.
const WORDS = ['srt', 'vtt', 'ass', 'ssa', 'smi'];
const IS_DRAWN = { hdmv_pgs_subtitle: true, dvd_subtitle: true, dvb_subtitle: false, xsub: false };

export function subtitlesOf({ id, sidecars = [], streams = [] }) {
  if (split(id ?? '').server) return [];
  return [...sidecars.filter(({ kind, format }) => kind === 'subtitle' && WORDS.includes(format)),
    ...streams.filter(({ type, codec }) => type === 'subtitle' && codec in IS_DRAWN)]
    .map((one, number) => ({ ...one, number, isPicture: one.codec in IS_DRAWN }))
    .filter(({ codec, isPicture }) => !isPicture || IS_DRAWN[codec]);
}

// What a menu says of one.
export const labelOf = ({ language, title, name, track, codec }) => ({
  label: languageName(language) || title || name || nameOf(codec), note: codec ? nameOf(codec) : track ? title : name,
});

// [{ start, end, text }] in seconds, in the order of time. A format that is not known has none.
export function parse(text, format) {
  return (READERS[format]?.(text.replace(/\r\n?/g, '\n')) ?? [])
    .filter((cue) => cue && cue.text && cue.start < cue.end)
    .sort((a, b) => a.start - b.start);
}

// The cues of a file beside an item.
export async function load(item, sidecar, signal) {
  const path = `/media/${encodeURIComponent(item.id)}/beside/${encodeURIComponent(sidecar.name)}`;
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return parse(decode(await answer.arrayBuffer()), sidecar.format);
}
