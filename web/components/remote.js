// components/remote.js -- the remote of one screen, as a sheet: what plays there, its controls, where
// else it could play, and what comes next.

import { fill, h, icon, setText } from '../dom.js';
import { t } from '../i18n/index.js';
import { soundsOf } from '../media.js';
import { address } from '../router.js';
import { HERE, askScreen, busyScreens, canMove, command, findScreen, move, nameOf, playOn, positionOf, whatPlays } from '../screens.js';
import { get, watch } from '../store.js';
import { labelOf, subtitlesOf } from '../subtitles.js';
import { coverOfScreen, itemOf } from './cover.js';
import { openDialog } from './dialog.js';
import { lyrics, lyricsOf } from './lyrics.js';
import { chooseFrom } from './menu.js';
import { queueOf } from './queue.js';
import { buttons, screenIcon, seekBar, volume } from './transport.js';

let isOpen = false;

export async function openRemote(id) {
  if (isOpen) return;
  isOpen = true;
  await openDialog(t('screens'), (close, signal) => {
    const shown = { id, show: (other) => { shown.id = other; update(); } };
    const find = () => findScreen(shown.id);
    const parts = [tabs(shown), playing(), words(find, signal), tracks(find), moves(shown, close), queueOf(shown, signal)];
    const [choice, what, song, languages, elsewhere, next] = parts.map(({ element }) => element);
    const body = h('div.remote', { role: 'group' }, what, song,
      seekBar(find, signal), buttons(find, signal), volume(find, signal), h('div.actions.moves', {}, languages, elsewhere), next);

    function update() {
      const screen = find() ?? [...busyScreens(), ...get('screens')][0];
      if (!screen) {
        close();
        return;
      }
      shown.id = screen.id;
      body.setAttribute('aria-label', t('screens.remote', { screen: screen.name }));
      for (const part of parts) part.update(screen);
    }

    watch(['screens', 'here', 'moved'], update, signal);
    return h('div', {}, choice, body);
  }, 'is-remote');
  isOpen = false;
}

// Draws anew only when what key() tells of a screen has changed.
function changing(element, key, draw) {
  let known = null;
  return { element, update(screen) {
    const now = JSON.stringify(key(screen));
    if (now === known) return;
    known = now;
    draw(screen);
  } };
}

// Every screen, those that play first.
function tabs(shown) {
  const list = () => {
    const busy = busyScreens();
    return [...busy, ...get('screens').filter((screen) => !busy.some((one) => one.id === screen.id))];
  };
  const box = h('div.tabs', { role: 'group', 'aria-label': t('screens') });
  return changing(box, () => [shown.id, list().map(({ id, name }) => [id, name])], () => fill(box, list().map((screen) =>
    h('button.chip', { type: 'button', 'aria-pressed': String(screen.id === shown.id), onclick: () => shown.show(screen.id) },
      screenIcon(screen), screen.name))));
}

function playing() {
  const picture = h('a.remote-cover');
  const title = h('p.remote-title');
  const note = h('p.remote-note');
  const cover = changing(picture, ({ item_id, class: kind }) => [item_id, kind], (screen) => {
    fill(picture, coverOfScreen(screen, 480));
    picture.classList.toggle('is-audio', screen.class === 'audio');
    if (screen.item_id) picture.href = address('item', screen.item_id);
    else picture.removeAttribute('href');
  });
  return { element: [picture, h('div.remote-text', {}, title, note)], update(screen) {
    cover.update(screen);
    setText(title, whatPlays(screen));
    setText(note, [screen.name, t(`state.${screen.state}`), screen.problem].filter(Boolean).join(' · '));
    picture.setAttribute('aria-label', t('item.open', { title: screen.title ?? '' }));
  } };
}

