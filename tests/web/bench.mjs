// bench.mjs [COUNT] -- how soon the page is there and how soon it answers, with the processor held back
// four times and a library of COUNT pictures (100,000), how soon several phones see what one of them did, and
// what the page weighs after 500 page changes. The last line is the figures as JSON; nothing passes or fails
// here (tests/bench/page.py knows the marks).
import fs from 'node:fs';
import path from 'node:path';
import { Server, Television, endAll, library, makeLibrary, open } from './house.mjs';
import { scalesOf, walk } from './walk.mjs';

const COUNT = Number(process.argv[2]) || 100000;
const ITEMS = 14;
const SLOWER = 4;
const RUNS = 5;
const A_FOLDER = 1000;
const WALKS = 500;
const PHONES = 4;
const PRESSES = 20;
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

const sorted = (values) => [...values].sort((a, b) => a - b);
const middle = (values) => sorted(values)[Math.floor(values.length / 2)];
const p98 = (values) => sorted(values)[Math.floor(values.length * 0.98)];

async function slowPage(hash) {
  const page = await open(server, { serviceWorkers: 'block' }, hash);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  return page;
}

// The first visit: the first paint, and the first that is of use, because the library is on it. What leads there
// is told, too: when its data were asked for and had come, how many files and questions that took, and what
// of it the page's own thread worked, which another load of the machine hardly changes.
const paints = { home: [], pictures: [] };
const useful = { home: [], pictures: [] };
const steps = { home: [], pictures: [] };
const DATA = '/containers/photos';
let scripts = 0; // octets
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, hash, sign] of [['home', '#/home', '.shelf .card'], ['pictures', '#/folder/photos', '.cell .card']]) {
    const page = await slowPage('web/favicon.svg');
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.addInitScript((wanted) => {
      const seen = new MutationObserver(() => {
        if (!document.querySelector(wanted)) return;
        seen.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.usefulAt = performance.now(); }));
      });
      seen.observe(document, { childList: true, subtree: true });
    }, sign);
    await page.goto(`${server.url}/${hash}`);
    await page.locator(sign).first().waitFor();
    await page.waitForFunction(() => window.usefulAt && performance.getEntriesByName('first-contentful-paint').length);
    paints[name].push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    useful[name].push(await page.evaluate(() => window.usefulAt));
    const { metrics } = await cdp.send('Performance.getMetrics');
    const worked = (part) => 1000 * metrics.find((one) => one.name === part).value;
    steps[name].push({
      ...await page.evaluate((path) => {
        const before = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < window.usefulAt);
        const data = before.find((one) => one.name.includes(path));
        return { data_asked_ms: data.startTime, data_here_ms: data.responseEnd, requests: before.length };
      }, DATA),
      worked_ms: worked('TaskDuration'), scripts_ms: worked('ScriptDuration'),
      layout_ms: worked('LayoutDuration') + worked('RecalcStyleDuration'),
    });
    if (name === 'home') scripts = await page.evaluate(() => performance.getEntriesByType('resource')
      .filter((one) => one.name.endsWith('.js')).reduce((sum, one) => sum + one.decodedBodySize, 0));
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
  let sum = 0;
  const add = (records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) sum += 1 + (node.querySelectorAll?.('*').length ?? 0);
  };
  const seen = new MutationObserver(add);
  seen.observe(document.body, { childList: true, subtree: true });
  window.addEventListener('keydown', () => { seen.takeRecords(); sum = 0; }, true);
  window.addEventListener('keydown', () => { add(seen.takeRecords()); window.drawn.push(sum); });
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

// Several phones look at one television; each in turn presses, and all are to see what came of it.
async function phonesAgree() {
  const television = new Television('Lounge');
  const { id } = await television.report(server);
  const [film] = (await server.get('/library/search?q=dawn')).items;
  await server.api('POST', `/queue/${id}`, { item: film.id, play: true });
  await server.api('PATCH', `/queue/${id}`, { repeat: 'one' });
  await television.report(server, ({ state }) => state === 'playing');
  const phones = [];
  for (let i = 0; i < PHONES; i += 1) phones.push(await open(server, { viewport: { width: 390, height: 780 }, serviceWorkers: 'block' }));
  for (const phone of phones) {
    await phone.locator('.player .primary').waitFor();
    await phone.evaluate(() => {
      window.seen = [];
      const button = document.querySelector('.player .primary');
      let shown = button.ariaLabel;
      new MutationObserver(() => {
        if (button.ariaLabel === shown) return;
        shown = button.ariaLabel;
        window.seen.push(performance.timeOrigin + performance.now());
      }).observe(button, { attributeFilter: ['aria-label'] });
    });
  }
  const lags = [];
  const answers = []; // to who pressed
  for (let i = 0; i < PRESSES; i += 1) {
    const pressed = await phones[i % PHONES].evaluate(() => {
      document.querySelector('.player .primary').click();
      return performance.timeOrigin + performance.now();
    });
    await Promise.all(phones.map((phone) => phone.waitForFunction((count) => window.seen.length > count, i)));
    const seen = await Promise.all(phones.map((phone) => phone.evaluate((at) => window.seen[at], i)));
    lags.push(Math.max(...seen) - pressed);
    answers.push(await phones[i % PHONES].evaluate(() => performance.getEntriesByType('resource')
      .filter(({ name }) => /\/(play|pause)$/.test(name)).at(-1)?.duration ?? 0));
    for (const phone of phones) await phone.evaluate(() => performance.clearResourceTimings());
    await phones[0].waitForTimeout(400);
  }
  for (const phone of phones) await phone.context().close();
  await server.api('POST', `/screens/${id}/stop`, {});
  return { lags, answers };
}
const { lags, answers } = await phonesAgree();

const walker = await open(server, { serviceWorkers: 'block' }, '#/home');
const weigh = await scalesOf(walker);
await walk(walker, VIEWS, VIEWS.length * 3);
const before = await weigh();
await walk(walker, VIEWS, WALKS);
const after = await weigh();
const growth = (name) => Math.round((after[name] / before[name] - 1) * 1000) / 10;

console.log(JSON.stringify({
  pictures: COUNT,
  javascript_bytes: scripts,
  first_paint_ms: { home: Math.round(middle(paints.home)), pictures: Math.round(middle(paints.pictures)) },
  useful_paint_ms: { home: Math.round(middle(useful.home)), pictures: Math.round(middle(useful.pictures)) },
  steps: Object.fromEntries(Object.entries(steps).map(([name, runs]) => [name,
    Object.fromEntries(Object.keys(runs[0]).map((step) => [step, Math.round(middle(runs.map((one) => one[step])))]))])),
  input_ms: { measured: inputs.length, middle: middle(inputs), p98: p98(inputs), most: Math.max(...inputs) },
  phones_ms: { phones: PHONES, middle: Math.round(middle(lags)), p98: Math.round(p98(lags)), answer: Math.round(middle(answers)) },
  elements_drawn_for_a_key: drawn,
  cells_in_the_page: cells,
  growth_percent: { page_changes: WALKS, nodes: growth('nodes'), listeners: growth('listeners'), heap: growth('heap') },
}));
await endAll();
