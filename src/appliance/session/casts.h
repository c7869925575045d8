/* casts.h -- playing this on that: the appliance's first verb
 *
 * A cast takes an item of the library or of another server, or a URL, to a screen in the nearest
 * way there is (ARCHITECTURE.md, "Delivery"): as it is, when the screen's list of formats takes it;
 * else in another container or converted; else it is refused, naming what is missing. It then
 * follows the screen until that plays something else, stops or leaves. Where what is made for the
 * screen breaks off, the screen is given it once more from there on; where that does not help, or
 * the screen says that it could not go on, the cast has failed and says why. Main loop only. */
#pragma once

#include "appliance/delivery/fetches.h"
#include "appliance/delivery/relays.h"
#include "appliance/delivery/streams.h"
#include "appliance/library/servers.h"
#include "appliance/pushes/feeds.h"
#include "appliance/pushes/pushes.h"
#include "appliance/screens/screens.h"
#include "base/clock.h"
#include "model/catalog.h"
#include "net/interfaces.h"
#include "pipelines/track-choice.h"
#include "wire/dialect.h"

typedef struct Casts Casts;

typedef enum {
    CAST_STARTING, /* the screen has been asked */
    CAST_QUEUED,   /* it follows what the screen plays */
    CAST_RUNNING,
    CAST_ENDED,
    CAST_FAILED,
    CAST_STATE_N
} CastState;

typedef struct {
    char *id;
    char *screen_id;
    PlaybackMedia *media; /* what the screen was given */
    const char *how;      /* "direct", "remux", "transcode" */
    char *reason;         /* why this way, for people */
    int64_t position_ms;  /* where it began */
    char *person;         /* for whom what becomes of it is remembered; NULL: whoever */
    char *sound, *subtitle; /* which were insisted on (CastWish); NULL: none */
    /* of the item's sounds and subtitles, counted from 1; 0: the usual one, none */
    int heard, read;
    CastState state;
    char *problem; /* why it failed; NULL: it did not */
} Cast;

/* "starting", "queued", "running", "ended", "failed" */
const char *cast_state_name(CastState state);

/* Everything is borrowed and outlives the Casts. */
Casts *casts_new(Screens *screens, Servers *servers, Catalog *catalog,
                 const NetInterfaces *interfaces);
void   casts_free(Casts *casts); /* starting ones are answered with G_IO_ERROR_CANCELLED */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Casts, casts_free)
/* Whoever refuses a file of ours is said to have fetched it, or not. Borrowed; NULL: nothing is
 * said. */
void   casts_set_fetches(Casts *casts, Fetches *fetches);
/* They are told when one of them is about to be fetched, and tell when one breaks off. Borrowed;
 * NULL: nobody is. */
void   casts_set_streams(Casts *casts, Streams *streams);
/* The port that serves /media; before the first cast of an item. */
void   casts_set_port(Casts *casts, uint16_t port);

/* In which families of sets are spoken to; borrowed. Without it all are spoken to plainly. */
void   casts_set_dialects(Casts *casts, const Dialects *dialects);

/* Where a person, or (NULL) whoever was last, left an item of our library; 0: nowhere. */
typedef int64_t (*CastLeftAt)(const char *item_id, const char *person, gpointer user_data);
/* Asked when somebody goes on with something. */
void   casts_set_left_at(Casts *casts, CastLeftAt left_at, gpointer user_data);

/* What stands for an item's id in addresses that a screen there fetches (people_pass()); the
 * caller's. NULL: the id does. */
typedef char *(*CastPass)(const char *item_id, const char *address, gpointer user_data);
void   casts_set_pass(Casts *casts, CastPass pass, gpointer user_data);

/* Which languages a person, or (NULL) the house, wants to hear and read; borrowed until the loop
 * turns. */
typedef void (*CastTaste)(const char *person, TrackTaste *taste, gpointer user_data);
/* Without it films are as they are. */
void   casts_set_taste(Casts *casts, CastTaste taste, gpointer user_data);

/* Where what people push to us is; borrowed. Without it there is nothing such. */
void   casts_set_pushes(Casts *casts, Pushes *pushes);
/* Where what people send live is; the same. */
void   casts_set_feeds(Casts *casts, Feeds *feeds);
/* What fetches for screens that cannot; borrowed. */
Relays *casts_relays(Casts *casts);

typedef enum {
    CAST_NOW,
    CAST_NEXT,  /* the screen is told to go on with it by itself; not every screen can */
    /* it could be played there: the screen is not told yet (appliance/session/queues) */
    CAST_LATER,
} CastWhen;

