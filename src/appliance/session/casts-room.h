/* casts-room.h -- the inside of Casts: casts.c keeps them, casts-start.c makes them */
#pragma once

#include "appliance/delivery/push-fetches.h"
#include "appliance/session/cast-plan.h"
#include "appliance/session/casts.h"

struct Casts {
    Screens *screens; /* borrowed, like the next */
    Servers *servers;
    CastSources sources; /* its relays are ours */
    const Dialects *dialects; /* borrowed; NULL: none */
    CastLeftAt left_at; /* NULL: nobody remembers */
    gpointer left_at_data;
    Fetches *fetches;         /* borrowed; NULL: not known */
    PushFetches *brought;     /* NULL: nothing is pushed to us */
    Streams *streams;         /* borrowed; NULL: none */
    guint stream_observer;
    GPtrArray *list; /* Cast, owned, newest first */
    guint last_number;
    guint observer;
    Observers *observers;
    GCancellable *cancellable; /* of the screens' answers */
};

/* A cast as it is kept: what the screen was seen to do tells when it is over. */
typedef struct {
    Cast cast;       /* first: the list is one of Casts */
    bool was_seen;   /* the screen has shown our media */
    bool was_mended; /* it is given once more, or was */
    bool is_held;    /* a stop was asked for */
    int64_t seen_ms; /* where the screen was last; 0: at the beginning */
    char *trouble;   /* why what is made for it broke off; NULL: it did not */
} KeptCast;

/* Tells the observers, if it is another. */
void cast_set_state(Casts *casts, Cast *cast, CastState state);
bool cast_is_over(const Cast *cast);
/* What runs on a screen ends, but for one. */
void casts_end_running(Casts *casts, const char *screen_id, const Cast *but);
/* What screen does is looked at for what has become of a cast on it. */
void casts_follow(Casts *casts, KeptCast *kept, Screen *screen);
/* It has failed, for the reason problem. */
void cast_fail(Casts *casts, Cast *cast, const char *problem);
/* The screen is given it once more, from cast->position_ms on. */
void casts_open_again(Casts *casts, Cast *cast, Screen *screen);
