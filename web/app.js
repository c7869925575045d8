// app.js -- where the page begins: lays the frame, names the routes, opens the event stream.

import { fill, h, loadIcons } from './dom.js';
import { connect } from './events.js';
import * as here from './here.js';
import { language, t } from './i18n/index.js';
import { titleOf } from './media.js';
import { route, start } from './router.js';
import { playOn, setTarget } from './screens.js';
import { frame } from './components/frame.js';
import { chooseScreen } from './components/screen-menu.js';
import { toast, toasts } from './components/toast.js';
import { folderView } from './views/folder.js';
import { homeView } from './views/home.js';
import { itemView } from './views/item.js';
import { searchView } from './views/search.js';
import { serversView } from './views/servers.js';

document.documentElement.lang = language;
loadIcons();

route('home', homeView);
route('folder', folderView);
route('item', itemView);
route('search', searchView);
route('servers', serversView);
// The stage is fetched when something is watched for the first time.
route('watch', async (params, signal) => {
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
        const screen = await chooseScreen();
        if (screen) playOn(screen, item);
      },
    },
  });
});

connect();
start(main);
