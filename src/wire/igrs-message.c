/* igrs-message.c -- the table of all message types, and the walk over it; see igrs-message.h */
#include "wire/igrs-message.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/igrs-body.h"

#include <string.h>

G_DEFINE_QUARK(igrs-message-error, igrs_message_error)

/* -- Heads ------------------------------------------------------------------------------------
 * All that carry the prefix of our Man, in the order they are sent. */

typedef enum {
    HEAD_VERSION,
    HEAD_TYPE,
    HEAD_TARGET,
    HEAD_SOURCE,
    HEAD_SEQUENCE,
    HEAD_ACKNOWLEDGE,
    HEAD_RETURN_CODE,
    HEAD_DEVICE_TYPE,
    HEAD_DEVICE_NAME,
    HEAD_DEVICE_SECURITY,
    HEAD_SERVICE_ID,
    HEAD_SERVICE_NAME,
    HEAD_SERVICE_TYPE,
    HEAD_GROUP_ID,
    HEAD_GROUP_NAME,
    HEAD_LOCATION,
    HEAD_CHALLENGE,
    HEAD_AUTH_DATA,
    HEAD_SIGNATURE,
    HEAD_N
} Head;

#define BIT(head) (1u << (head))

typedef enum {
    HEAD_TEXT,
    HEAD_PERCENT,   /* UTF-8, percent-encoded on the wire */
    HEAD_DEVICE_ID, /* a DeviceId URN */
    HEAD_NUMBER,    /* 1..max */
} HeadKind;

static const struct {
    const char *name;
    HeadKind kind;
    size_t offset;
    uint32_t max;
} head_rows[HEAD_N] = {
    [HEAD_VERSION] = { "IGRSVersion", HEAD_TEXT, 0, 0 }, /* these two are no members: see decode */
    [HEAD_TYPE] = { "IGRSMessageType", HEAD_TEXT, 0, 0 },
#define TEXT(member) HEAD_TEXT, offsetof(IgrsMessage, member), 0
#define PERCENT(member) HEAD_PERCENT, offsetof(IgrsMessage, member), 0
#define NUMBER(member, max) HEAD_NUMBER, offsetof(IgrsMessage, member), max
    [HEAD_TARGET] = { "TargetDeviceId", HEAD_DEVICE_ID, offsetof(IgrsMessage, target_id), 0 },
    [HEAD_SOURCE] = { "SourceDeviceId", HEAD_DEVICE_ID, offsetof(IgrsMessage, source_id), 0 },
    [HEAD_SEQUENCE] = { "SequenceId", NUMBER(sequence_id, UINT32_MAX) },
    [HEAD_ACKNOWLEDGE] = { "AcknowledgeId", NUMBER(acknowledge_id, UINT32_MAX) },
    [HEAD_RETURN_CODE] = { "ReturnCode", NUMBER(return_code, UINT16_MAX) },
    [HEAD_DEVICE_TYPE] = { "DeviceType", TEXT(device_type) },
    [HEAD_DEVICE_NAME] = { "DeviceName", PERCENT(device_name) },
    [HEAD_DEVICE_SECURITY] = { "DeviceSecurityId", TEXT(device_security_ids) },
    [HEAD_SERVICE_ID] = { "ServiceId", NUMBER(service_id, UINT32_MAX) },
    [HEAD_SERVICE_NAME] = { "ServiceName", PERCENT(service_name) },
    [HEAD_SERVICE_TYPE] = { "ServiceType", TEXT(service_type) },
    [HEAD_GROUP_ID] = { "DeviceGroupId", TEXT(group_id) },
    [HEAD_GROUP_NAME] = { "DeviceGroupName", PERCENT(group_name) },
    [HEAD_LOCATION] = { "Location", TEXT(location) },
    [HEAD_CHALLENGE] = { "Challenge", TEXT(challenge) },
    [HEAD_AUTH_DATA] = { "AuthData", TEXT(auth_data) },
    [HEAD_SIGNATURE] = { "Signature", TEXT(signature) },
#undef TEXT
#undef PERCENT
#undef NUMBER
};

