// views/watch-film.js -- a film on the stage: where it is, its chapters, its subtitles.

import { fill, h, iconButton } from '../dom.js';
import { duration } from '../format.js';
import * as here from '../here.js';
import { t } from '../i18n/index.js';
import { languageName, soundsOf } from '../media.js';
import { back } from '../router.js';
import { HERE, findScreen } from '../screens.js';
import { get } from '../store.js';
import { isReadable, load } from '../subtitles.js';
import { chooseFrom } from '../components/menu.js';
import { toastError } from '../components/toast.js';
import { playButton, seekBar, volume } from '../components/transport.js';

const SKIP_MS = 10000;
const CHOSEN = 'subtitles'; // local storage: the language that was chosen last
const LINE = -3; // above the controls

let track = null; // one for all films: a track that was added stays

export function showFilm(stage, item, query, signal) {
  const find = () => findScreen(HERE);
  const film = here.element;
  fill(stage.scene, film);
  stage.head(item, here.positionNow);
  if (get('here')?.item_id !== item.id || film.paused) here.play(item);
  const words = subtitles(item, signal);
  const chapters = item.chapters ?? [];
  fill(stage.foot, playButton(find, signal),
    iconButton('rewind', t('skip.back'), () => skip(-1)), iconButton('skip', t('skip.on'), () => skip(1)),
    seekBar(find, signal, chapters),
    chapters.length > 1 && iconButton('chapters', t('chapters'), () => chooseChapter(chapters)),
    words && iconButton('subtitles', t('subtitles'), words.choose),
    soundsOf(item).length > 1 && iconButton('sounds', t('sounds'), () => chooseSound(item)),
    volume(find, signal),
    document.pictureInPictureEnabled && iconButton('window', t('window'), toggleWindow, { class: 'stage-window' }), stage.fullButton());
  film.addEventListener('click', toggle, { signal });
  film.addEventListener('dblclick', stage.toggleFull, { signal });
  document.addEventListener('here-ended', back, { signal });
  stage.onKeys({
    ' ': toggle, k: toggle, f: stage.toggleFull, c: () => words?.next(),
    m: () => here.command.volume({ muted: !film.muted }),
    ArrowLeft: () => skip(-1),
    ArrowRight: () => skip(1),
    ArrowUp: () => here.command.volume({ volume: Math.min(100, film.volume * 100 + 5) }),
    ArrowDown: () => here.command.volume({ volume: Math.max(0, film.volume * 100 - 5) }),
    PageUp: () => goChapter(chapters, -1),
    PageDown: () => goChapter(chapters, 1),
  }, signal);
}

function toggle() {
  if (here.element.paused) here.command.play();
  else here.command.pause();
}

const skip = (by) => here.command.seek({ position_ms: Math.max(0, here.positionNow() + by * SKIP_MS) });

function toggleWindow() {
  if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => {});
  else here.element.requestPictureInPicture().catch(() => {});
}

// -- Sounds

async function chooseSound(item) {
  const now = here.soundNow();
  const chosen = await chooseFrom(t('sounds'), soundsOf(item).map((one) => ({ ...one, isChosen: one.value === now })));
  if (chosen !== null) here.chooseSound(chosen).catch(toastError);
}

// -- Chapters

const chapterAt = (chapters, ms) => chapters.findLastIndex(({ start_ms = 0 }) => start_ms <= ms);

async function chooseChapter(chapters) {
  const now = chapterAt(chapters, here.positionNow());
  const chosen = await chooseFrom(t('chapters'), chapters.map(({ title, start_ms = 0 }, i) =>
    ({ value: start_ms, label: title || t('chapter', { n: i + 1 }), note: duration(start_ms), isChosen: i === now })));
  if (chosen !== null) here.command.seek({ position_ms: chosen });
}

function goChapter(chapters, by) {
  const chapter = chapters[Math.max(0, chapterAt(chapters, here.positionNow()) + by)];
  if (chapter) here.command.seek({ position_ms: chapter.start_ms ?? 0 });
}

// -- Subtitles

// What is shown of the words in a film and beside it; null when there are none that can be read.
function subtitles(item, signal) {
  const files = (item.sidecars ?? []).filter((one) => one.kind === 'subtitle' && isReadable(one));
  track ??= here.element.addTextTrack('subtitles');
  let shown = null;
  let lines = [];

  // What the server makes of a film begins where it was asked for.
  function draw() {
    for (const cue of [...track.cues ?? []]) track.removeCue(cue);
    const beginning = here.beginning();
    for (const { start, end, text } of lines) {
      if (end + beginning <= 0) continue;
      const cue = new VTTCue(Math.max(0, start + beginning), end + beginning, text);
      cue.line = LINE;
      track.addCue(cue);
    }
  }

  function clear() {
    lines = [];
    draw();
  }

  async function show(file) {
    shown = file;
    clear();
    track.mode = file ? 'showing' : 'disabled';
    if (!file) return;
    const found = await load(item, file, signal);
    if (shown !== file) return;
    lines = found;
    draw();
  }

  const attempt = (file) => show(file).catch(toastError);
  function set(file) {
    localStorage.setItem(CHOSEN, file ? file.language ?? '' : 'off');
    attempt(file);
  }

  here.element.addEventListener('loadedmetadata', draw, { signal });
  track.mode = 'hidden'; // so that it has cues
  clear();
  const wish = localStorage.getItem(CHOSEN);
  attempt((wish !== null && files.find(({ language = '' }) => language === wish)) || null);
  signal.addEventListener('abort', () => { shown = null; track.mode = 'disabled'; });
  if (files.length === 0) return null;

  async function choose() {
    const chosen = await chooseFrom(t('subtitles'), [
      { value: 'off', label: t('subtitles.off'), isChosen: !shown },
      ...files.map((file) => ({ value: file, isChosen: file === shown,
        label: languageName(file.language) || file.title || file.name, note: file.track ? file.title : file.name })),
    ]);
    if (chosen !== null) set(chosen === 'off' ? null : chosen);
  }
  const next = () => set([...files, null][(files.indexOf(shown) + 1) % (files.length + 1)]);
  return { choose, next };
}
