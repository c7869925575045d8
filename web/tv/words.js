// tv/words.js -- the subtitles that a film is shown with on this screen: a SubRip of the server's, as cues of the player.

import { decode, parse } from '../subtitles.js';

const tracks = new Map(); // player -> its TextTrack; one that was added stays
const LINE = -2;

// url: null: none. from: seconds at which the film begins in the player's own time.
export async function showWords(player, url, from = 0) {
  if (!tracks.has(player)) tracks.set(player, { track: player.addTextTrack('subtitles'), url: null });
  const shown = tracks.get(player);
  if (shown.url === url) return;
  shown.url = url;
  shown.track.mode = url ? 'showing' : 'hidden';
  for (const cue of [...shown.track.cues ?? []]) shown.track.removeCue(cue);
  if (!url) {
    shown.track.mode = 'disabled';
    return;
  }
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok || shown.url !== url) return; // the film goes on without
  for (const { start, end, text } of parse(decode(await answer.arrayBuffer()), 'srt')) {
    const cue = new VTTCue(start + from, end + from, text);
    cue.line = LINE;
    if (shown.url === url) shown.track.addCue(cue);
  }
}