/* Which heads every message of a role has, and which of them must come. */
#define ADDRESSED (BIT(HEAD_TARGET) | BIT(HEAD_SOURCE) | BIT(HEAD_SIGNATURE))
static const unsigned role_heads[] = {
    [IGRS_REQUEST] = ADDRESSED | BIT(HEAD_SEQUENCE),
    [IGRS_RESPONSE] = ADDRESSED | BIT(HEAD_ACKNOWLEDGE) | BIT(HEAD_RETURN_CODE),
    [IGRS_NOTIFY] = ADDRESSED | BIT(HEAD_SEQUENCE),
    [IGRS_ADVERTISEMENT] = ADDRESSED | BIT(HEAD_SEQUENCE),
};
static const unsigned way_needs[][4] = {
    [IGRS_BY_PIPE] = { [IGRS_REQUEST] = BIT(HEAD_TARGET) | BIT(HEAD_SOURCE) | BIT(HEAD_SEQUENCE),
                       [IGRS_NOTIFY] = BIT(HEAD_TARGET) | BIT(HEAD_SOURCE) | BIT(HEAD_SEQUENCE) },
    [IGRS_BY_REPLY] = { [IGRS_RESPONSE] = BIT(HEAD_TARGET) | BIT(HEAD_SOURCE) },
    [IGRS_BY_DATAGRAM] = { BIT(HEAD_SOURCE), BIT(HEAD_SOURCE), BIT(HEAD_SOURCE), BIT(HEAD_SOURCE) },
};

/* -- Types ------------------------------------------------------------------------------------ */

#define DEVICE_HEADS (BIT(HEAD_DEVICE_TYPE) | BIT(HEAD_DEVICE_NAME) | BIT(HEAD_DEVICE_SECURITY))
#define SERVICE_HEADS (BIT(HEAD_SERVICE_ID) | BIT(HEAD_SERVICE_NAME) | BIT(HEAD_SERVICE_TYPE))
#define GROUP_HEADS (BIT(HEAD_GROUP_ID) | BIT(HEAD_GROUP_NAME))

typedef struct {
    const char *name;
    const char *clause;
    IgrsRole role;
    unsigned transports;
    const char *action; /* NULL: header-only */
    unsigned heads;     /* beside those of the role */
    IgrsBody body;
    IgrsMessageType answer;
} Row;

#define M IGRS_MULTICAST
#define U IGRS_UNICAST
#define P IGRS_PIPE

