/* handover-desk.h -- Handover as the server hosts it (PROFILE section 7): for screens that ask
 *
 * A screen that is asked to offer what it plays asks the server what that knows of it: the tracks
 * that were chosen, and the queue, which the server keeps. So the server's screen is the one of
 * whoever asks: it offers what that plays, brings there what it is to accept, and stops it when it
 * is released. Main loop only. */
#pragma once

#include "appliance/session/queues.h"
#include "av/av.h"

typedef struct HandoverDesk HandoverDesk;

/* Everything is borrowed and outlives the desk. */
HandoverDesk *handover_desk_new(Screens *screens, Casts *casts, Queues *queues, Clock *clock);
void          handover_desk_free(HandoverDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HandoverDesk, handover_desk_free)

/* The service, owned by the desk. */
Service      *handover_desk_service(HandoverDesk *desk);
