/* ladder.h -- what is learnt of models of sets (FIELD-NOTES C5)
 *
 * Which description of a thing they take: some sets want the whole DIDL-Lite, some choke on it,
 * some play only without any. No table knows them all: the rungs are tried in their order, and the
 * one that worked is kept by model. And whether they go on to the next thing by themselves. Main
 * loop only. */
#pragma once

#include "model/screen.h"

typedef enum {
    UPNP_RUNG_FULL,    /* as the server offers it */
    UPNP_RUNG_MINIMAL, /* title, class and address */
    UPNP_RUNG_NONE,    /* an empty text */
    UPNP_RUNG_N
} UpnpRung;

typedef struct UpnpLadder UpnpLadder;

/* file: where it is kept; NULL: nowhere. */
UpnpLadder *upnp_ladder_new(const char *file);
void        upnp_ladder_free(UpnpLadder *ladder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpnpLadder, upnp_ladder_free)

UpnpRung    upnp_ladder_first(const UpnpLadder *ladder, const char *model);
void        upnp_ladder_learn(UpnpLadder *ladder, const char *model, UpnpRung rung);

/* Whether SetNextAVTransportURI does what it says. */
typedef enum {
    UPNP_TRUST_UNTRIED,
    UPNP_TRUST_FULL, /* its track became the next by itself */
    UPNP_TRUST_NONE, /* it refused, or stopped instead */
    UPNP_TRUST_N
} UpnpTrust;

UpnpTrust   upnp_ladder_trust(const UpnpLadder *ladder, const char *model);
void        upnp_ladder_learn_trust(UpnpLadder *ladder, const char *model, UpnpTrust trust);
/* All that is known of a model, as screen_lesson() tells it. */
bool        upnp_ladder_lesson(const UpnpLadder *ladder, const char *model, guint index,
                               ScreenLesson *lesson);
/* What is sent of media on a rung; the caller's. */
char       *upnp_ladder_metadata(UpnpRung rung, const PlaybackMedia *media);
