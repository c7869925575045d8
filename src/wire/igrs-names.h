/* igrs-names.h -- every string and number of IGRS that FACTS.md could not prove, and those it could
 *
 * The one place to correct when a capture of a real device or the text of the standard says
 * otherwise (docs/igrs/PROFILE.md preamble). Clauses are those of PROFILE.md unless said
 * otherwise. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Namespaces (FACTS.md 4.2) and Man URIs (FACTS.md 2.2) */
#define IGRS_NS_SPEC "http://www.igrs.org/spec1.0"
#define IGRS_NS_DEVICE "http://www.igrs.org/igrs/DeviceTemplate"
#define IGRS_NS_SERVICE "http://www.igrs.org/igrs/ServiceDescription"
#define IGRS_NS_BINDING "http://www.igrs.org/igrs/"
#define IGRS_NS_EXTENSION "urn:duoping:igrs" /* our own additions */
#define IGRS_TRANSPORT_PIPE "http://www.igrs.org/igrs/igrspipe"
#define IGRS_MAN IGRS_NS_SPEC
#define IGRS_MAN_OLD "http://www.igrs.org/session" /* taken, never sent */
#define IGRS_MAN_SOAP "http://www.w3.org/2002/12/soap-envelope"

/* Pipes (1, 2) */
#define IGRS_METHOD "M-POST"
#define IGRS_PATH "/IGRS"
#define IGRS_MIME "text/xml; charset=utf-8"
#define IGRS_VERSION "IGRS/1.0"
#define IGRS_CACHE_CONTROL "no-cache=\"Ext\""
#define IGRS_PORT 3880

/* Discovery (1, 3) */
#define IGRS_GROUP "239.255.255.250"
#define IGRS_GROUP_IANA "224.0.0.110"
#define IGRS_GROUP_LINK "ff02::c"
#define IGRS_GROUP_SITE "ff05::c"
#define IGRS_SSDP_PORT 1900
#define IGRS_TTL 4
#define IGRS_TTL_IANA 1
#define ISDP_ALIVE "isdp:alive"
#define ISDP_BYEBYE "isdp:byebye"
#define ISDP_DISCOVER "isdp:discover"
#define ISDP_ALL "isdp:all"
#define ISDP_MX_MAX 5
#define ISDP_MAX_AGE_S 1800

/* Identifiers (FACTS.md 4.1). The prefix "urn:IGRS:" compares without case, a uuid too. */
#define IGRS_URN "urn:IGRS:"
#define IGRS_URN_DEVICE_ID IGRS_URN "Device:DeviceId:"
#define IGRS_URN_DEVICE_TYPE IGRS_URN "Device:DeviceType:"
#define IGRS_URN_SERVICE_TYPE IGRS_URN "Service:ServiceType:"
#define IGRS_URN_GROUP_ID IGRS_URN "DeviceGroup:DeviceGroupId:"
#define IGRS_DEVICE_ID_NIL IGRS_URN_DEVICE_ID "00000000-0000-0000-0000-000000000000"

/* Device types (7) */
#define IGRS_MEDIA_SERVER IGRS_URN_DEVICE_TYPE "MediaServer:1"
#define IGRS_MEDIA_CLIENT IGRS_URN_DEVICE_TYPE "MediaClient:1"
#define IGRS_MEDIA_CONTROLLER IGRS_URN_DEVICE_TYPE "MediaController:1"

/* Security (4, 5) */
#define IGRS_PIPE_SECURITY_NULL IGRS_URN "DeviceSecurity:NULL"
#define IGRS_PIPE_SECURITY_PSK IGRS_URN "DeviceSecurity:PSK-HMAC-SHA256"
#define IGRS_PIPE_SECURITY_TLS IGRS_URN "DeviceSecurity:TLS"
#define IGRS_PIPE_SECURITY_TLS_PSK IGRS_URN "DeviceSecurity:TLS-PSK-HMAC-SHA256"
#define IGRS_SERVICE_SECURITY_NULL IGRS_URN "ServiceSecurity:NULL"
#define IGRS_SERVICE_SECURITY_TOKEN IGRS_URN "ServiceSecurity:UserToken"
#define IGRS_DEVICE_SECURITY_MAX 5 /* ids of a device (FACTS.md 5) */
#define IGRS_SERVICE_SECURITY_MAX 3
#define IGRS_USER_NULL "NULL"
#define IGRS_USER_ID_MAX 127

