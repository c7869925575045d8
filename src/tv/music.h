/* music.h -- what duoping-tv plays beside pictures: a second player, for sound alone
 *
 * Lent out as MusicTransport, which is AVTransport by another name. It is as loud as the first. */
#pragma once

#include "base/clock.h"
#include "model/screen.h"
#include "model/service.h"

typedef struct Music Music;

/* Beside main (borrowed); audio_sink as for play_new(), clock borrowed. */
Music   *music_new(Screen *main, const char *audio_sink, Clock *clock, GError **error);
void     music_free(Music *music);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Music, music_free)

/* The service, owned by music. */
Service *music_service(Music *music);
