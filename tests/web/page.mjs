// page.mjs -- the page, walked as a person would, against the real server, a real screen and real files.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Server, Television, end, endAll, library, makeLibrary, makeOldFilm, open, place, takeTroubles } from './house.mjs';
import { runTests, test, until } from './tap.mjs';

const FILM = 'Dawn over the Lake (2024)';
const MANY = 1500;
const ITEMS = 14;

makeLibrary();
const server = await Server.start();
const television = new Television(`Lounge ${process.pid}`);
await server.indexed(ITEMS);
const page = await open(server);

const card = (title, where = page) => where.locator('.main .card-link, .main .row-link').filter({ hasText: title }).first();
const button = (name, where = page) => where.getByRole('button', { name, exact: true });
// What plays in the page: the film, or the song of two players that has the word.
const video = () => page.evaluate(() => {
  const players = [...document.querySelectorAll('audio, video')];
  const { currentTime, paused, readyState, error } = players.find((one) => !one.paused) ?? players.find((one) => one.currentTime > 0) ?? players[0];
  return { currentTime, paused, readyState, error: error?.message };
});

async function home(where = page) {
  await where.goto(`${server.url}/#/home`);
  await where.locator('.shelf').first().waitFor();
}

async function openFilm(where = page, title = FILM) {
  await home(where);
  await card(title, where).click();
  await where.locator('.item h1').waitFor();
}