static const Row rows[IGRS_MESSAGE_N] = {
    [IGRS_DEVICE_ONLINE_ADVERTISEMENT] = { "DeviceOnlineAdvertisement", "9.1", IGRS_ADVERTISEMENT, M,
        .heads = DEVICE_HEADS },
    [IGRS_DEVICE_OFFLINE_ADVERTISEMENT] = { "DeviceOfflineAdvertisement", "9.1", IGRS_ADVERTISEMENT, M,
        .heads = BIT(HEAD_DEVICE_TYPE) },
    [IGRS_CREATE_PIPE_REQUEST] = { "CreatePipeRequest", "9.2", IGRS_REQUEST, P,
        .heads = BIT(HEAD_DEVICE_SECURITY) | BIT(HEAD_LOCATION), .answer = IGRS_CREATE_PIPE_RESPONSE },
    [IGRS_CREATE_PIPE_RESPONSE] = { "CreatePipeResponse", "9.2", IGRS_RESPONSE, P,
        .heads = BIT(HEAD_DEVICE_SECURITY) },
    [IGRS_AUTHENTICATE_REQUEST] = { "AuthenticateRequest", "9.2", IGRS_REQUEST, P,
        .heads = BIT(HEAD_CHALLENGE), .answer = IGRS_AUTHENTICATE_RESPONSE },
    [IGRS_AUTHENTICATE_RESPONSE] = { "AuthenticateResponse", "9.2", IGRS_RESPONSE, P,
        .heads = BIT(HEAD_CHALLENGE) | BIT(HEAD_AUTH_DATA) },
    [IGRS_AUTHENTICATE_RESULT_REQUEST] = { "AuthenticateResultRequest", "9.2", IGRS_REQUEST, P,
        .heads = BIT(HEAD_AUTH_DATA), .answer = IGRS_AUTHENTICATE_RESULT_RESPONSE },
    [IGRS_AUTHENTICATE_RESULT_RESPONSE] = { "AuthenticateResultResponse", "9.2", IGRS_RESPONSE, .transports = P },
    [IGRS_CREATE_PIPE_RESULT_REQUEST] = { "CreatePipeResultRequest", "9.2", IGRS_REQUEST, P,
        .answer = IGRS_CREATE_PIPE_RESULT_RESPONSE },
    [IGRS_CREATE_PIPE_RESULT_RESPONSE] = { "CreatePipeResultResponse", "9.2", IGRS_RESPONSE, .transports = P },
    [IGRS_DETACH_PIPE_NOTIFY] = { "DetachPipeNotify", "9.2", IGRS_NOTIFY, .transports = P },
    [IGRS_DEVICE_ONLINE_DETECTION_REQUEST] = { "DeviceOnlineDetectionRequest", "9.2", IGRS_REQUEST, P,
        .answer = IGRS_DEVICE_ONLINE_DETECTION_RESPONSE },
    [IGRS_DEVICE_ONLINE_DETECTION_RESPONSE] = { "DeviceOnlineDetectionResponse", "9.2",
        IGRS_RESPONSE, .transports = P },
    [IGRS_GET_DEVICE_DESCRIPTION_REQUEST] = { "GetDeviceDescriptionRequest", "9.3", IGRS_REQUEST, P,
        "IGRS-GetDeviceDescription-Request", .body = IGRS_BODY_ASK_DEVICE_DESCRIPTION,
        .answer = IGRS_GET_DEVICE_DESCRIPTION_RESPONSE },
    [IGRS_GET_DEVICE_DESCRIPTION_RESPONSE] = { "GetDeviceDescriptionResponse", "9.3", IGRS_RESPONSE, P,
        "IGRS-GetDeviceDescription-Response", .body = IGRS_BODY_DEVICE_DESCRIPTION },
    [IGRS_PEER_DEVICE_GROUP_ADVERTISEMENT] = { "PeerDeviceGroupAdvertisement", "9.5",
        IGRS_ADVERTISEMENT, M, "IGRS-PeerDeviceGroup-Advertisement", .body = IGRS_BODY_GROUPS },
    [IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY] = { "QuitPeerDeviceGroupNotify", "9.5", IGRS_NOTIFY, M | P,
        .heads = GROUP_HEADS },
    [IGRS_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT] = { "CentralisedDeviceGroupAdvertisement", "9.5",
        IGRS_ADVERTISEMENT, M, "IGRS-CentralisedDeviceGroup-Advertisement", .body = IGRS_BODY_GROUPS },
    [IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST] = { "JoinCentralisedDeviceGroupRequest", "9.5",
        IGRS_REQUEST, P, .heads = GROUP_HEADS, .answer = IGRS_JOIN_CENTRALISED_DEVICE_GROUP_RESPONSE },
    [IGRS_JOIN_CENTRALISED_DEVICE_GROUP_RESPONSE] = { "JoinCentralisedDeviceGroupResponse", "9.5",
        IGRS_RESPONSE, P, .heads = GROUP_HEADS },
    [IGRS_QUIT_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT] = { "QuitCentralisedDeviceGroupAdvertisement",
        "9.5", IGRS_ADVERTISEMENT, M, .heads = GROUP_HEADS },
    [IGRS_QUIT_CENTRALISED_DEVICE_GROUP_NOTIFY] = { "QuitCentralisedDeviceGroupNotify", "9.5",
        IGRS_NOTIFY, P, .heads = GROUP_HEADS },
    [IGRS_SEARCH_DEVICE_REQUEST] = { "SearchDeviceRequest", "9.6", IGRS_REQUEST, M,
        .answer = IGRS_SEARCH_DEVICE_RESPONSE },
    [IGRS_SEARCH_DEVICE_RESPONSE] = { "SearchDeviceResponse", "9.6", IGRS_RESPONSE, U,
        "IGRS-SearchDevice-Response", .body = IGRS_BODY_DEVICES },
    [IGRS_SEARCH_DEVICE_REQUEST_ON_DEVICE] = { "SearchDeviceRequestOnDevice", "9.6", IGRS_REQUEST, P,
        "IGRS-SearchDevice-Request-OnDevice", .body = IGRS_BODY_ASK_DEVICES,
        .answer = IGRS_SEARCH_DEVICE_RESPONSE_ON_DEVICE },
    [IGRS_SEARCH_DEVICE_RESPONSE_ON_DEVICE] = { "SearchDeviceResponseOnDevice", "9.6", IGRS_RESPONSE, P,
        "IGRS-SearchDevice-Response-OnDevice", .body = IGRS_BODY_DEVICES },
    [IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST] = { "SubscribeDeviceEventRequest", "9.7", IGRS_REQUEST, P,
        "IGRS-SubscribeDeviceEvent-Request", .body = IGRS_BODY_SUBSCRIBE,
        .answer = IGRS_SUBSCRIBE_DEVICE_EVENT_RESPONSE },
    [IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST] = { "RenewSubscriptionDeviceEventRequest", "9.7",
        IGRS_REQUEST, P, "IGRS-RenewSubscriptionDeviceEvent-Request", .body = IGRS_BODY_SUBSCRIBE,
        .answer = IGRS_SUBSCRIBE_DEVICE_EVENT_RESPONSE },
    [IGRS_SUBSCRIBE_DEVICE_EVENT_RESPONSE] = { "SubscribeDeviceEventResponse", "9.7", IGRS_RESPONSE, P,
        "IGRS-SubscribeDeviceEvent-Response", .body = IGRS_BODY_SUBSCRIBED },
    [IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY] = { "UnSubscribeDeviceEventNotify", "9.7, 10.3",
        IGRS_NOTIFY, P, "IGRS-UnSubscribeDeviceEvent-Notify", .body = IGRS_BODY_UNSUBSCRIBE },
    [IGRS_NOTIFY_DEVICE_EVENT] = { "NotifyDeviceEvent", "9.7", IGRS_NOTIFY, P,
        "IGRS-DeviceEvent-Notify", .body = IGRS_BODY_EVENT },
    [IGRS_SEARCH_DEVICE_GROUP_REQUEST] = { "SearchDeviceGroupRequest", "9.8", IGRS_REQUEST, M,
        .answer = IGRS_SEARCH_DEVICE_GROUP_RESPONSE },
    [IGRS_SEARCH_DEVICE_GROUP_RESPONSE] = { "SearchDeviceGroupResponse", "9.8", IGRS_RESPONSE, U,
        "IGRS-SearchDeviceGroup-Response", .body = IGRS_BODY_GROUPS },
    [IGRS_SERVICE_ONLINE_ADVERTISEMENT] = { "ServiceOnlineAdvertisement", "10.1", IGRS_ADVERTISEMENT, M,
        .heads = SERVICE_HEADS },
    [IGRS_SERVICE_OFFLINE_ADVERTISEMENT] = { "ServiceOfflineAdvertisement", "10.1",
        IGRS_ADVERTISEMENT, M, .heads = SERVICE_HEADS },
    [IGRS_REGISTER_SERVICE_NOTIFY] = { "RegisterServiceNotify", "10.1", IGRS_NOTIFY, P,
        "IGRS-RegisterService-Notify", .body = IGRS_BODY_SERVICE },
    [IGRS_UNREGISTER_SERVICE_NOTIFY] = { "UnRegisterServiceNotify", "10.1", IGRS_NOTIFY, P,
        "IGRS-UnRegisterService-Notify", .body = IGRS_BODY_SERVICE },
    [IGRS_SEARCH_SERVICE_REQUEST] = { "SearchServiceRequest", "10.2", IGRS_REQUEST, M,
        .answer = IGRS_SEARCH_SERVICE_RESPONSE },
    [IGRS_SEARCH_SERVICE_RESPONSE] = { "SearchServiceResponse", "10.2", IGRS_RESPONSE, U,
        "IGRS-SearchService-Response", .body = IGRS_BODY_SERVICES },
    [IGRS_SEARCH_SERVICE_REQUEST_ON_DEVICE] = { "SearchServiceRequestOnDevice", "10.2", IGRS_REQUEST, P,
        "IGRS-SearchService-Request-OnDevice", .body = IGRS_BODY_ASK_SERVICES,
        .answer = IGRS_SEARCH_SERVICE_RESPONSE_ON_DEVICE },
    [IGRS_SEARCH_SERVICE_RESPONSE_ON_DEVICE] = { "SearchServiceResponseOnDevice", "10.2",
        IGRS_RESPONSE, P, "IGRS-SearchService-Response-OnDevice", .body = IGRS_BODY_SERVICES },
    [IGRS_SUBSCRIBE_SERVICE_EVENT_REQUEST] = { "SubscribeServiceEventRequest", "10.3", IGRS_REQUEST, P,
        "IGRS-SubscribeServiceEvent-Request", .body = IGRS_BODY_SUBSCRIBE,
        .answer = IGRS_SUBSCRIBE_SERVICE_EVENT_RESPONSE },
    [IGRS_RENEW_SUBSCRIPTION_SERVICE_EVENT_REQUEST] = { "RenewSubscriptionServiceEventRequest", "10.3",
        IGRS_REQUEST, P, "IGRS-RenewSubscriptionServiceEvent-Request", .body = IGRS_BODY_SUBSCRIBE,
        .answer = IGRS_SUBSCRIBE_SERVICE_EVENT_RESPONSE },
    [IGRS_SUBSCRIBE_SERVICE_EVENT_RESPONSE] = { "SubscribeServiceEventResponse", "10.3",
        IGRS_RESPONSE, P, "IGRS-SubscribeServiceEvent-Response", .body = IGRS_BODY_SUBSCRIBED },
    [IGRS_NOTIFY_SERVICE_EVENT] = { "NotifyServiceEvent", "10.3", IGRS_NOTIFY, P,
        "IGRS-ServiceEvent-Notify", .body = IGRS_BODY_EVENT },
    [IGRS_GET_SERVICE_DESCRIPTION_REQUEST] = { "GetServiceDescriptionRequest", "10.4", IGRS_REQUEST, P,
        "IGRS-GetServiceDescription-Request", .body = IGRS_BODY_ASK_SERVICE_DESCRIPTION,
        .answer = IGRS_GET_SERVICE_DESCRIPTION_RESPONSE },
    [IGRS_GET_SERVICE_DESCRIPTION_RESPONSE] = { "GetServiceDescriptionResponse", "10.4",
        IGRS_RESPONSE, P, "IGRS-GetServiceDescription-Response",
        .body = IGRS_BODY_SERVICE_DESCRIPTION },
    [IGRS_CREATE_SESSION_REQUEST] = { "CreateSessionRequest", "10.5", IGRS_REQUEST, P,
        "IGRS-CreateSession-Request", .body = IGRS_BODY_CREATE_SESSION,
        .answer = IGRS_CREATE_SESSION_RESPONSE },
    [IGRS_CREATE_SESSION_RESPONSE] = { "CreateSessionResponse", "10.5", IGRS_RESPONSE, P,
        "IGRS-CreateSession-Response", .body = IGRS_BODY_SESSION_CREATED },
    [IGRS_DESTROY_SESSION_NOTIFY] = { "DestroySessionNotify", "10.5", IGRS_NOTIFY, P,
        "IGRS-DestroySession-Notify", .body = IGRS_BODY_DESTROY_SESSION },
    [IGRS_APPLY_SESSION_KEY_REQUEST] = { "ApplySessionKeyRequest", "10.5", IGRS_REQUEST, P,
        "IGRS-ApplySessionKey-Request", .body = IGRS_BODY_ASK_SESSION_KEY,
        .answer = IGRS_APPLY_SESSION_KEY_RESPONSE },
    [IGRS_APPLY_SESSION_KEY_RESPONSE] = { "ApplySessionKeyResponse", "10.5", IGRS_RESPONSE, P,
        "IGRS-ApplySessionKey-Response", .body = IGRS_BODY_SESSION_KEY },
    [IGRS_TRANSFER_SESSION_KEY_REQUEST] = { "TransferSessionKeyRequest", "10.5", IGRS_REQUEST, P,
        "IGRS-TransferSessionKey-Request", .body = IGRS_BODY_ASK_SESSION_KEY,
        .answer = IGRS_TRANSFER_SESSION_KEY_RESPONSE },
    [IGRS_TRANSFER_SESSION_KEY_RESPONSE] = { "TransferSessionKeyResponse", "10.5", IGRS_RESPONSE, P,
        "IGRS-TransferSessionKey-Response", .body = IGRS_BODY_SESSION_KEY },
    [IGRS_INVOKE_SERVICE_REQUEST] = { "InvokeServiceRequest", "10.6", IGRS_REQUEST, P,
        "IGRS-InvokeService-Request", .body = IGRS_BODY_INVOKE, .answer = IGRS_INVOKE_SERVICE_RESPONSE },
    [IGRS_INVOKE_SERVICE_RESPONSE] = { "InvokeServiceResponse", "10.6", IGRS_RESPONSE, P,
        "IGRS-InvokeService-Response", .body = IGRS_BODY_INVOKED },
    [IGRS_SEND_NOTIFICATION] = { "SendNotification", "10.6", IGRS_NOTIFY, P,
        "IGRS-Send-Notification", .body = IGRS_BODY_NOTIFICATION },
};

