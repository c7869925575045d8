/* screen-media.h -- what AVTransport and Handover say of a screen in the same numbers */
#pragma once

#include "av/av.h"

/* AVTransport:1, 2.4.18 */
enum {
    TRANSITION_NOT_AVAILABLE = 701,
    SEEK_MODE_NOT_SUPPORTED = 710,
    ILLEGAL_SEEK_TARGET = 711,
    PLAY_MODE_NOT_SUPPORTED = 712,
    ILLEGAL_MIME = 714,
    CONTENT_BUSY = 715,
    RESOURCE_NOT_FOUND = 716,
    PLAY_SPEED_NOT_SUPPORTED = 717,
    INVALID_INSTANCE = 718,
};

/* The number for what the screen said. */
int  av_screen_code(const GError *error);
/* True when screen can be asked to fetch and play media; else the call has failed. */
bool av_screen_takes(const Screen *screen, const PlaybackMedia *media, ServiceCall *call);
