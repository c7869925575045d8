/* handover-room.h -- the object behind handover.c (offers, and the table) and handover-accept.c
 * (taking over what was offered elsewhere) */
#pragma once

#include "av/screen-media.h"

typedef struct HandoverAccepting HandoverAccepting;

typedef struct {
    Service service; /* first */
    HandoverHost host;
    GPtrArray *offers; /* Offer, owned, the oldest first */
    HandoverAccepting *accepting; /* owned; NULL: nothing is being accepted */
} HandoverService;

/* The screen that asker means; NULL: there is none. */
Screen *handover_screen(const HandoverService *handover, const char *asker);
/* The action. */
void    handover_accept(Service *service, ServiceCall *call);
/* What is being accepted is not any more: its call fails. */
void    handover_accept_end(HandoverService *handover);
