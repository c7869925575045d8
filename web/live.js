// live.js -- what is seen here, shown on a screen while it happens: a tab, a window or a whole screen, or what the
// camera sees. The browser records it (MediaRecorder), and the server takes it piece by piece (src/api/feed-routes.c).
// Where the network is slow the recording pauses until everything has gone out: pictures are left out, nothing grows.

import { ApiError, command, request } from './api.js';
import { t } from './i18n/index.js';
import { HERE, askScreen, findScreen, isBusy, nameOf, targetScreen } from './screens.js';
import { get, set, watchNext } from './store.js';
import { toast, toastError } from './components/toast.js';

const PIECE_MS = 100;
const KEY_MS = 1000; // a screen that comes late, or was too slow, goes on with the next key picture
const WAITING_MAX = 10; // pieces
const TRIES = 10;
const RETRY_MS = 500;
const BITS = 3000000; // a second, of the picture
const FORMS = ['video/webm;codecs=vp8,opus', 'video/mp4;codecs=avc1.42E01F,mp4a.40.2', 'video/mp4', 'video/webm'];
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

// What can be shown from here: 'screen', 'camera'. Browsers hand out neither to a page that is not encrypted.
export function offers() {
  const { mediaDevices } = navigator;
  if (!window.isSecureContext || !mediaDevices || !window.MediaRecorder) return [];
  return [mediaDevices.getDisplayMedia && 'screen', mediaDevices.getUserMedia && 'camera'].filter(Boolean);
}

const OPEN = {
  screen: () => navigator.mediaDevices.getDisplayMedia({ video: PICTURE, audio: true }),
  camera: async () => {
    const video = { ...PICTURE, facingMode: 'environment' };
    return navigator.mediaDevices.getUserMedia({ video, audio: true }).catch((error) => {
      if (error.name !== 'NotFoundError') throw error; // there is no microphone
      return navigator.mediaDevices.getUserMedia({ video });
    });
  },
};

let live = null; // the Sender that sends; one at a time

const change = (values) => live && set('live', { ...get('live'), ...values });

// One recording on its way.
class Sender {
  constructor(stream, recorder, feed) {
    Object.assign(this, { stream, recorder, feed, sent: 0, waiting: [], sending: null, pausedAt: 0, pausedMs: 0, entered: null, position: 0 });
    recorder.addEventListener('dataavailable', ({ data }) => data.size > 0 && this.add(data));
    recorder.addEventListener('start', () => { this.beganAt = performance.now(); });
    stream.getVideoTracks()[0].addEventListener('ended', () => stopLive()); // by the browser's own button
    this.begun = new Promise((resolve, reject) => Object.assign(this, { hasBegun: resolve, hasFailed: reject }));
    this.begun.catch(() => {});
  }

  add(piece) {
    this.waiting.push(piece);
    if (this.waiting.length > WAITING_MAX && this.recorder.state === 'recording') {
      this.recorder.pause();
      this.pausedAt = performance.now();
      change({ isSlow: true });
    }
    this.sending ??= this.send().finally(() => { this.sending = null; });
  }

  goOn() {
    if (this.recorder.state !== 'paused') return;
    this.pausedMs += performance.now() - this.pausedAt;
    this.recorder.resume();
    change({ isSlow: false });
  }

  async send() {
    try {
      while (this.waiting.length > 0 && live === this) await this.sendAll(new Blob(this.waiting.splice(0)));
      this.goOn();
    } catch (error) {
      this.hasFailed(error);
      if (live === this) {
        toastError(error);
        stopLive();
      }
    }
  }

  // What broke off goes on where the server has it.
  async sendAll(octets) {
    const from = this.sent;
    for (let tries = 0; this.sent < from + octets.size && live === this;) {
      try {
        this.hear(await request('PATCH', `/feeds/${this.feed.id}`, undefined, undefined,
          { headers: { 'Upload-Offset': String(this.sent) }, octets: octets.slice(this.sent - from) }));
      } catch (error) {
        tries += 1;
        if (tries > TRIES || ![0, 408, 409, 503].includes(error.status)) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        this.hear(await request('GET', `/feeds/${this.feed.id}`).catch(() => this.feed));
      }
    }
  }

  hear(feed) {
    this.feed = feed;
    this.sent = Math.max(this.sent, feed.received);
    if (feed.begun) this.hasBegun();
  }

  // How long ago that was recorded which the screen says it shows. It began where the reader did that came last
  // before it showed anything; others that come later are not it.
  delayOf({ position_ms, at }) {
    if (this.entered === null || position_ms < this.position) this.entered = this.feed.entered_ms ?? null;
    this.position = position_ms;
    return this.entered === null ? null : Math.max(0, at - this.beganAt - this.pausedMs - this.entered - position_ms);
  }
}

async function record(kind) {
  const stream = await OPEN[kind]();
  const mimeType = FORMS.find((form) => MediaRecorder.isTypeSupported(form));
  const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: BITS, videoKeyFrameIntervalDuration: KEY_MS });
  const feed = await request('POST', '/feeds', { title: t(`live.${kind}.title`), mime: recorder.mimeType || mimeType })
    .catch((error) => { end(stream); throw error; });
  return new Sender(stream, recorder, feed);
}

const end = (stream) => stream.getTracks().forEach((track) => track.stop());

// kind: as offers() says.
export async function startLive(kind) {
  const screen = targetScreen()?.id ?? await askScreen();
  if (!screen || screen === HERE) {
    if (screen) toast(t('live.here'), { icon: 'tv' });
    return;
  }
  await stopLive();
  try {
    const sender = live = await record(kind);
    set('live', { id: sender.feed.id, kind, screen, isSlow: false, delay_ms: null });
    sender.recorder.start(PIECE_MS);
    const wake = await navigator.wakeLock?.request('screen').catch(() => null);
    sender.release = () => wake?.release();
    await sender.begun;
    await request('POST', '/casts', { screen, feed: sender.feed.id });
    toast(t('live.on', { screen: nameOf(screen) }), { icon: 'tv' });
  } catch (error) {
    if (error.name === 'NotAllowedError') toast(t('live.refused'), { icon: 'info' });
    else toastError(error instanceof ApiError ? error : Object.assign(error, { detail: error.message }));
    await stopLive();
  }
}

export async function stopLive() {
  const sender = live;
  if (!sender) return;
  const { screen } = get('live') ?? {};
  live = null;
  set('live', null);
  if (sender.recorder.state !== 'inactive') sender.recorder.stop();
  end(sender.stream);
  sender.release?.();
  await sender.sending;
  const shown = findScreen(screen);
  if (shown && isBusy(shown) && shows(shown, sender)) await command(screen, 'stop').catch(() => {});
  await request('DELETE', `/feeds/${sender.feed.id}`).catch(() => {});
}

const shows = ({ url = '' }, { feed }) => url.includes(feed.id);

// What the screen says: how far behind it is, and that it shows something else, or nothing, now.
let seen = 0;
watchNext('screens', () => {
  const screen = live && findScreen(get('live')?.screen);
  if (!screen || screen.at === seen) return;
  seen = screen.at;
  if (isBusy(screen) && shows(screen, live)) {
    live.wasShown = true;
    if (screen.state === 'playing' && screen.position_ms > 0) change({ delay_ms: live.delayOf(screen) });
  } else if (live.wasShown && screen.state !== 'offline') {
    toast(t('live.over', { screen: screen.name }), { icon: 'tv' });
    stopLive();
  }
});

window.addEventListener('pagehide', () => live && navigator.sendBeacon(`/api/v1/feeds/${live.feed.id}/end`));
