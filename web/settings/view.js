// settings/view.js -- how the server and this device are set, in sections; each is a file of its own.

import { fill, h, icon } from '../dom.js';
import { t } from '../i18n/index.js';
import { address, restoreScroll } from '../router.js';
import { failedPlace, nameWindow } from '../views/parts.js';
import { generalSection } from './general.js';
import { librarySection } from './library.js';
import { logSection } from './log.js';
import { screensSection } from './screens.js';

const SECTIONS = {
  general: { symbol: 'settings', build: generalSection },
  library: { symbol: 'folder', build: librarySection },
  screens: { symbol: 'tv', build: screensSection },
  log: { symbol: 'info', build: logSection },
};

export function settingsView({ id }, signal) {
  const name = id in SECTIONS ? id : 'general';
  const body = h('div.settings');
  nameWindow(t('settings'), signal);

  async function show() {
    try {
      fill(body, await SECTIONS[name].build(signal));
      restoreScroll();
    } catch (error) {
      failedPlace(body, error, show);
    }
  }

  show();
  requestAnimationFrame(() => element.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  const element = h('div.view', {}, h('header.head', {}, h('h1', {}, t('settings'))),
    h('nav.chips', { 'aria-label': t('settings') }, Object.entries(SECTIONS).map(([one, { symbol }]) => h('a.chip', {
      href: address('settings', one), 'aria-current': one === name ? 'page' : null,
    }, icon(symbol), t(`settings.${one}`))), h('a.chip', { href: '#/people' }, icon('people'), t('people'))),
    body);
  return element;
}
