// components/grid.js -- a list of any length as cards or rows. Only what can be seen is in the page;
// the rest is height. Arrow keys, Home, End and the page keys walk it; one Tab leaves it.

import { dropPictures, h } from '../dom.js';

const SPARE_ROWS = 3; // kept above and below what is seen
const SPARE_MS = 200; // and drawn by then
const TYPE_PX = 15; // the letters that the measures below are made for

const whenIdle = window.requestIdleCallback ?? ((fn) => setTimeout(fn, 50));
const cancelIdle = window.cancelIdleCallback ?? clearTimeout;

// What a layout needs to know: how wide a cell wants to be (0: all there is), its picture's shape, and
// how high the text below it is.
export const LAYOUTS = {
  square: { wide: 168, narrow: 104, ratio: 1, text: 52, gap: 20 },
  video: { wide: 248, narrow: 150, ratio: 9 / 16, text: 52, gap: 20 },
  picture: { wide: 190, narrow: 104, ratio: 1, text: 0, gap: 6 },
  rows: { wide: 0, narrow: 0, ratio: 0, text: 60, gap: 0 },
};

// build(object, index, width) makes the element of one cell.
export function grid(source, layoutName, build, signal, label) {
  const layout = LAYOUTS[layoutName];
  const list = h('div.grid', { role: 'list', 'aria-label': label, class: `is-${layoutName}` });
  const cells = new Map(); // index -> { element, object }
  let columns = 1, width = 0, stride = 0, gap = 0, focused = 0;
  let measured = ''; // what the measures were taken for
  let isAwaited = false; // the focus goes to an entry that is not here yet

  // Only when the room or the length has changed: while one scrolls nothing that is shown is touched.
  function measure() {
    const room = list.clientWidth;
    const now = `${room} ${window.innerWidth} ${source.total}`;
    if (now === measured) return;
    measured = now;
    const isNarrow = window.innerWidth < 700;
    const scale = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / TYPE_PX); // of the letters
    const wanted = (isNarrow ? layout.narrow : layout.wide) * scale;
    const text = Math.round(layout.text * scale);
    gap = isNarrow ? Math.min(layout.gap, 12) : layout.gap;
    columns = wanted ? Math.max(1, Math.floor((room + gap) / (wanted + gap))) : 1;
    width = (room - gap * (columns - 1)) / columns;
    stride = Math.round(width * layout.ratio) + text + (layout.ratio ? gap : 0);
    list.style.height = `${Math.ceil(source.total / columns) * stride}px`;
    for (const [index, cell] of cells) place(cell.element, index);
  }

  function place(element, index) {
    const x = (index % columns) * (width + gap);
    const y = Math.floor(index / columns) * stride;
    element.style.width = `${width}px`;
    element.style.height = `${stride - (layout.ratio ? gap : 0)}px`;
    element.style.transform = `translate(${x}px, ${y}px)`;
  }

  // The entries that are seen, and those of so many rows around them.
  function around(rows) {
    const top = -list.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / stride) - rows) * columns;
    const last = Math.ceil((top + window.innerHeight) / stride + rows) * columns;
    return [first, Math.min(source.total, Math.max(last, 0))];
  }

  function show(rows) {
    const [first, last] = around(rows);
    const [nearFirst, nearLast] = around(SPARE_ROWS);
    for (const [index, cell] of cells) {
      const isAway = index < nearFirst || index >= nearLast;
      if (isAway && !cell.element.contains(document.activeElement) || index >= source.total) {
        drop(cell.element);
        cells.delete(index);
      }
    }
    for (let index = first; index < last; index += 1) showCell(index);
  }

  function showCell(index) {
    const object = source.at(index);
    const known = cells.get(index);
    if (known && known.object === object) return;
    const hadFocus = known?.element.contains(document.activeElement);
    const element = h('div.cell', {
      role: 'listitem', 'aria-posinset': String(index + 1), 'aria-setsize': String(source.total),
    }, object ? build(object, index, width) : h('div.card.is-awaited', {}, h('span.cover')));
    element.dataset.index = index;
    const link = element.querySelector('a');
    if (link) link.tabIndex = index === focused ? 0 : -1;
    place(element, index);
    if (known) known.element.replaceWith(element);
    else insert(element, index);
    cells.set(index, { element, object });
    if (link && (hadFocus || isAwaited && index === focused)) {
      isAwaited = false;
      link.focus({ preventScroll: true });
    }
  }

  // In the order of the list, which is the order that readers of the page hear.
  function insert(element, index) {
    const before = cells.get(index - 1);
    if (before) {
      before.element.after(element);
      return;
    }
    let after = null;
    for (const cell of list.children) {
      if (Number(cell.dataset.index) > index) { after = cell; break; }
    }
    list.insertBefore(element, after);
  }

  function drop(element) {
    dropPictures(element);
    element.remove();
  }

  // At once what is seen; what lies around it when nobody waits for anything else.
  let spare = 0;
  const update = () => {
    if (!list.isConnected) return;
    measure();
    show(0);
    cancelIdle(spare);
    spare = whenIdle(() => list.isConnected && show(SPARE_ROWS), { timeout: SPARE_MS });
  };

  let frame = 0;
  const later = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(update);
  };

  function moveTo(index) {
    focused = Math.max(0, Math.min(source.total - 1, index));
    const y = list.getBoundingClientRect().top + Math.floor(focused / columns) * stride;
    const [head, foot] = [80, 190]; // what the bars cover
    if (y < head) window.scrollBy(0, y - head);
    else if (y + stride > window.innerHeight - foot) window.scrollBy(0, y + stride - window.innerHeight + foot);
    isAwaited = true;
    update();
    for (const [i, cell] of cells) {
      const link = cell.element.querySelector('a');
      if (!link) continue;
      link.tabIndex = i === focused ? 0 : -1;
      if (i === focused) {
        isAwaited = false;
        link.focus({ preventScroll: true });
      }
    }
  }

  // Up from the first row, or down from the last.
  const leaves = (step, to) => columns > 1 && Math.abs(step) === columns && Math.floor(to / columns) === Math.floor(focused / columns);

  list.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(window.innerHeight / stride) - 1) * columns;
    const steps = {
      ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns,
      PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity,
    };
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    if (columns === 1 && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) return;
    const to = Math.max(0, Math.min(source.total - 1, focused + step));
    if (to === focused || leaves(step, to)) return; // whoever moves the focus about the page takes it
    event.preventDefault();
    moveTo(to);
  });
  list.addEventListener('focusin', (event) => {
    const cell = event.target.closest('.cell');
    if (cell) focused = Number(cell.dataset.index);
  });

  source.onchange = later;
  window.addEventListener('scroll', later, { passive: true, signal });
  const watcher = new ResizeObserver(later);
  watcher.observe(list);
  signal.addEventListener('abort', () => {
    watcher.disconnect();
    for (const cell of cells.values()) drop(cell.element);
    cancelAnimationFrame(frame);
    cancelIdle(spare);
  });
  queueMicrotask(update);
  return { element: list, update };
}
