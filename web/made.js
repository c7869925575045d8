// made.js -- what the server makes of a file so that this browser plays it: another form, or the same with
// another of its sounds. A film comes in segments where the browser can be fed with them, or plays their list by
// itself; what else there is comes while it is made (src/appliance/delivery/streams.h) and has no places: what begins elsewhere
// is another stream, "?t=SECONDS".

import { getDelivery } from './api.js';
import { kindOf } from './media.js';
import { FORM, LIST, feed, isFed } from './segments.js';

// The first that the browser knows is asked for.
const FORMS = {
  video: [['mp4-h264-aac', 'video/mp4; codecs="avc1.640028, mp4a.40.2"'], ['webm-vp8-vorbis', 'video/webm; codecs="vp8, vorbis"']],
  audio: [['aac', 'audio/aac'], ['mp3', 'audio/mpeg']],
};

const probe = document.createElement('video');
const plays = (mime) => probe.canPlayType(mime) !== '';

// A list says how long it is: of what nobody knows that of there is none.
function formOf(item) {
  const kind = kindOf(item);
  if (kind === 'video' && item.duration_ms && (isFed() || plays(LIST))) return FORM;
  return (FORMS[kind].find(([, mime]) => plays(mime)) ?? FORMS[kind][0])[0];
}

// An item of ours in such a form; sound: which of its sounds, null: the usual one. null: the file itself is the
// nearest that there is. Else { url, begin(player, seconds), hasPlaces }.
export async function madeOf(item, sound) {
  const profile = formOf(item);
  const { how, url } = await getDelivery(item.id, { profile, audio: sound ?? undefined });
  if (how === 'direct') return null;
  const hasPlaces = profile === FORM;
  function begin(player, seconds) {
    if (hasPlaces && isFed()) feed(player, url);
    else player.src = hasPlaces ? url : `${url}?t=${seconds}`;
    if (hasPlaces) player.currentTime = seconds;
  }
  return { url, begin, hasPlaces };
}
