/* node.h -- the inside of an IgrsNode, for the files of this room alone
 *
 * node.c owns everything here and plugs it together; dispatch.c brings in what peers send;
 * hosting.c answers for the services; client.c asks others. */
#pragma once

#include "igrs/client.h"
#include "igrs/courier.h"
#include "igrs/devices.h"
#include "igrs/discovery.h"
#include "igrs/events.h"
#include "igrs/groups.h"
#include "igrs/passes.h"
#include "igrs/pipe.h"
#include "igrs/registry.h"
#include "igrs/security.h"
#include "igrs/session-keys.h"
#include "igrs/session.h"
#include "igrs/subscriptions.h"
#include "igrs/user-tokens.h"
#include "net/http-server.h"
#include "wire/igrs-description.h"

typedef struct IgrsPairing IgrsPairing;

typedef struct {
    IgrsNode *node; /* borrowed */
    uint32_t id;
    char *type; /* URN */
    char *name;
    Service *service; /* borrowed */
    bool needs_token; /* a session needs a token */
    guint observer;
} IgrsHosted;

struct IgrsNode {
    char *id; /* DeviceId URN */
    char *name;
    char *manufacturer, *model_name, *model_number, *model_description;
    uint16_t http_port;
    char *icon_path;
    char *software;
    uint16_t wanted_port;
    uint16_t discovery_port;
    bool refuses_open;
    bool repeats_iana, repeats_ssdp;
    char **kept_services; /* NULL: none */
    Clock *clock;              /* borrowed */
    NetInterfaces *interfaces; /* borrowed */
    GPtrArray *types;          /* char *: device type URNs */
    GPtrArray *hosted;         /* IgrsHosted */

    HttpRouter *router;
    HttpServer *server; /* NULL before start */
    HttpServer *secure_server; /* the same inside TLS; NULL: we offer none */
    char *certificate, *certificate_key; /* PEM; NULL: none */
    char *security_ids; /* what we offer, a comma list; not changed after start */
    IgrsCourier *courier;
    IgrsDiscovery *discovery; /* NULL before start */
    IgrsPresence presence;    /* what discovery tells */
    GPtrArray *presence_services; /* IgrsServiceEntry */
    char *server_head;
    IgrsDevices *devices;
    IgrsPipes *pipes;
    IgrsSecurity *security;
    Observers *pipe_observers; /* of IgrsPipeChange */
    IgrsPairing *pairing; /* under way; NULL: none */
    IgrsSessions *sessions;
    IgrsPasses *passes; /* of those whose reads need no loop */
    IgrsSessionKeys *session_keys;
    IgrsTokens *tokens;
    IgrsSubscriptions *subscriptions;
    IgrsGroups *groups;
    IgrsClient *group_client; /* speaks with masters; NULL before start */
    char *groups_path;        /* NULL: groups are not kept */
    char *groups_kept;        /* what stands there */
    IgrsRegistry *registry;
    IgrsEvents *events;
    GHashTable *clients;  /* ClientId -> IgrsClient, borrowed */
    uint32_t last_client; /* ClientId */
    GHashTable *incoming; /* a set of IgrsIncoming that wait for their answer */

    IgrsNodeStopped stopped;
    gpointer stopped_data;
    guint stop_timer;
    guint devices_observer;
};

/* -- node.c ------------------------------------------------------------------------------------ */

typedef struct {
    const char *peer;
    bool is_open;
} IgrsPipeChange;

const IgrsHosted *igrs_node_find_service(const IgrsNode *node, uint32_t id);
/* Our own description as it is read at that address; any thread. The caller's. */
char             *igrs_node_describe(const IgrsNode *node, GInetAddress *address);
/* Our LOCATION as the device at peer_location reaches it; NULL: no way there. The caller's. */
char             *igrs_node_location_for(const IgrsNode *node, const char *peer_location);
/* The same inside TLS; NULL also where we offer none. */
char             *igrs_node_secure_location_for(const IgrsNode *node, const char *peer_location);
/* http://host:http_port as the asker at our address reaches it; "" when there is none. */
char             *igrs_node_base_url(const IgrsNode *node, GInetAddress *address);
/* Where a peer serves, as its pipe or discovery says; NULL: not known. Borrowed. */
const char       *igrs_node_peer_location(const IgrsNode *node, const char *peer);

/* Ends the pipes that are not as the keys want them. */
void              igrs_node_end_outdated(IgrsNode *node);

/* -- node-pairing.c ---------------------------------------------------------------------------- */

/* Answers it: cancelled. Ignores NULL. */
void              igrs_pairing_cancel(IgrsPairing *pairing);

/* -- node-pipes.c, node-devices.c -------------------------------------------------------------- */

extern const IgrsPipeHooks igrs_node_pipe_hooks;           /* user_data is the node */
/* IgrsPlaceFor; user_data is the node. */
const IgrsPlace  *igrs_node_place_for(const IgrsMessage *message, gpointer user_data);
/* IgrsSealFor; user_data is the node. */
IgrsSeal         *igrs_node_seal_for(const IgrsMessage *message, gpointer user_data);
extern const IgrsDiscoveryHooks igrs_node_discovery_hooks; /* the same */
/* IgrsDescribe; user_data is the node. */
void              igrs_node_fetch_description(const char *id, const char *location,
                                              gpointer user_data);
/* IgrsHeld; user_data is the node. */
bool              igrs_node_has_pipe(const char *id, gpointer user_data);
/* ObserverFunc of IgrsDeviceEvent; user_data is the node. */
void              igrs_node_on_device_event(gconstpointer event, gpointer user_data);

