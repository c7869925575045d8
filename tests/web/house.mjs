// house.mjs -- a house to test in: a library on disk, a real duopingd, real screens, a real browser.
// All of it is on loopback and ends with the test.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { launch } from './browser.mjs';
import { now, until } from './tap.mjs';

const TOP = process.env.TOP_SRCDIR;
const BUILD = process.env.TOP_BUILDDIR;

export const place = fs.mkdtempSync(path.join(os.tmpdir(), 'duoping-web-'));
export const library = path.join(place, 'library');
const processes = [];
const troubles = []; // what must not happen: page errors, requests elsewhere, sanitizer reports
const trouble = (text) => troubles.push(`${text} [${now()}]`);

// What a browser puts on its console though all is well: a thumbnail may be late, wait behind too many others
// or be of a file that has just gone, and another server may be slow; the page takes each as it is.
const NORMAL = [/(404|429|503|504) .*\/thumb\//, /50[34] .*\/api\/v1\/servers\//];

function start(name, args) {
  const log = path.join(place, `${name}-${processes.length}.log`);
  const out = fs.openSync(log, 'w');
  const child = spawn(path.join(BUILD, name), args, {
    stdio: ['ignore', out, out],
    // Whole stacks of what is allocated: tests/lsan.supp names functions that the short ones lack.
    env: {
      ASAN_OPTIONS: 'fast_unwind_on_malloc=0:handle_abort=1',
      LSAN_OPTIONS: `suppressions=${TOP}/tests/lsan.supp:print_suppressions=0`,
      ...process.env,
      DUOPING_WORKER: path.join(BUILD, 'pipelines/duoping-worker'),
    },
  });
  const one = { name, log, child, isOver: false };
  one.ended = new Promise((resolve) => child.on('exit', (code, signal) => {
    one.isOver = true;
    resolve({ code, signal });
  }));
  processes.push(one);
  return one;
}

export async function end(one, signal = 'SIGTERM') {
  if (!one.isOver) one.child.kill(signal);
  const timer = setTimeout(() => one.child.kill('SIGKILL'), 30000);
  const how = await one.ended;
  clearTimeout(timer);
  return how;
}

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

export function makeLibrary() {
  const made = path.join(BUILD, 'tests/web/sample');
  execFileSync(path.join(TOP, 'build-aux/make-sample-library'), [made], { stdio: ['ignore', 'ignore', 'inherit'] });
  fs.cpSync(made, library, { recursive: true });
  const write = (name, lines) => fs.writeFileSync(path.join(library, name), lines.join('\n'));
  write('Films/Dawn over the Lake (2024).en.srt', ['1', '00:00:00,500 --> 00:00:39,000', '<i>The water is still.</i>', '']);
  write('Films/Dawn over the Lake (2024).zh.srt', ['1', '00:00:00,500 --> 00:00:39,000', '水面很静。', '']);
  write('Music/The Quiet Machines/Evening Tunes/02 Greensleeves.lrc', ['[00:00.00]Alas, my love', '[00:02.00]you do me wrong', '[00:04.00]to cast me off']);
  write('Music/Slow Hour.m3u8', ['#EXTM3U', 'Tuning Fork.flac', 'Bell Study.ogg', '']);
  addChapters('Films/City after Rain (2023).mkv', [[0, 9, 'Evening'], [9, 20, 'The lights'], [20, 30, 'Rain again']]);
}

// A film with chapters, a second sound and words of its own.
function addChapters(name, chapters) {
  const [film, facts, words, done] = [path.join(library, name), ...['facts.txt', 'words.srt', 'done.mkv'].map((one) => path.join(place, one))];
  fs.writeFileSync(words, '1\n00:00:00,500 --> 00:00:14,000\nIt rains.\n\n2\n00:00:14,500 --> 00:00:29,000\nThe rain has gone.\n');
  fs.writeFileSync(facts, [';FFMETADATA1', ...chapters.flatMap(([start, end, title]) =>
    ['[CHAPTER]', 'TIMEBASE=1/1', `START=${start}`, `END=${end}`, `title=${title}`])].join('\n'));
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-i', film, '-i', facts, '-i', words, '-map', '0:v', '-map', '0:a', '-map', '0:a', '-map', '2:s',
    '-map_metadata', '1', '-map_chapters', '1', '-c', 'copy', '-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=chi',
    '-metadata:s:a:1', 'title=Commentary', '-metadata:s:s:0', 'language=fre', done]);
  fs.renameSync(done, film);
}

