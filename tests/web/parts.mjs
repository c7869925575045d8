// parts.mjs -- the parts of the page that need no browser: the list in pages, addresses, numbers.
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTests, test } from './tap.mjs';

const WEB = path.join(process.env.TOP_SRCDIR, 'web');
const load = (name) => import(pathToFileURL(path.join(WEB, name)));
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en-GB'] }, configurable: true });
const { Source } = await load('source.js');
const { address, parse } = await load('router.js');
const format = await load('format.js');
const { get, set, watch, watchNext } = await load('store.js');
const subtitles = await load('subtitles.js');
const { partOf } = await load('part.js');
const segments = await load('segments.js');

test('subtitles are numbered as the server does: words first, then pictures, of which some cannot be drawn', () => {
  const streams = ['hdmv_pgs_subtitle', 'subrip', 'dvb_subtitle', 'dvd_subtitle'].map((codec) => ({ type: 'subtitle', codec }));
  const sidecars = [{ kind: 'lyrics', format: 'lrc' }, { kind: 'subtitle', format: 'srt', name: 'a.srt' }, { kind: 'subtitle', format: 'vobsub' }];
  const found = subtitles.subtitlesOf({ id: '7', streams: [{ type: 'video', codec: 'h264' }, ...streams], sidecars });
  assert.deepEqual(found.map(({ number, isPicture }) => [number, isPicture]), [[0, false], [1, true], [3, true]]);
  assert.deepEqual(found.map((one) => subtitles.labelOf(one).label), ['a.srt', 'PGS', 'VobSub']);
  assert.deepEqual(subtitles.subtitlesOf({ id: 'server!7', streams }), []);
});

test('a list of segments is read, and their header says what they are', () => {
  const text = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-MAP:URI="part/init.mp4"\n#EXTINF:4.021,\npart/0.m4s\n#EXTINF:3.5,\n/b/1.m4s\n#EXT-X-ENDLIST\n';
  assert.deepEqual(segments.readList(text, 'http://tv/a/list.m3u8'), { header: 'http://tv/a/part/init.mp4',
    parts: [{ url: 'http://tv/a/part/0.m4s', from: 0, to: 4.021 }, { url: 'http://tv/b/1.m4s', from: 4.021, to: 7.521 }] });
  for (const none of ['', '#EXTM3U\n', '<html>']) assert.throws(() => segments.readList(none, 'http://tv/'));
  const header = (words) => new TextEncoder().encode(words).buffer;
  assert.equal(segments.typeOf(header('....stsd avcC\x01\x64\x00\x1f mp4a')), 'video/mp4; codecs="avc1.64001f, mp4a.40.2"');
  assert.equal(segments.typeOf(header('stsd avcC\x01\x42\x40\x0a')), 'video/mp4; codecs="avc1.42400a"');
});

function listOf(total) {
  const asked = [];
  const source = new Source(async (offset, limit) => {
    asked.push(offset);
    return { total, items: Array.from({ length: Math.min(limit, total - offset) }, (_, i) => ({ id: String(offset + i) })) };
  });
  return { source, asked };
}

test('a list asks for each page once, and only for those looked at', async () => {
  const { source, asked } = listOf(1000);
  await source.start();
  assert.equal(source.total, 1000);
  assert.equal(source.at(0).id, '0');
  assert.equal(source.at(900), undefined);
  assert.equal(source.at(901), undefined);
  assert.equal((await source.get(905)).id, '905');
  assert.deepEqual(asked, [0, 900]);
  assert.equal(await source.get(1000), undefined);
  assert.equal(await source.get(-1), undefined);
});

test('what has not changed stays the same object when a list is asked anew', async () => {
  const { source, asked } = listOf(10);
  await source.start();
  const before = source.at(3);
  await source.refresh();
  assert.equal(source.at(3), before);
  assert.deepEqual(asked, [0, 0]);
});

test('a page that fails is told once and can be asked for again', async () => {
  let isBroken = true;
  const told = [];
  const source = new Source(async () => {
    if (isBroken) throw new Error('away');
    return { total: 1, items: [{ id: '0' }] };
  });
  source.onerror = (error) => told.push(error.message);
  await assert.rejects(source.start());
  isBroken = false;
  await source.start();
  assert.deepEqual([told, source.at(0).id], [['away'], '0']);
});

