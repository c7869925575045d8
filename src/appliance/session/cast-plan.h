/* cast-plan.h -- how a thing reaches a screen, decided before the screen is asked
 *
 * Private to casts.c and its tests. */
#pragma once

#include "appliance/session/casts.h"
#include "wire/dialect.h"

typedef struct {
    PlaybackMedia *media;
    const char *how; /* "direct", "remux", "transcode" */
    char *reason;
    int heard, read; /* as of a Cast */
} CastPlan;

/* Where things are found, and how screens reach us; borrowed. */
typedef struct {
    Catalog *catalog;
    const NetInterfaces *interfaces;
    Pushes *pushes; /* NULL: nothing is pushed to us */
    Feeds *feeds;   /* NULL: nothing is sent to us live */
    Relays *relays;
    uint16_t port;
    CastPass pass; /* NULL: none is needed */
    gpointer pass_data;
    CastTaste taste; /* NULL: nobody has one */
    gpointer taste_data;
} CastSources;

/* plan is zeroed, and then the caller's to clear; dialect is the screen's. Errors: as
 * casts_start(). */
bool cast_plan_make(CastPlan *plan, const CastSources *sources, const CastWish *wish,
                    const Screen *screen, const Dialect *dialect, GError **error);
/* The same for an item of another server, whose bytes come from there: of its resources the first
 * that the screen takes, the others after it. */
bool cast_plan_make_foreign(CastPlan *plan, const MediaObject *object, const RemoteServer *server,
                            const Screen *screen, GError **error);
void cast_plan_clear(CastPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CastPlan, cast_plan_clear)
