/* igrs.h -- be a device on the IGRS network, and use the others
 *
 * IGRS (Intelligent Grouping and Resource Sharing, ISO/IEC 14543-5) lets the devices of a home find
 * and use each other: a device announces itself and its services, answers for them, and tells who
 * subscribed when one of their values changes. This is the whole protocol behind two objects: an
 * IgrsDevice is what others see, an IgrsExplorer asks the others. Clauses named here are those of
 * ISO/IEC 14543-5-1; docs/igrs/vendors.md walks through a first device.
 *
 * Rules that hold everywhere:
 * - Text is UTF-8. A `const char *` handed in is copied unless it says otherwise, one handed out is
 *   borrowed: for how long is said beside it.
 * - The tables of a service (IgrsService and what it points to) are borrowed and must outlive the
 *   device; they are usually `static const`.
 * - Everything runs on one thread: the one that calls igrs_device_start() or igrs_device_run(). The
 *   functions of a device and of its explorers may be called from that thread alone.
 * - Functions never abort on what a peer sends. A mistake of the caller (a name that is not in its
 *   own table) is told by g_critical() and otherwise ignored.
 * - A function that can fail returns false and, where `error` is not NULL, sets *error to a
 *   sentence that the caller ends with free().
 *
 * The interface is stable: what is in this file stays through the life of libigrs.so.1. */
#ifndef IGRS_H
#define IGRS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that runs, e.g. "0.1.0"; never freed. */
const char *igrs_version(void);

/* -- A service: tables ------------------------------------------------------------------------- */

/* What the values of a variable look like on the wire. Numbers are decimal, booleans "0" or "1". */
typedef enum {
    IGRS_STRING,
    IGRS_URI,
    IGRS_BOOLEAN,
    IGRS_UI2, /* 0 .. 65535 */
    IGRS_UI4, /* 0 .. 4294967295 */
    IGRS_I2,  /* -32768 .. 32767 */
    IGRS_I4,  /* -2147483648 .. 2147483647 */
} IgrsValueType;

/* A service attribute (clause 10.4), and the type of every argument that is related to it. The
 * library keeps its value. */
typedef struct {
    const char *name; /* NULL ends the table */
    IgrsValueType type;
    const char *initial;        /* its first value; NULL: "" or "0" as the type has it */
    bool is_notifiable;         /* others may subscribe to it */
    int64_t min, max;           /* of numbers, when max > min */
    const char *const *allowed; /* of text; ends with NULL; NULL: any */
} IgrsVariable;

typedef struct {
    const char *name;
    const char *variable; /* a name of the table of variables; NULL ends the list */
    bool is_out;          /* all in-arguments stand before the out-arguments */
} IgrsParameter;

#define IGRS_IN(name, variable) { name, variable, false }
#define IGRS_OUT(name, variable) { name, variable, true }
#define IGRS_PARAMETERS_MAX 16

/* One invocation of an action by a peer (clause 10.6), from its arrival to its answer. */
typedef struct IgrsCall IgrsCall;

/* An operation. Arguments are checked against their variables before invoke is called: a missing
 * one is answered 402, one out of its range 601, without your doing. */
typedef struct {
    const char *name; /* NULL ends the table */
    /* Ends the call by igrs_call_done() or igrs_call_fail(), now or later; user_data is that of
     * igrs_device_add_service(). NULL: the in-arguments become the values of their variables, the
     * out-arguments are the values of theirs. */
    void (*invoke)(IgrsCall *call, void *user_data);
    IgrsParameter parameters[IGRS_PARAMETERS_MAX + 1];
} IgrsAction;

/* A service (clause 10). */
typedef struct {
    uint32_t id;      /* ServiceId, unique on the device; 1 to 9 are the profile's own services */
    const char *type; /* "Lamp": urn:IGRS:Service:ServiceType:Lamp:<version> */
    uint32_t version; /* from 1 */
    const char *name; /* for people */
    const IgrsVariable *variables;
    const IgrsAction *actions;
} IgrsService;

/* -- A device ---------------------------------------------------------------------------------- */

/* A device of ISO/IEC 14543-5-1: announced, found, described, invoked (clauses 9.1 to 9.6, 10). */
typedef struct IgrsDevice IgrsDevice;

/* A device that is not on the network yet. type is that of docs/igrs/PROFILE.md section 7 or your
 * own, e.g. "Lamp"; name is what people call it. Never NULL; end it with igrs_device_free(). */
IgrsDevice *igrs_device_new(const char *type, const char *name);

/* Leaves the network at once, without a word when igrs_device_stop() was not called before. The
 * device's explorers must be gone. NULL is ignored. Calls that are not answered yet may be ended
 * later and go nowhere. */
void igrs_device_free(IgrsDevice *device);

