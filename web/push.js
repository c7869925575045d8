// push.js -- films, songs and pictures of this device, sent to a screen that plays them while they still
// come. What breaks off goes on where the server has it (IETF resumable uploads, as src/api/upload-routes.c
// speaks it).

import * as api from './api.js';
import { t } from './i18n/index.js';
import { askScreen, nameOf, targetScreen, HERE } from './screens.js';
import { get, set } from './store.js';
import { toast, toastError } from './components/toast.js';

const TRIES = 20; // in a row, without an octet that came through
const RETRY_MS = 2000;

const change = (id, values) => set('pushes', get('pushes').map((one) => (one.id === id ? { ...one, ...values } : one)));
const find = (id) => get('pushes').find((one) => one.id === id);

// Sends files one after the other; the first plays as soon as it is announced, the others follow it.
export async function pushFiles(files) {
  const screen = targetScreen()?.id ?? await askScreen();
  if (!screen) return;
  if (screen === HERE) {
    toast(t('push.here'), { icon: 'upload' });
    return;
  }
  const made = [];
  try {
    for (const file of files) {
      const { id } = await api.announceUpload(file);
      set('pushes', [...get('pushes'), { id, name: file.name, size: file.size, sent: 0, state: 'waiting', file }]);
      made.push(id);
    }
  } catch (error) {
    toastError(error);
  }
  if (made.length > 0) playThem(screen, made, files[0].name); // it answers when it has something to show
  for (const id of made) await send(id);
}

async function playThem(screen, [first, ...others], name) {
  try {
    await api.castUpload(screen, first);
    toast(t('screens.sent', { screen: nameOf(screen) }), { detail: name, icon: 'upload' });
    for (const id of others) if (find(id)) await api.addToQueue(screen, { upload: id });
  } catch (error) {
    toastError(error);
  }
}

async function send(id) {
  change(id, { state: 'sending' });
  for (let tries = 0; tries < TRIES && find(id);) {
    const before = find(id).sent;
    try {
      await sendRest(id);
      change(id, { state: 'done', file: null });
      return;
    } catch (error) {
      if (!find(id)) return; // cancelled
      tries = find(id).sent > before ? 0 : tries + 1;
      if (error.status >= 400 && error.status !== 409) break;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    const offset = await api.uploadOffset(id).catch(() => null);
    if (offset !== null) change(id, { sent: offset });
  }
  if (find(id)) change(id, { state: 'failed' });
}

// fetch() does not tell how much it has sent.
function sendRest(id) {
  const { file, sent } = find(id);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PATCH', `/api/v1/uploads/${encodeURIComponent(id)}`);
    request.setRequestHeader('Upload-Offset', String(sent));
    request.setRequestHeader('Upload-Complete', '?1');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded }) => change(id, { sent: sent + loaded }));
    request.addEventListener('load', () => (request.status < 300 ? resolve() : reject(new api.ApiError(request.status))));
    request.addEventListener('error', () => reject(new api.ApiError(0)));
    request.addEventListener('abort', () => reject(new api.ApiError(0)));
    change(id, { abort: () => request.abort() });
    request.send(file.slice(sent));
  });
}

export async function cancelPush(id) {
  const one = find(id);
  set('pushes', get('pushes').filter((other) => other.id !== id));
  one?.abort?.();
  await api.deleteUpload(id).catch(() => {});
}

export async function keepPush(id) {
  try {
    const { kept } = await api.keepUpload(id);
    change(id, { kept: kept ?? true });
    toast(t('push.kept'), { detail: kept ?? '', icon: 'check' });
  } catch (error) {
    toastError(error);
  }
}