/* -- dispatch.c -------------------------------------------------------------------------------- */

/* One message from a peer, from its arrival to its answer. */
typedef struct {
    IgrsNode *node; /* NULL when it is gone meanwhile */
    HttpExchange *exchange;
    IgrsMessage *request;
    GInetAddress *peer_address;
    char *address;  /* the same in letters */
    /* that it is signed with, and its answer will be; NULL: an open pipe, or none */
    IgrsSeal *seal;
    bool is_waiting; /* on the loop, in the node's set of them */
} IgrsIncoming;

extern const HttpRoute igrs_routes[];
/* Exactly one of these ends an incoming message that is a request. reply is taken over. */
void igrs_incoming_reply(IgrsIncoming *incoming, IgrsMessage *reply);
void igrs_incoming_answer(IgrsIncoming *incoming, uint32_t return_code);
IgrsOrigin igrs_incoming_origin(const IgrsIncoming *incoming);
/* Our address that it came to; the caller's. */
GInetAddress *igrs_incoming_local_address(const IgrsIncoming *incoming);
/* Puts the zone into what a peer that speaks from a link-local address says of its place. */
void igrs_incoming_set_zone(const IgrsIncoming *incoming, char **location);
/* Forgets those that wait: their services may answer after the node is gone. */
void igrs_incoming_abandon(IgrsNode *node);

/* -- node-pipes.c: what peers ask of their pipes ----------------------------------------------- */

void igrs_node_create_pipe(IgrsIncoming *incoming);
void igrs_node_authenticate(IgrsIncoming *incoming);
void igrs_node_confirm_pipe(IgrsIncoming *incoming);

/* -- hosting.c, hosting-sessions.c ------------------------------------------------------------- */

void igrs_hosting_describe_device(IgrsIncoming *incoming);
void igrs_hosting_describe_service(IgrsIncoming *incoming);
/* What the policy of open pipes says to call; NULL: to entering a session. */
bool igrs_hosting_is_allowed(const IgrsIncoming *incoming, const IgrsHosted *hosted,
                             const SoapCall *call);
/* What hangs on it goes with it. */
void igrs_hosting_session_ended(IgrsNode *node, const IgrsSession *session);
void igrs_hosting_create_session(IgrsIncoming *incoming);
void igrs_hosting_destroy_session(IgrsIncoming *incoming);
void igrs_hosting_apply_key(IgrsIncoming *incoming);
void igrs_hosting_transfer_key(IgrsIncoming *incoming);
void igrs_hosting_invoke(IgrsIncoming *incoming);
/* On the http thread. False, and nothing happened: the loop must see it. */
bool igrs_hosting_read(IgrsIncoming *incoming);
/* IgrsNotify: sends the present values. user_data is the node. */
void igrs_hosting_notify(const IgrsSubscriber *subscriber, const char *const *names,
                         gpointer user_data);

/* -- client.c, client-call.c, client-subscription.c, client-watch.c ---------------------------- */

struct IgrsClient {
    IgrsNode *node; /* borrowed */
    uint32_t id;
    GHashTable *calls;      /* a set of what is under way, owned */
    IgrsSessions *sessions; /* ours with others' services */
    char *user, *token;     /* of its sessions; NULL: nobody's */
    bool is_ending;
    GPtrArray *subscriptions; /* IgrsSubscription, borrowed */
    GPtrArray *watches;       /* IgrsWatch, borrowed */
    guint pipe_observer;
    guint device_observer;
};

/* Brings message (taken over) to the device itself, over a pipe that is made when needed. */
void     igrs_client_send(IgrsClient *client, const char *device, IgrsMessage *message,
                          GCancellable *cancellable, IgrsReplied replied, gpointer user_data);
/* Those that wait for the pipe go on; all are answered: cancelled. */
void     igrs_client_calls_on_pipe(IgrsClient *client, const IgrsPipeChange *change);
void     igrs_client_cancel_calls(IgrsClient *client);
/* Its ServiceId on that device; 0: not online or no such service. */
uint32_t igrs_client_service_id(const IgrsClient *client, const char *device, const char *service);

void     igrs_client_on_notification(IgrsIncoming *incoming);
void     igrs_client_on_destroy_session(IgrsIncoming *incoming);
void     igrs_client_on_news(IgrsIncoming *incoming);
/* Every subscription of every client is renewed soon: we were asleep, or our addresses changed. */
void     igrs_clients_renew(IgrsNode *node);
/* The pipe to peer (const char *) ended; the device came, changed or went (IgrsDeviceEvent); a
 * SendNotification came (IgrsMessage); our addresses changed, or we were asleep. */
void     igrs_subscription_on_pipe_ended(IgrsSubscription *subscription, gconstpointer peer);
void     igrs_subscription_on_device(IgrsSubscription *subscription, gconstpointer event);
void     igrs_subscription_on_notification(IgrsSubscription *subscription, gconstpointer message);
void     igrs_subscription_renew(IgrsSubscription *subscription, gconstpointer nothing);
/* The same of a watch; what comes is a NotifyDeviceEvent or NotifyServiceEvent. */
void     igrs_watch_on_pipe_ended(IgrsWatch *watch, gconstpointer peer);
void     igrs_watch_on_device(IgrsWatch *watch, gconstpointer event);
void     igrs_watch_on_news(IgrsWatch *watch, gconstpointer message);
void     igrs_watch_renew(IgrsWatch *watch, gconstpointer nothing);