static IgrsMessageType
find_type(const char *name)
{
    if (strcmp(name, "UnSubscribeServiceEventNotify") == 0) /* how it ought to be spelled */
        return IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY;
    for (IgrsMessageType type = IGRS_NO_MESSAGE + 1; type < IGRS_MESSAGE_N; type++)
        if (strcmp(rows[type].name, name) == 0)
            return type;
    return IGRS_NO_MESSAGE;
}

const char *
igrs_message_name(IgrsMessageType type)
{
    return rows[type].name;
}

const char *
igrs_message_clause(IgrsMessageType type)
{
    return rows[type].clause;
}

IgrsRole
igrs_message_role(IgrsMessageType type)
{
    return rows[type].role;
}

unsigned
igrs_message_transports(IgrsMessageType type)
{
    return rows[type].transports;
}

IgrsMessageType
igrs_message_answer(IgrsMessageType type)
{
    return rows[type].answer;
}

/* -- Encoding --------------------------------------------------------------------------------- */

static const XmlField *
body_of(const IgrsMessage *message)
{
    IgrsBody body = rows[message->type].body;

    if (body == IGRS_BODY_DESTROY_SESSION && message->is_from_service)
        body = IGRS_BODY_DESTROY_SESSION_BY_SERVICE;
    return body == IGRS_BODY_NONE ? NULL : &igrs_bodies[body];
}

