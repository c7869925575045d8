/* igrs-message-table.c -- every message type, a row each (FACTS.md section 3, PROFILE.md 2) */
#include "wire/igrs-message-table.h"

#include <string.h>

#define NAME(text) text, sizeof text - 1

const IgrsHeadRow igrs_head_rows[HEAD_N] = {
    [HEAD_VERSION] = { NAME("IGRSVersion"), HEAD_TEXT, 0, 0 },
    [HEAD_TYPE] = { NAME("IGRSMessageType"), HEAD_TEXT, 0, 0 },
#define TEXT(member) HEAD_TEXT, offsetof(IgrsMessage, member), 0
#define PERCENT(member) HEAD_PERCENT, offsetof(IgrsMessage, member), 0
#define NUMBER(member, max) HEAD_NUMBER, offsetof(IgrsMessage, member), max
    [HEAD_TARGET] = { NAME("TargetDeviceId"), HEAD_DEVICE_ID, offsetof(IgrsMessage, target_id), 0 },
    [HEAD_SOURCE] = { NAME("SourceDeviceId"), HEAD_DEVICE_ID, offsetof(IgrsMessage, source_id), 0 },
    [HEAD_SEQUENCE] = { NAME("SequenceId"), NUMBER(sequence_id, UINT32_MAX) },
    [HEAD_ACKNOWLEDGE] = { NAME("AcknowledgeId"), NUMBER(acknowledge_id, UINT32_MAX) },
    [HEAD_RETURN_CODE] = { NAME("ReturnCode"), NUMBER(return_code, UINT16_MAX) },
    [HEAD_DEVICE_TYPE] = { NAME("DeviceType"), TEXT(device_type) },
    [HEAD_DEVICE_NAME] = { NAME("DeviceName"), PERCENT(device_name) },
    [HEAD_DEVICE_SECURITY] = { NAME("DeviceSecurityId"), TEXT(device_security_ids) },
    [HEAD_SERVICE_ID] = { NAME("ServiceId"), NUMBER(service_id, UINT32_MAX) },
    [HEAD_SERVICE_NAME] = { NAME("ServiceName"), PERCENT(service_name) },
    [HEAD_SERVICE_TYPE] = { NAME("ServiceType"), TEXT(service_type) },
    [HEAD_GROUP_ID] = { NAME("DeviceGroupId"), TEXT(group_id) },
    [HEAD_GROUP_NAME] = { NAME("DeviceGroupName"), PERCENT(group_name) },
    [HEAD_LOCATION] = { NAME("Location"), TEXT(location) },
    [HEAD_CERTIFICATE] = { NAME("Certificate"), TEXT(certificate) },
    [HEAD_CHALLENGE] = { NAME("Challenge"), TEXT(challenge) },
    [HEAD_AUTH_DATA] = { NAME("AuthData"), TEXT(auth_data) },
    [HEAD_SIGNATURE] = { NAME("Signature"), TEXT(signature) },
#undef NAME
#undef TEXT
#undef PERCENT
#undef NUMBER
};

#define DEVICE_HEADS (BIT(HEAD_DEVICE_TYPE) | BIT(HEAD_DEVICE_NAME) | BIT(HEAD_DEVICE_SECURITY))
#define SERVICE_HEADS (BIT(HEAD_SERVICE_ID) | BIT(HEAD_SERVICE_NAME) | BIT(HEAD_SERVICE_TYPE))
#define PIPE_HEADS (BIT(HEAD_DEVICE_SECURITY) | BIT(HEAD_LOCATION) | BIT(HEAD_CERTIFICATE))
#define GROUP_HEADS (BIT(HEAD_GROUP_ID) | BIT(HEAD_GROUP_NAME))

#define M IGRS_MULTICAST
#define U IGRS_UNICAST
#define P IGRS_PIPE