typedef enum {
    IGRS_PROPERTY_UUID,         /* of the DeviceId (clause 9.1), 36 characters, the same for ever.
                                   Not set: made of the machine's id, type and name */
    IGRS_PROPERTY_MANUFACTURER, /* of the description (clause 9.3); not set: "" */
    IGRS_PROPERTY_MODEL_NAME,   /* not set: the type */
    IGRS_PROPERTY_MODEL_NUMBER,
    IGRS_PROPERTY_MODEL_DESCRIPTION,
    IGRS_PROPERTY_INTERFACES,   /* names, separated by blanks. Not set: every one that is up and
                                   carries multicast; lo when it is the only one */
    IGRS_PROPERTY_PORT,         /* TCP, "0": any free one. Not set: 3880, any free one when taken */
    IGRS_PROPERTY_DISCOVERY_PORT, /* UDP; not set: 3880. For tests */
    IGRS_PROPERTY_KEYS_FOLDER, /* of pairing keys: a file for each peer, named by its uuid, or "any",
                                  64 hexadecimal digits. Pipes with these peers are authenticated
                                  and signed (clause 9.2). Not set: none */
    IGRS_PROPERTY_PAIRED_ONLY, /* "1": peers without a key are refused. Not set: "0" */
    IGRS_PROPERTY_GROUPS_FILE, /* where the groups that it is in are kept over a restart. Not set:
                                  nowhere */
    IGRS_PROPERTY_CERTIFICATE, /* file (PEM) by which others know the device inside TLS: pipes run
                                  there where the peer offers it, too. Any will do that is the
                                  same for years; with it goes the next. Not set: no TLS */
    IGRS_PROPERTY_CERTIFICATE_KEY, /* file (PEM) of its private key */
} IgrsProperty;

/* Before start. False: the property is not known, or not with that value. */
bool igrs_device_set_property(IgrsDevice *device, IgrsProperty property, const char *value);

/* Before start. service and its tables are borrowed and outlive the device. False, and a
 * g_critical(): an id that is 0 or taken, too many services (16), a parameter without variable. */
bool igrs_device_add_service(IgrsDevice *device, const IgrsService *service, void *user_data);

/* Goes on the network, on the GMainContext that is the calling thread's default (see GLib's
 * g_main_context_push_thread_default()), and returns; whoever iterates that context runs the
 * device. Errors: no network socket, no port, a certificate that cannot be read. */
bool igrs_device_start(IgrsDevice *device, char **error);

/* Says goodbye to the others (clause 9.1), then calls stopped(user_data) once, within a second; the
 * device is then only good for igrs_device_free(). stopped may be NULL. */
void igrs_device_stop(IgrsDevice *device, void (*stopped)(void *user_data), void *user_data);

/* For programs without a main loop: starts, stays until SIGINT, SIGTERM or igrs_device_quit(), says
 * goodbye and returns. Errors: those of start. */
bool igrs_device_run(IgrsDevice *device, char **error);

/* Ends igrs_device_run(), from one of its callbacks. */
void igrs_device_quit(IgrsDevice *device);

/* Its DeviceId, urn:IGRS:Device:DeviceId:<uuid>. Borrowed until the uuid is set or it is freed. */
const char *igrs_device_id(IgrsDevice *device);

/* The TCP port it serves on; 0 before start. */
uint16_t igrs_device_port(const IgrsDevice *device);

/* The value of a variable becomes value; subscribers are told when it is notifiable and new (clause
 * 10.6, SendNotification). Before or after start. */
void igrs_device_set(IgrsDevice *device, uint32_t service_id, const char *variable,
                     const char *value);
void igrs_device_set_number(IgrsDevice *device, uint32_t service_id, const char *variable,
                            int64_t value);

/* The value of a variable; borrowed until it is set again. NULL: no such variable. */
const char *igrs_device_get(const IgrsDevice *device, uint32_t service_id, const char *variable);
/* The same as a number; 0 when it is none. */
int64_t     igrs_device_get_number(const IgrsDevice *device, uint32_t service_id,
                                   const char *variable);

/* -- Answering a call -------------------------------------------------------------------------- */

/* The device that is asked; borrowed. */
IgrsDevice *igrs_call_device(const IgrsCall *call);

/* An in-argument, already checked; borrowed until the call ends. NULL: no such argument. */
const char *igrs_call_text(const IgrsCall *call, const char *name);
/* The same as a number, a boolean as 0 or 1. */
int64_t     igrs_call_number(const IgrsCall *call, const char *name);

/* Sets an out-argument; one that is not set is sent as its variable's value. */
void igrs_call_put(IgrsCall *call, const char *name, const char *value);
void igrs_call_put_number(IgrsCall *call, const char *name, int64_t value);

