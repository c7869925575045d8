/* igrs-attributes.h -- service attributes: found, subscribed to, told of (FACTS.md 4.5)
 *
 * The operations every service has besides its own: findServiceAttribute, subscribe,
 * renewSubscription, unsubscribe by InvokeService, sendNotification by SendNotification. Each is a
 * SoapCall; here it is told in our words. */
#pragma once

#include "wire/igrs-names.h"
#include "wire/soap.h"

typedef struct {
    char *name;
    char *value; /* text, or XML when is_xml */
    bool is_xml;
    uint32_t subscription_id; /* sendNotification alone */
} IgrsAttribute;

typedef struct {
    GPtrArray *names; /* char *: what find and subscribe ask for; never NULL */
    GPtrArray *values; /* IgrsAttribute: what find's answer and a notification tell; never NULL */
    char *location;   /* subscribe, renew: where events go */
    int64_t expires_s; /* Unix time; expirationTime or terminationTime; 0: none */
    uint32_t subscription_id;
    uint32_t return_code; /* of a response; 0: not said */
} IgrsAttributes;

IgrsAttributes *igrs_attributes_new(void);
void            igrs_attributes_free(IgrsAttributes *attributes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsAttributes, igrs_attributes_free)
/* value is copied, as text. */
void            igrs_attributes_add(IgrsAttributes *attributes, const char *name, const char *value,
                                    uint32_t subscription_id);

/* True for the operations above and their responses. */
bool            igrs_attributes_has(const char *operation);
/* operation: one of IGRS_OP_*, or one with "Response" after it; namespace is the service type. */
SoapCall       *igrs_attributes_encode(const char *operation, const char *namespace,
                                       const IgrsAttributes *attributes);
/* By the name of call. DUO_ERROR_UNSUPPORTED: another operation; DUO_ERROR_INVALID: it lacks
 * something. */
IgrsAttributes *igrs_attributes_decode(const SoapCall *call, GError **error);
