// bench.mjs [COUNT] -- how soon the page is there and how soon it answers, with the processor held back
// four times and a library of COUNT pictures (100,000), and what it weighs after 500 page changes. The last
// line is the figures as JSON; nothing passes or fails here (tests/bench/page.py knows the marks).
import fs from 'node:fs';
import path from 'node:path';
import { Server, endAll, library, makeLibrary, open } from './house.mjs';
import { scalesOf, walk } from './walk.mjs';

const COUNT = Number(process.argv[2]) || 100000;
const ITEMS = 14;
const SLOWER = 4;
const RUNS = 5;
const A_FOLDER = 1000;
const WALKS = 500;
const VIEWS = [
  ['#/home', '.shelf .card'], ['#/folder/photos', '.grid .card'], ['#/folder/albums', '.grid .card'], ['#/search?q=shot', '.grid .row'],
  ['#/folder/tracks', '.grid .row'], ['#/settings', '.setting-form'], ['#/people', '.person'], ['#/settings/log', '.log-line'],
];

makeLibrary();
const server = await Server.start();
await server.indexed(ITEMS);
const [dunes] = (await server.get('/library/search?q=dunes')).items;
const octets = Buffer.from(await (await fetch(`${server.url}${dunes.thumb_url}?w=160`)).arrayBuffer());
for (let i = 0; i < COUNT; i += 1) {
  const folder = path.join(library, 'Many', String(Math.floor(i / A_FOLDER)).padStart(3, '0'));
  if (i % A_FOLDER === 0) fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `Shot ${String(i).padStart(6, '0')}.jpg`), octets);
}
console.log(`# ${COUNT} pictures are read ...`);
await server.indexed(ITEMS + COUNT, 3600);

const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function slowPage(hash) {
  const page = await open(server, { serviceWorkers: 'block' }, hash);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  return page;
}

const paints = { home: [], pictures: [] };
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, hash, sign] of [['home', '#/home', '.shelf .card'], ['pictures', '#/folder/photos', '.cell img.is-here']]) {
    const page = await slowPage('web/favicon.svg');
    await page.goto(`${server.url}/${hash}`);
    await page.locator(sign).first().waitFor();
    paints[name].push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    await page.context().close();
  }
}

const page = await slowPage('#/folder/photos');
await page.locator('.cell img.is-here').first().waitFor();
await page.evaluate(() => {
  window.inputs = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) window.inputs.push([entry.name, entry.duration]);
  }).observe({ type: 'event', durationThreshold: 16 });
  // How much is drawn at once for a key, which is the same on every machine.
  window.drawn = [];
  const seen = new MutationObserver(() => {});
  seen.observe(document.body, { childList: true, subtree: true });
  const count = () => seen.takeRecords().reduce((sum, { addedNodes }) =>
    sum + [...addedNodes].reduce((all, node) => all + 1 + (node.querySelectorAll?.('*').length ?? 0), 0), 0);
  window.addEventListener('keydown', count, true);
  window.addEventListener('keydown', () => window.drawn.push(count()));
});
await page.locator('.cell a').first().focus();
for (const key of ['End', 'Home', ...Array(30).fill('ArrowDown'), ...Array(10).fill('PageDown'), 'End', 'Home']) {
  await page.keyboard.press(key);
  await page.waitForTimeout(60);
}
await page.keyboard.press('/');
for (const letter of 'shot 00') {
  await page.keyboard.press(letter);
  await page.waitForTimeout(120);
}
await page.locator('.row', { hasText: 'Shot 00' }).first().waitFor();
await page.locator('.row-link', { hasText: 'Shot 00' }).first().click();
await page.locator('.stage-picture').waitFor();
const inputs = await page.evaluate(() => window.inputs.map(([, duration]) => duration));
const cells = await page.evaluate(() => document.querySelectorAll('.cell').length);
const drawn = await page.evaluate(() => Math.max(...window.drawn));
await page.context().close();

const walker = await open(server, { serviceWorkers: 'block' }, '#/home');
const weigh = await scalesOf(walker);
await walk(walker, VIEWS, VIEWS.length * 3);
const before = await weigh();
await walk(walker, VIEWS, WALKS);
const after = await weigh();
const growth = (name) => Math.round((after[name] / before[name] - 1) * 1000) / 10;

console.log(JSON.stringify({
  pictures: COUNT,
  first_paint_ms: { home: Math.round(middle(paints.home)), pictures: Math.round(middle(paints.pictures)) },
  input_ms: { measured: inputs.length, middle: middle(inputs), p98: inputs.sort((a, b) => a - b)[Math.floor(inputs.length * 0.98)], most: Math.max(...inputs) },
  elements_drawn_for_a_key: drawn,
  cells_in_the_page: cells,
  growth_percent: { page_changes: WALKS, nodes: growth('nodes'), listeners: growth('listeners'), heap: growth('heap') },
}));
await endAll();
