// segments.js -- a film that comes in segments (HLS, RFC 8216), by Media Source Extensions. Only what is about to be
// seen is fetched, and what was seen goes, so that it costs the same however long it is; it is sought like a file.

const LEAD_S = 1; // all in them is told so much later (pipelines/segment-muxer.h)
const AHEAD_S = 20;
const BEHIND_S = 20;
const GAP_S = 0.5; // a place so near to what is there is as good
const TRIES = 4;
const RETRY_MS = 1000;
const KNOWN = 'video/mp4; codecs="avc1.640028, mp4a.40.2"';

export const isFed = () => Boolean(globalThis.MediaSource?.isTypeSupported(KNOWN));
export const FORM = 'hls-h264-aac'; // of src/appliance/delivery/segments.h
export const LIST = 'application/vnd.apple.mpegurl';

// The list as { header, parts: [{ url, from, to }] }, in seconds.
export function readList(text, base) {
  const parts = [];
  let header = null;
  let at = 0;
  let length = 0;
  for (const line of text.split('\n')) {
    const [, name, value] = /^#(EXTINF|EXT-X-MAP):(.*)/.exec(line) ?? [];
    if (name === 'EXTINF') length = Number.parseFloat(value);
    else if (name) header = new URL(/URI="([^"]*)"/.exec(value)[1], base).href;
    else if (line && !line.startsWith('#')) parts.push({ url: new URL(line, base).href, from: at, to: at += length });
  }
  if (!header || !parts.length) throw new Error('no list of segments');
  return { header, parts };
}

// What a SourceBuffer must be told of the segments behind that header.
export function typeOf(header) {
  const bytes = new Uint8Array(header);
  const text = new TextDecoder('latin1').decode(bytes);
  const hex = (at) => [...bytes.slice(at, at + 3)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const picture = text.indexOf('avcC');
  const codecs = [picture >= 0 && `avc1.${hex(picture + 5)}`, text.includes('mp4a') && 'mp4a.40.2'].filter(Boolean);
  return `video/mp4; codecs="${codecs.join(', ')}"`;
}

// Until one of the events happens; what was listened for is forgotten then.
const event = (target, names, signal) => new Promise((resolve, reject) => {
  const forget = (then) => () => {
    for (const name of names) target.removeEventListener(name, found);
    signal.removeEventListener('abort', quit);
    then(signal.reason);
  };
  const found = forget(resolve);
  const quit = forget(reject);
  for (const name of names) target.addEventListener(name, found);
  signal.addEventListener('abort', quit);
  if (signal.aborted) quit();
});
const rest = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// The server may be busy, or away for a moment.
async function fetchSome(url, signal) {
  for (let tried = 1; ; tried += 1) {
    const answer = await fetch(url, { signal }).catch((error) => {
      if (signal.aborted || tried === TRIES) throw error;
    });
    if (answer?.ok) return answer;
    if (answer && ((answer.status < 500 && answer.status !== 429) || tried === TRIES)) throw new Error(`HTTP ${answer.status}`);
    await rest(RETRY_MS * tried);
    signal.throwIfAborted();
  }
}

class Feed {
  constructor(player, url, source) {
    this.player = player;
    this.url = url;
    this.source = source;
    this.have = new Set(); // numbers of parts that are in the buffer
    this.over = new AbortController(); // the player has something else
    this.taking = undefined; // the part that is being fetched
    this.wanted = null; // ends that
    this.last = undefined; // the part that was fetched last
  }

  async run() {
    const { signal } = this.over;
    await event(this.source, ['sourceopen'], signal);
    this.source.addEventListener('sourceclose', () => this.over.abort(), { once: true });
    URL.revokeObjectURL(this.player.src);
    const list = readList(await (await fetchSome(this.url, signal)).text(), new URL(this.url, document.baseURI));
    this.parts = list.parts;
    const header = await (await fetchSome(list.header, signal)).arrayBuffer();
    this.buffer = this.source.addSourceBuffer(typeOf(header));
    this.buffer.timestampOffset = -LEAD_S;
    this.source.duration = this.parts.at(-1).to;
    await this.append(header);
    this.player.addEventListener('seeking', () => this.turn(), { signal });
    while (!signal.aborted) {
      const number = this.next();
      if (number === null) await event(this.player, ['timeupdate', 'seeking'], signal);
      else await this.take(number);
      this.end();
    }
  }

  // What is fetched is left alone where it is wanted no more.
  turn() {
    const number = this.next();
    if (this.taking !== undefined && number !== this.taking) this.wanted?.abort();
  }

  isBuffered(at) {
    const { buffered } = this.buffer;
    for (let i = 0; i < buffered.length; i += 1) if (buffered.start(i) - GAP_S <= at && at < buffered.end(i)) return true;
    return false;
  }

  // The part that is to be fetched now; null: none.
  next() {
    const at = this.player.currentTime;
    const here = Math.max(0, this.parts.findLastIndex(({ from }) => from <= at));
    if (!this.isBuffered(at) && at < this.parts[here].to - GAP_S && here !== this.last) this.have.delete(here); // the browser let go of it
    for (let i = here; i < this.parts.length && this.parts[i].from < at + AHEAD_S; i += 1) if (!this.have.has(i)) return i;
    return null;
  }

  async take(number) {
    this.taking = this.last = number;
    this.wanted = new AbortController();
    const stop = () => this.wanted.abort();
    this.over.signal.addEventListener('abort', stop, { once: true });
    try {
      const octets = await (await fetchSome(this.parts[number].url, this.wanted.signal)).arrayBuffer();
      await this.forget(BEHIND_S);
      await this.append(octets);
      this.have.add(number);
    } catch (error) {
      if (this.over.signal.aborted || !this.wanted.signal.aborted) throw error;
    } finally {
      this.over.signal.removeEventListener('abort', stop);
      this.taking = undefined;
    }
  }

  async append(octets) {
    try {
      this.buffer.appendBuffer(octets);
    } catch (error) {
      if (error.name !== 'QuotaExceededError') throw error;
      await this.forget(0);
      this.buffer.appendBuffer(octets);
    }
    await event(this.buffer, ['updateend'], this.over.signal);
    if (this.player.error) throw this.player.error;
  }

  // All is there up to the end.
  end() {
    if (this.source.readyState === 'open' && this.have.has(this.parts.length - 1) && this.next() === null) this.source.endOfStream();
  }

  // What lies further behind than that, in whole parts.
  async forget(seconds) {
    const first = this.parts.findLastIndex(({ to }) => to <= this.player.currentTime - seconds);
    const old = [...this.have].filter((number) => number <= first);
    if (!old.length) return;
    old.forEach((number) => this.have.delete(number));
    this.buffer.remove(0, this.parts[first].to);
    await event(this.buffer, ['updateend'], this.over.signal);
  }
}

// The player's source is the film at that address from now on, until it is given another; its place is set as of any.
export function feed(player, url) {
  const source = new MediaSource();
  const fed = new Feed(player, url, source);
  player.src = URL.createObjectURL(source);
  player.dataset.from = url;
  fed.run().catch(() => { // the element tells what is wrong
    if (source.readyState === 'open') source.endOfStream('network');
  });
}
