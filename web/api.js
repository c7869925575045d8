// api.js -- the server's HTTP interface, as functions. Every failure becomes an ApiError, which says
// what went wrong in the words of RFC 9457 where the server gave them.

import { claim, placeOf, split } from './servers.js';
import { set } from './store.js';

const BASE = '/api/v1';

export class ApiError extends Error {
  constructor(status, problem = {}) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status; // 0: no answer at all
    this.title = problem.title ?? '';
    this.detail = problem.detail ?? '';
    this.field = problem.field ?? '';
  }
}

// What was asked before the page was there (first.js); the first that asks the same has the answer.
const ahead = new Map(); // path -> promise
const AHEAD_MS = 5000; // then an answer is old

export function askAhead(path) {
  const answer = request('GET', path);
  answer.catch(() => {}); // whoever wants it hears of it
  ahead.set(path, answer);
  setTimeout(() => ahead.delete(path), AHEAD_MS);
}

async function takeAhead(path, signal) {
  const asked = ahead.get(path);
  ahead.delete(path);
  const answer = await asked;
  signal?.throwIfAborted();
  return answer;
}

export async function request(method, path, body, signal, { headers = {}, octets, ...options } = {}) {
  if (method === 'GET' && ahead.has(path)) return takeAhead(path, signal);
  let response;
  try {
    response = await fetch(BASE + path, {
      ...options,
      method,
      signal,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: octets ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    set('away', true);
    throw new ApiError(0);
  }
  const answer = await response.json().catch((error) => {
    if (error instanceof SyntaxError) return null; // it has nothing more to say
    throw error.name === 'AbortError' ? error : new ApiError(0); // it broke off
  });
  if (!response.ok) throw new ApiError(response.status, answer ?? {});
  return answer;
}

function query(values) {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return pairs.length > 0 ? '?' + new URLSearchParams(pairs) : '';
}

const part = encodeURIComponent;

export const getServer = (signal) => request('GET', '/server', undefined, signal);
export const getScreens = (signal) => request('GET', '/screens', undefined, signal);

export const getServers = (signal) => request('GET', '/servers', undefined, signal);

export async function getItem(id, signal) {
  const place = placeOf(id);
  return claim(await request('GET', `${place.base}/items/${place.id}`, undefined, signal), split(id).server);
}

export function containerPath(id, { offset = 0, limit = 1, sort } = {}) {
  const place = placeOf(id);
  return `${place.base}/containers/${place.id}${query({ offset, limit, sort })}`;
}

export const getContainer = async (id, range, signal) =>
  claim(await request('GET', containerPath(id, range), undefined, signal), split(id).server);

export const ROOT_PAGE = { limit: 20 }; // of the views that there are
export const PAGE = 60; // of a long list

// kind: 'audio', 'video', 'image' or '' for any; server: another one's library; container: only below it.
export async function search(words, { kind = '', server, container, offset = 0, limit = 60, sort } = {}, signal) {
  const base = server ? `/servers/${part(server)}` : '/library';
  const path = `${base}/search${query({ q: words, class: kind, container, offset, limit, sort })}`;
  const answer = await request('GET', path, undefined, signal);
  return { ...answer, items: answer.items.map((item) => claim(item, server)) };
}

// Keeps what was done with an item of ours, also while the page goes. Nobody waits for it.
export const noteUse = (id, use) =>
  request('PUT', `/library/items/${part(id)}/use`, use, undefined, { keepalive: true }).catch(() => {});

// Which screens can play an item of ours: [{ screen, how, reason }]; how is missing where it cannot.
export const getPlaces = (id, signal) => request('GET', `/library/items/${part(id)}/screens`, undefined, signal);

// How it would reach a screen that takes one form, { how, url }; wish: { profile, audio }.
export const getDelivery = (id, wish) => request('GET', `/library/items/${part(id)}/delivery${query(wish)}`);

// audio, subtitle: which of them; left out: by the person's taste.
export const cast = (screen, id, { position_ms = 0, audio, subtitle } = {}) => {
  const { server, id: item } = split(id);
  return request('POST', '/casts', { screen, item, server, position_ms, audio, subtitle });
};
// What plays on one screen goes on on another, with its queue.
export const move = (screen, to) => request('POST', `/screens/${part(screen)}/move`, { to });

// What this device pushes: announced, so that it can be cast, and then sent (push.js).
export const announceUpload = ({ name, size }) => request('POST', `/uploads${query({ name })}`, undefined, undefined,
  { headers: { 'Upload-Complete': '?0', 'Upload-Length': String(size) } });
export const uploadOffset = async (id) => (await request('GET', `/uploads/${part(id)}`)).received;
export const deleteUpload = (id) => request('DELETE', `/uploads/${part(id)}`);
export const keepUpload = (id) => request('POST', `/uploads/${part(id)}/keep`);
export const castUpload = (screen, upload) => request('POST', '/casts', { screen, upload });

// A screen's queue; each change is answered with it, and told to everybody by the event "queue".
const queuePath = (screen, entry = '', verb = '') => `/queue/${part(screen)}${entry && `/${part(entry)}`}${verb && `/${verb}`}`;
export const getQueue = (screen, signal) => request('GET', queuePath(screen), undefined, signal);
// what: { item | items, server, next, play }
export const addToQueue = (screen, what) => request('POST', queuePath(screen), what);
// how: { shuffle, repeat, picture_ms }
export const setQueue = (screen, how) => request('PATCH', queuePath(screen), how);
export const clearQueue = (screen) => request('DELETE', queuePath(screen));
export const removeEntry = (screen, entry) => request('DELETE', queuePath(screen, entry));
export const moveEntry = (screen, entry, index) => request('POST', queuePath(screen, entry, 'move'), { index });
export const playEntry = (screen, entry) => request('POST', queuePath(screen, entry, 'play'));

// verb: play, pause, stop, next, previous, seek { position_ms }, volume { volume, muted }, tracks { audio, subtitle }.
export const command = (screen, verb, body = {}) =>
  request('POST', `/screens/${part(screen)}/${verb}`, body);

// device: a screen's id; code: what it shows.
export const pair = (device, code) => request('POST', '/devices', { device, code });
// The server's own, { code, address, qr }.
export const getCode = () => request('GET', '/code');

// A picture of that id, at least so many pixels wide; widths are few, so that caches serve them. Another
// server's is as that server says.
export function thumbUrl(object, width) {
  const wanted = Math.min(1280, Math.ceil(width * (window.devicePixelRatio || 1) / 160) * 160);
  if (object.thumb_url && new URL(object.thumb_url, location.href).origin !== location.origin) return object.thumb_url;
  const base = object.thumb_url || `/thumb/${part(object.id)}`;
  return `${base.split('?')[0]}?w=${wanted}`;
}
