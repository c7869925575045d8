// dom.js -- makes elements. Text always goes in as text, never as markup, so nothing that a file is
// named can become part of the page.

const SVG = 'http://www.w3.org/2000/svg';

// h('button.round.quiet', { 'aria-label': 'Play', onclick: play }, icon('play'))
// Properties that are null, undefined or false are left out; onNAME adds a listener.
export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split('.');
  const element = document.createElement(tag || 'div');
  if (classes.length > 0) element.classList.add(...classes);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.classList.add(...value.split(' ').filter(Boolean));
    else if (name in element && typeof value !== 'string') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  fill(element, children);
  return element;
}

// Replaces what an element holds.
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

// Pictures that nobody will see are not waited for: a browser has six connections to a server, and a picture may
// take its time to be made. Answers how to ask for them again.
export function dropPictures(element) {
  const dropped = [...element.querySelectorAll('img:not(.is-here)')].map((image) => [image, image.getAttribute('src')]);
  for (const [image] of dropped) image.removeAttribute('src');
  return () => dropped.forEach(([image, src]) => src && image.isConnected && image.setAttribute('src', src));
}

// The symbols of icons.svg become part of the page once, so that they are there when the server is not.
export async function loadIcons() {
  const answer = await fetch('/web/icons.svg');
  const svg = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement;
  svg.setAttribute('hidden', '');
  document.body.append(document.adoptNode(svg));
}

// One of them.
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

export function setIcon(holder, name) {
  const use = holder.querySelector('use');
  const href = `#i-${name}`;
  if (use.getAttribute('href') !== href) use.setAttribute('href', href);
}

// A round button that shows a symbol and says its name to those who do not see it.
export function iconButton(name, label, onclick, props = {}) {
  return h('button.round', { type: 'button', 'aria-label': label, title: label, onclick, ...props },
    icon(name));
}

// Changes only what differs, so that readers of the page are not told the same thing twice.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Calls fn once the calls have paused for ms.
export function debounce(fn, ms) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(fn, ms, ...values);
  };
}

// Calls fn at once, and again at most every ms while it is asked for.
export function throttle(fn, ms) {
  let timer = 0;
  let isAsked = false;
  return function ask() {
    isAsked = true;
    if (timer) return;
    isAsked = false;
    fn();
    timer = setTimeout(() => {
      timer = 0;
      if (isAsked) ask();
    }, ms);
  };
}