/* What is wanted; texts are borrowed for the call. */
typedef struct {
    const char *screen;  /* as for screens_find() */
    const char *item_id; /* this, */
    const char *server;  /* of which server (as for servers_find()); NULL: of ours; */
    const char *path;    /* or this: an item's file, absolute, */
    const char *url;     /* or this: http, https or rtsp; */
    const char *upload;  /* or this: the id of something that was pushed to us */
    const char *feed;    /* or this: the id of something that is sent to us live */
    const char *title;   /* of the url; may be NULL */
    bool is_live;        /* the url: it is sent as it happens, so nothing is to wait for more */
    const char *profile; /* of an item of ours or an upload: its form (pipelines/profiles.h),
                            whatever the screen takes; NULL: the nearest */
    const char *sound;   /* of an item of ours: which of its sounds, a number from 0 on or a
                            language; NULL: by the person's taste */
    const char *subtitle; /* likewise of its subtitles, those that are pictures last; "none" */
    int64_t position_ms; /* NOW */
    bool resumes;        /* NOW, an item of ours: where it was left instead */
    const char *person;  /* by whom; NULL: by whoever was last */
    CastWhen when;
    const ScreenHanding *handing; /* NOW: the screen is to take it over from another by this offer
                                     (items of other servers it just opens); NULL: none */
} CastWish;

/* Called once: with the cast, when the screen has taken it (LATER: would take it), or the reason
 * why not: DUO_ERROR_INVALID (not one of them, or not such a URL), DUO_ERROR_NOT_FOUND
 * (screen, server or item), DUO_ERROR_CONFLICT (a name that fits several), DUO_ERROR_UNSUPPORTED
 * (not played there), DUO_ERROR_UNAVAILABLE (the screen, the server or the item's disk is away),
 * what the server says (model/remote-server.h), and what the screen says. Both borrowed. May be
 * called before casts_start() returns. */
typedef void (*CastStarted)(const Cast *cast, const GError *error, gpointer user_data);
/* One that is queued already becomes the one that is next, or that runs. */
void casts_start(Casts *casts, const CastWish *wish, CastStarted started, gpointer user_data);
/* What runs on a screen is about to be stopped because somebody wants so: that is no failure. */
void casts_hold(Casts *casts, const char *screen_id);
/* Whether what broke off on a screen is being given to it once more. */
bool casts_is_mending(const Casts *casts, const char *screen_id);
/* Ends those that are queued on a screen and not wanted any more. */
void casts_end_queued(Casts *casts, const char *screen_id,
                      bool (*is_wanted)(const PlaybackMedia *media, gpointer user_data),
                      gpointer user_data);

/* How an item of our own library would reach a screen, which is not asked: what a Cast says in how,
 * and in reason (the caller's). NULL with the error that casts_start() would give. */
const char *casts_judge(const Casts *casts, const char *item_id, const Screen *screen,
                        char **reason, GError **error);

/* What casts_start() would give the screen; the caller's. NULL: it would refuse, or would have to
 * ask another server first. */
PlaybackMedia *casts_media(const Casts *casts, const CastWish *wish);

/* The cast of what plays on a screen, media; borrowed, NULL: none of ours. */
const Cast *casts_on(const Casts *casts, const char *screen_id, const PlaybackMedia *media);
/* For whom what plays on a screen was cast; borrowed, NULL: for nobody in particular. */
const char *casts_person(const Casts *casts, const char *screen_id, const char *item_id);

/* What was cast last on a screen; borrowed, NULL: nothing. */
const Cast *casts_last(const Casts *casts, const char *screen_id);
/* Why that has failed; borrowed, NULL: it did not. */
const char *casts_problem(const Casts *casts, const char *screen_id);

/* Cast, newest first: those under way, and the last that ended. Borrowed until the loop runs. */
const GPtrArray *casts_list(const Casts *casts);
/* NULL: no such cast. */
const Cast      *casts_find(const Casts *casts, const char *id);
/* The item of our own library that media is, whoever brought it to a screen; the caller's, NULL: it
 * is none. */
char            *casts_own_item(const Casts *casts, const PlaybackMedia *media);
/* The address that was cast, of one that the screen has; borrowed: the same, or what we fetch for
 * it. */
const char      *casts_given_url(const Casts *casts, const char *url);
/* Event: the Cast, each time its state has changed. */
Observers       *casts_observers(Casts *casts);
