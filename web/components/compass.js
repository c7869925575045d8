// components/compass.js -- the arrow keys of a television's remote control: the focus goes to what lies
// nearest in that direction. A list that walks itself is asked first (components/grid.js); so is
// whatever else needs its arrows.

const WAYS = {
  ArrowLeft: { along: 'x', sign: -1 }, ArrowRight: { along: 'x', sign: 1 },
  ArrowUp: { along: 'y', sign: -1 }, ArrowDown: { along: 'y', sign: 1 },
};
const REACHABLE = 'a[href], button:not(:disabled):not([tabindex="-1"]), input:not(:disabled), select, [tabindex="0"]';
const FIRST = 'main :is(.card-link, .row-link, .button), dialog *, .stage *';
const ROW = 4; // up and down the next row counts more than what lies straight ahead
const ASIDE = 3; // to the sides it is the other way round

const UA = /\bTV\b|SmartTV|SMART-TV|Tizen|Web0S|BRAVIA|HbbTV|AFT[A-Z]|CrKey|VIDAA/i;
export const isTelevision = UA.test(navigator.userAgent);

// Where the focus may go: within a sheet or the stage while one is open.
function room() {
  return [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.querySelector('.stage:not([hidden])') ?? document.body;
}

const keepsArrows = (target, key) => target.matches('textarea, select') ||
  (target.matches('input[type="range"]') && /Left|Right/.test(key)) ||
  (target.matches('input:not([type="range"])') && /Left|Right/.test(key) && target.value !== '');

function middle(box) {
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
}

// How far it is from one box to another that way; nothing when it lies elsewhere.
function distance(from, to, { along, sign }) {
  const [start, end, low, high] = along === 'x' ? ['left', 'right', 'top', 'bottom'] : ['top', 'bottom', 'left', 'right'];
  const ahead = sign > 0 ? to[start] - from[end] : from[start] - to[end];
  const moved = (middle(to)[along] - middle(from)[along]) * sign;
  if (moved <= 0 || ahead < -Math.min(from[end] - from[start], to[end] - to[start]) / 2) return undefined;
  const aside = Math.max(0, to[low] - from[high], from[low] - to[high]);
  const across = along === 'x' ? 'y' : 'x';
  const slant = Math.abs(middle(to)[across] - middle(from)[across]) / 8;
  return Math.max(0, ahead) * (along === 'y' ? ROW : 1) + aside * (along === 'x' ? ASIDE : 1) + slant;
}

// Within the view, left and right stay in their row.
const isAside = (from, to, one) => Boolean(one.closest('main')) && (to.top >= from.bottom || to.bottom <= from.top);

function nearest(way) {
  const from = document.activeElement;
  const place = room();
  const all = [...place.querySelectorAll(REACHABLE)].filter((one) => one !== from && !one.closest('[inert]') && one.checkVisibility({ visibilityProperty: true }));
  if (!from || from === document.body || !place.contains(from)) return all.find((one) => one.matches(FIRST)) ?? all[0];
  const box = from.getBoundingClientRect();
  let best = null;
  for (const one of all) {
    const there = one.getBoundingClientRect();
    const length = way.along === 'x' && isAside(box, there, one) ? undefined : distance(box, there, way);
    if (length !== undefined && (!best || length < best.length)) best = { one, length };
  }
  return best?.one;
}

export function startCompass() {
  document.documentElement.classList.toggle('is-tv', isTelevision);
  window.addEventListener('keydown', (event) => {
    const way = WAYS[event.key];
    const { target } = event;
    if (!way || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (target instanceof Element && keepsArrows(target, event.key)) return;
    // Who reads with a mouse scrolls with the arrows.
    if (!isTelevision && !document.querySelector(':focus-visible')) return;
    const next = nearest(way);
    if (!next) return;
    event.preventDefault();
    next.focus({ focusVisible: true });
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
}