/* Ends the call: exactly one of these, once; the call is gone afterwards. */
void igrs_call_done(IgrsCall *call);
/* code: one of the service's own, e.g. 701, or 501 for a plain failure; reason is for people. */
void igrs_call_fail(IgrsCall *call, int code, const char *reason);

/* -- Pairing ----------------------------------------------------------------------------------- */

/* Called once, later, from the loop: code 200 done, else as of igrs_reply_code(), with the reason
 * in words, borrowed; 0: the device was freed. */
typedef void (*IgrsDoneFunc)(int code, const char *reason, void *user_data);

/* The code by which one other device comes to share a key with this one (clause 9.2): 25 letters and
 * digits in five groups, to be shown to people, as a QR code "igrs:<uuid>?code=<code>". Then it is
 * another. After start; borrowed until it changes. NULL: IGRS_PROPERTY_KEYS_FOLDER is not set, or
 * cannot be written. */
const char *igrs_device_code(IgrsDevice *device);
/* changed is called whenever the code was used, or keys came or went. After start, once. */
void        igrs_device_watch_pairing(IgrsDevice *device, void (*changed)(void *user_data),
                                      void *user_data);
/* The other way round: people typed, or scanned, the code that the device with that id shows. 200:
 * it proved that, and the key is kept; 400 no code, 403 it shows another, 404 not online. */
void        igrs_device_pair(IgrsDevice *device, const char *peer_id, const char *code,
                             IgrsDoneFunc done, void *user_data);
/* Forgets the key; false: there is none. */
bool        igrs_device_unpair(IgrsDevice *device, const char *peer_id, char **error);

/* -- People (clause 10.5, UserInfo) ------------------------------------------------------------ */

/* Before start: a session with the service needs a token that opens it. */
bool  igrs_device_require_token(IgrsDevice *device, uint32_t service_id);
/* After start: a token for user that opens services (ServiceIds, ends with 0; NULL: all) until it is
 * revoked or the device is freed. End it with free(). NULL: too many. */
char *igrs_device_issue_token(IgrsDevice *device, const char *user, const uint32_t *services,
                              char **error);
/* Its sessions end. False: there is no such token. */
bool  igrs_device_revoke_token(IgrsDevice *device, const char *token);

/* -- Groups of devices (clause 9.5) ------------------------------------------------------------ */

/* A group that the device knows or is in. Borrowed until the callback returns. */
typedef struct IgrsDeviceGroup IgrsDeviceGroup;

const char *igrs_device_group_id(const IgrsDeviceGroup *group);
const char *igrs_device_group_name(const IgrsDeviceGroup *group); /* for people */
const char *igrs_device_group_use(const IgrsDeviceGroup *group);  /* "Plain", "AVMulticast", ... */
/* The master of a centralised group; NULL: a peer group, or nobody is at the moment. */
const char *igrs_device_group_master(const IgrsDeviceGroup *group);
bool        igrs_device_group_is_ours(const IgrsDeviceGroup *group); /* the device is in it */
/* The id of its member at index; NULL: no more. */
const char *igrs_device_group_member(const IgrsDeviceGroup *group, unsigned index);

typedef enum {
    IGRS_DEVICE_GROUP_FOUND,
    IGRS_DEVICE_GROUP_CHANGED,
    IGRS_DEVICE_GROUP_LOST, /* dissolved, or nobody is in it any more */
} IgrsDeviceGroupChange;

typedef void (*IgrsDeviceGroupFunc)(const IgrsDeviceGroup *group, IgrsDeviceGroupChange change,
                                    void *user_data);

/* heard is called for each group that is known, at once, and from then on for each change. After
 * start, once. */
void  igrs_device_watch_groups(IgrsDevice *device, IgrsDeviceGroupFunc heard, void *user_data);
/* A new group with the device in it, as its master when it is centralised; use NULL: "Plain". Its
 * id, to be ended with free(); NULL: too many, or the name is no name. After start. */
char *igrs_device_create_group(IgrsDevice *device, const char *name, const char *use,
                               bool is_centralised, char **error);
/* 200: in it; 404 no such group, or its master is away, 409 in it already, 403 refused, 503 full. */
void  igrs_device_join_group(IgrsDevice *device, const char *group_id, IgrsDoneFunc done,
                             void *user_data);
/* As its master: ends it for all. False: not in it. */
bool  igrs_device_leave_group(IgrsDevice *device, const char *group_id, char **error);
/* Whether its master, this device, lets others in; at first yes. False: it is not its master. */
bool  igrs_device_admit_to_group(IgrsDevice *device, const char *group_id, bool is_admitted);

/* -- The other devices ------------------------------------------------------------------------- */

/* An IGRS client (clause 10.5): finds the others, asks their services, hears their events. Pipes
 * and sessions are opened on the way. */
typedef struct IgrsExplorer IgrsExplorer;

