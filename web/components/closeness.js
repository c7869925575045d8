// components/closeness.js -- looks closely at a picture: two fingers or the wheel draw it near, one
// finger moves what is near, and throws aside what is not.

const NEAREST = 8;
const TAPPED = 2.5; // as near as a double tap brings it
const SWIPE_PX = 60;

export function closeness(picture, { onswipe }, signal) {
  const fingers = new Map(); // pointer id -> { x, y }
  let scale = 1, x = 0, y = 0; // x and y: how far it is moved, from the middle
  let start = null; // { x } of a swipe
  let span = 0;

  function paint() {
    const [roomX, roomY] = [picture.clientWidth * (scale - 1) / 2, picture.clientHeight * (scale - 1) / 2];
    if (scale > 1) [x, y] = [Math.max(-roomX, Math.min(roomX, x)), Math.max(-roomY, Math.min(roomY, y))];
    picture.style.transform = scale === 1 && !x ? '' : `translate(${x}px, ${y}px) scale(${scale})`;
    picture.classList.toggle('is-near', scale > 1);
  }

  // What lies under the point stays there.
  function zoom(to, pointX = picture.clientWidth / 2, pointY = picture.clientHeight / 2) {
    const next = Math.max(1, Math.min(NEAREST, to));
    const [fromX, fromY] = [pointX - picture.clientWidth / 2, pointY - picture.clientHeight / 2];
    [x, y] = next === 1 ? [0, 0] : [fromX - (fromX - x) * next / scale, fromY - (fromY - y) * next / scale];
    scale = next;
    paint();
  }
  const by = (factor) => zoom(scale * factor);
  const reset = () => zoom(1);
  const toggle = (event) => (scale > 1 ? reset() : zoom(TAPPED, event?.clientX, event?.clientY));

  const middle = () => {
    const all = [...fingers.values()];
    return { x: all.reduce((sum, one) => sum + one.x, 0) / all.length, y: all.reduce((sum, one) => sum + one.y, 0) / all.length };
  };
  const spanNow = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };

  const listen = (name, fn) => picture.addEventListener(name, fn, { signal, passive: false });
  listen('pointerdown', (event) => {
    picture.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    start = fingers.size === 1 ? { x: event.clientX } : null;
    if (fingers.size === 2) span = spanNow();
  });
  listen('pointermove', (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const [movedX, movedY] = [event.clientX - finger.x, event.clientY - finger.y];
    Object.assign(finger, { x: event.clientX, y: event.clientY });
    if (fingers.size === 2) {
      const point = middle();
      zoom(scale * spanNow() / span, point.x, point.y);
      span = spanNow();
    } else if (scale > 1) {
      [x, y] = [x + movedX, y + movedY];
      paint();
    } else if (start) {
      x = event.clientX - start.x;
      paint();
    }
  });
  function release(event) {
    const moved = start && scale === 1 ? event.clientX - start.x : 0;
    fingers.delete(event.pointerId);
    start = null;
    if (scale === 1 && fingers.size === 0) reset();
    if (event.type === 'pointerup' && Math.abs(moved) > SWIPE_PX) onswipe(moved < 0 ? 1 : -1);
  }
  listen('pointerup', release);
  listen('pointercancel', release);
  listen('dblclick', toggle);
  listen('wheel', (event) => {
    event.preventDefault();
    zoom(scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2), event.clientX, event.clientY);
  });
  return { by, reset, toggle: () => toggle() };
}
