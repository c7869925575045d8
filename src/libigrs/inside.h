/* inside.h -- what the files of libigrs share: the public objects (include/igrs.h) from within
 *
 * device.c owns a device: the IgrsNode, its clock and interfaces, and its services. service.c turns
 * a vendor's tables into a Service that keeps its values. explorer.c wraps an IgrsClient, pairing.c
 * and groups.c what else a node can do; words.c says what went wrong. */
#pragma once

#include "igrs/client.h"

#include <igrs.h>

typedef struct HostedService HostedService;

struct IgrsDevice {
    char *type, *name;
    char *properties[IGRS_PROPERTY_CERTIFICATE_KEY + 1]; /* NULL: not set */
    char *id;            /* DeviceId URN; NULL: not asked for yet */
    GPtrArray *services; /* HostedService */
    GArray *with_token;  /* uint32_t: ServiceIds */
    Clock *clock; /* this and what follows: NULL before start */
    NetInterfaces *interfaces;
    IgrsNode *node;
    GMainLoop *loop; /* in igrs_device_run() alone */
    void (*stopped)(void *user_data);
    void *stopped_data;
    void (*pairing_changed)(void *user_data); /* NULL: nobody wants to know */
    void *pairing_data;
    IgrsDeviceGroupFunc group_heard; /* the same */
    void *group_data;
};

/* -- explorer.c -------------------------------------------------------------------------------- */

IgrsClient *explorer_client(const IgrsExplorer *explorer);

/* -- words.c ----------------------------------------------------------------------------------- */

/* As igrs_reply_code() has it. */
int   code_of(const GError *error);
/* A copy that a caller outside ends with free(). */
char *words(const char *text);
/* The words of problem into *error, where it is asked for; false. */
bool  tell(const GError *problem, char **error);

/* Who waits for something to be done: wish_done() tells and frees it. */
typedef struct Wish Wish;
Wish *wish_new(IgrsDoneFunc done, void *user_data);
void  wish_done(const GError *error, gpointer wish);

/* -- service.c --------------------------------------------------------------------------------- */

/* NULL: the tables are not in order, why is logged. device and tables are borrowed. */
HostedService *hosted_service_new(IgrsDevice *device, const IgrsService *tables, void *user_data);
/* Calls that wait keep what they need until they are ended. */
void               hosted_service_free(HostedService *hosted);
const IgrsService *hosted_service_tables(const HostedService *hosted);
Service           *hosted_service_port(HostedService *hosted);
/* False: no such variable. */
bool hosted_service_set(HostedService *hosted, const char *variable, const char *value);
/* NULL: no such variable. Borrowed until it is set. */
const char        *hosted_service_get(const HostedService *hosted, const char *variable);
