/* leases.h -- what other devices subscribed to: an id, a place to be told at, a life (PROFILE
 * section 5, Subscription)
 *
 * The part that subscriptions to attributes (subscriptions.c) and to news (events.c) have in
 * common. A lease has one message under way; what there is to say meanwhile waits. A holder that
 * cannot be reached twice in a row is dropped. Bounded in all and for each device. Knows no
 * wire. */
#pragma once

#include "base/clock.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define IGRS_SUBSCRIPTIONS_MAX 256
#define IGRS_SUBSCRIPTIONS_PER_DEVICE_MAX 32
#define IGRS_SUBSCRIPTION_LIFE_MIN_S 60
#define IGRS_SUBSCRIPTION_LIFE_MAX_S 1800

typedef struct IgrsLeases IgrsLeases;

/* Embedded as the first member of what it is a lease of. */
typedef struct {
    IgrsLeases *all; /* borrowed: the owner */
    uint32_t id;
    char *device_id; /* the holder */
    char *location;  /* where it is told */
    bool is_sending;
    unsigned failures; /* in a row */
    guint send_timer;
    guint life_timer;
} IgrsLease;

typedef struct {
    bool (*has_more)(const IgrsLease *lease);           /* to say */
    void (*send)(IgrsLease *lease, gpointer user_data); /* then igrs_leases_delivered() once */
    void (*free)(IgrsLease *lease); /* its own part and the memory; the rest was cleared */
} IgrsLeaseHooks;

/* hooks are borrowed. */
IgrsLeases *igrs_leases_new(Clock *clock, const IgrsLeaseHooks *hooks, gpointer user_data);
void        igrs_leases_free(IgrsLeases *leases);
guint       igrs_leases_count(const IgrsLeases *leases);

/* False: too many in all, or of that device. */
bool        igrs_leases_have_room(const IgrsLeases *leases, const char *device_id);
/* lease, zeroed or with its own part filled in, is taken over. life_s is brought into the limits
 * and says what was granted. */
void        igrs_leases_add(IgrsLeases *leases, IgrsLease *lease, const char *device_id,
                            const char *location, int64_t *life_s);
/* NULL: it ended, or is another device's; device_id NULL: whosever it is. */
IgrsLease  *igrs_leases_find(const IgrsLeases *leases, uint32_t id, const char *device_id);
/* location NULL: as before. */
void        igrs_lease_renew(IgrsLease *lease, const char *location, int64_t *life_s);
/* False: as igrs_leases_find(). */
bool        igrs_leases_remove(IgrsLeases *leases, uint32_t id, const char *device_id);
/* Every one that func wants to go does; it may say more to the others by igrs_lease_send(). */
typedef bool (*IgrsLeaseFunc)(IgrsLease *lease, gconstpointer data);
void        igrs_leases_sift(IgrsLeases *leases, IgrsLeaseFunc func, gconstpointer data);

/* There is more to say: soon, when nothing is under way. */
void        igrs_lease_send(IgrsLease *lease);
/* What was under way has arrived, or not: then it is tried again a second later. NULL: it ended
 * meanwhile, or ends by that. Say what is left with igrs_lease_go_on(). */
IgrsLease  *igrs_leases_delivered(IgrsLeases *leases, uint32_t id, bool is_delivered);
void        igrs_lease_go_on(IgrsLease *lease);
