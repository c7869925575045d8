/* subscriptions.h -- who is told when an attribute of our services changes (PROFILE section 5)
 *
 * A subscription belongs to a session and ends with it. Each has at most one SendNotification under
 * way; what changes meanwhile is gathered for the next one, so a slow subscriber costs a set of
 * names and never a queue. One that cannot be reached twice in a row is dropped. Owned by IgrsNode;
 * what to send is asked of its owner, so it knows no wire. */
#pragma once

#include "igrs/leases.h"
#include "igrs/session.h"
#include "model/service.h"

typedef struct {
    uint32_t id;
    IgrsSession session;
    const char *location; /* where notifications go */
    Service *service;
} IgrsSubscriber;

typedef struct IgrsSubscriptions IgrsSubscriptions;

/* Send the present values of names (ends with NULL); then call igrs_subscriptions_delivered() once.
 * All borrowed for the call. */
typedef void (*IgrsNotify)(const IgrsSubscriber *subscriber, const char *const *names,
                           gpointer user_data);

IgrsSubscriptions *igrs_subscriptions_new(Clock *clock, IgrsNotify notify, gpointer user_data);
void               igrs_subscriptions_free(IgrsSubscriptions *subscriptions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsSubscriptions, igrs_subscriptions_free)

/* The attributes of names (ends with NULL; NULL or empty: every evented one) are told at once and
 * on each change. life_s is brought into the limits and says what was granted. Returns the id.
 * Errors (0): DUO_ERROR_BUSY; DUO_ERROR_NOT_FOUND: no evented attribute of that name. */
uint32_t igrs_subscriptions_add(IgrsSubscriptions *subscriptions, Service *service,
                                const IgrsSession *session, const char *location,
                                const char *const *names, int64_t *life_s, GError **error);
/* False: it ended, or is another device's. location NULL: as before. */
bool     igrs_subscriptions_renew(IgrsSubscriptions *subscriptions, uint32_t id,
                                  const char *device_id, const char *location, int64_t *life_s);
bool     igrs_subscriptions_remove(IgrsSubscriptions *subscriptions, uint32_t id,
                                   const char *device_id);
void     igrs_subscriptions_end_session(IgrsSubscriptions *subscriptions,
                                        const IgrsSession *session);
/* The variable of service changed; name is one of its table's. */
void     igrs_subscriptions_changed(IgrsSubscriptions *subscriptions, const Service *service,
                                    const char *name);
void     igrs_subscriptions_delivered(IgrsSubscriptions *subscriptions, uint32_t id,
                                      bool is_delivered);
guint    igrs_subscriptions_count(const IgrsSubscriptions *subscriptions);
