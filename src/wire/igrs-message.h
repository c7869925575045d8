/* igrs-message.h -- every IGRS message: one struct, one table, one encoder, one decoder
 *
 * The table (igrs-message-table.c) has a row for each of the 57 types of FACTS.md section 3: where
 * it travels, what answers it, its SOAPAction, its extra heads and its body (igrs-body.c). Framing
 * is that of FACTS.md section 2 as settled by PROFILE.md sections 2 and 5. Pure. */
#pragma once

#include "wire/http-message.h"
#include "wire/igrs-names.h"
#include "wire/soap.h"

typedef enum {
    IGRS_NO_MESSAGE,
    /* clause 9.1 */
    IGRS_DEVICE_ONLINE_ADVERTISEMENT,
    IGRS_DEVICE_OFFLINE_ADVERTISEMENT,
    /* 9.2 */
    IGRS_CREATE_PIPE_REQUEST,
    IGRS_CREATE_PIPE_RESPONSE,
    IGRS_AUTHENTICATE_REQUEST,
    IGRS_AUTHENTICATE_RESPONSE,
    IGRS_AUTHENTICATE_RESULT_REQUEST,
    IGRS_AUTHENTICATE_RESULT_RESPONSE,
    IGRS_CREATE_PIPE_RESULT_REQUEST,
    IGRS_CREATE_PIPE_RESULT_RESPONSE,
    IGRS_DETACH_PIPE_NOTIFY,
    IGRS_DEVICE_ONLINE_DETECTION_REQUEST,
    IGRS_DEVICE_ONLINE_DETECTION_RESPONSE,
    /* 9.3, 9.4 */
    IGRS_GET_DEVICE_DESCRIPTION_REQUEST,
    IGRS_GET_DEVICE_DESCRIPTION_RESPONSE,
    /* 9.5 */
    IGRS_PEER_DEVICE_GROUP_ADVERTISEMENT,
    IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY,
    IGRS_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT,
    IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST,
    IGRS_JOIN_CENTRALISED_DEVICE_GROUP_RESPONSE,
    IGRS_QUIT_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT,
    IGRS_QUIT_CENTRALISED_DEVICE_GROUP_NOTIFY,
    /* 9.6 */
    IGRS_SEARCH_DEVICE_REQUEST,
    IGRS_SEARCH_DEVICE_RESPONSE,
    IGRS_SEARCH_DEVICE_REQUEST_ON_DEVICE,
    IGRS_SEARCH_DEVICE_RESPONSE_ON_DEVICE,
    /* 9.7 */
    IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST,
    IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST,
    IGRS_SUBSCRIBE_DEVICE_EVENT_RESPONSE,
    IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY, /* of services too: FACTS.md 3.2 */
    IGRS_NOTIFY_DEVICE_EVENT,
    /* 9.8 */
    IGRS_SEARCH_DEVICE_GROUP_REQUEST,
    IGRS_SEARCH_DEVICE_GROUP_RESPONSE,
    /* 10.1 */
    IGRS_SERVICE_ONLINE_ADVERTISEMENT,
    IGRS_SERVICE_OFFLINE_ADVERTISEMENT,
    IGRS_REGISTER_SERVICE_NOTIFY,
    IGRS_UNREGISTER_SERVICE_NOTIFY,
    /* 10.2 */
    IGRS_SEARCH_SERVICE_REQUEST,
    IGRS_SEARCH_SERVICE_RESPONSE,
    IGRS_SEARCH_SERVICE_REQUEST_ON_DEVICE,
    IGRS_SEARCH_SERVICE_RESPONSE_ON_DEVICE,
    /* 10.3 */
    IGRS_SUBSCRIBE_SERVICE_EVENT_REQUEST,
    IGRS_RENEW_SUBSCRIPTION_SERVICE_EVENT_REQUEST,
    IGRS_SUBSCRIBE_SERVICE_EVENT_RESPONSE,
    IGRS_NOTIFY_SERVICE_EVENT,
    /* 10.4 */
    IGRS_GET_SERVICE_DESCRIPTION_REQUEST,
    IGRS_GET_SERVICE_DESCRIPTION_RESPONSE,
    /* 10.5 */
    IGRS_CREATE_SESSION_REQUEST,
    IGRS_CREATE_SESSION_RESPONSE,
    IGRS_DESTROY_SESSION_NOTIFY,
    IGRS_APPLY_SESSION_KEY_REQUEST,
    IGRS_APPLY_SESSION_KEY_RESPONSE,
    IGRS_TRANSFER_SESSION_KEY_REQUEST,
    IGRS_TRANSFER_SESSION_KEY_RESPONSE,
    /* 10.6 */
    IGRS_INVOKE_SERVICE_REQUEST,
    IGRS_INVOKE_SERVICE_RESPONSE,
    IGRS_SEND_NOTIFICATION,
    IGRS_MESSAGE_N
} IgrsMessageType;

typedef enum {
    IGRS_REQUEST,       /* carries a SequenceId and is answered */
    IGRS_RESPONSE,      /* carries AcknowledgeId and ReturnCode */
    IGRS_NOTIFY,        /* carries a SequenceId, gets a bare 200 */
    IGRS_ADVERTISEMENT, /* to all */
} IgrsRole;

typedef enum {
    IGRS_MULTICAST = 1,
    IGRS_UNICAST = 2, /* UDP, to the searcher */
    IGRS_PIPE = 4,    /* TCP */
} IgrsTransport;

