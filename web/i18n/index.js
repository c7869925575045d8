// i18n/index.js -- the page's words. One table for each language with the same keys, which
// tests/web holds against each other and against what the page asks for.

import { en } from './en.js';
import { zh } from './zh.js';

const TABLES = { en, zh };

const wanted = navigator.languages ?? [navigator.language];
const tag = wanted.find((one) => one.slice(0, 2) in TABLES) ?? 'en';
const table = TABLES[tag.slice(0, 2)];

// For dates and numbers, and for whoever reads the page aloud.
export const language = table === zh ? 'zh-CN' : tag;

export const has = (key) => key in table;

// The words of a key. A word may hold {names}; one that counts is written [one, many] and takes n.
export function t(key, values = {}) {
  const entry = table[key] ?? key;
  const text = Array.isArray(entry) ? entry[values.n === 1 ? 0 : 1] : entry;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
