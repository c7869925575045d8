// words.mjs -- the tables of words against each other and against what the page asks for.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTests, test } from './tap.mjs';

const WEB = path.join(process.env.TOP_SRCDIR, 'web');
const load = async (name) => (await import(pathToFileURL(path.join(WEB, 'i18n', `${name}.js`))))[name];
const tables = { en: await load('en'), zh: await load('zh') };

const sources = fs.readdirSync(WEB, { recursive: true })
  .filter((file) => file.endsWith('.js') && !/i18n\/(en|zh)\.js$/.test(file))
  .map((file) => ({ file, text: fs.readFileSync(path.join(WEB, file), 'utf8') }));
const all = sources.map(({ text }) => text).join('\n');

// t('key'), and what is put together: t(`state.${...}`) takes every key with that beginning.
const asked = [...all.matchAll(/\bt\('([^']+)'/g)].map((match) => match[1]);
const beginnings = [...all.matchAll(/`([a-z]+\.)\$\{/g)].map((match) => match[1]);
const holes = (entry) => [...String(entry).matchAll(/\{(\w+)\}/g)].map((match) => match[1]);

test('every language has the same words', () => {
  assert.deepEqual(Object.keys(tables.zh).sort(), Object.keys(tables.en).sort());
});

test('every word has the same places to fill in every language', () => {
  for (const [key, entry] of Object.entries(tables.en)) {
    assert.deepEqual(new Set(holes(tables.zh[key])), new Set(holes(entry)), key);
    assert.equal(Array.isArray(tables.zh[key]), Array.isArray(entry), key);
  }
});

test('no word is missing', () => {
  assert.ok(asked.length > 50);
  assert.deepEqual(asked.filter((key) => !(key in tables.en)), []);
});

test('no word is unused', () => {
  const isUsed = (key) => all.includes(`'${key}'`) || beginnings.some((beginning) => key.startsWith(beginning));
  assert.deepEqual(Object.keys(tables.en).filter((key) => !isUsed(key)), []);
});

test('no page file is left out of the program', () => {
  const named = fs.readFileSync(path.join(WEB, 'local.mk'), 'utf8');
  const there = fs.readdirSync(WEB, { recursive: true }).filter((file) => /\.(js|css|html|svg|png|webmanifest)$/.test(file));
  assert.deepEqual(there.filter((file) => !named.includes(`web/${file}`)), []);
});

test('index.html names what its scripts stand on, so that it is fetched at once', () => {
  const known = new Set();
  const walk = (file) => {
    if (known.has(file)) return;
    known.add(file);
    for (const [, other] of fs.readFileSync(path.join(WEB, file), 'utf8').matchAll(/^import (?:[^'"]*? from )?'(\.[^']+)';/gm))
      walk(path.join(path.dirname(file), other));
  };
  const scripts = ['app.js', 'first.js', 'i18n/index.js'];
  walk('app.js');
  const html = fs.readFileSync(path.join(WEB, 'index.html'), 'utf8');
  const named = (pattern) => [...html.matchAll(pattern)].map((match) => match[1]).sort();
  assert.deepEqual(named(/<script type="module"[^>]* src="\/web\/([^"]+)"/g), scripts);
  assert.deepEqual(named(/rel="modulepreload" href="\/web\/([^"]+)"/g), [...known].filter((file) => !scripts.includes(file)).sort());
});

test('the page asks nobody else and holds no inline script or style', () => {
  for (const { file, text } of sources)
    assert.ok(!/\bhttps?:\/\/(?!www\.w3\.org)/.test(text), `${file} names another host`);
  const html = fs.readFileSync(path.join(WEB, 'index.html'), 'utf8');
  assert.ok(!/style=|<style|\son[a-z]+=|<script(?![^>]*src=)/.test(html));
});

process.exit(await runTests() ? 1 : 0);
