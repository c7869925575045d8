// settings/screens.js -- every screen: what it says of itself, what was learnt of its model, and whether
// it works: a test picture or film is shown there, and what happened is told step by step.

import { fill, h, icon } from '../dom.js';
import { t } from '../i18n/index.js';
import { get, watch } from '../store.js';
import { errorTitle } from '../components/toast.js';
import { screenIcon } from '../components/transport.js';
import { emptyPlace } from '../views/parts.js';
import { getScreenFacts, testScreen } from './api.js';
import { facts } from './form.js';
import { groupsPart } from './groups.js';

const STEPS = ['taken', 'fetched', 'shown'];

export async function screensSection(signal) {
  const list = h('div.devices');
  const none = h('div');
  const shown = new Map(); // id -> element
  watch('screens', (screens) => {
    for (const [id, element] of shown) if (!screens.some((one) => one.id === id)) { element.remove(); shown.delete(id); }
    for (const screen of screens) {
      if (shown.has(screen.id)) continue;
      shown.set(screen.id, device(screen, signal));
      list.append(shown.get(screen.id));
    }
    fill(none, screens.length === 0 && emptyPlace('tv', t('screens.none'), t('screens.none.hint')));
  }, signal);
  return [h('p.soft', {}, t('settings.screens.hint')), none, list, groupsPart(signal)];
}

function device(screen, signal) {
  const state = h('span.soft');
  const known = h('div');
  const report = h('div', { 'aria-live': 'polite' });
  const heading = `device-${screen.id}`;
  const buttons = ['picture', 'film'].map((what) => h('button.button.quiet', {
    type: 'button', 'aria-describedby': heading, onclick: () => run(what),
  }, icon(what === 'film' ? 'video' : 'image'), t(`test.${what}`)));

  watch('screens', () => {
    const now = get('screens').find(({ id }) => id === screen.id);
    state.textContent = now ? t(`state.${now.state}`) : '';
  }, signal);

  async function look() {
    const about = await getScreenFacts(screen.id, signal).catch(() => null);
    if (about) fill(known, factsOf(about));
  }

  async function run(what) {
    for (const one of buttons) one.disabled = true;
    fill(report, h('p.soft', {}, t('test.running')));
    try {
      fill(report, steps(await testScreen(screen.id, what)));
    } catch (error) {
      fill(report, step(false, errorTitle(error), error.detail));
    }
    for (const one of buttons) one.disabled = false;
    look();
  }

  look();
  return h('article.device', { 'aria-labelledby': heading },
    h('header.device-head', {}, screenIcon(screen), h('h2', { id: heading }, screen.name), state),
    known, h('p.actions', {}, buttons), report);
}

function factsOf({ kind, address, model, dialect, takes, learnt, problem }) {
  return facts([
    [t('device.kind'), { igrs: 'IGRS', upnp: 'UPnP', web: t('device.web') }[kind] ?? kind],
    [t('device.model'), model], [t('device.address'), address],
    [t('device.dialect'), dialect],
    [t('device.takes'), takes && t('count.formats', { n: takes.length, text: takes.length })],
    [t('device.metadata'), learnt.metadata && t(`learnt.${learnt.metadata}`)],
    [t('device.next'), learnt.next && t(`learnt.${learnt.next}`)],
    [t('device.problem'), problem],
  ]);
}

const step = (isDone, title, detail = '') => h('li.test-step', { class: isDone ? 'is-done' : 'is-bad' },
  icon(isDone ? 'check' : 'warning'), h('span', {}, h('strong', {}, title), detail && h('small.soft', {}, detail)));

// How far it went; after the first step that failed there are no more.
function steps(told) {
  const reached = STEPS.findIndex((name) => !told[name]);
  const names = reached < 0 ? STEPS : STEPS.slice(0, reached + 1);
  const details = { taken: told.reason, shown: told.shown_ms !== undefined && t('test.after', { seconds: (told.shown_ms / 1000).toFixed(1) }) };
  return h('ol.test-steps', {}, names.map((name) => step(told[name], t(`test.${name}.${told[name] ? 'yes' : 'no'}`), told[name] ? details[name] : told.problem)));
}