// Such as cameras and ripped discs left behind, and no browser plays.
export function makeOldFilm(file) {
  const done = path.join(place, 'old.avi');
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=10:duration=12',
    '-f', 'lavfi', '-i', 'sine=duration=12', '-c:v', 'mpeg4', '-c:a', 'mp2', done]);
  fs.renameSync(done, file);
}

export class Server {
  static async start(name = 'Bookshelf') {
    const server = new Server();
    server.name = name;
    server.state = path.join(place, `state of ${name}`);
    server.port = await freePort();
    server.securePort = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    await server.run();
    return server;
  }

  async run() {
    const conf = path.join(place, `${this.name}.conf`);
    fs.writeFileSync(conf, `[server]\nname=${this.name}\n[library]\nfolders=${library}\n`);
    this.process = start('duopingd', ['-c', conf, '-s', this.state, '-i', 'lo',
      '--http-port', String(this.port), '--https-port', String(this.securePort), '--igrs-port', '0']);
    await until('the server answers', async () => {
      if (this.process.isOver) throw new Error(fs.readFileSync(this.process.log, 'utf8').slice(-2000));
      return (await fetch(`${this.url}/healthz`)).ok;
    });
  }

  async api(method, path_, body) {
    const answer = await fetch(`${this.url}/api/v1${path_}`, {
      method, headers: body ? { 'Content-Type': 'application/json' } : {}, body: body && JSON.stringify(body),
    });
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path_}: ${answer.status} ${JSON.stringify(value)}`);
    return value;
  }

  get(path_) {
    return this.api('GET', path_);
  }

  indexed(count, seconds = 60) {
    return until(`${count} items are indexed`, async () => {
      const { library: totals, scan } = await this.get('/server');
      if (totals.items >= count && scan.state === 'idle') return totals;
      throw new Error(JSON.stringify({ totals, scan }));
    }, seconds);
  }
}

export class Television {
  constructor(name) {
    this.name = name;
    this.process = start('duoping-tv', ['--name', name, '-i', 'lo', '-s', path.join(place, name), '--igrs-port', '0',
      '--video-sink', 'fakevideosink', '--audio-sink', 'fakeaudiosink']);
  }

  // What it shows to be paired by.
  code() {
    return fs.readFileSync(this.process.log, 'utf8').match(/.*Pairing code (\S+)/s)[1];
  }

  // The server's report of it, once condition holds.
  async report(server, condition = () => true, seconds = 60) {
    return until(`${this.name}: ${condition}`, async () => {
      const screen = (await server.get('/screens')).find((one) => one.name === this.name);
      if (screen && condition(screen)) return screen;
      throw new Error(screen ? JSON.stringify(screen) : 'not found');
    }, seconds);
  }
}

// Who interrupts a test leaves nothing behind, nor does one that breaks off.
for (const event of ['SIGINT', 'SIGTERM', 'uncaughtException'])
  process.once(event, (what) => {
    if (what instanceof Error) console.error(what);
    for (const one of processes) if (!one.isOver) one.child.kill('SIGKILL');
    fs.rmSync(place, { recursive: true, force: true });
    process.exit(1);
  });

let browser = null;

// A page in a context of its own. Its errors and its requests to anywhere else are remembered.
export async function open(server, options = {}, hash = '') {
  browser ??= await launch();
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.friends = [server]; // whom it may ask
  page.expected = [...NORMAL]; // and patterns of what a test brings about on purpose
  page.on('pageerror', (error) => trouble(`page error: ${error.stack}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const text = `${message.text()} (${message.location().url})`;
    if (!page.expected.some((pattern) => pattern.test(text))) trouble(`console: ${text}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!page.friends.some((one) => url.startsWith(`${one.url}/`)) && !/^(data|blob):/.test(url)) trouble(`request elsewhere: ${url}`);
  });
  page.setDefaultTimeout(Number(process.env.PATIENCE_MS) || 60000);
  await page.goto(`${server.url}/${hash}`);
  return page;
}

export const takeTroubles = () => troubles.splice(0);

export async function endAll() {
  await browser?.close();
  for (const one of processes.reverse()) {
    const { code, signal } = await end(one);
    const said = fs.readFileSync(one.log, 'utf8');
    const bad = /AddressSanitizer|runtime error:|LeakSanitizer|CRITICAL/.test(said);
    if (bad) troubles.push(`${one.name}: ${said.slice(-4000)}`);
    if (bad || process.env.VERBOSE) console.log(said.split('\n').map((line) => `# ${one.name}: ${line}`).join('\n'));
    if (process.env.VERBOSE) console.log(`# ${one.name} ended: ${code ?? signal}`);
  }
  fs.rmSync(place, { recursive: true, force: true });
  return takeTroubles();
}