/* Operations of every service (5; FACTS.md 4.5) */
#define IGRS_OP_FIND "findServiceAttribute"
#define IGRS_OP_SUBSCRIBE "subscribe"
#define IGRS_OP_RENEW "renewSubscription"
#define IGRS_OP_UNSUBSCRIBE "unsubscribe"
#define IGRS_OP_NOTIFY "sendNotification"
#define IGRS_OP_RESPONSE "Response" /* after the name of the operation */

/* The port types that have them, which every service's own extends */
#define IGRS_PORT_TYPE_FIND "findServiceAttributePortType"
#define IGRS_PORT_TYPE_SUBSCRIBE "subscribeServiceAttributePortType"
#define IGRS_PORT_TYPE_NOTIFY "notifyServiceAttributePortType"

#define IGRS_STATE_ONLINE "online"
#define IGRS_STATE_OFFLINE "offline"

/* Our own service beside those of 7: AVTransport of what plays music beside pictures. */
#define IGRS_MUSIC_TRANSPORT "MusicTransport"

/* Return codes (2); a service's own, the numbers of UPnP AV, win over them. */
typedef enum {
    IGRS_OK = 200,
    IGRS_BAD_REQUEST = 400,
    IGRS_UNAUTHORISED = 401,
    IGRS_MISSING_ARGUMENT = 402,
    IGRS_DENIED = 403,
    IGRS_NOT_FOUND = 404,
    IGRS_NO_OPERATION = 405,
    IGRS_TIMEOUT = 408,
    IGRS_CONFLICT = 409,
    IGRS_NO_SUBSCRIPTION = 412,
    IGRS_TOO_LARGE = 413,
    IGRS_TOO_MANY = 429,
    IGRS_NO_SESSION = 481,
    IGRS_NO_PIPE = 482,
    IGRS_FAILED = 500,
    IGRS_NOT_IMPLEMENTED = 501,
    IGRS_BUSY = 503,
    IGRS_BAD_VERSION = 505,
} IgrsReturnCode;

/* The fixed ServiceIds of section 7; ends with a name of NULL. */
typedef struct {
    uint32_t id;
    const char *name;
} IgrsServiceName;
extern const IgrsServiceName igrs_services[];
/* 0: no such service. */
uint32_t    igrs_service_id(const char *name);

/* The uuid in a DeviceId URN, borrowed from it; NULL when it is none. */
const char *igrs_device_id_uuid(const char *urn);
char       *igrs_device_id_new(const char *uuid); /* the caller's */
bool        igrs_device_id_is_nil(const char *urn);
/* Ids are kept as they came, because signatures cover them; these compare them, also for a
 * GHashTable. */
gboolean    igrs_device_id_equal(gconstpointer a, gconstpointer b);
guint       igrs_device_id_hash(gconstpointer urn);

/* A device type or service type taken apart: prefix, name, version. */
typedef struct {
    bool is_service;
    char name[64];
    unsigned version;
} IgrsType;
bool        igrs_type_parse(const char *urn, IgrsType *type);
char       *igrs_service_type_new(const char *name, unsigned version); /* the caller's */
/* True when a device or service of type offered serves who asks for wanted: the same kind and name,
 * a version as high or higher. Other URNs must be equal. */
bool        igrs_type_matches(const char *wanted, const char *offered);
/* Equal, with "urn:IGRS:" in any case. */
bool        igrs_urn_equal(const char *a, const char *b);
