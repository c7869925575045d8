// components/screen-menu.js -- asks which screen. Answers 'here', a screen's id, or null. The answer is
// where the next thing plays, unless it is asked where something shall go from a screen.

import { fill, h, icon } from '../dom.js';
import { t } from '../i18n/index.js';
import { HERE, isReady, setTarget, targetScreen } from '../screens.js';
import { watch } from '../store.js';
import { openDialog } from './dialog.js';
import { screenIcon } from './transport.js';

const PAIRING = 'pairing';

export async function chooseScreen({ movedFrom = null, title = t(movedFrom ? 'move' : 'screens.choose') } = {}) {
  const chosen = await openDialog(title, (close, signal) => {
    const list = h('div.choices');
    const here = { id: HERE, kind: 'here', name: t('screens.here'), state: 'idle' };
    let known = '';
    watch('screens', (screens) => {
      const now = JSON.stringify(screens.map(({ id, name, state, title }) => [id, name, state, title]));
      if (now === known) return;
      known = now;
      fill(list, [here, ...screens].filter(({ id }) => id !== movedFrom).map((screen) => choice(screen, close, Boolean(movedFrom))),
        screens.length === 0 && h('div.empty.is-small', {}, icon('tv'), h('p', {}, t('screens.none')),
          h('p.soft', {}, t('screens.none.hint'))));
    }, signal);
    return h('div', {}, list, !movedFrom && h('div.choices', {}, h('button.choice', { type: 'button', onclick: () => close(PAIRING) },
      icon('device'), h('span.choice-text', {}, t('pair')))));
  });
  if (chosen === PAIRING) {
    (await import('./pairing.js')).openPairing();
    return null;
  }
  if (chosen && !movedFrom) setTarget(chosen);
  return chosen;
}

function choice(screen, close, isMove) {
  const isTarget = !isMove && (targetScreen()?.id ?? HERE) === screen.id;
  const note = screen.kind === 'here' ? '' : [screen.code, t(`state.${screen.state}`), screen.state === 'playing' ? screen.title : '']
    .filter(Boolean).join(' · ');
  return h('button.choice', {
    type: 'button', disabled: !isReady(screen), 'aria-current': isTarget ? 'true' : null, onclick: () => close(screen.id),
  }, screenIcon(screen), h('span.choice-text', {}, h('span', {}, screen.name), note && h('small', {}, note)),
  isTarget && icon('check'));
}
