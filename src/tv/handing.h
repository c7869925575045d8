/* handing.h -- duoping-tv's part in Handover (av/av.h): what it keeps beside the player, and its
 * session with the server
 *
 * Who asks for an offer and hosts Handover itself keeps our queue: we have a session with it, and
 * what is handed over takes that session along by a key. A queue that came with what was accepted
 * is played here, until somebody says otherwise. Main loop only. */
#pragma once

#include "av/av.h"
#include "igrs/client.h"

typedef struct Handing Handing;

/* Borrowed: screen. Hosts no session before handing_start(). */
Handing *handing_new(Screen *screen, Clock *clock);
void     handing_free(Handing *handing); /* after handing_stop() */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Handing, handing_free)

/* The service, owned by handing. */
Service *handing_service(Handing *handing);

/* node is borrowed, has been started, and is stopped and freed after handing_stop(). */
void     handing_start(Handing *handing, IgrsNode *node);
void     handing_stop(Handing *handing);
