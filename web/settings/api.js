// settings/api.js -- what of the server's interface only the settings need.

import { request } from '../api.js';

const part = encodeURIComponent;

export const getSettings = (signal) => request('GET', '/settings', undefined, signal);
// changes: by name; null takes a choice back.
export const changeSettings = (changes) => request('PATCH', '/settings', changes);
export const getLog = (signal) => request('GET', '/log', undefined, signal);
export const DIAGNOSIS = '/api/v1/diagnosis';
export const BACKUP = '/api/v1/backup';
// file: a library that was taken home before.
export const bringBack = (file) => request('POST', '/backup', undefined, undefined, { octets: file });
export const getScreenFacts = (id, signal) => request('GET', `/screens/${part(id)}/facts`, undefined, signal);
// group: { name, kind, use }; each change is told to everybody by the event "group".
export const makeGroup = (group) => request('POST', '/groups', group);
export const joinGroup = (id) => request('POST', `/groups/${part(id)}/join`, {});
export const leaveGroup = (id) => request('DELETE', `/groups/${part(id)}`);
export const testScreen = (id, what) => request('POST', `/screens/${part(id)}/test`, { what });
