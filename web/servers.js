// servers.js -- what other servers have, among our own. The id of such a thing says whose it is,
// "SERVER!ID", so that whatever links, lists, plays or remembers by ids knows nothing of servers.

import { get } from './store.js';

const FOREIGN = /^([^!]+)!([^]*)$/;
export const ROOT = '0';

export const join = (server, id) => `${server}!${id}`;

// { server, id }; server is undefined for what is ours.
export function split(id) {
  const [, server, own] = FOREIGN.exec(id) ?? [];
  return server ? { server, id: own } : { server: undefined, id };
}

// Where the API has it.
export function placeOf(id) {
  const { server, id: own } = split(id);
  return { base: server ? `/servers/${encodeURIComponent(server)}` : '/library', id: encodeURIComponent(own) };
}

// An object as the API of a server gave it, by the page's ids. The root of another server stands in
// our library, by the server's name.
export function claim(object, server) {
  if (!server) return object;
  const isRoot = object.id === ROOT;
  return {
    ...object,
    id: join(server, object.id),
    parent_id: isRoot ? ROOT : join(server, object.parent_id),
    title: isRoot ? nameOf(server) ?? object.title : object.title,
    children: object.children?.map((child) => claim(child, server)),
  };
}

// What a screen plays may be of another server, too.
export function claimScreen(screen) {
  const own = (media) => (media?.server && media.item_id ? { ...media, item_id: join(media.server, media.item_id) } : media);
  return { ...own(screen), next: own(screen.next) };
}

const nameOf = (id) => get('servers').find((server) => server.id === id)?.name;

// A server as an entry of the library.
export const entryOf = ({ id, name, online, reason }) =>
  ({ id: join(id, ROOT), parent_id: ROOT, title: name, class: 'container', offline: !online, reason });
