/* igrs-body.c -- see igrs-body.h; the order of rows is the order on the wire */
#include "wire/igrs-body.h"

#define LIST_MAX 1024 /* entries of a list */
#define RETURN_CODE_MAX 65535

#define AT(member) offsetof(IgrsMessage, member)
#define END { NULL, .offset = 0 }

#define SEQUENCE { "SequenceId", XML_FIELD_NUMBER, .offset = AT(sequence_id) }
#define ACKNOWLEDGED                                          \
    { "AcknowledgeId", XML_FIELD_NUMBER, .offset = AT(acknowledge_id) }, \
    { "ReturnCode", XML_FIELD_NUMBER, .offset = AT(return_code), .max = RETURN_CODE_MAX }
#define SESSION_OF_CLIENT                                                        \
    { "SourceClientId", XML_FIELD_NUMBER, .offset = AT(client_id), .is_required = true },  \
    { "TargetServiceId", XML_FIELD_NUMBER, .offset = AT(service_id), .is_required = true }
#define SESSION_OF_SERVICE                                                       \
    { "SourceServiceId", XML_FIELD_NUMBER, .offset = AT(service_id), .is_required = true }, \
    { "TargetClientId", XML_FIELD_NUMBER, .offset = AT(client_id), .is_required = true }

/* -- Entries of lists ------------------------------------------------------------------------- */

static gpointer
make_device(void)
{
    return g_new0(IgrsDeviceEntry, 1);
}

static gpointer
make_service(void)
{
    return igrs_service_entry_new();
}

static gpointer
make_group(void)
{
    return igrs_group_entry_new();
}

static const XmlField device_entry[] = {
    { "DeviceId", XML_FIELD_TEXT, .offset = offsetof(IgrsDeviceEntry, id), .is_required = true },
    { "DeviceType", XML_FIELD_TEXT, .offset = offsetof(IgrsDeviceEntry, type),
      .is_required = true },
    { "DeviceName", XML_FIELD_TEXT, .offset = offsetof(IgrsDeviceEntry, name) },
    { "Location", XML_FIELD_TEXT, .offset = offsetof(IgrsDeviceEntry, location) },
    END,
};

static const XmlField service_entry[] = {
    { "DeviceId", XML_FIELD_TEXT, .offset = offsetof(IgrsServiceEntry, device_id),
      .is_required = true },
    { "ServiceId", XML_FIELD_NUMBER, .offset = offsetof(IgrsServiceEntry, id),
      .is_required = true },
    { "ServiceType", XML_FIELD_TEXT, .offset = offsetof(IgrsServiceEntry, type),
      .is_required = true },
    { "ServiceName", XML_FIELD_TEXT, .offset = offsetof(IgrsServiceEntry, name) },
    { "ServiceSecurityId", XML_FIELD_TEXTS, .offset = offsetof(IgrsServiceEntry, security_ids),
      .max = IGRS_SERVICE_SECURITY_MAX },
    END,
};

static const XmlField group_entry[] = {
    { "DeviceGroupId", XML_FIELD_TEXT, .offset = offsetof(IgrsGroupEntry, id),
      .is_required = true },
    { "DeviceGroupName", XML_FIELD_TEXT, .offset = offsetof(IgrsGroupEntry, name) },
    { "GroupType", XML_FIELD_TEXT, .offset = offsetof(IgrsGroupEntry, type) },
    { "MasterDeviceId", XML_FIELD_TEXT, .offset = offsetof(IgrsGroupEntry, master_id) },
    { "Member", XML_FIELD_TEXTS, .offset = offsetof(IgrsGroupEntry, members), .max = LIST_MAX },
    END,
};

/* -- Bodies ----------------------------------------------------------------------------------- */

static const XmlField sequence[] = { SEQUENCE, END };

static const XmlField device_description[] = {
    ACKNOWLEDGED,
    { "root", XML_FIELD_DOCUMENT, .offset = AT(document) },
    END,
};

