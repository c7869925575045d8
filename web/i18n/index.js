// i18n/index.js -- the page's words. One table for each language with the same keys, which
// tests/web holds against each other and against what the page asks for. Only the reader's is fetched.

const LANGUAGES = ['en', 'zh'];

// What was chosen in the settings of this device, else what the browser is told.
export const chosen = globalThis.localStorage?.getItem('language') ?? '';
export function choose(one) {
  if (one) localStorage.setItem('language', one);
  else localStorage.removeItem('language');
  location.reload();
}

const wanted = [...(chosen ? [chosen] : []), ...(navigator.languages ?? [navigator.language])];
const tag = wanted.find((one) => LANGUAGES.includes(one.slice(0, 2))) ?? 'en';
const name = tag.slice(0, 2);
const { [name]: table } = await import(`./${name}.js`);

// For dates and numbers, and for whoever reads the page aloud.
export const language = name === 'zh' ? 'zh-CN' : tag;

export const has = (key) => key in table;

// The words of a key. A word may hold {names}; one that counts is written [one, many] and takes n.
export function t(key, values = {}) {
  const entry = table[key] ?? key;
  const text = Array.isArray(entry) ? entry[values.n === 1 ? 0 : 1] : entry;
  return text.replace(/\{(\w+)\}/g, (whole, hole) => values[hole] ?? whole);
}
