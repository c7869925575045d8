// app.js -- where the page begins: lays the frame, names the routes, opens the event stream.

import './first.js';
import { ApiError } from './api.js';
import { dropPictures, fill, h, loadIcons } from './dom.js';
import { connect } from './events.js';
import * as here from './here.js';
import { language, t } from './i18n/index.js';
import { titleOf } from './media.js';
import { replace, route, start } from './router.js';
import { askScreen, playOn, setTarget } from './screens.js';
import { startCompass } from './components/compass.js';
import { frame } from './components/frame.js';
import { set } from './store.js';
import { toast, toastError, toasts } from './components/toast.js';
import { homeView } from './views/home.js';
import { failedPlace } from './views/parts.js';

document.documentElement.lang = language;
loadIcons();

// A view that is fetched when it is shown for the first time.
const later = (load) => (params, signal) => {
  const place = h('div.view', { 'aria-busy': 'true' });
  const show = () => load().then((view) => !signal.aborted && place.replaceWith(view(params, signal)))
    .catch(() => failedPlace(place, new ApiError(0), show));
  show();
  return place;
};

route('home', homeView);
route('folder', later(async () => (await import('./views/folder.js')).folderView));
route('item', later(async () => (await import('./views/item.js')).itemView));
route('people', later(async () => (await import('./people/view.js')).peopleView));
route('trust', later(async () => (await import('./people/trust.js')).trustView));
route('search', later(async () => (await import('./views/search.js')).searchView));
route('settings', later(async () => (await import('./settings/view.js')).settingsView));
route('servers', later(async () => (await import('./views/servers.js')).serversView));
route('shared', () => {
  import('./shared.js').then(({ pushShared }) => pushShared());
  queueMicrotask(() => replace('#/home'));
  return h('div.view', { 'aria-busy': 'true' });
});
route('watch', async (params, signal) => {
  const askAgain = dropPictures(main); // the film goes before them
  signal.addEventListener('abort', askAgain);
  const { watchView } = await import('./views/watch.js');
  if (!signal.aborted) watchView(params, signal);
}, { isOverlay: true });

const main = h('main.main', { id: 'main', tabIndex: -1 });
fill(document.getElementById('app'), frame(main), here.decks, toasts());
setTarget(sessionStorage.getItem('target') ?? 'here');

here.whenUnplayable((item) => {
  toast(t('error.browser', { title: titleOf(item) }), {
    detail: t('error.browser.hint'),
    icon: 'warning',
    isError: true,
    action: {
      label: t('play.elsewhere'),
      run: async () => {
        const screen = await askScreen();
        if (screen) playOn(screen, item);
      },
    },
  });
});

// A part of the page that is fetched when it is wanted, and cannot be had now: said here for all of them.
window.addEventListener('unhandledrejection', (event) => {
  if (!/import(ed|ing) (a )?module/.test(event.reason?.message)) return;
  event.preventDefault();
  toastError(new ApiError(0));
});

// The browser offers to make an app of the page; the frame says so when a person may want it.
window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  set('install', event);
});
window.addEventListener('appinstalled', () => set('install', null));
// Where the browser trusts us; it fetches all files of the page, which may wait for what is to be seen.
const keepPage = () => navigator.serviceWorker?.register('/web/sw.js', { scope: '/' }).catch(() => {});
if (document.readyState === 'complete') keepPage();
else window.addEventListener('load', keepPage);

startCompass();
connect();
start(main);