const IgrsMessageRow igrs_message_rows[IGRS_MESSAGE_N] = {
    [IGRS_DEVICE_ONLINE_ADVERTISEMENT] = {
        "DeviceOnlineAdvertisement", "9.1", IGRS_ADVERTISEMENT, M,
        .heads = DEVICE_HEADS },
    [IGRS_DEVICE_OFFLINE_ADVERTISEMENT] = {
        "DeviceOfflineAdvertisement", "9.1", IGRS_ADVERTISEMENT, M,
        .heads = BIT(HEAD_DEVICE_TYPE) },
    [IGRS_CREATE_PIPE_REQUEST] = { "CreatePipeRequest", "9.2", IGRS_REQUEST, P,
        .heads = PIPE_HEADS,
        .answer = IGRS_CREATE_PIPE_RESPONSE },
    [IGRS_CREATE_PIPE_RESPONSE] = { "CreatePipeResponse", "9.2", IGRS_RESPONSE, P,
        .heads = PIPE_HEADS },
    [IGRS_AUTHENTICATE_REQUEST] = { "AuthenticateRequest", "9.2", IGRS_REQUEST, P,
        .heads = BIT(HEAD_CHALLENGE), .answer = IGRS_AUTHENTICATE_RESPONSE },
    [IGRS_AUTHENTICATE_RESPONSE] = { "AuthenticateResponse", "9.2", IGRS_RESPONSE, P,
        .heads = BIT(HEAD_CHALLENGE) | BIT(HEAD_AUTH_DATA) },
    [IGRS_AUTHENTICATE_RESULT_REQUEST] = { "AuthenticateResultRequest", "9.2", IGRS_REQUEST, P,
        .heads = BIT(HEAD_AUTH_DATA), .answer = IGRS_AUTHENTICATE_RESULT_RESPONSE },
    [IGRS_AUTHENTICATE_RESULT_RESPONSE] = {
        "AuthenticateResultResponse", "9.2", IGRS_RESPONSE, .transports = P },
    [IGRS_CREATE_PIPE_RESULT_REQUEST] = { "CreatePipeResultRequest", "9.2", IGRS_REQUEST, P,
        .answer = IGRS_CREATE_PIPE_RESULT_RESPONSE },
    [IGRS_CREATE_PIPE_RESULT_RESPONSE] = {
        "CreatePipeResultResponse", "9.2", IGRS_RESPONSE, .transports = P },
    [IGRS_DETACH_PIPE_NOTIFY] = { "DetachPipeNotify", "9.2", IGRS_NOTIFY, .transports = P },
    [IGRS_DEVICE_ONLINE_DETECTION_REQUEST] = {
        "DeviceOnlineDetectionRequest", "9.2", IGRS_REQUEST, P,
        .answer = IGRS_DEVICE_ONLINE_DETECTION_RESPONSE },
    [IGRS_DEVICE_ONLINE_DETECTION_RESPONSE] = { "DeviceOnlineDetectionResponse", "9.2",
        IGRS_RESPONSE, .transports = P },
    [IGRS_GET_DEVICE_DESCRIPTION_REQUEST] = { "GetDeviceDescriptionRequest", "9.3", IGRS_REQUEST, P,
        "IGRS-GetDeviceDescription-Request", .body = IGRS_BODY_ASK_DEVICE_DESCRIPTION,
        .answer = IGRS_GET_DEVICE_DESCRIPTION_RESPONSE },
    [IGRS_GET_DEVICE_DESCRIPTION_RESPONSE] = {
        "GetDeviceDescriptionResponse", "9.3", IGRS_RESPONSE, P,
        "IGRS-GetDeviceDescription-Response", .body = IGRS_BODY_DEVICE_DESCRIPTION },
    [IGRS_PEER_DEVICE_GROUP_ADVERTISEMENT] = { "PeerDeviceGroupAdvertisement", "9.5",
        IGRS_ADVERTISEMENT, M, "IGRS-PeerDeviceGroup-Advertisement", .body = IGRS_BODY_GROUPS },
    [IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY] = { "QuitPeerDeviceGroupNotify", "9.5", IGRS_NOTIFY, M | P,
        .heads = GROUP_HEADS },
    [IGRS_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT] = { "CentralisedDeviceGroupAdvertisement", "9.5",
        IGRS_ADVERTISEMENT, M, "IGRS-CentralisedDeviceGroup-Advertisement",
        .body = IGRS_BODY_GROUPS },
    [IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST] = { "JoinCentralisedDeviceGroupRequest", "9.5",
        IGRS_REQUEST, P, .heads = GROUP_HEADS,
        .answer = IGRS_JOIN_CENTRALISED_DEVICE_GROUP_RESPONSE },
    [IGRS_JOIN_CENTRALISED_DEVICE_GROUP_RESPONSE] = { "JoinCentralisedDeviceGroupResponse", "9.5",
        IGRS_RESPONSE, P, .heads = GROUP_HEADS },
    [IGRS_QUIT_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT] = {
        "QuitCentralisedDeviceGroupAdvertisement",
        "9.5", IGRS_ADVERTISEMENT, M, .heads = GROUP_HEADS },
    [IGRS_QUIT_CENTRALISED_DEVICE_GROUP_NOTIFY] = { "QuitCentralisedDeviceGroupNotify", "9.5",
        IGRS_NOTIFY, P, .heads = GROUP_HEADS },
    [IGRS_SEARCH_DEVICE_REQUEST] = { "SearchDeviceRequest", "9.6", IGRS_REQUEST, M,
        .answer = IGRS_SEARCH_DEVICE_RESPONSE },
    [IGRS_SEARCH_DEVICE_RESPONSE] = { "SearchDeviceResponse", "9.6", IGRS_RESPONSE, U,
        "IGRS-SearchDevice-Response", .body = IGRS_BODY_DEVICES },
    [IGRS_SEARCH_DEVICE_REQUEST_ON_DEVICE] = {
        "SearchDeviceRequestOnDevice", "9.6", IGRS_REQUEST, P,
        "IGRS-SearchDevice-Request-OnDevice", .body = IGRS_BODY_ASK_DEVICES,
        .answer = IGRS_SEARCH_DEVICE_RESPONSE_ON_DEVICE },
    [IGRS_SEARCH_DEVICE_RESPONSE_ON_DEVICE] = {
        "SearchDeviceResponseOnDevice", "9.6", IGRS_RESPONSE, P,
        "IGRS-SearchDevice-Response-OnDevice", .body = IGRS_BODY_DEVICES },
    [IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST] = { "SubscribeDeviceEventRequest", "9.7", IGRS_REQUEST, P,
        "IGRS-SubscribeDeviceEvent-Request", .body = IGRS_BODY_SUBSCRIBE,
        .answer = IGRS_SUBSCRIBE_DEVICE_EVENT_RESPONSE },
    [IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST] = { "RenewSubscriptionDeviceEventRequest", "9.7",
        IGRS_REQUEST, P, "IGRS-RenewSubscriptionDeviceEvent-Request", .body = IGRS_BODY_SUBSCRIBE,
        .answer = IGRS_SUBSCRIBE_DEVICE_EVENT_RESPONSE },
    [IGRS_SUBSCRIBE_DEVICE_EVENT_RESPONSE] = {
        "SubscribeDeviceEventResponse", "9.7", IGRS_RESPONSE, P,
        "IGRS-SubscribeDeviceEvent-Response", .body = IGRS_BODY_SUBSCRIBED },
    [IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY] = { "UnSubscribeDeviceEventNotify", "9.7, 10.3",
        IGRS_NOTIFY, P, "IGRS-UnSubscribeDeviceEvent-Notify", .body = IGRS_BODY_UNSUBSCRIBE },
    [IGRS_NOTIFY_DEVICE_EVENT] = { "NotifyDeviceEvent", "9.7", IGRS_NOTIFY, P,
        "IGRS-DeviceEvent-Notify", .body = IGRS_BODY_EVENT },
    [IGRS_SEARCH_DEVICE_GROUP_REQUEST] = { "SearchDeviceGroupRequest", "9.8", IGRS_REQUEST, M,
        .answer = IGRS_SEARCH_DEVICE_GROUP_RESPONSE },
    [IGRS_SEARCH_DEVICE_GROUP_RESPONSE] = { "SearchDeviceGroupResponse", "9.8", IGRS_RESPONSE, U,
        "IGRS-SearchDeviceGroup-Response", .body = IGRS_BODY_GROUPS },
    [IGRS_SERVICE_ONLINE_ADVERTISEMENT] = {
        "ServiceOnlineAdvertisement", "10.1", IGRS_ADVERTISEMENT, M,
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
    [IGRS_SEARCH_SERVICE_REQUEST_ON_DEVICE] = {
        "SearchServiceRequestOnDevice", "10.2", IGRS_REQUEST, P,
        "IGRS-SearchService-Request-OnDevice", .body = IGRS_BODY_ASK_SERVICES,
        .answer = IGRS_SEARCH_SERVICE_RESPONSE_ON_DEVICE },
    [IGRS_SEARCH_SERVICE_RESPONSE_ON_DEVICE] = { "SearchServiceResponseOnDevice", "10.2",
        IGRS_RESPONSE, P, "IGRS-SearchService-Response-OnDevice", .body = IGRS_BODY_SERVICES },
    [IGRS_SUBSCRIBE_SERVICE_EVENT_REQUEST] = {
        "SubscribeServiceEventRequest", "10.3", IGRS_REQUEST, P,
        "IGRS-SubscribeServiceEvent-Request", .body = IGRS_BODY_SUBSCRIBE,
        .answer = IGRS_SUBSCRIBE_SERVICE_EVENT_RESPONSE },
    [IGRS_RENEW_SUBSCRIPTION_SERVICE_EVENT_REQUEST] = {
        "RenewSubscriptionServiceEventRequest", "10.3",
        IGRS_REQUEST, P, "IGRS-RenewSubscriptionServiceEvent-Request", .body = IGRS_BODY_SUBSCRIBE,
        .answer = IGRS_SUBSCRIBE_SERVICE_EVENT_RESPONSE },
    [IGRS_SUBSCRIBE_SERVICE_EVENT_RESPONSE] = { "SubscribeServiceEventResponse", "10.3",
        IGRS_RESPONSE, P, "IGRS-SubscribeServiceEvent-Response", .body = IGRS_BODY_SUBSCRIBED },
    [IGRS_NOTIFY_SERVICE_EVENT] = { "NotifyServiceEvent", "10.3", IGRS_NOTIFY, P,
        "IGRS-ServiceEvent-Notify", .body = IGRS_BODY_EVENT },
    [IGRS_GET_SERVICE_DESCRIPTION_REQUEST] = {
        "GetServiceDescriptionRequest", "10.4", IGRS_REQUEST, P,
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
        "IGRS-InvokeService-Request", .body = IGRS_BODY_INVOKE,
        .answer = IGRS_INVOKE_SERVICE_RESPONSE },
    [IGRS_INVOKE_SERVICE_RESPONSE] = { "InvokeServiceResponse", "10.6", IGRS_RESPONSE, P,
        "IGRS-InvokeService-Response", .body = IGRS_BODY_INVOKED },
    [IGRS_SEND_NOTIFICATION] = { "SendNotification", "10.6", IGRS_NOTIFY, P,
        "IGRS-Send-Notification", .body = IGRS_BODY_NOTIFICATION },
};

/* Made once, never freed: every message that comes is looked up in it. */
static GHashTable *
types_by_name(void)
{
    static GHashTable *types;

    if (g_once_init_enter(&types)) {
        GHashTable *made = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint type = IGRS_NO_MESSAGE + 1; type < IGRS_MESSAGE_N; type++)
            g_hash_table_insert(made, (gpointer)igrs_message_rows[type].name,
                                GUINT_TO_POINTER(type));
        g_once_init_leave(&types, made);
    }
    return types;
}

