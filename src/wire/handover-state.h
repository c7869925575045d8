/* handover-state.h -- what a screen hands over: one XML document (PROFILE section 7, Handover)
 *
 * It names what plays as AVTransport does, by address and DIDL-Lite, and says where in it the
 * screen is, how loud, which tracks were chosen, and what follows. Pure; it comes from whoever
 * asks, so every text and the list have their bounds. */
#pragma once

#include "model/playback.h"

#define HANDOVER_STATE_MAX (256 * 1024) /* octets */
#define HANDOVER_QUEUE_MAX 100          /* entries */

/* One thing to play. */
typedef struct {
    char *uri;      /* never empty in what was decoded */
    char *metadata; /* DIDL-Lite; NULL: none */
    char *sound, *subtitle; /* of its tracks those that were insisted on: a number from 0 on, a
                               language, "none"; NULL: none was */
} HandoverEntry;

typedef struct {
    HandoverEntry now;
    int64_t position_ms;
    bool is_paused;
    int volume; /* 0..100; -1: not said */
    bool is_muted;
    GPtrArray *queue; /* HandoverEntry: what follows, in its order */
} HandoverState;

HandoverState *handover_state_new(void); /* of nothing */
void           handover_state_free(HandoverState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HandoverState, handover_state_free)

void           handover_entry_set(HandoverEntry *entry, const char *uri, const char *metadata);
/* A copy at the end of the queue. False: it is full. */
bool           handover_state_add(HandoverState *state, const HandoverEntry *entry);

/* The document; the caller's. What would make it longer than it may be is left out: texts, and
 * entries from the end of the queue. */
char          *handover_state_encode(const HandoverState *state);
/* DUO_ERROR_INVALID, DUO_ERROR_TOO_LARGE. */
HandoverState *handover_state_decode(const char *text, GError **error);
