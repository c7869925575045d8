// views/shelves.js -- what stands on the page that one begins with, top to bottom: what each shelf holds and where
// "show all" leads. Apart from what draws it, so that it can be asked for first (first.js).

import { containerPath } from '../api.js';

const SHELF = 18;
const NEWEST = '-date';

// What was left in the middle; a number of other servers' may stand behind it.
export const UNFINISHED = { title: 'home.continue', shape: 'video', width: 280, container: 'unfinished' };

export const SHELVES = [
  { title: 'home.videos', shape: 'video', width: 280, all: 'videos', container: 'video-recent' },
  { title: 'view.albums', shape: 'square', width: 180, all: 'albums', container: 'albums', isWhose: true },
  { title: 'view.pictures', shape: 'square', width: 180, all: 'pictures', container: 'photos', sort: NEWEST },
  { title: 'view.playlists', shape: 'square', width: 180, all: 'playlists', container: 'playlists' },
  { title: 'home.songs', shape: 'square', width: 150, all: 'music-recent', container: 'music-recent' },
  { title: 'view.music-often', shape: 'square', width: 150, all: 'music-often', container: 'music-often' },
];

export const rangeOf = ({ sort }) => ({ limit: SHELF, sort });
export const pathOf = (shelf) => containerPath(shelf.container, rangeOf(shelf));
