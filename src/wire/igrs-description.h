/* igrs-description.h -- what a device and its services say of themselves
 *
 * The device description document (FACTS.md 4.4) both ways, and the service description, WSDL 1.1
 * (FACTS.md 4.5), printed from the table that dispatches the calls and read back into one. Pure. */
#pragma once

#include "model/device.h"
#include "model/service.h"
#include "wire/igrs-message.h"

/* Texts are owned; NULL when not there. In the order of the document. */
typedef struct {
    char *type, *name;
    char *manufacturer, *manufacturer_url;
    char *model_description, *model_name, *model_number, *model_url;
    char *serial_number;
    char *id;       /* UDN: the DeviceId */
    char *icon_url;
    char *group_id, *group_name; /* joinedGroupList */
    GPtrArray *security_ids;     /* char * */
    GPtrArray *services;         /* IgrsServiceEntry */
    char *entity_type;           /* physical form: "TV", "PC", ... */
} IgrsDescription;

IgrsDescription  *igrs_description_new(void);
void              igrs_description_free(IgrsDescription *description);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsDescription, igrs_description_free)
IgrsServiceEntry *igrs_description_add_service(IgrsDescription *description, uint32_t id,
                                               const char *type, const char *name);

/* The root element without an XML declaration, as IgrsMessage.document takes it; the caller's. */
char             *igrs_description_encode(const IgrsDescription *description);
/* The document by itself, declaration or not. DUO_ERROR_INVALID names what is missing. */
IgrsDescription  *igrs_description_decode(const char *data, size_t size, GError **error);
/* As discovery knows it; the caller's. location is copied. */
Device           *igrs_description_device(const IgrsDescription *description, const char *location);

/* WSDL 1.1 without an XML declaration; location is the device's. The caller's. */
char             *igrs_service_description_encode(const ServiceTable *table, uint32_t service_id,
                                                  const char *name, const char *location);

typedef enum { /* the base port types that a service has, by extends or operation by operation */
    IGRS_EXTENDS_FIND = 1,      /* findServiceAttribute */
    IGRS_EXTENDS_SUBSCRIBE = 2, /* subscribe, renewSubscription, unsubscribe */
    IGRS_EXTENDS_NOTIFY = 4,    /* sendNotification */
} IgrsBasePortTypes;

/* Texts are NULL when not there; all is owned. */
typedef struct {
    char *type;     /* URN */
    uint32_t id;    /* 0: it does not say */
    char *name;     /* for people */
    char *location;
    unsigned extends;   /* IgrsBasePortTypes */
    ServiceTable table; /* what can be invoked and subscribed to; without functions */
    struct IgrsServiceTexts *store; /* for igrs-wsdl-decode.c */
} IgrsServiceDescription;

/* WSDL 1.1, declaration or not; encoding the table again gives the same text where the document was
 * ours. Errors: DUO_ERROR_INVALID, DUO_ERROR_TOO_LARGE, with the name that is wrong. */
IgrsServiceDescription *igrs_service_description_decode(const char *data, size_t size,
                                                        GError **error);
void igrs_service_description_free(IgrsServiceDescription *description);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsServiceDescription, igrs_service_description_free)