GBytes *
igrs_message_encode_body(const IgrsMessage *message)
{
    const XmlField *body = body_of(message);
    XmlWriter writer;

    if (body == NULL)
        return NULL;
    xml_writer_init(&writer, g_string_sized_new(1024));
    soap_write_start(&writer);
    xml_field_write(&writer, body, message);
    soap_write_end(&writer);
    return g_string_free_to_bytes(writer.out);
}

static void
add_man(HttpHeads *heads, const char *uri, const char *prefix)
{
    g_autofree char *value = g_strdup_printf("\"%s\";ns=%s", uri, prefix);

    http_heads_add(heads, "Man", value);
}

/* What the member says on the wire; NULL when it is not set. */
static char *
head_value(const IgrsMessage *message, Head head)
{
    const void *value = (const char *)message + head_rows[head].offset;

    if (head_rows[head].kind == HEAD_NUMBER)
        return *(const uint32_t *)value == 0 ? NULL
                                             : g_strdup_printf("%" G_GUINT32_FORMAT, *(const uint32_t *)value);
    const char *text = *(char *const *)value;
    if (text != NULL && head_rows[head].kind == HEAD_PERCENT)
        return text_percent_encode(text);
    return g_strdup(text);
}

static void
add_head(HttpHeads *heads, Head head, const char *value)
{
    g_autofree char *name = g_strconcat("01-", head_rows[head].name, NULL);

    http_heads_add(heads, name, value);
}

