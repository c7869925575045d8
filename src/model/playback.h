/* playback.h -- what a screen is given to play, and what it says it is doing */
#pragma once

#include "model/media.h"

/* UPnP AVTransport:1 TransportState, and two more that people need. */
typedef enum {
    PLAYBACK_OFFLINE, /* the screen is away */
    PLAYBACK_IDLE,    /* NO_MEDIA_PRESENT */
    PLAYBACK_LOADING, /* TRANSITIONING */
    PLAYBACK_PLAYING,
    PLAYBACK_PAUSED, /* PAUSED_PLAYBACK */
    PLAYBACK_STOPPED,
    PLAYBACK_STATE_N
} PlaybackState;

/* "offline", "idle", "loading", "playing", "paused", "stopped" */
const char *playback_state_name(PlaybackState state);

/* One thing to play. */
typedef struct PlaybackMedia PlaybackMedia;
struct PlaybackMedia {
    char *uri;
    char *mime;
    char *protocol_info; /* "http-get:*:video/mp4:..."; NULL: not known */
    char *metadata;      /* DIDL-Lite; NULL: none */
    char *title;         /* NULL: not known */
    char *subtitle; /* address of the SubRip that is shown with it; NULL: none, or it comes along */
    char *item_id;       /* of a library; NULL: not from one */
    char *server_id;     /* of another server whose library that is; NULL: ours */
    MediaKind kind;      /* MEDIA_ANY: not known */
    int64_t duration_ms; /* 0: not known */
    PlaybackMedia *other; /* the same in another form, should this one be refused; NULL: none */
};

PlaybackMedia *playback_media_copy(const PlaybackMedia *media); /* NULL stays NULL */
void           playback_media_free(PlaybackMedia *media);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlaybackMedia, playback_media_free)

/* How a screen is now. */
typedef struct {
    PlaybackState state;
    PlaybackMedia *media; /* what is loaded; NULL when idle */
    PlaybackMedia *next;  /* what follows by itself; NULL: nothing */
    int64_t position_ms;
    int64_t duration_ms; /* 0: not known or without end */
    bool is_seekable;
    int volume; /* 0..100 */
    bool is_muted;
    char *problem; /* the last failure, for people; NULL after the next success */
} PlaybackStatus;

/* Embedded values: a zeroed one is a good beginning. */
void playback_status_clear(PlaybackStatus *status);
void playback_status_copy(PlaybackStatus *to, const PlaybackStatus *from); /* to is cleared first */
bool playback_status_equal(const PlaybackStatus *a, const PlaybackStatus *b);
