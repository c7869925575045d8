// components/menu.js -- a sheet of choices, of which one may be chosen already.

import { h, icon } from '../dom.js';
import { openDialog } from './dialog.js';

// choices: [{ value, label, note, symbol, isChosen }]; answers a value, or null when none was taken.
export const chooseFrom = (title, choices) => openDialog(title, (close) => h('div.choices', {},
  choices.map(({ value, label, note, symbol, isChosen }) => h('button.choice', {
    type: 'button', 'aria-current': isChosen ? 'true' : null, onclick: () => close(value),
  }, symbol && icon(symbol), h('span.choice-text', {}, h('span', {}, label), note && h('small', {}, note)),
  isChosen && icon('check')))));
