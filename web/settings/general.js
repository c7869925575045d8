// settings/general.js -- names, languages, the network, and how much is delivered.

import { h } from '../dom.js';
import { choose, chosen, t } from '../i18n/index.js';
import { get } from '../store.js';
import { getServer } from '../api.js';
import { duration } from '../format.js';
import { getSettings } from './api.js';
import { facts, form, part } from './form.js';

const LANGUAGES = [['', null], ['en', 'English'], ['zh', '中文']];

export async function generalSection(signal) {
  const [set, server] = await Promise.all([getSettings(signal).catch(onlyOwners), getServer(signal)]);
  return [
    part(t('settings.device'), language()),
    ...set.settings ? ofServer(set) : [part(t('settings.server'), h('p.soft', {}, set.detail))],
    part(t('settings.about'), about(server)),
  ];
}

function onlyOwners(error) {
  if (error.status !== 403) throw error;
  return error;
}

function ofServer({ settings, interfaces }) {
  const choices = (name) => (name === 'server.interfaces' ? interfaces : null);
  return [
    part(t('settings.server'), form({ settings, choices, names: ['server.name', 'server.interfaces'] })),
    part(t('settings.delivery'), form({ settings, names: ['delivery.conversions', 'uploads.quota-mib', 'uploads.expiry-hours'] })),
  ];
}

// Of this device alone, and at once.
function language() {
  const select = h('select.setting-input', { 'aria-labelledby': 'setting-language', onchange: () => choose(select.value) },
    LANGUAGES.map(([tag, name]) => h('option', { value: tag, selected: tag === chosen }, name ?? t('settings.language.browser'))));
  return h('div.setting', {}, h('span.setting-name', { id: 'setting-language' }, t('settings.language')),
    h('p.soft.setting-hint', {}, t('settings.language.hint')), select);
}

function about(server) {
  return facts([
    [t('settings.version'), `duoping ${server.version}`],
    [t('settings.uptime'), duration(server.uptime_s * 1000)],
    [t('settings.id'), server.device_id],
    [t('secure'), location.protocol === 'https:' ? t('settings.secure.here') : server.https ? t('settings.secure.there', { port: server.https.port }) : t('settings.secure.off')],
    [t('screens'), String(get('screens').length)],
  ]);
}
