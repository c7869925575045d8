// people/api.js -- people, their codes and their phones, as the server's HTTP interface tells them.

import { request } from '../api.js';

const part = encodeURIComponent;

export const getPeople = (signal) => request('GET', '/people', undefined, signal);
// person: { id, name, role, until_ms, folders, devices }; without an id one more.
export const putPerson = ({ id, ...person }) => (id ? request('PUT', `/people/${part(id)}`, person) : request('POST', '/people', person));
export const removePerson = (id) => request('DELETE', `/people/${part(id)}`);
// { code, address, qr, life_ms }
export const makeCode = (id) => request('POST', `/people/${part(id)}/code`, {});
// { address, qr, port, authority }: how a phone comes to trust this server.
export const getTrust = (signal) => request('GET', '/trust', undefined, signal);
// told: { code, name, device }; answers who one is now.
export const enter = (told) => request('POST', '/sessions', told);
export const endSession = (id) => request('DELETE', `/sessions/${part(id)}`);