test('an address is read as it was written', () => {
  for (const id of ['0', 'a/b', '50%', '茶馆', 'x?y#z', ' ']) {
    const { name, id: read, query } = parse(address('folder', id, { sort: '-date', q: '' }));
    assert.deepEqual([name, read, query.get('sort'), query.has('q')], ['folder', id, '-date', false]);
  }
  for (const [hash, name] of [['', 'home'], ['#', 'home'], ['#/', 'home'], ['#/search?q=a%20b', 'search'], ['#/%E0%A4%A', '%E0%A4%A']])
    assert.equal(parse(hash).name, name);
});

test('numbers are written as people write them', () => {
  for (const [ms, text] of [[0, '0:00'], [65000, '1:05'], [3665999, '1:01:05'], [undefined, '0:00'], [-5, '0:00']])
    assert.equal(format.duration(ms), text);
  for (const [bytes, text] of [[0, '0 B'], [1500, '1.5 kB'], [2369981, '2.4 MB'], [98e9, '98 GB'], [5e15, '5,000 TB']])
    assert.equal(format.size(bytes), text);
  for (const [iso, text] of [['1999', '1999'], ['2024-05', 'May 2024'], ['2024-05-01T10:20:30', '1 May 2024'], ['', ''], [undefined, '']])
    assert.equal(format.date(iso), text);
});

test('watchers hear of changes until they are told to stop', () => {
  const controller = new AbortController();
  const heard = [];
  watch('away', (value) => heard.push(value), controller.signal);
  watchNext('away', () => heard.push('next'), controller.signal);
  set('away', true);
  set('away', true);
  controller.abort();
  set('away', false);
  assert.deepEqual([heard, get('away')], [[false, true, 'next'], false]);
});

const words = (text, format) => subtitles.parse(text, format).map(({ start, end, text: said }) => [start, end, said]);

test('subtitles and lyrics of every kind are read', () => {
  for (const [format, text, cues] of [
    ['srt', '1\r\n00:00:01,500 --> 00:00:02,000\r\n<b>One</b>\r\ntwo\r\n\r\n2\r\n01:00:00,000 --> 01:00:01,000\r\nlate\r\n', [[1.5, 2, 'One\ntwo'], [3600, 3601, 'late']]],
    ['vtt', 'WEBVTT\n\nNOTE nothing\n\n00:01.000 --> 00:02.000 line:1\nhere', [[1, 2, 'here']]],
    ['ass', '[Events]\nFormat: Layer, Start, End, Style, Text\nDialogue: 0,0:00:01.00,0:00:03.50,Default,{\\i1}A, b\\Nc', [[1, 3.5, 'A, b\nc']]],
    ['lrc', '[ti:Song]\n[00:01.50][00:10]again\n[00:05.00]between', [[1.5, 5, 'again'], [5, 10, 'between'], [10, 18, 'again']]],
    ['srt', 'nothing of the kind', []],
    ['srt', '1\n00:00:05,000 --> 00:00:01,000\nbackwards', []],
    ['vobsub', 'x', []],
  ]) assert.deepEqual(words(text, format), cues, format);
});

test('an address names a part of a file, or the whole', () => {
  for (const [url, from, to] of [['/a', 0, Infinity], ['/a#t=12.500,40.000', 12.5, 40], ['/a#t=3', 3, Infinity], ['/a#t=,9', 0, 9], ['/a#x', 0, Infinity], ['/a#t=npt:1,2', 1, 2]])
    assert.deepEqual(partOf(url), { src: '/a', from, to });
});

test('octets of other days are read as what they are', () => {
  for (const [octets, text] of [
    [[0xe4, 0xb8, 0xad], '中'], [[0xef, 0xbb, 0xbf, 0x61], 'a'], [[0xd6, 0xd0], '中'], [[0xff, 0xfe, 0x2d, 0x4e], '中'], [[0xfe, 0xff, 0x4e, 0x2d], '中'], [[], ''],
  ]) assert.equal(subtitles.decode(new Uint8Array(octets).buffer), text);
});

process.exit(await runTests() ? 1 : 0);