static const XmlField ask_service_description[] = {
    SEQUENCE,
    { "TargetServiceId", XML_FIELD_NUMBER, .offset = AT(service_id), .is_required = true },
    END,
};

static const XmlField service_description[] = {
    ACKNOWLEDGED,
    { "definitions", XML_FIELD_DOCUMENT, .offset = AT(document) },
    END,
};

static const XmlField ask_devices[] = {
    SEQUENCE,
    { "DeviceType", XML_FIELD_TEXT, .offset = AT(device_type) },
    END,
};

static const XmlField devices[] = {
    ACKNOWLEDGED,
    { "Device", XML_FIELD_LIST, .offset = AT(devices), .fields = device_entry, .make = make_device,
      .max = LIST_MAX },
    END,
};

static const XmlField ask_services[] = {
    SEQUENCE,
    { "ServiceType", XML_FIELD_TEXT, .offset = AT(service_type) },
    END,
};

static const XmlField services[] = {
    ACKNOWLEDGED,
    { "Service", XML_FIELD_LIST, .offset = AT(services), .fields = service_entry,
      .make = make_service, .max = LIST_MAX },
    END,
};

static const XmlField groups[] = {
    ACKNOWLEDGED,
    { "DeviceGroup", XML_FIELD_LIST, .offset = AT(groups), .fields = group_entry,
      .make = make_group, .max = LIST_MAX },
    END,
};

static const XmlField subscribe[] = {
    SEQUENCE,
    { "location", XML_FIELD_TEXT, .offset = AT(location) },
    { "expirationTime", XML_FIELD_TIME, .offset = AT(expires_s) },
    { "DeviceType", XML_FIELD_TEXT, .offset = AT(device_type) },
    { "ServiceType", XML_FIELD_TEXT, .offset = AT(service_type) },
    { "subscriptionId", XML_FIELD_NUMBER, .offset = AT(subscription_id) }, /* to renew it */
    END,
};

static const XmlField subscribed[] = {
    ACKNOWLEDGED,
    { "subscriptionId", XML_FIELD_NUMBER, .offset = AT(subscription_id) },
    { "terminationTime", XML_FIELD_TIME, .offset = AT(expires_s) },
    END,
};

static const XmlField unsubscribe[] = {
    { "subscriptionId", XML_FIELD_NUMBER, .offset = AT(subscription_id), .is_required = true },
    END,
};

static const XmlField event[] = {
    { "subscriptionId", XML_FIELD_NUMBER, .offset = AT(subscription_id), .is_required = true },
    { "DeviceId", XML_FIELD_TEXT, .offset = AT(device_id), .is_required = true },
    { "ServiceId", XML_FIELD_NUMBER, .offset = AT(service_id) },
    { "DeviceType", XML_FIELD_TEXT, .offset = AT(device_type) },
    { "ServiceType", XML_FIELD_TEXT, .offset = AT(service_type) },
    { "State", XML_FIELD_TEXT, .offset = AT(state), .is_required = true },
    END,
};

static const XmlField user_info[] = {
    { "SourceUserId", XML_FIELD_TEXT, .offset = AT(user_id), .fallback = IGRS_USER_NULL,
      .max = IGRS_USER_ID_MAX },
    { "ServiceSecurityId", XML_FIELD_TEXT, .offset = AT(service_security_id),
      .fallback = IGRS_SERVICE_SECURITY_NULL },
    { "Token", XML_FIELD_TEXT, .offset = AT(token), .fallback = "" },
    END,
};

static const XmlField create_session[] = {
    SESSION_OF_CLIENT,
    SEQUENCE,
    { "UserInfo", XML_FIELD_GROUP, .fields = user_info },
    END,
};

static const XmlField session_created[] = { SESSION_OF_SERVICE, ACKNOWLEDGED, END };
static const XmlField destroy_session[] = { SESSION_OF_CLIENT, SEQUENCE, END };
static const XmlField destroy_session_by_service[] = { SESSION_OF_SERVICE, SEQUENCE, END };