void
igrs_message_encode_heads(const IgrsMessage *message, HttpHeads *heads)
{
    const Row *row = &rows[message->type];
    unsigned wanted = role_heads[row->role] | row->heads;

    if (row->role == IGRS_RESPONSE && row->transports == IGRS_PIPE) {
        http_heads_add(heads, "Ext", "");
        http_heads_add(heads, "Cache-Control", IGRS_CACHE_CONTROL);
    }
    add_man(heads, IGRS_MAN, "01");
    add_head(heads, HEAD_VERSION, IGRS_VERSION);
    add_head(heads, HEAD_TYPE, row->name);
    for (Head head = HEAD_TARGET; head < HEAD_N; head++) {
        g_autofree char *value = (wanted & BIT(head)) == 0 ? NULL : head_value(message, head);
        if (value != NULL)
            add_head(heads, head, value);
    }
    if (row->action != NULL) {
        g_autofree char *action = g_strdup_printf("\"%s\"", row->action);
        add_man(heads, IGRS_MAN_SOAP, "02");
        http_heads_add(heads, "02-SoapAction", action);
    }
}

/* -- Decoding: extensions --------------------------------------------------------------------- */

#define UNKNOWN_HEADS_MAX 16
#define PREFIX_MAX 8

static bool
refuse(int code, GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, IGRS_MESSAGE_ERROR, code, reason);
    return false;
}

/* A quoted string or what stands before the next ';', ',' or blank; *at moves behind it. False when a
 * quote does not end. */
static bool
take_word(const char **at, char **word)
{
    const char *begin = *at;
    size_t length;

    if (*begin == '"') {
        const char *end = strchr(++begin, '"');
        if (end == NULL)
            return false;
        length = (size_t)(end - begin);
        *at = end + 1;
    } else {
        length = strcspn(begin, ";, \t");
        *at = begin + length;
    }
    g_free(*word);
    *word = g_strndup(begin, length);
    return true;
}

static void
skip_blanks(const char **at)
{
    *at += strspn(*at, " \t");
}

/* One declaration of RFC 2774 clause 3, "uri" *(; name=value); prefix becomes the value of ns. */
static bool
take_declaration(const char **at, char **uri, char **prefix)
{
    g_autofree char *name = NULL, *value = NULL;

    if (!take_word(at, uri) || **uri == '\0')
        return false;
    for (skip_blanks(at); **at == ';'; skip_blanks(at)) {
        ++*at;
        skip_blanks(at);
        size_t length = strcspn(*at, "=;, \t");
        g_free(name);
        name = g_strndup(*at, length);
        *at += length;
        skip_blanks(at);
        if (**at != '=')
            continue;
        ++*at;
        skip_blanks(at);
        if (!take_word(at, &value))
            return false;
        if (g_ascii_strcasecmp(name, "ns") == 0) {
            g_free(*prefix);
            *prefix = g_steal_pointer(&value);
        }
    }
    return **at == ',' || **at == '\0';
}

