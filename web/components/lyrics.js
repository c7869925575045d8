// components/lyrics.js -- the words of a song beside it, each line at its time; a press on a line goes
// there.

import { fill, h } from '../dom.js';
import { isReadable, load } from '../subtitles.js';

export const lyricsOf = (item) => item?.sidecars?.find((one) => one.kind === 'lyrics' && isReadable(one));

// position(): seconds; seek(seconds). Empty when the words are not to be had.
export function lyrics(item, { position, seek, label }, signal) {
  const box = h('div.lyrics', { role: 'group', 'aria-label': label, tabIndex: 0 });
  let lines = [];
  let at = -1;

  function update() {
    const now = lines.findLastIndex(({ start }) => start <= position() + 0.2);
    if (now === at) return;
    box.children[at]?.removeAttribute('aria-current');
    at = now;
    const line = box.children[at];
    line?.setAttribute('aria-current', 'true');
    box.scrollTo({ top: line ? line.offsetTop - box.clientHeight / 2 + line.clientHeight / 2 : 0, behavior: 'smooth' });
  }

  load(item, lyricsOf(item), signal).then((cues) => {
    lines = cues;
    fill(box, cues.map(({ text, start }) => h('button.lyric', { type: 'button', tabIndex: -1, onclick: () => seek(start) }, text)));
    update();
  }).catch(() => box.remove());
  const timer = setInterval(update, 250);
  signal.addEventListener('abort', () => clearInterval(timer));
  return box;
}
