// components/pairing.js -- pairs the server with another device: by the code that a screen shows, or
// by the server's own, which is shown here in letters and as a QR code. Where the page is read in the
// open, it says where it is encrypted.

import { getCode, getServer, pair } from '../api.js';
import { fill, h, icon, setText } from '../dom.js';
import { t } from '../i18n/index.js';
import { get } from '../store.js';
import { openDialog } from './dialog.js';
import { errorTitle, toast } from './toast.js';

const SVG = 'http://www.w3.org/2000/svg';
const QUIET = 4; // modules of light around a QR code

export const openPairing = () => openDialog(t('pair'), (close) => h('div.pairing', {}, toldForm(close), shownCode(), securePlace()));

// The screen shows a code; a person types it here.
function toldForm(close) {
  const screens = get('screens').filter(({ kind, state }) => kind === 'igrs' && state !== 'offline');
  if (screens.length === 0) return h('p.soft', {}, t('screens.none'));
  const screen = h('select', { 'aria-label': t('pair.screen') },
    screens.map(({ id, name }) => h('option', { value: id }, name)));
  const code = h('input', {
    type: 'text', placeholder: 'XXXXX-XXXXX-XXXXX-XXXXX-XXXXX', 'aria-label': t('pair.code'), required: true,
    maxlength: '80', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false',
  });
  const problem = h('p.pairing-problem', { role: 'alert' });
  const submit = h('button.button', { type: 'submit' }, t('pair.do'));

  async function send(event) {
    event.preventDefault();
    submit.disabled = true;
    setText(problem, '');
    try {
      const device = await pair(screen.value, code.value);
      close();
      toast(t('pair.done', { name: device.name }), { icon: 'check' });
    } catch (error) {
      setText(problem, { 400: t('pair.bad'), 403: t('pair.wrong') }[error.status] ?? errorTitle(error));
      code.select();
    } finally {
      submit.disabled = false;
    }
  }
  return h('form', { onsubmit: send }, h('p.soft', {}, t('pair.hint')), screen, code, problem, submit);
}

function shownCode() {
  const place = h('div.pairing-code', {}, icon('device'));
  getCode().then(({ code, qr }) => fill(place, qrPicture(qr, t('pair.server')), h('code', {}, code)))
    .catch((error) => fill(place, h('p.soft', {}, errorTitle(error))));
  return h('div', {}, h('h3', {}, t('pair.server')), h('p.soft', {}, t('pair.server.hint')), place);
}

// A device trusts the server's certificate when it trusts the authority that the server made for itself.
function securePlace() {
  if (location.protocol === 'https:') return null;
  const place = h('div', { hidden: true });
  getServer().then(({ https }) => {
    if (!https) return;
    const there = Object.assign(new URL('/', location), { protocol: 'https:', port: https.port });
    place.hidden = false;
    fill(place, h('h3', {}, t('secure')), h('p.soft', {}, t('secure.hint')),
      https.authority && h('p', {}, h('a', { href: '#/trust' }, t('trust'))),
      h('p', {}, h('a', { href: there.href }, t('secure.open'))));
  }).catch(() => {}); // it is not what people came here for
  return place;
}

// Dark on light whatever the page's colours are, or no camera reads it.
export function qrPicture(rows, label) {
  const size = rows.length + 2 * QUIET;
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  const squares = rows.flatMap((row, y) => [...row].map((module, x) =>
    (module === '1' ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : '')));
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('class', 'qr');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  path.setAttribute('d', squares.join(''));
  svg.append(path);
  return svg;
}
