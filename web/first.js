// first.js -- what the address is going to show is asked for at once, while the parts of the page that show it are still
// on their way. It stands on little, index.html names that before the rest, and app.js imports it before all others.

import { PAGE, ROOT_PAGE, askAhead, containerPath } from './api.js';
import { parse } from './router.js';
import { SHELVES, UNFINISHED, pathOf } from './views/shelves.js';

const begin = {
  home: () => [UNFINISHED, ...SHELVES].forEach((shelf) => askAhead(pathOf(shelf))),
  folder: ({ id, query }) => {
    import('./views/folder.js');
    askAhead(containerPath(id, { limit: PAGE, sort: query.get('sort') ?? '' }));
  },
  search: () => import('./views/search.js'),
};

const params = parse(location.hash);
askAhead('/server'); // before the lists: what changes after it is told (events.js)
begin[params.name]?.(params);
askAhead(containerPath('0', ROOT_PAGE));
askAhead('/screens');
askAhead('/servers');
