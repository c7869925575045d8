/* events.h -- who is told when devices and services come and go (clauses 9.7 and 10.3)
 *
 * PROFILE section 5. A subscription belongs to a pipe and ends with it. Each has one notify under
 * way; what happens meanwhile waits, one entry for each device or service, whose latest state
 * counts. A subscriber that cannot be reached twice in a row, or falls behind beyond the limit, is
 * dropped. Owned by IgrsNode; what to send is asked of its owner, so it knows no wire. Limits and
 * lives are those of leases.h. */
#pragma once

#include "base/clock.h"

#include <stdbool.h>

#define IGRS_NEWS_PENDING_MAX 512

typedef enum { IGRS_NEWS_OF_DEVICES, IGRS_NEWS_OF_SERVICES } IgrsNewsKind;

typedef struct {
    const char *device_id;
    uint32_t service_id; /* IGRS_NEWS_OF_SERVICES alone */
    const char *type;    /* URN of the device, or of the service */
    bool is_online;
} IgrsNews;

typedef struct {
    uint32_t id;
    IgrsNewsKind kind;
    const char *device_id; /* the subscriber's */
    const char *location;  /* where it is told */
} IgrsNewsReader;

typedef struct IgrsEvents IgrsEvents;

/* Send it, then call igrs_events_delivered() once. All borrowed for the call. */
typedef void (*IgrsTellNews)(const IgrsNewsReader *reader, const IgrsNews *news,
                             gpointer user_data);

IgrsEvents *igrs_events_new(Clock *clock, IgrsTellNews tell, gpointer user_data);
void        igrs_events_free(IgrsEvents *events);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsEvents, igrs_events_free)

/* type: those of that type alone; NULL: all. life_s is brought into the limits and says what was
 * granted. Returns the id; 0: too many. */
uint32_t    igrs_events_add(IgrsEvents *events, IgrsNewsKind kind, const char *device_id,
                            const char *location, const char *type, int64_t *life_s);
/* False: it ended, is another device's or of another kind. location NULL: as before. */
bool        igrs_events_renew(IgrsEvents *events, uint32_t id, IgrsNewsKind kind,
                              const char *device_id, const char *location, int64_t *life_s);
/* Of either kind: one message ends both (FACTS.md 3.2). */
bool        igrs_events_remove(IgrsEvents *events, uint32_t id, const char *device_id);
void        igrs_events_end_device(IgrsEvents *events, const char *device_id);
/* Tells the readers of that kind but the one that the news is of. */
void        igrs_events_happened(IgrsEvents *events, IgrsNewsKind kind, const IgrsNews *news);
void        igrs_events_delivered(IgrsEvents *events, uint32_t id, bool is_delivered);
guint       igrs_events_count(const IgrsEvents *events);
