// views/watch.js -- the stage: a film or a picture over the whole window, with controls that leave
// when nobody moves. What stands on it is in watch-film.js and watch-picture.js.

import { getItem } from '../api.js';
import { fill, h, iconButton, setText } from '../dom.js';
import * as here from '../here.js';
import { t } from '../i18n/index.js';
import { kindOf, noteOf, titleOf } from '../media.js';
import { back } from '../router.js';
import { HERE, askScreen, playOn } from '../screens.js';
import { get } from '../store.js';
import { toastError } from '../components/toast.js';
import { showFilm } from './watch-film.js';
import { showPicture } from './watch-picture.js';

const HIDE_MS = 3000;

const title = h('h2', { id: 'stage-title' });
const note = h('p.soft');
const top = h('div.stage-top');
const foot = h('div.stage-foot');
const scene = h('div.stage-scene');
const box = h('section.stage', {
  hidden: true, role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': 'stage-title', tabIndex: -1,
}, scene, top, foot);

export function watchView({ id, query }, signal) {
  const opener = document.activeElement;
  if (!box.isConnected) document.getElementById('app').append(box);
  box.hidden = false;
  setInert(true);
  document.documentElement.classList.add('is-staged');
  box.focus();
  signal.addEventListener('abort', () => {
    box.hidden = true;
    setInert(false);
    document.documentElement.classList.remove('is-staged');
    scene.querySelector('img')?.remove();
    if (get('here')?.class === 'video') here.command.pause();
    if (document.fullscreenElement) leaveFull();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  });
  fadeControls(signal);
  const stage = { scene, foot, head, toggleFull, onKeys, fullButton };
  getItem(id, signal).then((item) => (kindOf(item) === 'image' ? showPicture : showFilm)(stage, item, query, signal))
    .catch((error) => {
      toastError(error);
      if (error.name !== 'AbortError') back();
    });
}

// What lies below the stage is out of reach while it is covered.
function setInert(isInert) {
  for (const other of box.parentElement.children)
    if (other !== box && !other.matches('.toasts')) other.inert = isInert;
}

// The line above; position() is where another screen would go on.
function head(item, position, ...tools) {
  setText(title, titleOf(item));
  setText(note, noteOf(item));
  const cast = iconButton('cast', t('play.elsewhere'), async () => {
    const screen = await askScreen();
    if (!screen || screen === HERE) return;
    const position_ms = position();
    back();
    playOn(screen, item, { position_ms });
  });
  fill(top, iconButton('back', t('back'), back), h('div.stage-title', {}, title, note), tools, cast);
}

const fullButton = () => document.fullscreenEnabled && iconButton('full', t('full'), toggleFull);

const leaveFull = () => document.exitFullscreen().catch(() => {}); // it has left already

function toggleFull() {
  if (document.fullscreenElement) leaveFull();
  else box.requestFullscreen?.().catch(() => {}); // the browser does not let us
}

// Whether a control that has the focus needs the key itself.
const isOf = (target, key) => (target.closest('input') ? /^Arrow|^Page| /.test(key) : target.closest('button, a') && /Enter| /.test(key));

function onKeys(keys, signal) {
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && !document.fullscreenElement) {
      back();
      return;
    }
    if (!keys[event.key] || isOf(event.target, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }, { signal });
}

// The controls leave when nothing moves, and come back with any movement, touch or key.
function fadeControls(signal) {
  let timer = 0;
  const isRunning = () => scene.classList.contains('is-show') || (scene.contains(here.element) && !here.element.paused);
  const wake = () => {
    box.classList.remove('is-still');
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (isRunning() && !foot.contains(document.activeElement)) box.classList.add('is-still');
    }, HIDE_MS);
  };
  for (const event of ['pointermove', 'pointerdown', 'keydown'])
    document.addEventListener(event, wake, { signal });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    box.classList.remove('is-still');
  });
  wake();
}
