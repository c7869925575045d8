// components/slider.js -- a range input that shows how far it is, and does not jump back while a
// finger is on it.

import { debounce, h } from '../dom.js';

// oninput(value): while it moves; onchange(value): when it is let go.
export function slider({ label, max = 100, step = 1, valueText = String, oninput = () => {}, onchange }) {
  const input = h('input.slider', { type: 'range', min: '0', max: String(max), step: String(step), 'aria-label': label });
  let isHeld = false;

  function paint() {
    const part = Number(input.max) ? Number(input.value) / Number(input.max) : 0;
    input.style.setProperty('--part', String(part));
    input.setAttribute('aria-valuetext', valueText(Number(input.value)));
  }

  const release = debounce(() => { isHeld = false; }, 700);
  input.addEventListener('input', () => {
    isHeld = true;
    paint();
    oninput(Number(input.value));
  });
  input.addEventListener('change', () => {
    onchange(Number(input.value));
    release();
  });
  input.addEventListener('pointerdown', () => { isHeld = true; });
  input.addEventListener('pointerup', release);

  return {
    element: input,
    isHeld: () => isHeld,
    set(value, newMax = Number(input.max)) {
      if (isHeld) return;
      input.max = String(newMax);
      input.value = String(value);
      paint();
    },
  };
}