/* A list's entries; make them with their functions below. */
typedef struct {
    char *id, *type, *name, *location;
} IgrsDeviceEntry;

typedef struct {
    char *device_id;
    uint32_t id;
    char *type, *name;
    GPtrArray *security_ids; /* char * */
} IgrsServiceEntry;

typedef struct {
    char *id, *name, *type;
    char *master_id;    /* NULL: a peer group */
    GPtrArray *members; /* char *: DeviceIds */
} IgrsGroupEntry;

/* Texts are NULL, numbers 0, when not there; all texts are owned. What a type carries is in its
 * row; the rest is not sent. */
typedef struct {
    IgrsMessageType type;
    char *target_id, *source_id; /* DeviceIds; target NULL or nil: whoever hears it */
    uint32_t sequence_id;        /* requests, notifies; advertisements may have it */
    uint32_t acknowledge_id;     /* responses */
    uint32_t return_code;        /* responses */

    char *location;            /* head 01-Location; body: of a subscription */
    char *device_security_ids; /* comma list as it came */
    char *certificate; /* base64 of SHA-256, as it came */
    char *challenge, *auth_data, *signature; /* base64 as it came */
    char *device_type, *device_name;
    char *service_type, *service_name;
    uint32_t service_id; /* head, and the service of every body */
    char *group_id, *group_name;

    uint32_t client_id;   /* of the session; with it goes service_id */
    bool is_from_service; /* DestroySessionNotify: the service ends it */
    char *user_id, *service_security_id, *token; /* UserInfo; token: of SessionKey too */
    SoapCall *call;       /* Session: the operation or its response; NULL: none */
    uint32_t fault_code;  /* 0: no Fault */
    char *fault_description;

    uint32_t subscription_id;
    int64_t expires_s; /* expirationTime or terminationTime, Unix time */
    char *device_id;   /* Event */
    char *state;       /* Event: IGRS_STATE_ONLINE, IGRS_STATE_OFFLINE */
    char *session_key_id;

    GPtrArray *devices;  /* IgrsDeviceEntry; lists are never NULL */
    GPtrArray *services; /* IgrsServiceEntry; of Register and UnRegister: one */
    GPtrArray *groups;   /* IgrsGroupEntry */
    char *document;      /* the description, XML without its declaration */

    char *flaw;         /* decoded, readable, but wrong: why; answer IGRS_BAD_REQUEST. NULL: well */
    GPtrArray *unknown; /* char *: heads and elements not understood, for a debug log; NULL: none */
} IgrsMessage;

IgrsMessage *igrs_message_new(IgrsMessageType type);
/* The response type that answers request, addressed back to it: ids swapped, acknowledged, code
 * set. A session's ids are taken along. NULL when nothing answers it. */
IgrsMessage *igrs_message_new_reply(const IgrsMessage *request, uint32_t return_code);
void         igrs_message_free(IgrsMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsMessage, igrs_message_free)

IgrsDeviceEntry  *igrs_message_add_device(IgrsMessage *message, const char *id, const char *type,
                                          const char *name, const char *location);
IgrsServiceEntry *igrs_message_add_service(IgrsMessage *message, const char *device_id, uint32_t id,
                                           const char *type, const char *name);
IgrsGroupEntry   *igrs_message_add_group(IgrsMessage *message, const char *id, const char *name,
                                         const char *type);
IgrsServiceEntry *igrs_service_entry_new(void);
void              igrs_service_entry_free(IgrsServiceEntry *entry);
IgrsGroupEntry   *igrs_group_entry_new(void);

const char      *igrs_message_name(IgrsMessageType type);
const char      *igrs_message_clause(IgrsMessageType type); /* of ISO/IEC 14543-5-1 */
IgrsRole         igrs_message_role(IgrsMessageType type);
unsigned         igrs_message_transports(IgrsMessageType type); /* IgrsTransport, one or more */
/* The response to a request; IGRS_NO_MESSAGE for another role. */
IgrsMessageType  igrs_message_answer(IgrsMessageType type);

/* -- Encoding: the body first, because a signature covers it -------------------------------------- */

/* NULL when the type has none. The mime is IGRS_MIME. */
GBytes *igrs_message_encode_body(const IgrsMessage *message);
/* Adds the heads from Man (a response: Ext) to 02-SoapAction in their order; Host, Date and
 * Content-* are for the HTTP library. */
void    igrs_message_encode_heads(const IgrsMessage *message, HttpHeads *heads);

/* -- Decoding ------------------------------------------------------------------------------- */

/* What cannot be acknowledged; the code is the HTTP status (PROFILE.md section 2). */
#define IGRS_MESSAGE_ERROR (igrs_message_error_quark())
GQuark igrs_message_error_quark(void);
enum {
    IGRS_ERROR_BAD_REQUEST = 400,  /* heads or XML that cannot be read; a type in the wrong place */
    IGRS_ERROR_UNKNOWN_TYPE = 501,
    IGRS_ERROR_VERSION = 505,
    IGRS_ERROR_NOT_EXTENDED = 510, /* no Man of ours, or one that is not known */
};

typedef enum {
    IGRS_BY_PIPE,     /* a request that came by TCP: requests and notifies */
    IGRS_BY_REPLY,    /* an answer that came by TCP: responses */
    IGRS_BY_DATAGRAM, /* multicast or unicast UDP: its own kinds */
} IgrsWay;

/* body may be NULL. A message that is readable but wrong comes back with its flaw. */
IgrsMessage *igrs_message_decode(const HttpHeads *heads, const void *body, size_t body_size,
                                 IgrsWay way, GError **error);
