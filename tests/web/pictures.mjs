// pictures.mjs FOLDER [NAME...] -- the pictures of the documentation, made by the program itself: the sample
// library, two televisions and a tab that is a screen, in every size, both languages and both lights.
import fs from 'node:fs';
import path from 'node:path';
import { Server, Television, endAll, makeLibrary, open } from './house.mjs';
import { until } from './tap.mjs';

const [folder, ...names] = process.argv.slice(2);
if (!folder) throw new Error('usage: pictures FOLDER [NAME...]');

const SIZES = {
  desktop: { viewport: { width: 1280, height: 840 } },
  phone: { viewport: { width: 390, height: 800 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  tablet: { viewport: { width: 820, height: 1100 }, hasTouch: true },
  television: { viewport: { width: 1920, height: 1080 }, userAgent: 'Mozilla/5.0 (SMART-TV; Linux) AppleWebKit/537.36 Chrome/120' },
};

makeLibrary();
const server = await Server.start('Bookshelf');
const televisions = [new Television('Living Room'), new Television('Kitchen')];
await server.indexed(14);
for (const television of televisions) await television.report(server);
const find = async (words, title = '') => (await server.get(`/library/search?q=${encodeURIComponent(words)}`)).items.find((item) => item.title.includes(title)).id;
const [dawn, city, dunes, song] = [await find('dawn'), await find('city'), await find('dunes'), await find('greensleeves')];
const albums = (await server.get('/library/containers/albums')).children;
const album = albums.find(({ title }) => title === 'Evening Tunes').id;
const [living, kitchen] = [await televisions[0].report(server), await televisions[1].report(server)];
await server.api('POST', `/queue/${living.id}`, { item: dawn, play: true });
await server.api('PATCH', `/queue/${living.id}`, { repeat: 'one' });
await televisions[0].report(server, ({ state, position_ms }) => state === 'playing' && position_ms > 8000);

async function take(name, size, scheme, locale, where, ready, act = null) {
  if (names.length > 0 && !names.includes(name)) return;
  const page = await open(server, { ...SIZES[size], colorScheme: scheme, locale, serviceWorkers: 'block', reducedMotion: 'reduce' }, where);
  page.expected.push(/Service Worker/);
  await page.locator(ready).first().waitFor();
  if (act) await act(page);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight), null, { timeout: 20000 }).catch(() => {}); // one that does not come is seen in the picture
  await page.waitForTimeout(700); // the fading in of the covers
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  await page.context().close();
}
const press = (...keys) => async (page) => { for (const key of keys) await page.keyboard.press(key); };

