/* play.h -- the local player: a Screen (model/screen.h) of kind "local", made of GStreamer
 *
 * Films and music play through GstPlay, pictures and the idle picture through a small graph of
 * their own. Media threads never touch the screen's state: they post to the main loop. The status
 * is what the bus says, with the position twice a second while playing. An address that names a
 * part of a file (wire/media-fragment.h) is played as if that were all there is. */
#pragma once

#include "model/screen.h"

typedef struct {
    const char *id;
    const char *name;       /* on the idle picture as well */
    const char *video_sink; /* as after gst-launch-1.0, e.g. "kmssink"; NULL: automatic */
    const char *audio_sink;
    int volume;             /* to begin with, 0..100 */
} PlayOptions;

/* options is borrowed for the call. Initialises GStreamer. OPEN is answered when the media plays or
 * cannot, SEEK when it has landed. Errors: DUO_ERROR_UNSUPPORTED, naming the element that is
 * missing. Freed by screen_free(). */
Screen *play_new(const PlayOptions *options, GError **error);

/* A line under the name on the idle picture (a pairing code, an address); NULL: none. */
void    play_set_idle_text(Screen *screen, const char *text);

/* What the installed decoders can play, as a comma list "http-get:*:MIME:*"; the caller's. */
char   *play_sink_protocols(void);
