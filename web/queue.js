// queue.js -- lets an album go on across the room: while a screen plays a song, it is given the next
// one of the list. A screen keeps one next thing; the list is kept here, for as long as the page is
// open.

import * as api from './api.js';
import { isPlayable, kindOf } from './media.js';
import { get, watchNext } from './store.js';

const lists = new Map(); // screen id -> { source, index, id, next: { index, id } or null }

// item plays on a screen now; from: { source, index }, the list that it stands in.
export function goOn(screen, item, from) {
  lists.delete(screen);
  if (!from?.source || kindOf(item) !== 'audio') return;
  lists.set(screen, { source: from.source, index: from.index, id: item.id, next: null });
  giveNext(screen);
}

async function giveNext(screen) {
  const list = lists.get(screen);
  for (let index = list.index + 1; index < list.source.total; index += 1) {
    const item = await list.source.get(index).catch(() => null);
    if (lists.get(screen) !== list) return;
    if (!item || kindOf(item) !== 'audio' || !isPlayable(item)) continue;
    list.next = { index, id: item.id };
    await api.cast(screen, item.id, { isNext: true }).catch(() => lists.delete(screen)); // it takes none
    return;
  }
}

// A screen that goes on to what it was given gets the one after; one that plays something else is
// another's now.
watchNext('screens', () => {
  for (const [id, list] of lists) {
    const now = get('screens').find((screen) => screen.id === id)?.item_id;
    if (!now || now === list.id) continue;
    if (now !== list.next?.id) {
      lists.delete(id);
      continue;
    }
    Object.assign(list, { index: list.next.index, id: now, next: null });
    giveNext(id);
  }
});