async function setSlider(slider, value) {
  await slider.evaluate((input, wanted) => {
    input.value = wanted;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, String(value));
}

test('the page loads little and quickly', async () => {
  const { bytes, ms } = await page.evaluate(() => {
    const scripts = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'));
    return {
      bytes: scripts.reduce((sum, one) => sum + one.decodedBodySize, 0),
      ms: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    };
  });
  console.log(`# ${bytes} bytes of JavaScript, first paint after ${Math.round(ms)} ms`);
  assert.ok(bytes > 20000 && bytes < 120000, `${bytes} bytes of JavaScript`);
});

test('home shows what is there', async () => {
  await home();
  await card(FILM).waitFor();
  await card('Evening Tunes').waitFor();
  await card('Harbour Evening').waitFor();
});

test('folders are walked down and up', async () => {
  await page.locator('.nav-link', { hasText: 'Folders' }).click();
  await page.locator('.main h1', { hasText: 'Folders' }).waitFor();
  // One library folder is shown as itself or by what it holds; both lead to the films.
  if (await card('Films').count() === 0) await card('library').click();
  await card('Films').click();
  await card(FILM).waitFor();
  await page.locator('.trail a', { hasText: 'Folders' }).click();
  await page.locator('.main h1', { hasText: 'Folders' }).waitFor();
});

test('thumbnails are pictures', async () => {
  await home();
  const image = card(FILM).locator('img');
  await until('the thumbnail is decoded', () => image.evaluate((one) => one.naturalWidth > 100));
});

test('it searches as one types', async () => {
  await page.keyboard.press('/');
  for (const letter of 'dawn') await page.keyboard.press(letter);
  await page.waitForURL(/#\/search\?q=dawn/);
  await card(FILM).waitFor();
  await page.getByRole('searchbox').fill('茉莉');
  await card('茉莉花').waitFor();
  await page.getByRole('searchbox').fill('no such thing');
  await page.locator('.empty').waitFor();
  await page.keyboard.press('Escape');
  await until('the search is left', async () => !page.url().includes('search'));
});

test('a film plays in the page, seeks, and is found again where it was left', async () => {
  await openFilm();
  await button('Play here').click();
  await until('it plays', async () => (await video()).currentTime > 1);
  const glimpse = page.waitForRequest(/\/thumb\/.*&at=(15|20)$/);
  await page.mouse.move(400, 300);
  await setSlider(page.locator('.stage .seek input'), 20000);
  await until('it goes on from there', async () => (await video()).currentTime > 20.3);
  await page.keyboard.press('k');
  await until('it is paused', async () => (await video()).paused);
  await page.locator('.stage .seek input').hover();
  assert.match(await page.locator('.stage .preview').innerText(), /^0:(19|20)$/);
  await glimpse;
  await page.keyboard.press('Escape');
  await page.locator('.stage').waitFor({ state: 'hidden' });
  assert.equal((await video()).paused, true);
  await page.reload();
  await page.getByRole('button', { name: /^Continue at 0:2\d/ }).click();
  await until('it continues', async () => {
    const { currentTime, paused } = await video();
    return !paused && currentTime > 20.5;
  });
  await page.keyboard.press('Escape');
  await home();
  await page.locator('.shelf', { hasText: 'Continue here' }).waitFor();
});

test('a film has subtitles, which are found again', async () => {
  await openFilm();
  await page.locator('.stream', { hasText: 'Subtitles · Chinese' }).waitFor();
  await page.locator('.stream', { hasText: 'H.264' }).waitFor();
  const cue = () => page.evaluate(() => {
    const track = document.querySelector('video')?.textTracks[0];
    return track?.mode === 'showing' ? track.activeCues?.[0]?.text : undefined;
  });
  await page.getByRole('button', { name: 'From the beginning' }).click();
  await button('Subtitles').click();
  await page.locator('.choice', { hasText: 'Chinese' }).click();
  await until('they are shown', async () => (await cue()) === '水面很静。');
  await page.keyboard.press('Escape');
  await page.locator('.item h1').waitFor();
  await page.getByRole('button', { name: /^(Play here|Continue)/ }).click();
  await until('they are shown again', async () => (await cue()) === '水面很静。');
  await page.mouse.move(500, 300);
  await button('Subtitles').click();
  await page.locator('.choice', { hasText: 'None' }).click();
  await until('they are gone', async () => (await cue()) === undefined);
  await page.keyboard.press('Escape');
});

test('chapters are gone to, tracks are told', async () => {
  await openFilm(page, 'City after Rain');
  await page.locator('.stream', { hasText: 'Sound · Chinese · Commentary' }).waitFor();
  await page.locator('.chapter', { hasText: 'The lights' }).click();
  await until('it plays from there', async () => (await video()).currentTime > 9.2);
  await page.mouse.move(500, 300);
  assert.equal(await page.locator('.seek-mark').count(), 2);
  await button('Chapters').click();
  await page.locator('.choice[aria-current]', { hasText: 'The lights' }).waitFor();
  await page.locator('.choice', { hasText: 'Rain again' }).click();
  await until('it goes on from there', async () => (await video()).currentTime > 20.2);
  await page.keyboard.press('Escape');
  await page.locator('.stage').waitFor({ state: 'hidden' });
});

test('the server keeps where a film was left, for every phone', async () => {
  const [film] = (await server.get('/library/search?q=city')).items;
  await until('it has it', async () => (await server.get(`/library/items/${film.id}/use`)).position_ms > 20000);
  const other = await open(server);
  await other.locator('.shelf', { hasText: 'Continue here' }).locator('.card-link', { hasText: 'City after Rain' }).click();
  await other.getByRole('button', { name: /^Continue at 0:2\d/ }).waitFor();
  await other.context().close();
});

test('mkv and webm play in the page', async () => {
  for (const title of ['City after Rain', '海边的风']) {
    await openFilm(page, title);
    await page.getByRole('button', { name: /^(Play here|From the beginning)/ }).click();
    await until(`${title} plays`, async () => (await video()).currentTime > 0.5);
    await page.keyboard.press('Escape');
    await page.locator('.stage').waitFor({ state: 'hidden' });
  }
});

test('another sound of a film plays in the page, and so does what no browser knows', async () => {
  const source = () => page.evaluate(() => {
    const player = document.querySelector('video');
    return player.src.startsWith('blob:') ? `fed ${player.dataset.from} as ${player.src}` : player.getAttribute('src') ?? '';
  });
  const plays = async (pattern, from) => {
    const [now, src] = [await video(), await source()];
    if (pattern.test(src) && !now.paused && now.readyState > 2 && now.currentTime > from) return true;
    throw new Error(JSON.stringify({ ...now, src, said: await page.locator('.toasts').innerText() }));
  };
  await openFilm(page, 'City after Rain');
  await page.getByRole('button', { name: /^(Play here|From the beginning)/ }).click();
  await until('the file plays', () => plays(/^\/media\//, 1));
  const choose = async (name) => {
    await page.mouse.move(500, 300 + Math.random() * 50);
    await button('Sound', page.locator('.stage')).click();
    await page.locator('.choice', { hasText: name }).click();
  };
  await page.mouse.move(510, 300);
  await button('Subtitles', page.locator('.stage')).click();
  await page.locator('.choice', { hasText: 'French' }).click();
  const words = () => page.evaluate(() => document.querySelector('video').textTracks[0].activeCues?.[0]?.text);
  await until('words of the film itself are shown', async () => (await words()) === 'It rains.');
  await choose('Chinese');
  await until('the other sound plays', () => plays(/^fed \/stream\/.*[.]m3u8 /, 1));
  const fed = await source();
  const [from, to] = await until('some of it is held', () => page.evaluate(() => {
    const { currentTime, buffered } = document.querySelector('video');
    return buffered.length > 0 && [currentTime, buffered.end(buffered.length - 1)];
  }));
  assert.ok(to < from + 26, `at ${from} s all up to ${to} s is held`);
  await setSlider(page.locator('.stage .seek input'), 15000);
  await until('it goes on from there', () => plays(/^fed /, 15.3));
  assert.equal(await source(), fed, 'without being loaded anew');
  await until('with the words of that place', async () => (await words()) === 'The rain has gone.');
  await choose('English');
  await until('the file goes on', () => plays(/^\/media\//, 15.3));
  await page.mouse.move(520, 300);
  await button('Subtitles', page.locator('.stage')).click();
  await page.locator('.choice', { hasText: 'None' }).click();
  await page.keyboard.press('Escape');

  const old = path.join(library, 'Films', 'Old Reel.avi');
  makeOldFilm(old);
  await server.indexed(ITEMS + 1);
  await page.goto(`${server.url}/#/item/${(await server.get('/library/search?q=reel')).items[0].id}`);
  await button('Play here').click();
  await until('it plays in another form', () => plays(/^fed \/stream\//, 0.3));
  assert.equal(await page.evaluate(() => Math.round(document.querySelector('video').duration)), 12);
  await page.evaluate(() => { document.querySelector('video').currentTime = 11; });
  await page.locator('.stage').waitFor({ state: 'hidden' }); // it has come to its end
  await page.goto(`${server.url}/#/search`);
  fs.unlinkSync(old);
  await until('it is gone', async () => (await server.get('/server')).library.items === ITEMS);
});

test('an album plays on by itself while one browses', async () => {
  await home();
  await card('Evening Tunes').click();
  await page.locator('.row-link', { hasText: 'Ode to Joy' }).click();
  await until('it plays', async () => (await video()).currentTime > 0.5);
  await page.locator('.nav-link', { hasText: 'Videos' }).click();
  await page.locator('.player', { hasText: 'Ode to Joy' }).locator('.player-open').click();
  await button('Next').click();
  await page.locator('.remote-title', { hasText: 'Greensleeves' }).waitFor();
  await until('it plays', async () => (await video()).currentTime > 0.2);
  await button('Pause', page.locator('.remote')).click();
  await page.locator('.lyric[aria-current]').waitFor();
  await page.locator('.lyric', { hasText: 'to cast me off' }).click();
  await page.locator('.lyric[aria-current]', { hasText: 'to cast me off' }).waitFor();
  await button('Play', page.locator('.remote')).click();
  await setSlider(page.locator('.remote .seek input'), 13000);
  await page.locator('.remote-title', { hasText: 'Elise' }).waitFor();
  await button('Stop').click();
  await page.keyboard.press('Escape');
  await page.locator('.player.is-here').waitFor({ state: 'detached' });
});

test('the next song is there before the last one ends, and follows at once', async () => {
  await home();
  await card('Evening Tunes').click();
  await page.evaluate(() => {
    window.heard = [];
    for (const player of document.querySelectorAll('audio'))
      for (const name of ['playing', 'emptied']) player.addEventListener(name, () => window.heard.push([name, performance.now()]));
  });
  await page.locator('.row-link', { hasText: 'Elise' }).click();
  await until('the next one is fetched', () => page.evaluate(() =>
    [...document.querySelectorAll('audio')].every((one) => one.getAttribute('src')) && document.querySelectorAll('audio').length === 2));
  await page.locator('.player', { hasText: 'Lullaby' }).waitFor();
  await until('it plays', async () => (await video()).currentTime > 0.2);
  const heard = await page.evaluate(() => window.heard);
  const over = heard.filter(([name]) => name !== 'playing').at(-1)[1];
  const begun = heard.filter(([name]) => name === 'playing').at(-1)[1];
  console.log(`# ${Math.round(begun - over)} ms between two songs`);
  await page.locator('.player', { hasText: 'Lullaby' }).locator('.player-open').click();
  await button('Stop').click();
  await page.keyboard.press('Escape');
  await page.locator('.player.is-here').waitFor({ state: 'detached' });
});

test('a folder is narrowed by words, and a list is shuffled', async () => {
  await page.goto(`${server.url}/#/folder/tracks`);
  await card('Tuning Fork').waitFor();
  await page.getByLabel('Show only what has these words').fill('bell');
  await card('Bell Study').waitFor();
  await card('Tuning Fork').waitFor({ state: 'detached' });
  await page.reload();
  await card('Bell Study').waitFor();
  assert.equal(await page.locator('.row').count(), 1);
  await page.getByLabel('Show only what has these words').fill('');
  await card('Tuning Fork').waitFor();
  await button('Shuffle').click();
  await until('something plays', async () => (await video()).currentTime > 0.2);
  await page.locator('.player.is-here .player-open').click();
  await button('Stop').click();
  await page.keyboard.press('Escape');
});

test('pictures fill the window and are walked with the arrow keys', async () => {
  await page.locator('.nav-link', { hasText: 'Pictures' }).click();
  await page.locator('.main h1', { hasText: 'Pictures' }).waitFor();
  await home();
  await card('Dunes').click();
  const shown = () => page.locator('.stage-picture').evaluate((one) => [one.alt, one.naturalWidth]);
  await until('the whole picture is there', async () => (await shown()).join() === 'Dunes,1600');
  const before = page.url();
  await page.keyboard.press(new URL(before).hash.includes('at=0') ? 'ArrowRight' : 'ArrowLeft');
  await until('it is another one', async () => page.url() !== before);
  const nearness = () => page.locator('.stage-picture').evaluate((one) => new DOMMatrix(getComputedStyle(one).transform).a);
  await button('Look closely').click();
  assert.ok(await nearness() > 2);
  await page.mouse.move(640, 400);
  await page.mouse.wheel(0, 600);
  await page.keyboard.press('0');
  assert.equal(await nearness(), 1);
  await page.mouse.down();
  await page.mouse.move(300, 400, { steps: 4 });
  await page.mouse.up();
  await button('Slide show').click();
  assert.equal(await page.locator('.stage-scene.is-show').count(), 1);
  await page.keyboard.press('Escape');
  await page.locator('.stage').waitFor({ state: 'hidden' });
});

test('a film is cast to a screen and controlled there', async () => {
  await television.report(server);
  await openFilm();
  await button('Play on…').click();
  await page.locator('.choice', { hasText: television.name }).click();
  await television.report(server, ({ state, position_ms }) => state === 'playing' && position_ms > 500);
  const player = page.locator('.player', { hasText: television.name });
  await player.locator('.player-open').click();
  await page.locator('.remote-title', { hasText: FILM }).waitFor();

  await button('Pause', page.locator('.remote')).click();
  await television.report(server, ({ state }) => state === 'paused');
  await button('Play', page.locator('.remote')).waitFor();

  await setSlider(page.locator('.remote .seek input'), 25000);
  await television.report(server, ({ position_ms }) => Math.abs(position_ms - 25000) <= 500);
  await page.locator('.remote .time', { hasText: '0:25' }).waitFor();

  await setSlider(page.locator('.remote .volume input'), 35);
  await television.report(server, ({ volume }) => volume === 35);
  await button('Mute').click();
  await television.report(server, ({ muted, volume }) => muted && volume === 35);
  await button('Sound on').click();
  await television.report(server, ({ muted }) => !muted);

  await button('Play', page.locator('.remote')).click();
  await television.report(server, ({ state, position_ms }) => state === 'playing' && position_ms > 25500);
  await button('Stop').click();
  await television.report(server, ({ state }) => state === 'stopped' || state === 'idle');
  await page.keyboard.press('Escape');
  await player.waitFor({ state: 'detached' });
});

test('what plays moves to a screen, from it, and back', async () => {
  const kitchen = new Television(`Kitchen ${process.pid}`);
  await kitchen.report(server);
  const screens = { [television.name]: television, [kitchen.name]: kitchen };
  const plays = (name, from) => screens[name].report(server, ({ state, position_ms }) => state === 'playing' && position_ms > from);
  const isSilent = (name) => screens[name].report(server, ({ state }) => state === 'stopped' || state === 'idle');
  const [{ id }] = (await server.get('/library/search?q=dawn')).items;
  await fetch(`${server.url}/api/v1/library/items/${id}/use`, {
    method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ position_ms: 0 }),
  });
  await openFilm();
  await page.locator('.place', { hasText: 'This device' }).getByRole('button').click();
  await until('it plays here', async () => (await video()).currentTime > 2);
  await page.evaluate(() => history.back());
  await page.locator('.stage').waitFor({ state: 'hidden' });

  await page.locator('.player.is-here').getByRole('button', { name: 'Move to…' }).click();
  await page.locator('.choice', { hasText: television.name }).click();
  await plays(television.name, 2000);
  await page.locator('.player.is-here').waitFor({ state: 'detached' });
  await page.locator('.player', { hasText: television.name }).locator('.player-open').click();
  await page.locator('.remote').getByRole('button', { name: 'Move to…' }).click();
  await page.locator('.choice', { hasText: kitchen.name }).click();
  await plays(kitchen.name, 3000);
  await isSilent(television.name);
  await page.locator('.remote').getByRole('button', { name: `Back to ${television.name}` }).click();
  await plays(television.name, 4000);
  await isSilent(kitchen.name);
  await page.locator('.remote').getByRole('button', { name: 'Play there too…' }).click();
  await page.locator('.choice', { hasText: kitchen.name }).click();
  await plays(kitchen.name, 4000);
  await plays(television.name, 4000);
  await server.api('POST', `/screens/${(await kitchen.report(server)).id}/stop`, {});
  await server.api('POST', `/screens/${(await television.report(server)).id}/seek`, { position_ms: 4500 }); // far from its end
  await page.locator('.remote').getByRole('button', { name: 'Move here' }).click();
  await isSilent(television.name);
  await until('it goes on here', async () => (await video()).currentTime > 5 && !(await video()).paused);
  await page.keyboard.press('Escape');
  await page.locator('.player.is-here .player-open').click();
  await button('Stop').click();
  await page.keyboard.press('Escape');
  await end(kitchen.process);
});

test('what another does on a screen shows here at once', async () => {
  const other = await open(server, { viewport: { width: 390, height: 780 } });
  const screen = await television.report(server);
  const [film] = (await server.get('/library/search?q=city')).items;
  await server.api('POST', '/casts', { screen: screen.id, item: film.id });
  for (const one of [page, other]) await one.locator('.player', { hasText: 'City after Rain' }).waitFor();
  await television.report(server, ({ state }) => state === 'playing');
  await server.api('POST', `/screens/${screen.id}/pause`, {});
  for (const one of [page, other]) await one.locator('.player:not(.is-here)', { hasText: 'Paused' }).waitFor();
  const [song] = (await server.get('/library/search?q=greensleeves')).items;
  await server.api('POST', `/queue/${screen.id}`, { item: song.id });
  for (const one of [page, other]) await one.locator('.player', { hasText: television.name }).locator('.player-open').click();
  const choose = async (where, what, name, isSo) => {
    await button(what, where.locator('.remote')).click();
    await where.locator('.choice', { hasText: name }).click();
    await television.report(server, (one) => one.state === 'playing' && one.url.includes('/stream/') && one.audio === '1' && isSo(one));
    await server.api('POST', `/screens/${screen.id}/pause`, {}); // so that it does not end meanwhile
  };
  await choose(page, 'Sound', 'Chinese', ({ position_ms }) => position_ms > 500);
  await choose(page, 'Subtitles', 'French', ({ subtitle }) => subtitle === '0');
  await until('the other phone knows', async () => {
    await button('Subtitles', other.locator('.remote')).click();
    const isChosen = await other.locator('.choice[aria-current]', { hasText: 'French' }).count();
    await other.keyboard.press('Escape');
    return isChosen;
  });
  await choose(other, 'Subtitles', 'None', ({ subtitle }) => subtitle === 'none');
  assert.equal((await server.get(`/queue/${screen.id}`)).length, 2, 'the queue stays');
  const glimpse = page.waitForRequest(/\/thumb\/.*&at=/);
  await page.locator('.remote .seek input').hover();
  await glimpse;
  await page.keyboard.press('Escape');
  await server.api('POST', `/screens/${screen.id}/stop`, {});
  await server.api('DELETE', `/queue/${screen.id}`);
  await other.context().close();
});

test('an album goes where the last thing was sent, and its queue is everybody\'s', async () => {
  const { id } = await television.report(server);
  const queue = async () => (await server.get(`/queue/${id}`)).entries.map(({ title }) => title).join();
  await page.locator('.target').click();
  await page.locator('.choice', { hasText: television.name }).click();
  await home();
  await card('Evening Tunes').click();
  await page.locator('.row-link', { hasText: 'Ode to Joy' }).click();
  await until('the album is queued', async () => (await queue()) === 'Ode to Joy,Greensleeves,Elise,Lullaby');
  await television.report(server, ({ state }) => state === 'playing');
  const other = await open(server, { viewport: { width: 390, height: 780 } });
  for (const one of [page, other]) {
    await one.locator('.player', { hasText: television.name }).locator('.player-open').click();
    await one.locator('.queue-entry', { hasText: 'Lullaby' }).waitFor();
  }
  const shown = async (where) => (await where.locator('.queue-title').allInnerTexts()).join();
  const entry = (title, where = page) => where.locator('.queue-entry', { hasText: title });
  await entry('Lullaby').locator('.queue-handle').press('ArrowUp');
  await until('it is moved', async () => (await queue()) === 'Ode to Joy,Greensleeves,Lullaby,Elise');
  await until('the other phone sees it', async () => (await shown(other)) === await queue());
  await entry('Elise', other).getByRole('button', { name: 'Take Elise out' }).click();
  await until('and takes one out', async () => (await shown(page)) === 'Ode to Joy,Greensleeves,Lullaby');
  const [from, to] = [await entry('Lullaby').locator('.queue-handle').boundingBox(), await entry('Ode to Joy').boundingBox()];
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(from.x + 10, to.y + 12, { steps: 5 });
  await page.mouse.up();
  await until('it is drawn to the top', async () => (await queue()) === 'Lullaby,Ode to Joy,Greensleeves');
  await entry('Lullaby').locator('.queue-play').click();
  await television.report(server, ({ state, title }) => state === 'playing' && title === 'Lullaby');
  await page.locator('.queue-tools').getByRole('button', { name: 'Repeat: off' }).click();
  await until('it repeats', async () => (await server.get(`/queue/${id}`)).repeat === 'all');
  await button('Next').click();
  await television.report(server, ({ title }) => title === 'Ode to Joy');
  await button('Empty the queue').click();
  await until('it is empty', async () => (await queue()) === '');
  await page.keyboard.press('Escape');
  await other.context().close();

  await openFilm(page, 'City after Rain');
  await button('Add to queue').click();
  await until('it is in the queue', async () => (await queue()) === 'City after Rain (2023)' || (await queue()).startsWith('City'));
  await page.locator('.target').click();
  await page.locator('.choice', { hasText: 'This device' }).click();
  await server.api('DELETE', `/queue/${id}`);
  await server.api('POST', `/screens/${id}/stop`, {});
});

test('what is on the phone plays on a screen while it is sent, and is kept', async () => {
  const phone = await open(server, { viewport: { width: 390, height: 780 } });
  await phone.locator('.target').click();
  await phone.locator('.choice', { hasText: television.name }).click();
  await button('Send from this device', phone).click();
  await phone.getByLabel('Choose photos, films or songs').setInputFiles([path.join(library, 'Films', `${FILM}.mp4`), path.join(library, 'Pictures/2023/Dunes.jpg')]);
  await television.report(server, ({ state, title }) => state === 'playing' && title?.startsWith('Dawn'), 60);
  await phone.locator('.push-row', { hasText: 'Dunes' }).getByText('Sent').waitFor();
  assert.equal((await server.get('/uploads')).filter(({ complete }) => complete).length, 2);
  await button('Stop sending Dunes.jpg', phone).click();
  await phone.locator('.push-row', { hasText: 'Dunes' }).waitFor({ state: 'detached' });
  await until('it is gone', async () => (await server.get('/uploads')).length === 1);
  const screen = await television.report(server);
  await phone.context().close();
  await server.api('DELETE', `/queue/${screen.id}`);
  await server.api('POST', `/screens/${screen.id}/stop`, {});
  await television.report(server, ({ state }) => state === 'stopped' || state === 'idle');
});

// How much of green and of the two other colours is in the picture that url sends.
function colours(url) {
  const octets = execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', url, '-frames:v', '1', '-vf', 'scale=1:1:flags=area,format=rgb24', '-f', 'rawvideo', '-'],
    { timeout: 60000 });
  return [...octets];
}

test('the camera and the screen of this device are shown on another while it happens', async () => {
  await television.report(server, ({ kind }) => kind === 'igrs');
  const phone = await open(server, { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true });
  await phone.locator('.target').click();
  await phone.locator('.choice', { hasText: television.name }).click();
  await button('Send from this device', phone).click();
  await button('Take a photo', phone).waitFor();
  await button('Film', phone).waitFor();
  await button('Show the camera', phone).click();
  const { url } = await television.report(server, ({ state, position_ms, url: one }) => state === 'playing' && position_ms > 1000 && one.includes('/stream/feed-'));
  await phone.locator('.live-row', { hasText: /[0-9.]+ .* behind/ }).waitFor();
  const [red, green, blue] = colours(url);
  assert.ok(green > 100 && green > red + 50 && green > blue + 50, `the fake camera is green, this is ${[red, green, blue]}`);
  console.log(`# ${await phone.locator('.live-row').innerText()}`);
  await button('Stop showing it', phone).click();
  await phone.locator('.live-row').waitFor({ state: 'hidden' });
  await television.report(server, ({ state }) => state === 'stopped' || state === 'idle');

  await button('Show a tab, a window or the screen', phone).click();
  await television.report(server, ({ state, position_ms, title }) => state === 'playing' && position_ms > 500 && title === 'Screen, live');
  await phone.goto('about:blank'); // with the page it ends
  await television.report(server, ({ state }) => state === 'stopped' || state === 'idle');
  await phone.context().close();
});

test('where the page is not encrypted it says why nothing is shown live', async () => {
  const open_ = await open(server, { viewport: { width: 390, height: 780 } });
  await open_.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
  await open_.reload();
  await button('Send from this device', open_).click();
  await open_.locator('.live', { hasText: 'encrypted' }).getByRole('link', { name: 'How to trust this server' }).click();
  await open_.locator('.trust').first().waitFor();
  await open_.context().close();
});

test('a screen is paired by its code; the server shows its own', async () => {
  await television.report(server);
  await page.locator('.target').click();
  await page.locator('.choice', { hasText: 'Pair a device' }).click();
  const { code, qr } = await server.get('/code');
  await page.locator('.pairing code', { hasText: code }).waitFor();
  const modules = qr.join('').replaceAll('0', '').length;
  assert.equal(await page.locator('.qr path').evaluate((path) => path.getAttribute('d').split('M').length - 1), modules);
  const { https } = await server.get('/server'); // not there: the port was taken
  if (https) {
    assert.equal(await page.getByRole('link', { name: 'How to trust this server' }).getAttribute('href'), '#/trust');
    assert.match(await page.getByRole('link', { name: 'Open the encrypted page' }).getAttribute('href'), new RegExp(`^https://.*:${https.port}/$`));
  }
  page.expected.push(/status of 40[03]/);
  await page.locator('.pairing select').selectOption({ label: television.name });
  await page.getByLabel('Code on the screen').fill('12345');
  await page.getByLabel('Code on the screen').press('Enter');
  await page.locator('.pairing-problem', { hasText: 'no code' }).waitFor();
  await page.getByLabel('Code on the screen').fill(code);
  await button('Pair').click();
  await page.locator('.pairing-problem', { hasText: 'another code' }).waitFor();
  await page.getByLabel('Code on the screen').fill(television.code().toLowerCase());
  await button('Pair').click();
  await page.locator('.toast', { hasText: `Paired with ${television.name}` }).waitFor();
  await page.locator('.pairing').waitFor({ state: 'detached' });
  assert.deepEqual((await server.get('/devices')).map(({ name }) => name), [television.name]);
  page.expected.pop();
});

test('another server is an entry of the library: walked, played here and on a screen', async () => {
  assert.equal(await page.locator('.nav-link', { hasText: 'Other servers' }).count(), 0);
  const attic = await Server.start('Attic');
  page.friends.push(attic);
  await attic.indexed(ITEMS);
  await page.locator('.nav-link', { hasText: 'Other servers' }).waitFor();
  await page.goto(`${server.url}/#/search?q=lake`);
  await page.locator('.part', { hasText: 'Attic' }).locator('.row-link', { hasText: FILM }).waitFor();
  await page.locator('.chip', { hasText: 'Attic' }).click();
  await page.waitForURL(/server=/);
  await card(FILM).waitFor();
  await page.locator('.nav-link', { hasText: 'Other servers' }).click();
  await card('Attic').click();
  await page.locator('.main h1', { hasText: 'Attic' }).waitFor();
  await card('Videos').click();
  await card('All videos').click();
  const image = card(FILM).locator('img');
  await until('the picture comes from there', () => image.evaluate((one) => one.naturalWidth > 100 && one.src));
  assert.ok((await image.getAttribute('src')).startsWith(attic.url));
  await page.locator('.trail a', { hasText: 'Attic' }).waitFor();

  await card(FILM).click();
  await page.locator('.item h1', { hasText: 'Dawn' }).waitFor();
  await page.locator('.trail a', { hasText: 'Films' }).waitFor(); // where it lies there
  await button('Play here').click();
  await until('it plays', async () => (await video()).currentTime > 0.5);
  assert.ok((await page.evaluate(() => document.querySelector('video').src)).startsWith(attic.url));
  await page.keyboard.press('Escape');
  await page.locator('.stage').waitFor({ state: 'hidden' });

  await button('Play on…').click();
  await page.locator('.choice', { hasText: television.name }).click();
  const shown = await television.report(server, ({ state, position_ms, url, server: whose }) =>
    state === 'playing' && position_ms > 500 && whose && url.startsWith(attic.url), 60);
  await page.locator('.player', { hasText: television.name }).locator('.player-open').click();
  await page.locator('.remote-title', { hasText: FILM }).waitFor();
  await page.locator('.remote-cover img.is-here').waitFor();
  await page.keyboard.press('Escape');
  await server.api('POST', `/screens/${shown.id}/stop`, {});
  await page.locator('.target').click();
  await page.locator('.choice', { hasText: 'This device' }).click();

  await attic.api('POST', '/groups', { name: 'Upstairs' });
  await page.goto(`${server.url}/#/settings/screens`);
  const group = page.locator('.device', { hasText: 'Upstairs' });
  await group.getByRole('button', { name: 'Join' }).click();
  await group.getByText('This server is in it').waitFor();
  await until('the other knows it', async () => (await attic.get('/groups')).some(({ members }) => members.length === 2));
  await group.getByRole('button', { name: 'Leave' }).click();
  await group.getByRole('button', { name: 'Join' }).waitFor();
  await page.getByLabel('Name of a new group').fill('Hall');
  await button('Make the group').click();
  await page.locator('.device', { hasText: 'Hall' }).getByRole('button', { name: 'End it for all' }).click();
  await page.locator('.device', { hasText: 'Hall' }).waitFor({ state: 'detached' });

  await page.locator('.nav-link', { hasText: 'Other servers' }).click();
  page.expected.push(/503|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/);
  await end(attic.process);
  await page.locator('.card', { hasText: 'Attic' }).getByText('Offline').waitFor();
  await card('Attic').click();
  await page.locator('.empty', { hasText: 'away' }).waitFor();
  await page.goto(`${server.url}/#/home`);
  await page.locator('.shelf').first().waitFor();
  page.expected.pop();
});

test('a tab is a screen: it plays what is cast, obeys, and goes on after it was loaded anew', async () => {
  const tab = await open(server, { viewport: { width: 960, height: 540 } }, 'tv');
  const shown = () => tab.evaluate(() => {
    const one = [...document.querySelectorAll('video')].find((video) => video.getAttribute('src'));
    return one && { paused: one.paused, at: one.currentTime, volume: one.volume, muted: one.muted };
  });
  const screen = async () => (await server.get('/screens')).find((one) => one.kind === 'web');
  const told = (condition) => until(`the tab: ${condition}`, async () => {
    const one = await screen();
    if (one && condition(one)) return one;
    throw new Error(JSON.stringify(one));
  });
  await until('it shows a code', async () => /^\d{4}$/.test(await tab.locator('.tv-code').innerText()));
  const code = await tab.locator('.tv-code').innerText();
  const { id } = await told((one) => one.state === 'idle' && one.code === code);
  await tab.getByRole('button', { name: 'Name this screen' }).click();
  await tab.getByLabel('Name of this screen').fill('Attic TV');
  await tab.getByRole('button', { name: 'Save' }).click();
  await told((one) => one.name === 'Attic TV' && one.id === id);

  await openFilm();
  await page.locator('.place', { hasText: 'Attic TV' }).locator('button').click();
  await told((one) => one.state === 'playing' && one.position_ms > 500);
  await page.locator('.player', { hasText: 'Attic TV' }).locator('.player-open').click();
  await setSlider(page.locator('.remote .volume input'), 30);
  await until('it is quieter', async () => Math.abs((await shown()).volume - 0.3) < 0.01);
  await button('Mute').click();
  await told((one) => one.muted && one.volume === 30);
  await button('Sound on').click();
  await button('Pause', page.locator('.remote')).click();
  await told((one) => one.state === 'paused');
  await setSlider(page.locator('.remote .seek input'), 20000);
  await told((one) => one.position_ms >= 20000);

  await tab.reload();
  await until('it has it again', async () => { const one = await shown(); return one?.paused && one.at >= 19; });
  await told((one) => one.id === id && one.state === 'paused' && one.position_ms >= 19000);
  await button('Play', page.locator('.remote')).click();
  await told((one) => one.state === 'playing' && one.position_ms > 20500);
  const cue = () => tab.evaluate(() => [...document.querySelectorAll('video')].flatMap(({ textTracks }) => [...textTracks])
    .find(({ mode }) => mode === 'showing')?.activeCues?.[0]?.text);
  const choose = async (what, name) => {
    await button(what, page.locator('.remote')).click();
    await page.locator('.choice', { hasText: name }).click();
  };
  await choose('Subtitles', 'Chinese');
  await until('they are shown there', async () => (await cue()) === '水面很静。');
  const { position_ms: before } = await told((one) => one.state === 'playing');
  await tab.reload();
  await until('they are shown again', async () => (await cue()) === '水面很静。');
  await told((one) => one.state === 'playing' && one.position_ms > before);
  await page.locator('.remote').waitFor();
  await choose('Subtitles', 'None');
  await until('they are gone', async () => (await cue()) === undefined);
  await openFilm(page, 'City after Rain');
  await page.locator('.place', { hasText: 'Attic TV' }).locator('button').click();
  await told((one) => one.title?.startsWith('City') && one.state === 'playing');
  await page.locator('.player', { hasText: 'Attic TV' }).locator('.player-open').click();
  await choose('Sound', 'Chinese');
  await told((one) => one.state === 'playing' && one.url.includes('.a1.') && one.position_ms > 500);
  await choose('Subtitles', 'French');
  await until('words of the film itself are shown with the other sound', async () => /rain/i.test(await cue()));
  assert.ok((await told((one) => one.state === 'playing')).url.includes('.a1.'), 'the sound stays');
  await button('Stop').click();
  await told((one) => one.state === 'idle' || one.state === 'stopped');
  await page.keyboard.press('Escape');

  const songs = (await server.get('/library/search?q=machines')).items;
  const [first, second] = ['Elise', 'Lullaby'].map((title) => songs.find((song) => song.title === title));
  await server.api('POST', '/casts', { screen: id, item: first.id });
  await server.api('POST', '/casts', { screen: id, item: second.id, queue: true });
  await tab.locator('.tv-song h2', { hasText: 'Elise' }).waitFor();
  await tab.locator('.tv-song p', { hasText: 'The Quiet Machines' }).waitFor();
  await told((one) => one.title === 'Lullaby' && one.state === 'playing');
  const [dunes] = (await server.get('/library/search?q=dunes')).items;
  await server.api('POST', '/casts', { screen: id, item: dunes.id });
  await until('the picture is there', () => tab.locator('.tv-scene img').evaluate((one) => !one.hidden && one.naturalWidth === 1600));
  await tab.context().close();
  await told((one) => one.state === 'offline');
});

test('the server gets another name, a folder that is none is refused, a screen is tried, the library comes back', async () => {
  page.expected.push(/422|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|503/);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Attic');
  await button('Save', page.locator('.setting-part', { hasText: 'This server' })).click();
  await page.locator('.brand', { hasText: 'Attic' }).waitFor();
  await page.locator('.banner').waitFor({ state: 'hidden' });
  await page.locator('.chip', { hasText: 'Library' }).click();
  await page.locator('.setting-facts', { hasText: 'Everything is read' }).waitFor();
  await button('Add a folder').click();
  await page.locator('.setting-line input').last().fill('/etc');
  await button('Save').click();
  await page.locator('.setting-problem', { hasText: '/etc: that belongs to the system' }).waitFor();
  const copy = Buffer.from(await (await fetch(`${server.url}/api/v1/backup`)).arrayBuffer());
  await page.locator('input[type=file]').setInputFiles({ name: 'no.db', mimeType: 'application/x', buffer: Buffer.from('no library') });
  await page.locator('.setting-problem', { hasText: 'no whole library' }).waitFor();
  await page.locator('input[type=file]').setInputFiles({ name: 'library.db', mimeType: 'application/x', buffer: copy });
  await page.locator('.toast', { hasText: 'brought back' }).waitFor();
  await until('the former library is kept', () => fs.existsSync(path.join(server.state, 'media.db.before-restore')));
  await server.indexed(ITEMS);
  await page.locator('.banner').waitFor({ state: 'hidden' });
  await television.report(server, ({ state }) => state === 'idle' || state === 'stopped', 60);
  await page.locator('.chip', { hasText: 'Screens' }).click();
  const device = page.locator('.device', { hasText: television.name });
  await device.locator('.setting-facts', { hasText: 'formats' }).waitFor();
  await button('Play a test film', device).click();
  await device.locator('.test-step.is-done', { hasText: 'It says that it plays' }).waitFor();
  await television.report(server, ({ state }) => state === 'idle' || state === 'stopped', 60);
  await page.locator('.chip', { hasText: 'Log' }).click();
  await page.locator('.log-line', { hasText: 'serves http' }).first().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Download everything in one file').click()]);
  assert.equal(JSON.parse(fs.readFileSync(await download.path(), 'utf8')).name, 'Attic');
  await server.api('PATCH', '/settings', { 'server.name': null });
  await page.locator('.brand', { hasText: 'Bookshelf' }).waitFor();
  await page.locator('.banner').waitFor({ state: 'hidden' });
  page.expected.pop();
});

test('the language is that of this device', async () => {
  const other = await open(server);
  await other.goto(`${server.url}/#/settings`);
  await other.getByLabel('Language').selectOption('zh');
  await other.locator('h1', { hasText: '设置' }).waitFor();
  await other.getByLabel('语言').selectOption('');
  await other.locator('h1', { hasText: 'Settings' }).waitFor();
  await other.context().close();
});

test('a file that cannot be read is shown as such', async () => {
  fs.writeFileSync(path.join(library, 'Films', 'Broken.mp4'), 'this is no film');
  await until('it is listed', async () => (await server.get('/library/search?q=broken')).items.length === 1);
  await page.goto(`${server.url}/#/search?q=broken`);
  await card('Broken').click();
  await page.locator('.trouble').waitFor();
  await page.goto(`${server.url}/#/search`); // or it asks once more for what has gone
  fs.unlinkSync(path.join(library, 'Films', 'Broken.mp4'));
});

test('a new file appears by itself, and leaves by itself', async () => {
  await home();
  await page.locator('.shelf', { hasText: 'Pictures' }).locator('.more').click();
  await page.locator('.grid').waitFor();
  await page.goto(`${server.url}/#/search?q=snowfall`);
  await page.locator('.empty').waitFor();
  const file = path.join(library, 'Pictures', '2024', 'Snowfall.jpg');
  fs.copyFileSync(path.join(library, 'Pictures', '2023', 'Dunes.jpg'), file);
  await card('Snowfall').waitFor();
  fs.unlinkSync(file);
  await page.locator('.empty').waitFor();
});

test('a disk that is away is told at once, and what lies on it waits for it', async () => {
  page.expected.push(/\/thumb\//);
  await home();
  const told = page.locator('.problem', { hasText: `${library} · it is not there` });
  fs.renameSync(library, `${library}-away`);
  await told.waitFor();
  await page.locator('.card', { hasText: FILM }).locator('.badge', { hasText: 'Offline' }).first().waitFor();
  fs.renameSync(`${library}-away`, library);
  await told.waitFor({ state: 'detached' });
  await page.locator('.badge', { hasText: 'Offline' }).first().waitFor({ state: 'detached' });
  await server.indexed(ITEMS); // so that nothing more is told of the reading
  await page.evaluate(async () => (await import('/web/store.js')).set('scan', { state: 'idle', trouble: 'too few watches' }));
  await page.locator('.problem', { hasText: 'too few watches' }).waitFor();
  page.expected.pop();
});

test('a long list holds only what is seen, and is walked by keys', async () => {
  const folder = path.join(library, 'Many');
  fs.mkdirSync(folder);
  const small = path.join(place, 'small.jpg'); // none of the server's own: a busy machine makes those last
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'testsrc2=size=160x120', '-frames:v', '1', small]);
  await page.evaluate(() => {
    const box = document.querySelector('.scan');
    window.told = [];
    new MutationObserver(() => window.told.push(box.hidden ? 'at rest' : box.textContent))
      .observe(box, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  for (let i = 0; i < MANY; i += 1) fs.copyFileSync(small, path.join(folder, `Shot ${String(i).padStart(4, '0')}.jpg`));
  await server.indexed(ITEMS + MANY);
  await until('the page has told of its being read, and of the end', () => page.evaluate(() =>
    window.told.some((text) => /^Reading the library: [\d,]+ of [\d,]+/.test(text)) && window.told.at(-1) === 'at rest'));
  const [one] = (await server.get('/library/search?q=Shot%200000')).items;
  await page.goto(`${server.url}/#/folder/${encodeURIComponent(one.parent_id)}`);
  await page.locator('.main h1', { hasText: 'Many' }).waitFor();
  await page.locator('.cell').first().waitFor();
  assert.ok(await page.locator('.cell').count() < 150, 'only what is seen is in the page');
  await until('the end is reached', async () => { // a list that is drawn anew meanwhile hears no key
    await page.locator('.cell a').first().focus();
    await page.keyboard.press('End');
    return page.locator(`.cell[aria-posinset="${MANY}"] a`).isVisible();
  });
  await until('the last one has the focus', () => page.evaluate((n) =>
    document.activeElement.closest('.cell')?.getAttribute('aria-posinset') === String(n), MANY));
  assert.ok(await page.locator('.cell').count() < 150, 'and after the jump too');
  await page.goto(`${server.url}/#/search`); // so that nobody asks for the thumbnails of what goes
  fs.rmSync(folder, { recursive: true });
  await until('it is gone', async () => (await server.get('/server')).library.items === ITEMS);
});

test('the keyboard alone is enough', async () => {
  await page.goto(`${server.url}/#/home`);
  await page.reload();
  await page.locator('.shelf').first().waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('/');
  await page.keyboard.type('lake');
  await page.waitForURL(/#\/search\?q=lake/);
  await card(FILM).waitFor();
  await page.keyboard.press('Enter');
  await until('the list is reached', async () => {
    await page.keyboard.press('Tab');
    return page.evaluate(() => document.activeElement.matches('.row-link'));
  });
  await page.keyboard.press('Enter');
  await page.locator('.item h1').waitFor();
  await until('the play button is reached', async () => {
    await page.keyboard.press('Tab');
    return page.evaluate(() => document.activeElement.matches('.item .button'));
  });
  await page.keyboard.press('Enter');
  await page.locator('.stage .seek').waitFor();
  await until('it plays', async () => (await video()).currentTime > 0.3 && !(await video()).paused);
  await page.keyboard.press(' ');
  await until('it is paused', async () => (await video()).paused);
  await page.keyboard.press('Escape');
  await page.locator('.item h1').waitFor();
});

test('the page speaks Chinese to Chinese readers', async () => {
  const other = await open(server, { locale: 'zh-CN', colorScheme: 'dark' });
  await other.locator('.nav-link', { hasText: '视频' }).waitFor();
  assert.equal(await other.evaluate(() => document.documentElement.lang), 'zh-CN');
  await openFilm(other);
  await other.getByRole('button', { name: '在此播放' }).waitFor();
  const words = await other.locator('#app').innerText();
  for (const english of ['Home', 'Play here', 'Play on', 'Length', 'Download'])
    assert.ok(!words.includes(english), `"${english}" is left in English`);
  await other.context().close();
});

test('nothing is wider than a small phone', async () => {
  const other = await open(server, { viewport: { width: 320, height: 600 }, isMobile: true, hasTouch: true });
  for (const hash of ['#/home', '#/folder/0', '#/search?q=a', `#/item/${(await server.get('/library/search?q=lake')).items[0].id}`]) {
    await other.goto(`${server.url}/${hash}`);
    await other.locator('.main .card, .main .row, .main .hero').first().waitFor();
    const width = await other.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 320, `${hash} is ${width} wide`);
  }
  await other.context().close();
});

test('when the server is away it is said, and the page comes back by itself', async () => {
  await home();
  page.expected.push(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|503/);
  await end(server.process);
  await page.locator('.banner').waitFor();
  await server.run();
  await page.locator('.banner').waitFor({ state: 'hidden' });
  await until('the screen is back', async () => (await page.locator('.bar-idle').innerText()).includes('1 screen'));
  page.expected.pop();
});

test('a phone is told how to trust the server', async () => {
  const page = await open(server, { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true }, '#/trust');
  await page.locator('.trust').first().waitFor();
  assert.equal(await page.locator('.trust').count(), 6);
  assert.equal(await page.locator('.trust[open]').count(), 1, 'its own kind is open');
  assert.equal(await page.locator('.qr').count(), 1);
  assert.equal(await page.locator('.pairing-code code').innerText(), `${server.url}/#/trust`);
  assert.equal(await page.getByRole('link', { name: 'Open the encrypted page' }).getAttribute('href'), `https://127.0.0.1:${server.securePort}/`);
  assert.equal(await page.evaluate(async () => (await fetch(document.querySelector('.person a').href)).headers.get('Content-Type')), 'application/x-x509-ca-cert');
  await page.context().close();
});

// From here on the server has an owner, and who is not let in changes nothing.
test('people come by codes, see what they may, and go', async () => {
  const phone = { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true };
  const owner = await open(server, phone, '#/people');
  owner.expected.push(/409/); // somebody must stay the owner
  const log = fs.readFileSync(server.process.log, 'utf8');
  await owner.getByLabel('Name').fill('Ann');
  await owner.getByLabel('Code').fill([...log.matchAll(/code of the owner[^:]*: (\S+)/g)].at(-1)[1]);
  await button('Become the owner', owner).click();
  await owner.locator('.person h2', { hasText: 'You are Ann' }).waitFor();
  await button('Add a person', owner).click();
  await owner.locator('dialog').getByLabel('Name').fill('Gus');
  await owner.locator('dialog').getByLabel('Role').selectOption('guest');
  await owner.locator('dialog input[type=checkbox]').first().uncheck();
  await button('Keep', owner).click();
  await owner.locator('dialog .qr').waitFor();
  const code = await owner.locator('dialog .pairing-code code').innerText();
  const guest = await open(server, phone, `#/people?code=${code}`);
  await button('Come in', guest).click();
  await guest.locator('.person h2', { hasText: 'You are Gus' }).waitFor();
  assert.equal(await guest.evaluate(() => location.hash), '#/people');
  assert.equal(await guest.evaluate(() => document.cookie), '', 'no script reads the session');
  const found = (where) => where.evaluate(async () => (await (await fetch('/api/v1/library/search')).json()).total);
  assert.deepEqual([await found(guest), await found(owner) > 0], [0, true]);
  await owner.keyboard.press('Escape');
  const card = (name) => owner.getByRole('region', { name, exact: true });
  assert.equal(await card('Ann').getByRole('button', { name: 'Remove' }).count(), 0, 'somebody must stay the owner');
  await button('Change', card('Ann')).click();
  await owner.locator('dialog').getByLabel('Name').fill('Anna');
  assert.equal(await owner.locator('dialog .person-folders').isVisible(), false, 'an owner sees everything');
  await owner.locator('dialog').getByLabel('Role').selectOption('family');
  await button('Keep', owner).click();
  await owner.locator('dialog [role=alert]', { hasText: 'Somebody must stay the owner' }).waitFor();
  await owner.locator('dialog').getByLabel('Role').selectOption('owner');
  await button('Keep', owner).click();
  await owner.locator('.person h2', { hasText: 'You are Anna' }).waitFor();
  await owner.locator('.person', { hasText: 'Gus' }).getByRole('button', { name: /^Sign out/ }).click();
  await owner.locator('.person', { hasText: 'Gus' }).locator('.person-phone').waitFor({ state: 'detached' });
  await guest.reload();
  await guest.locator('h2', { hasText: 'Do we know each other?' }).waitFor();
  await guest.context().close();
  await owner.context().close();
});

test('nothing went wrong on the way, and nothing was asked of anyone else', async () => {
  assert.deepEqual(takeTroubles().slice(0, 20), []);
});

let failed = await runTests();
for (const trouble of await endAll()) {
  failed += 1;
  console.log(`Bail out! ${trouble.split('\n').join('\n# ')}`);
}
process.exit(failed ? 1 : 0);
