/* discovery-room.h -- the inside of an IgrsDiscovery, for the files named discovery*.c alone */
#pragma once

#include "base/sleep-watch.h"
#include "igrs/air.h"
#include "igrs/discovery.h"
#include "igrs/duplicates.h"

struct IgrsDiscovery {
    Clock *clock;              /* borrowed */
    NetInterfaces *interfaces; /* borrowed */
    guint interfaces_observer;
    const IgrsPresence *presence;    /* borrowed */
    const IgrsDiscoveryHooks *hooks; /* borrowed */
    gpointer user_data;
    IgrsAir *air;
    IgrsDuplicates duplicates;
    bool is_leaving;

    GHashTable *batches; /* of discovery-say.c: what is being said, by its subject; owned */
    guint again_timer; /* until the next round */
    guint change_timer;
    SleepWatch *sleep_watch;

    guint search_timer;
    unsigned search_round;

    GHashTable *served; /* address -> searches served in this second */
    int64_t served_since_ms;
    GHashTable *answers; /* of discovery-answer.c: a set, owned */
};

/* Our LOCATION on that interface for that family; NULL: it has no such address. The caller's. */
char *igrs_discovery_location_on(const IgrsDiscovery *discovery, const NetInterface *interface,
                                 GSocketFamily family);

/* -- discovery-say.c --------------------------------------------------------------------------- */

void igrs_discovery_init_batches(IgrsDiscovery *discovery);
/* Three copies, the first at once. Takes message over; what is said anew of a subject takes the
 * place of what was being said of it. */
void igrs_discovery_say_of(IgrsDiscovery *discovery, const char *subject, IgrsMessage *message);
/* Ourselves, likewise. */
void igrs_discovery_advertise(IgrsDiscovery *discovery, bool is_alive);
/* The same now, and again and again as long as we are there. */
void igrs_discovery_keep_alive(IgrsDiscovery *discovery);
void igrs_discovery_hush(IgrsDiscovery *discovery); /* nothing of this is sent any more */

/* -- discovery-answer.c ------------------------------------------------------------------------ */

void igrs_discovery_init_answers(IgrsDiscovery *discovery);
void igrs_discovery_on_search(IgrsDiscovery *discovery, const IgrsAirMessage *search);