/* Another device that is online, as its description says. Borrowed until the callback returns. */
typedef struct IgrsPeer IgrsPeer;

typedef enum {
    IGRS_PEER_ONLINE,  /* announced and described */
    IGRS_PEER_CHANGED, /* described anew, or started again */
    IGRS_PEER_OFFLINE, /* said goodbye, or was not heard of for the life it gave itself */
} IgrsPeerChange;

typedef void (*IgrsPeerFunc)(const IgrsPeer *peer, IgrsPeerChange change, void *user_data);

/* device is borrowed, started, and outlives the explorer. found is called for each device, later,
 * those that are known already included; NULL: nobody wants to know. Never NULL. */
IgrsExplorer *igrs_explorer_new(IgrsDevice *device, IgrsPeerFunc found, void *user_data);

/* Ends its sessions and listeners; what was asked is answered with code 0 first. Ignores NULL. */
void igrs_explorer_free(IgrsExplorer *explorer);

/* Asks the network again who is there (clause 9.6); answers come in over the next seconds. */
void igrs_explorer_search(IgrsExplorer *explorer);

const char *igrs_peer_id(const IgrsPeer *peer);       /* urn:IGRS:Device:DeviceId:<uuid> */
const char *igrs_peer_type(const IgrsPeer *peer);     /* urn:IGRS:Device:DeviceType:<type>:<n> */
const char *igrs_peer_name(const IgrsPeer *peer);
const char *igrs_peer_location(const IgrsPeer *peer); /* the URL of its description and its pipe */
/* Whether it has a service of that type, e.g. "Lamp", of any version. */
bool        igrs_peer_offers(const IgrsPeer *peer, const char *service);
/* The type of its service at index, a URN; NULL: no more. */
const char *igrs_peer_service(const IgrsPeer *peer, unsigned index);

/* The answer to igrs_explorer_invoke(). Borrowed until the callback returns. */
typedef struct IgrsReply IgrsReply;

/* 200: done. Else why not: the service's own code (a Fault), or a return code: 401 or 403 refused,
 * 404 no such device or service, 405 no such action, 408 no answer in time, 413 too large, 429 or
 * 503 busy, 500 failed; 0: the explorer was freed. */
int         igrs_reply_code(const IgrsReply *reply);
/* The reason in words, "" when done. */
const char *igrs_reply_reason(const IgrsReply *reply);
/* An out-argument; NULL: not in the answer. */
const char *igrs_reply_get(const IgrsReply *reply, const char *name);

typedef void (*IgrsReplyFunc)(const IgrsReply *reply, void *user_data);

/* Invokes an action (clause 10.6) of the service of that type on the device with that id. arguments
 * are name, value, name, value, ..., NULL in the action's order; NULL: none. timeout_ms: of each
 * message it takes; 0: ten seconds. replied is called once, later, and may be NULL. */
void igrs_explorer_invoke(IgrsExplorer *explorer, const char *device_id, const char *service,
                          const char *action, const char *const *arguments, unsigned timeout_ms,
                          IgrsReplyFunc replied, void *user_data);

/* Whom the sessions that the explorer opens from now on are for, with the token that the device gave
 * them; NULL: nobody. */
void igrs_explorer_set_user(IgrsExplorer *explorer, const char *user, const char *token);

/* Hands a session on (clause 10.5): who has it applies for a key, brings it to another explorer on
 * whatever way, and that one takes the session over; a key is good once and for a minute. key is
 * borrowed and NULL unless code is 200; 481 or 404: there is no session yet, invoke something. */
typedef void (*IgrsKeyFunc)(const char *key, int code, const char *reason, void *user_data);
void igrs_explorer_apply_key(IgrsExplorer *explorer, const char *device_id, const char *service,
                             IgrsKeyFunc applied, void *user_data);
/* 200: the session is this explorer's; 403: used, expired or forged. */
void igrs_explorer_take_session(IgrsExplorer *explorer, const char *device_id, const char *service,
                                const char *key, IgrsDoneFunc done, void *user_data);

/* Hears the values of a service until it is freed. */
typedef struct IgrsListener IgrsListener;

/* A value, the first ones at once. Both are NULL when the service went away or came back: until it
 * is back nothing is heard, and then all values come anew. Borrowed until the callback returns. */
typedef void (*IgrsValueFunc)(const char *variable, const char *value, void *user_data);

/* Subscribes to every notifiable variable of a service, and again whenever the device comes back.
 * Ended by igrs_listener_free() or with its explorer. Never NULL. */
IgrsListener *igrs_explorer_listen(IgrsExplorer *explorer, const char *device_id,
                                   const char *service, IgrsValueFunc heard, void *user_data);
void          igrs_listener_free(IgrsListener *listener); /* NULL is ignored */

#ifdef __cplusplus
}
#endif

#endif
