// part.js -- the part of a file that an address names, "…#t=12.5,40" (W3C Media Fragments): a song of
// a cue sheet. Players are given the file and the part is kept here, so that its time begins at 0.

// { src, from, to } in seconds; to is Infinity where the part goes on to the end.
export function partOf(url) {
  const [src, fragment = ''] = url.split('#');
  const [, from, to] = /^t=(?:npt:)?([\d.]*)(?:,([\d.]+))?$/.exec(fragment) ?? [];
  return { src, from: Number(from) || 0, to: Number(to) || Infinity };
}