// The words of the song that plays, where it has some.
function words(find, signal) {
  const box = h('div');
  let singing = new AbortController();
  signal.addEventListener('abort', () => singing.abort());
  return changing(box, ({ id, item_id, class: kind }) => [id, item_id, kind], async ({ item_id, class: kind }) => {
    singing.abort();
    singing = new AbortController();
    const { signal: mine } = singing;
    fill(box);
    const item = item_id && kind === 'audio' ? await itemOf(item_id) : null;
    if (!lyricsOf(item) || mine.aborted) return;
    fill(box, lyrics(item, {
      position: () => (find() ? positionOf(find()) / 1000 : 0),
      seek: (seconds) => command(find().id, 'seek', { position_ms: Math.round(seconds * 1000) }),
      label: t('sidecar.lyrics'),
    }, mine));
  });
}

const way = (label, symbol, onclick) => h('button.button.quiet', { type: 'button', onclick }, icon(symbol), h('span', {}, label));

// Which of its sounds a film plays there, and which of its subtitles are shown: it goes on with another.
function tracks(find) {
  const box = h('span.ways');
  const key = ({ id, item_id, class: kind, audio, subtitle }) => [id, item_id, kind, audio, subtitle];
  const wayTo = (label, symbol, name, choices) => way(label, symbol, async () => {
    const { id } = find();
    const chosen = await chooseFrom(label, choices);
    if (chosen !== null && !choices.find(({ value }) => value === chosen).isChosen) command(id, 'tracks', { [name]: String(chosen) });
  });
  return changing(box, key, async (screen) => {
    const item = screen.id !== HERE && screen.item_id && screen.class === 'video' ? await itemOf(screen.item_id) : null;
    if (String(key(find() ?? {})) !== String(key(screen))) return;
    const sounds = soundsOf(item ?? {}).map((one) => ({ ...one, isChosen: screen.audio ? screen.audio === String(one.value) : one.isUsual }));
    const words = wordsOf(item ?? {}, screen.subtitle);
    fill(box, sounds.length > 1 && wayTo(t('sounds'), 'sounds', 'audio', sounds),
      words.length > 1 && wayTo(t('subtitles'), 'subtitles', 'subtitle', words));
  });
}

const wordsOf = (item, shown = 'none') => [
  { value: 'none', label: t('subtitles.off'), isChosen: shown === 'none' },
  ...subtitlesOf(item).map((one) => ({ value: String(one.number), ...labelOf(one), isChosen: shown === String(one.number) })),
];

// Elsewhere, here, and back to where it was.
function moves(shown, close) {
  const box = h('span.ways');
  const origin = ({ id }) => {
    const moved = get('moved');
    return moved?.id === id && moved.from !== HERE && findScreen(moved.from) ? moved.from : null;
  };

  async function goTo(to) {
    const from = shown.id;
    if (to === HERE) close();
    await move(from, to);
    shown.show(to);
  }
  async function ask() {
    const to = await askScreen({ movedFrom: shown.id });
    if (to) goTo(to);
  }
  // The same here and there: it begins where it is now, and is then each screen's own.
  async function alsoOn() {
    const screen = findScreen(shown.id);
    const to = await askScreen({ movedFrom: shown.id, title: t('move.also') });
    if (!to) return;
    if (to === HERE) close();
    const item = await itemOf(screen.item_id);
    if (item) playOn(to, item, { position_ms: Math.round(positionOf(findScreen(shown.id))), audio: screen.audio, subtitle: screen.subtitle });
  }
  return changing(box, (screen) => [screen.id, canMove(screen), screen.item_id, origin(screen)], (screen) => {
    const back = origin(screen);
    fill(box, canMove(screen) && [
      back && way(t('move.back', { screen: nameOf(back) }), 'back', () => goTo(back)),
      screen.id !== HERE && screen.item_id && way(t('move.here'), 'device', () => goTo(HERE)),
      way(t('move'), 'cast', ask),
      screen.item_id && way(t('move.also'), 'tv', alsoOn)]);
  });
}
