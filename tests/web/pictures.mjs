// pictures.mjs FOLDER -- the pictures of the documentation, made by the program itself: the sample
// library, two screens, one of them playing.
import path from 'node:path';
import { Server, Television, endAll, makeLibrary, open } from './house.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('usage: pictures FOLDER');

makeLibrary();
const server = await Server.start('Bookshelf');
const televisions = [new Television('Living Room'), new Television('Kitchen')];
await server.indexed(14);
for (const television of televisions) await television.report(server);
const screen = await televisions[0].report(server);
const [film] = (await server.get('/library/search?q=dawn')).items;
await server.api('POST', '/casts', { screen: screen.id, item: film.id, position_ms: 12000 });
await televisions[0].report(server, ({ state, position_ms }) => state === 'playing' && position_ms > 12500);

async function take(page, name) {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await page.waitForTimeout(500); // the fading in of the covers
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

const desktop = await open(server, { colorScheme: 'dark', viewport: { width: 1280, height: 840 } });
await desktop.locator('.player').waitFor();
await desktop.locator('.shelf').nth(2).waitFor();
await take(desktop, 'page-desktop');

const phone = await open(server, { colorScheme: 'light', viewport: { width: 390, height: 800 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
await phone.locator('.player-open').tap();
await phone.locator('.remote-title').waitFor();
await take(phone, 'page-phone');

const troubles = await endAll();
if (troubles.length > 0) throw new Error(troubles.join('\n'));