static bool
is_prefix(const char *prefix)
{
    return *prefix != '\0' && strlen(prefix) <= PREFIX_MAX && strspn(prefix, "0123456789") == strlen(prefix);
}

/* Reads one Man; ours becomes the prefix of our extension, which stays as it is when this has none. */
static bool
read_man(const char *value, char **ours, GError **error)
{
    static const char *const others[] = { ISDP_DISCOVER, "ssdp:discover", NULL };

    for (const char *at = value; *at != '\0';) {
        g_autofree char *uri = NULL, *prefix = NULL;
        skip_blanks(&at);
        if (*at == ',') {
            at++;
            continue;
        }
        if (*at == '\0')
            break;
        if (!take_declaration(&at, &uri, &prefix))
            return refuse(IGRS_ERROR_BAD_REQUEST, error, "Man cannot be read: %s", value);
        if (strcmp(uri, IGRS_MAN) == 0 || strcmp(uri, IGRS_MAN_OLD) == 0) {
            if (prefix != NULL && !is_prefix(prefix))
                return refuse(IGRS_ERROR_BAD_REQUEST, error, "Man has no good ns: %s", value);
            if (*ours == NULL)
                *ours = prefix == NULL ? g_strdup("") : g_strconcat(prefix, "-", NULL);
        } else if (!soap_is_envelope_namespace(uri) && !g_strv_contains(others, uri)) {
            return refuse(IGRS_ERROR_NOT_EXTENDED, error, "an extension is not known: %s", uri);
        }
    }
    return true;
}

/* What stands before the names of our heads: "01-" or its like; NULL with an error. */
static char *
find_prefix(const HttpHeads *heads, GError **error)
{
    g_autofree char *prefix = NULL;

    for (const HttpHead *head = heads->items; head->name != NULL; head++)
        if (g_ascii_strcasecmp(head->name, "Man") == 0 && !read_man(head->value, &prefix, error))
            return NULL;
    if (prefix == NULL)
        refuse(IGRS_ERROR_NOT_EXTENDED, error, "no Man of IGRS");
    return g_steal_pointer(&prefix);
}

/* -- Decoding: heads -------------------------------------------------------------------------- */

static void
note_unknown(IgrsMessage *message, const HttpHead *head)
{
    if (message->unknown == NULL)
        message->unknown = g_ptr_array_new_with_free_func(g_free);
    if (message->unknown->len < UNKNOWN_HEADS_MAX)
        g_ptr_array_add(message->unknown, g_strdup_printf("%s: %s", head->name, head->value));
}

static Head
find_head(const char *name)
{
    for (Head head = 0; head < HEAD_N; head++)
        if (g_ascii_strcasecmp(head_rows[head].name, name) == 0)
            return head;
    return HEAD_N;
}

/* Sorts our heads into values, borrowed. */
static bool
sort_heads(const HttpHeads *heads, IgrsMessage *message, const char *values[HEAD_N], GError **error)
{
    g_autofree char *prefix = find_prefix(heads, error);

    if (prefix == NULL)
        return false;
    size_t length = strlen(prefix);
    for (const HttpHead *item = heads->items; item->name != NULL; item++) {
        if (g_ascii_strncasecmp(item->name, prefix, length) != 0)
            continue;
        Head head = find_head(item->name + length);
        if (head == HEAD_N) {
            if (length > 0)
                note_unknown(message, item);
            continue;
        }
        if (values[head] != NULL)
            return refuse(IGRS_ERROR_BAD_REQUEST, error, "%s comes twice", head_rows[head].name);
        values[head] = item->value;
    }
    return true;
}

/* IGRS/<major>.<minor> (FACTS.md 2.2) */
static bool
check_version(const char *version, GError **error)
{
    if (version == NULL)
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "IGRSVersion is missing");
    if (!g_regex_match_simple("^IGRS/[0-9]{1,4}\\.[0-9]{1,4}$", version, G_REGEX_CASELESS, 0))
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "IGRSVersion cannot be read: %s", version);
    if (g_ascii_strcasecmp(version, IGRS_VERSION) != 0)
        return refuse(IGRS_ERROR_VERSION, error, "IGRS version not supported: %s", version);
    return true;
}

