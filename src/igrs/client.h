/* client.h -- one application's talk with the services of other devices
 *
 * An IgrsClient is an IGRS client of ISO/IEC 14543-5-1: it has a ClientId on its node. Asking for
 * an action opens what it needs on the way, a pipe to the device (clause 9.2) and a session with
 * the service (10.5), then invokes (10.6). A peer that was started again and forgot us (481, 482)
 * is asked once more after both are made anew. Main loop only. */
#pragma once

#include "igrs/igrs.h"
#include "wire/soap.h"

#include <gio/gio.h>

typedef struct IgrsClient IgrsClient;

/* node is borrowed and outlives the client; it must have been started. */
IgrsClient *igrs_client_new(IgrsNode *node);
/* Ends its sessions; calls under way are answered with G_IO_ERROR_CANCELLED first. Its
 * subscriptions must be gone. */
void        igrs_client_free(IgrsClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsClient, igrs_client_free)

IgrsNode   *igrs_client_node(const IgrsClient *client); /* borrowed */

/* Whom the sessions it creates from now on are for, with the token that the device gave them; NULL:
 * nobody. */
void        igrs_client_set_user(IgrsClient *client, const char *user, const char *token);

/* Asks the service of that name ("AVTransport") on device, a DeviceId URN, for an action, or
 * another of its operations; call is taken over, its namespace filled in when it has none.
 * timeout_ms is that of each message; 0: 10 s. Errors: SERVICE_ERROR with the service's own code,
 * DUO_ERROR_UNAVAILABLE (not online, or away), DUO_ERROR_NOT_FOUND (no such service),
 * DUO_ERROR_TIMEOUT, DUO_ERROR_DENIED (401, 403), DUO_ERROR_BUSY (429, 503), DUO_ERROR_INVALID (the
 * answer), G_IO_ERROR_CANCELLED: always that one once cancellable (NULL: none) was cancelled,
 * whatever came in. */
void igrs_client_invoke(IgrsClient *client, const char *device, const char *service, SoapCall *call,
                        unsigned timeout_ms, GCancellable *cancellable, SoapAnswered answered,
                        gpointer user_data);

/* -- Sessions that are handed on (PROFILE section 5, SessionKey) ------------------------------- */

/* Called once, later. key opens this client's session with the service to whoever has it, once, for
 * a minute; borrowed; NULL when error is set: those of an invocation, DUO_ERROR_UNAVAILABLE when
 * there is no session yet (invoke something before). */
typedef void (*IgrsKeyApplied)(const char *key, const GError *error, gpointer user_data);
void igrs_client_apply_key(IgrsClient *client, const char *device, const char *service,
                           IgrsKeyApplied applied, gpointer user_data);
/* Called once, later. error NULL: the session that key was given for is this client's now, and
 * nobody else's. DUO_ERROR_DENIED: used, expired or forged; those of an invocation. */
typedef void (*IgrsSessionTaken)(const GError *error, gpointer user_data);
void igrs_client_take_session(IgrsClient *client, const char *device, const char *service,
                              const char *key, IgrsSessionTaken taken, gpointer user_data);

/* -- Events ------------------------------------------------------------------------------------ */

typedef struct IgrsSubscription IgrsSubscription;

/* A notifiable attribute's new value; the first ones come at once. Borrowed. Both NULL: whether
 * events come (igrs_subscription_is_active()) has changed. */
typedef void (*IgrsNotified)(const char *name, const char *value, gpointer user_data);

/* Subscribes to every notifiable attribute, renews, and subscribes again when the device comes
 * back, until freed. device is a DeviceId URN, service the name of a type. */
IgrsSubscription *igrs_client_subscribe(IgrsClient *client, const char *device, const char *service,
                                        IgrsNotified notified, gpointer user_data);
void              igrs_subscription_free(IgrsSubscription *subscription);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsSubscription, igrs_subscription_free)
/* True while events come: without them, who wants to know must ask. */
bool              igrs_subscription_is_active(const IgrsSubscription *subscription);

/* -- News of devices and services -------------------------------------------------------------- */

typedef struct {
    const char *device_id;
    uint32_t service_id; /* 0: news of the device itself */
    const char *type;    /* URN of the device, or of the service; NULL: not said */
    bool is_online;
} IgrsWatchNews;

typedef struct IgrsWatch IgrsWatch;

/* What the watched device tells of others; borrowed. NULL: whether it tells
 * (igrs_watch_is_active()) has changed. */
typedef void (*IgrsWatched)(const IgrsWatchNews *news, gpointer user_data);

/* Follows, on a device that hears more than we do, which devices (or their services) come and go,
 * until freed; renewed and made anew like a subscription. type: a URN; NULL: all. */
IgrsWatch *igrs_client_watch(IgrsClient *client, const char *device, bool is_of_services,
                             const char *type, IgrsWatched watched, gpointer user_data);
void       igrs_watch_free(IgrsWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsWatch, igrs_watch_free)
bool       igrs_watch_is_active(const IgrsWatch *watch);
