/* handover.h -- what plays here goes on there
 *
 * The second verb of the appliance: a move carries what a screen plays, where it is in it, its
 * volume and its queue to another screen of whatever kind. The old screen plays on until the new
 * one shows its first picture (or sound), and stops then: never both for longer than the word
 * takes, never none. A move that fails leaves the old one as it was. Main loop only. */
#pragma once

#include "appliance/session/casts.h"
#include "appliance/session/queues.h"
#include "base/clock.h"

typedef struct Handover Handover;

/* Everything is borrowed and outlives the Handover, but casts, which must be freed after it. */
Handover *handover_new(Screens *screens, Casts *casts, Queues *queues, Clock *clock);
void      handover_free(Handover *handover); /* moves under way are answered G_IO_ERROR_CANCELLED */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Handover, handover_free)

/* Called once. to: the screen that plays it now; borrowed; NULL: error says why the old one still
 * does. DUO_ERROR_NOT_FOUND, DUO_ERROR_CONFLICT (of names: as screens_find(); nothing plays there;
 * both are the same; one of them is being moved already), DUO_ERROR_TIMEOUT (it does not begin to
 * play), DUO_ERROR_UNAVAILABLE (it went away), and those of casts_start(). */
typedef void (*HandoverMoved)(Screen *to, const GError *error, gpointer user_data);
void      handover_move(Handover *handover, const char *from, const char *to, HandoverMoved moved,
                        gpointer user_data);
