// source.js -- a long list on the server, of which the page holds only the pages it looks at.

import { PAGE } from './api.js';

// An entry that has not changed stays the same object, so that nobody draws it anew.
function keepSame(before, now) {
  return now.map((item, i) => (before?.[i] && JSON.stringify(before[i]) === JSON.stringify(item) ? before[i] : item));
}

export class Source {
  // load(offset, limit, signal) answers { total, items }.
  constructor(load, signal) {
    this.load = load;
    this.signal = signal;
    this.total = 0;
    this.pages = new Map(); // number -> { items, isFresh, loading }
    this.onchange = () => {};
    this.onerror = () => {};
  }

  // The entry at an index as far as it is here; asks for its page when it is not.
  at(index) {
    const number = Math.floor(index / PAGE);
    const page = this.pages.get(number);
    if (!page || !(page.isFresh || page.loading)) this.fetch(number).catch(() => {});
    return this.pages.get(number)?.items?.[index % PAGE];
  }

  async get(index) {
    if (index < 0 || (this.total && index >= this.total)) return undefined;
    const number = Math.floor(index / PAGE);
    if (!this.pages.get(number)?.isFresh) await this.fetch(number);
    return this.pages.get(number)?.items?.[index % PAGE];
  }

  // The first page, and with it how many there are.
  start() {
    return this.fetch(0);
  }

  fetch(number) {
    const page = this.pages.get(number) ?? { items: null, isFresh: false, loading: null };
    this.pages.set(number, page);
    page.loading ??= this.load(number * PAGE, PAGE, this.signal).then((answer) => {
      Object.assign(page, { items: keepSame(page.items, answer.items), isFresh: true, loading: null });
      this.total = answer.total;
      this.onchange();
    }).catch((error) => {
      page.loading = null;
      page.isFresh = Boolean(page.items); // what was there is better than asking without end
      if (error.name !== 'AbortError') this.onerror(error);
      throw error;
    });
    return page.loading;
  }

  // The list has changed: what is shown stays until its page is here again.
  refresh() {
    for (const page of this.pages.values()) page.isFresh = false;
    return this.fetch(0);
  }
}
