// tab.mjs URL NAME -- a tab that is a screen: a browser shows the server's /tv until it is told to end,
// and prints what it shows: its address, pictures and octets of sound so far.
import { launch } from './browser.mjs';

const [url, name] = process.argv.slice(2);
const browser = await launch();
process.on('SIGTERM', () => browser.close().then(() => process.exit(0)));
const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
page.on('console', (message) => console.log(message.text()));
page.on('pageerror', (error) => console.log(error.stack));
await page.addInitScript((it) => localStorage.setItem('screen-name', it), name);
await page.addInitScript(() => setInterval(() => {
  const player = [...document.querySelectorAll('video')].find((one) => !one.paused);
  if (player) console.log('shows', player.currentSrc.startsWith('blob:') ? player.dataset.from : new URL(player.currentSrc).pathname, player.webkitDecodedFrameCount, player.webkitAudioDecodedByteCount);
}, 200));
await page.goto(`${url}/tv`);
setInterval(() => {}, 1 << 30);
