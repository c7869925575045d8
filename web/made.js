// made.js -- what the server makes of a file so that this browser plays it: another form, or the same with
// another of its sounds. It is sent while it is made (src/appliance/streams.h), so it has no places; what
// begins elsewhere is another stream, "?t=SECONDS".

import { getDelivery } from './api.js';
import { kindOf } from './media.js';

// The first that the browser knows is asked for.
const FORMS = {
  video: [['mp4-h264-aac', 'video/mp4; codecs="avc1.640028, mp4a.40.2"'], ['webm-vp8-vorbis', 'video/webm; codecs="vp8, vorbis"']],
  audio: [['aac', 'audio/aac'], ['mp3', 'audio/mpeg']],
};

// The address of an item of ours in such a form; sound: which of its sounds, null: the usual one. null: the
// file itself is the nearest that there is.
export async function madeOf(item, sound) {
  const probe = document.createElement('video');
  const [form] = FORMS[kindOf(item)].find(([, mime]) => probe.canPlayType(mime) !== '') ?? FORMS[kindOf(item)][0];
  const { how, url } = await getDelivery(item.id, { profile: form, audio: sound ?? undefined });
  return how === 'direct' ? null : url;
}
