// people/trust.js -- how a device comes to trust this server's certificate: per kind of device, and as a
// picture for the phone in the hand. It is read in the open, before there is any trust.

import { fill, h } from '../dom.js';
import { t } from '../i18n/index.js';
import { emptyPlace, nameWindow, trail } from '../views/parts.js';
import { qrPicture } from '../components/pairing.js';
import { errorTitle } from '../components/toast.js';
import { getTrust } from './api.js';

const KINDS = ['android', 'ios', 'windows', 'mac', 'linux', 'firefox'];

// Which of them this device is; none that we know: the first.
function ownKind({ userAgent }) {
  if (/Android/.test(userAgent)) return 'android';
  if (/iPhone|iPad/.test(userAgent)) return 'ios';
  if (/Firefox/.test(userAgent)) return 'firefox';
  if (/Windows/.test(userAgent)) return 'windows';
  return /Macintosh/.test(userAgent) ? 'mac' : /Linux/.test(userAgent) ? 'linux' : 'android';
}

function steps(kind, own) {
  return h('details.trust', { open: kind === own }, h('summary', {}, t(`trust.${kind}.name`)), h('p', {}, t(`trust.${kind}`)));
}

function guide({ address, qr, port, authority }) {
  const secure = Object.assign(new URL('/', location), { protocol: 'https:', port }).href;
  return [
    h('section.person', { 'aria-labelledby': 'trust-get' },
      h('h2', { id: 'trust-get' }, t('trust.get')),
      h('p.soft', {}, t('trust.why')),
      h('div.actions', {}, h('a.button', { href: authority }, t('secure.authority'))),
      h('div.pairing-code', {}, qrPicture(qr, t('trust.qr')), h('code', {}, address))),
    h('section.person', { 'aria-labelledby': 'trust-do' },
      h('h2', { id: 'trust-do' }, t('trust.do')),
      KINDS.map((kind) => steps(kind, ownKind(navigator)))),
    h('section.person', { 'aria-labelledby': 'trust-go' },
      h('h2', { id: 'trust-go' }, t('trust.go')),
      h('div.actions', {}, h('a.button', { href: secure }, t('secure.open')))),
  ];
}

export function trustView(params, signal) {
  const place = h('div.people');
  getTrust(signal).then((trust) => fill(place, guide(trust))).catch((error) => {
    if (error.name !== 'AbortError') fill(place, emptyPlace('info', error.status === 404 ? t('trust.none') : errorTitle(error)));
  });
  nameWindow(t('trust'), signal);
  return h('div.view', {}, trail('0', signal), h('header.head', {}, h('h1', {}, t('trust'))), place);
}