IgrsMessageType
igrs_message_find_type(const char *name)
{
    if (strcmp(name, "UnSubscribeServiceEventNotify") == 0) /* how it ought to be spelled */
        return IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY;
    return (IgrsMessageType)GPOINTER_TO_UINT(g_hash_table_lookup(types_by_name(), name));
}

const char *
igrs_message_name(IgrsMessageType type)
{
    return igrs_message_rows[type].name;
}

const char *
igrs_message_clause(IgrsMessageType type)
{
    return igrs_message_rows[type].clause;
}

IgrsRole
igrs_message_role(IgrsMessageType type)
{
    return igrs_message_rows[type].role;
}

unsigned
igrs_message_transports(IgrsMessageType type)
{
    return igrs_message_rows[type].transports;
}

IgrsMessageType
igrs_message_answer(IgrsMessageType type)
{
    return igrs_message_rows[type].answer;
}

const XmlField *
igrs_message_body(const IgrsMessage *message)
{
    IgrsBody body = igrs_message_rows[message->type].body;

    if (body == IGRS_BODY_DESTROY_SESSION && message->is_from_service)
        body = IGRS_BODY_DESTROY_SESSION_BY_SERVICE;
    return body == IGRS_BODY_NONE ? NULL : &igrs_bodies[body];
}