static const XmlField ask_session_key[] = {
    SESSION_OF_CLIENT,
    SEQUENCE,
    { "Token", XML_FIELD_TEXT, .offset = AT(token) },
    END,
};

static const XmlField session_key[] = {
    ACKNOWLEDGED,
    { "SessionKeyId", XML_FIELD_TEXT, .offset = AT(session_key_id) },
    { "expirationTime", XML_FIELD_TIME, .offset = AT(expires_s) },
    END,
};

static const XmlField invoke[] = {
    SESSION_OF_CLIENT,
    SEQUENCE,
    { "InvokeArguments", XML_FIELD_CALL, .offset = AT(call), .is_required = true },
    END,
};

static const XmlField fault[] = {
    { "code", XML_FIELD_NUMBER, .offset = AT(fault_code), .max = RETURN_CODE_MAX },
    { "description", XML_FIELD_TEXT, .offset = AT(fault_description) },
    END,
};

static const XmlField invoked[] = {
    SESSION_OF_SERVICE,
    ACKNOWLEDGED,
    { "Fault", XML_FIELD_GROUP, .fields = fault },
    { "InvokeArguments", XML_FIELD_CALL, .offset = AT(call) },
    END,
};

static const XmlField notification[] = {
    SESSION_OF_SERVICE,
    SEQUENCE,
    { "InvokeArguments", XML_FIELD_CALL, .offset = AT(call), .is_required = true },
    END,
};

#define BODY(name, rows) \
    { name, XML_FIELD_GROUP, .is_required = true, .namespace = IGRS_NS_SPEC, .fields = rows }

const XmlField igrs_bodies[IGRS_BODY_N] = {
    [IGRS_BODY_ASK_DEVICE_DESCRIPTION] = BODY("GetDeviceDescription", sequence),
    [IGRS_BODY_DEVICE_DESCRIPTION] = BODY("DeviceDescription", device_description),
    [IGRS_BODY_ASK_SERVICE_DESCRIPTION] = BODY("GetServiceDescription", ask_service_description),
    [IGRS_BODY_SERVICE_DESCRIPTION] = BODY("ServiceDescription", service_description),
    [IGRS_BODY_ASK_DEVICES] = BODY("SearchDevice", ask_devices),
    [IGRS_BODY_DEVICES] = BODY("SearchDevice", devices),
    [IGRS_BODY_ASK_SERVICES] = BODY("SearchService", ask_services),
    [IGRS_BODY_SERVICES] = BODY("SearchService", services),
    [IGRS_BODY_GROUPS] = BODY("SearchDeviceGroup", groups),
    [IGRS_BODY_SUBSCRIBE] = BODY("Subscription", subscribe),
    [IGRS_BODY_SUBSCRIBED] = BODY("Subscription", subscribed),
    [IGRS_BODY_UNSUBSCRIBE] = BODY("Subscription", unsubscribe),
    [IGRS_BODY_EVENT] = BODY("Event", event),
    [IGRS_BODY_SERVICE] = { "Service", XML_FIELD_LIST, .offset = AT(services), .max = 1,
                            .namespace = IGRS_NS_SPEC, .fields = service_entry,
                            .make = make_service },
    [IGRS_BODY_CREATE_SESSION] = BODY("Session", create_session),
    [IGRS_BODY_SESSION_CREATED] = BODY("Session", session_created),
    [IGRS_BODY_DESTROY_SESSION] = BODY("Session", destroy_session),
    [IGRS_BODY_DESTROY_SESSION_BY_SERVICE] = BODY("Session", destroy_session_by_service),
    [IGRS_BODY_ASK_SESSION_KEY] = BODY("SessionKey", ask_session_key),
    [IGRS_BODY_SESSION_KEY] = BODY("SessionKey", session_key),
    [IGRS_BODY_INVOKE] = BODY("Session", invoke),
    [IGRS_BODY_INVOKED] = BODY("Session", invoked),
    [IGRS_BODY_NOTIFICATION] = BODY("Session", notification),
};
