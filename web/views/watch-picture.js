// views/watch-picture.js -- a picture on the stage, walked through the list that it stands in: by keys,
// by a swipe, or by itself as a slide show; looked at closely with two fingers, the wheel or a double
// tap.

import { getContainer, thumbUrl } from '../api.js';
import { fill, h, iconButton, setIcon } from '../dom.js';
import { t } from '../i18n/index.js';
import { kindOf, titleOf } from '../media.js';
import { address, go, rename } from '../router.js';
import { Source } from '../source.js';
import { toastError } from '../components/toast.js';
import { closeness } from '../components/closeness.js';

const SHOW_MS = 5000;

export function showPicture(stage, item, query, signal) {
  const picture = h('img.stage-picture', { alt: '', draggable: 'false' });
  const near = closeness(picture, { onswipe: (by) => step(by) }, signal);
  const container = query.get('in');
  const sort = query.get('sort') ?? undefined;
  let index = Number(query.get('at')) || 0;
  let timer = 0;
  const source = container && new Source(async (offset, limit) => {
    const answer = await getContainer(container, { offset, limit, sort }, signal);
    return { total: answer.total, items: answer.children };
  }, signal);
  const show = source && iconButton('slides', t('slides'), toggleShow, { 'aria-pressed': 'false' });

  function look(now) {
    item = now;
    near.reset();
    picture.src = thumbUrl(now, 160); // at once; the whole one follows
    const whole = new Image();
    whole.addEventListener('load', () => { if (item === now) picture.src = whole.src; });
    whole.addEventListener('error', () => item === now && !signal.aborted && toastError({ status: 415, detail: titleOf(now) }));
    whole.src = now.url;
    picture.alt = titleOf(now);
    stage.head(now, () => 0,
      source && [iconButton('previous', t('previous'), () => step(-1)), show, iconButton('next', t('next'), () => step(1))],
      iconButton('zoom', t('zoom'), near.toggle),
      iconButton('info', t('item.facts'), () => go(address('item', now.id))), stage.fullButton());
  }

  async function find(by) {
    for (let i = index + by; source && i >= 0 && (source.total === 0 || i < source.total); i += by) {
      const found = await source.get(i).catch(() => undefined);
      if (found && kindOf(found) === 'image' && !found.unreadable) return { found, i };
    }
    return null;
  }

  async function step(by) {
    const next = await find(by);
    if (!next || signal.aborted) return setShow(false);
    index = next.i;
    rename(address('watch', next.found.id, { in: container, at: String(index), sort }));
    look(next.found);
    find(by).then((after) => { if (after) new Image().src = after.found.url; });
    return undefined;
  }

  function setShow(isOn) {
    clearInterval(timer);
    timer = isOn ? setInterval(() => step(1), SHOW_MS) : 0;
    stage.scene.classList.toggle('is-show', isOn);
    show?.setAttribute('aria-pressed', String(isOn));
    if (show) setIcon(show, isOn ? 'pause' : 'slides');
  }
  function toggleShow() {
    setShow(!timer);
  }

  fill(stage.scene, picture);
  fill(stage.foot);
  signal.addEventListener('abort', () => setShow(false));
  look(item);
  if (query.get('slides')) setShow(true);
  stage.onKeys({
    ArrowLeft: () => step(-1), ArrowRight: () => step(1), ' ': () => (source ? toggleShow() : undefined),
    '+': () => near.by(1.5), '=': () => near.by(1.5), '-': () => near.by(1 / 1.5), 0: near.reset, f: stage.toggleFull,
  }, signal);
}