await take('page-desktop', 'desktop', 'dark', 'en', '#/home', '.shelf:nth-of-type(3) .card', (page) => page.locator('.player').waitFor());
await take('page-phone', 'phone', 'light', 'en', '#/home', '.player-open', async (page) => {
  await page.locator('.player-open').tap();
  await page.locator('.remote-cover img').waitFor();
});
await take('page-phone-zh', 'phone', 'dark', 'zh-CN', '#/home', '.shelf:nth-of-type(3) .card');
await take('page-tablet', 'tablet', 'light', 'en', '#/home', '.shelf:nth-of-type(3) .card');
await take('page-television', 'television', 'dark', 'en', '#/home', '.shelf .card', press('ArrowDown', 'ArrowRight'));
await take('page-film', 'desktop', 'dark', 'en', `#/item/${city}`, '.part .place');
await take('page-album', 'desktop', 'light', 'en', `#/folder/${album}`, '.grid .row');
await take('page-songs-zh', 'desktop', 'dark', 'zh-CN', '#/folder/tracks', '.grid .row');
await take('page-pictures', 'desktop', 'dark', 'en', '#/folder/photos', '.grid .card');
const [root] = (await server.get('/library/containers/folders')).children;
await take('page-folders', 'tablet', 'dark', 'zh-CN', `#/folder/${root.id}`, '.grid .card');
await take('page-search', 'phone', 'light', 'en', '#/search?q=e', '.grid .row');
await take('page-screens', 'desktop', 'light', 'zh-CN', '#/home', '.target', async (page) => {
  await page.locator('.target').click();
  await page.locator('dialog .choice').first().waitFor();
});
await take('page-settings', 'desktop', 'light', 'en', '#/settings', '.setting-form');
await take('page-settings-library', 'tablet', 'dark', 'zh-CN', '#/settings/library', '.setting-facts', (page) => page.locator('.setting-line input').first().waitFor());
await take('page-settings-screens', 'phone', 'light', 'en', '#/settings/screens', '.device .setting-facts', async (page) => {
  await server.api('POST', `/screens/${kitchen.id}/test`, { what: 'picture' });
  await televisions[1].report(server, ({ state }) => state === 'stopped' || state === 'idle', 60);
  await page.locator('.device', { hasText: 'Kitchen' }).getByRole('button').first().click();
  await page.locator('.test-step').nth(2).waitFor();
});
await take('page-settings-log', 'phone', 'dark', 'zh-CN', '#/settings/log', '.log-line');
await take('page-settings-television', 'television', 'dark', 'en', '#/settings', '.setting-form');
await take('page-player', 'desktop', 'dark', 'en', `#/watch/${dawn}`, '.stage .seek', async (page) => {
  await until('it plays', () => page.evaluate(() => document.querySelector('video').currentTime > 1.5));
  await page.keyboard.press('c');
  await page.locator('.stage .seek input').hover();
  await page.locator('.preview img').waitFor();
});
await take('page-picture', 'phone', 'dark', 'en', `#/watch/${dunes}`, '.stage-picture');
await server.api('POST', `/queue/${kitchen.id}`, { item: album, play: true });
await server.api('PATCH', `/queue/${kitchen.id}`, { repeat: 'all' });
await televisions[1].report(server, ({ state }) => state === 'playing');
await take('page-queue', 'phone', 'dark', 'en', '#/home', '.player', async (page) => {
  await page.locator('.player', { hasText: 'Kitchen' }).locator('.player-open').click();
  await page.locator('.queue-entry').nth(1).waitFor();
  await page.locator('.queue').scrollIntoViewIfNeeded();
});
await take('page-screen', 'television', 'dark', 'en', 'tv', '.tv-code');
await take('page-screen-song', 'television', 'dark', 'en', 'tv', '.tv-code', async (page) => {
  const shown = await until('it shows its code', () => page.locator('.tv-code').innerText());
  const tab = await until('the tab is a screen', async () => (await server.get('/screens')).find(({ code }) => code === shown));
  await server.api('POST', `/queue/${tab.id}`, { item: song, play: true });
  await server.api('PATCH', `/queue/${tab.id}`, { repeat: 'one' });
  await page.locator('.tv-song h2').waitFor();
});
// The last one: from here on the server has an owner.
await take('page-people', 'desktop', 'dark', 'en', '#/people', '.person', async (page) => {
  await page.getByLabel('Name').fill('Ann');
  await page.getByLabel('Code').fill([...fs.readFileSync(server.process.log, 'utf8').matchAll(/code of the owner[^:]*: (\S+)/g)].at(-1)[1]);
  await page.getByRole('button', { name: 'Become the owner' }).click();
  await page.locator('.person h2', { hasText: 'You are Ann' }).waitFor();
  await page.evaluate(async (people) => {
    for (const body of people)
      await fetch('/api/v1/people', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  }, [{ name: 'Li Wei', role: 'family', devices: ['192.168.1.40'] }, { name: 'Gus', role: 'guest', folders: [], until_ms: Date.UTC(2031, 4, 1, 20) }]);
  await page.reload();
  await page.locator('.person', { hasText: 'Gus' }).waitFor();
});

const troubles = await endAll();
if (troubles.length > 0) throw new Error(troubles.join('\n'));
