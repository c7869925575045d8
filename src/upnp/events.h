/* events.h -- who is told when a variable of a service changes (GENA: UDA 1.1, clause 4)
 *
 * A subscriber is first told every evented variable, then those that changed, one message after
 * the other in the order of SEQ. A service moderates its own variables. One that cannot be reached
 * three times running is forgotten. Main loop only. */
#pragma once

#include "base/clock.h"
#include "model/service.h"

#include <stdbool.h>

typedef struct UpnpEvents UpnpEvents;

/* clock is borrowed; agent is the USER-AGENT. */
UpnpEvents *upnp_events_new(Clock *clock, const char *agent);
void        upnp_events_free(UpnpEvents *events);
/* Before any subscription; service is borrowed and outlives the events. */
void        upnp_events_add_service(UpnpEvents *events, Service *service);
/* Ends every subscription without a word. */
void        upnp_events_forget(UpnpEvents *events);

/* callbacks: addresses to try in their order, NULL at the end; of: the subscriber's address, which
 * may hold so many and no more. seconds is what is wished for and becomes what is granted. The SID,
 * borrowed while the subscription lives; NULL with DUO_ERROR_BUSY. */
const char *upnp_events_subscribe(UpnpEvents *events, Service *service,
                                  const char *const *callbacks, const char *of, int *seconds,
                                  GError **error);
/* False: there is no such subscription to service. */
bool        upnp_events_renew(UpnpEvents *events, Service *service, const char *sid, int *seconds);
bool        upnp_events_unsubscribe(UpnpEvents *events, Service *service, const char *sid);