/* The type, when a message of it may come this way. */
static bool
check_type(const char *name, IgrsWay way, IgrsMessageType *type, GError **error)
{
    if (name == NULL)
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "IGRSMessageType is missing");
    *type = find_type(name);
    if (*type == IGRS_NO_MESSAGE)
        return refuse(IGRS_ERROR_UNKNOWN_TYPE, error, "IGRSMessageType is not known: %s", name);
    const Row *row = &rows[*type];
    bool is_by_pipe = (row->transports & IGRS_PIPE) != 0;
    bool is_right = way == IGRS_BY_DATAGRAM ? (row->transports & (IGRS_MULTICAST | IGRS_UNICAST)) != 0
                    : way == IGRS_BY_REPLY  ? is_by_pipe && row->role == IGRS_RESPONSE
                                            : is_by_pipe && row->role != IGRS_RESPONSE;
    return is_right || refuse(IGRS_ERROR_BAD_REQUEST, error, "%s does not come this way", name);
}

static bool
read_head(IgrsMessage *message, Head head, const char *value, GError **error)
{
    void *member = (char *)message + head_rows[head].offset;
    char **text = member;

    if (head_rows[head].kind == HEAD_NUMBER)
        return text_to_u32(value, 1, head_rows[head].max, member) ||
               refuse(IGRS_ERROR_BAD_REQUEST, error, "%s is no such number: %s", head_rows[head].name, value);
    if (head_rows[head].kind == HEAD_DEVICE_ID && igrs_device_id_uuid(value) == NULL)
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "%s is no DeviceId: %s", head_rows[head].name, value);
    g_free(*text);
    *text = head_rows[head].kind == HEAD_PERCENT ? text_percent_decode(value) : NULL;
    if (*text == NULL) /* also what claims to be percent-encoded and is not */
        *text = g_strdup(value);
    return true;
}

/* Heads win over what the body said, but may not contradict it. */
static bool
read_heads(IgrsMessage *message, const char *const values[HEAD_N], IgrsWay way, GError **error)
{
    uint32_t sequence_id = message->sequence_id, acknowledge_id = message->acknowledge_id;
    unsigned needed = way_needs[way][rows[message->type].role];

    for (Head head = HEAD_TARGET; head < HEAD_N; head++) {
        if (values[head] == NULL && (needed & BIT(head)) != 0)
            return refuse(IGRS_ERROR_BAD_REQUEST, error, "%s is missing", head_rows[head].name);
        if (values[head] != NULL && !read_head(message, head, values[head], error))
            return false;
    }
    if (message->flaw == NULL && ((sequence_id != 0 && sequence_id != message->sequence_id) ||
                                  (acknowledge_id != 0 && acknowledge_id != message->acknowledge_id)))
        message->flaw = g_strdup("body and head do not have the same number");
    if (way == IGRS_BY_REPLY && (message->acknowledge_id == 0 || message->return_code == 0))
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "AcknowledgeId or ReturnCode is missing");
    return true;
}

/* -- Decoding: the body ------------------------------------------------------------------------ */

static bool
read_body(IgrsMessage *message, const void *data, size_t size, GError **error)
{
    g_autoptr(GError) reason = NULL;
    const XmlField *body = body_of(message);

    if (body == NULL || (size == 0 && rows[message->type].role == IGRS_RESPONSE))
        return true;
    g_autoptr(XmlDocument) document = xml_parse(data, size, &reason);
    const XmlNode *child = document == NULL ? NULL : soap_body(document, &reason);
    if (child == NULL)
        return refuse(IGRS_ERROR_BAD_REQUEST, error, "%s", reason->message);
    if (strcmp(xml_name(child), body->element) != 0) {
        message->flaw = g_strdup_printf("%s where %s belongs", xml_name(child), body->element);
        return true;
    }
    message->is_from_service = xml_first(child, "SourceServiceId") != NULL;
    if (message->unknown == NULL)
        message->unknown = g_ptr_array_new_with_free_func(g_free);
    if (!xml_field_read(child, body_of(message), message, message->unknown, &reason))
        message->flaw = g_strdup(reason->message);
    if (message->unknown->len == 0)
        g_clear_pointer(&message->unknown, g_ptr_array_unref);
    return true;
}

IgrsMessage *
igrs_message_decode(const HttpHeads *heads, const void *body, size_t body_size, IgrsWay way,
                    GError **error)
{
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_NO_MESSAGE);
    const char *values[HEAD_N] = { NULL };

    if (!sort_heads(heads, message, values, error) || !check_version(values[HEAD_VERSION], error) ||
        !check_type(values[HEAD_TYPE], way, &message->type, error) ||
        !read_body(message, body, body_size, error) || !read_heads(message, values, way, error))
        return NULL;
    return g_steal_pointer(&message);
}
