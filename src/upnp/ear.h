/* ear.h -- where the events of other devices come in (UDA 1.1, clause 4)
 *
 * A program has one ear: a path below /upnp/ on its own HTTP server, with a part that nobody can
 * guess for each subscription. An event is believed when it comes from the device's own address.
 * Main loop only.
 *
 * Order of things: new, add_routes, set_port, subscriptions; these are freed first, then the HTTP
 * server, then the ear. */
#pragma once

#include "base/clock.h"
#include "net/http-client.h"
#include "net/http-router.h"
#include "net/interfaces.h"
#include "wire/upnp-remote.h"

typedef struct UpnpEar UpnpEar;

/* agent is the USER-AGENT; the rest is borrowed. */
UpnpEar *upnp_ear_new(const char *agent, Clock *clock, NetInterfaces *interfaces);
void     upnp_ear_free(UpnpEar *ear);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpnpEar, upnp_ear_free)
void     upnp_ear_add_routes(UpnpEar *ear, HttpRouter *router);
/* Of the HTTP server; until then nobody is asked for events. */
void     upnp_ear_set_port(UpnpEar *ear, uint16_t port);

typedef struct UpnpSubscription UpnpSubscription;

/* An evented variable's new value; the first ones come at once. Borrowed. Both NULL: whether events
 * come (upnp_subscription_is_active()) has changed, or one was missed. */
typedef void (*UpnpNotified)(const char *name, const char *value, gpointer user_data);

/* Subscribes to service on the device at host (numbers), renews, and subscribes again when the
 * device forgot us, the machine has slept or our address is another, until freed. A service without
 * an event address is never active. */
UpnpSubscription *upnp_ear_subscribe(UpnpEar *ear, const UpnpRemoteService *service,
                                     const char *host, UpnpNotified notified, gpointer user_data);
void              upnp_subscription_free(UpnpSubscription *subscription); /* unsubscribes */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpnpSubscription, upnp_subscription_free)
/* True from the first event on, while the device renews: one that grants and stays silent is as one
 * that refuses. */
bool              upnp_subscription_is_active(const UpnpSubscription *subscription);
