/* igrs.h -- a device on the IGRS network: what it offers, and whom it sees
 *
 * An IgrsNode is one device of ISO/IEC 14543-5-1 in the form of docs/igrs/PROFILE.md. It announces
 * itself and its services (ISDP, clause 9.1 and 10.1), answers searches, serves pipes, sessions and
 * invocations on an HTTP server of its own, and keeps a table of the other devices that are online.
 * What it offers are plain Services (model/service.h); what it asks of others goes through an
 * IgrsClient (igrs/client.h). Main loop only.
 *
 * Order of things: new, add_service..., start, ..., stop, free. */
#pragma once

#include "base/clock.h"
#include "base/observers.h"
#include "model/device.h"
#include "model/service.h"
#include "net/interfaces.h"
#include "wire/igrs-names.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define IGRS_DEVICE_TYPES_MAX 8   /* roles of one node */
#define IGRS_SERVICES_MAX 16      /* services of one node */

typedef struct IgrsNode IgrsNode;

/* Texts are copied; the Clock and the NetInterfaces are borrowed and outlive the node. */
typedef struct {
    const char *uuid; /* the 36 characters of the DeviceId; made once, kept for ever */
    const char *name; /* for people */
    const char *const *types; /* "MediaServer", "MediaClient", ... (PROFILE section 7); ends with
                                 NULL; the first is the one of the description */
    const char *manufacturer;
    const char *model_name;
    const char *model_number;      /* may be NULL */
    const char *model_description; /* may be NULL */
    uint16_t http_port;    /* of the program's own HTTP server, where media and icon are; 0: none */
    const char *icon_path; /* on it, e.g. "/icon.png"; NULL: none */
    const char *software; /* "duoping/0.1": ends the Server head */
    uint16_t port;           /* of pipes and LOCATION; 0: any free one */
    uint16_t discovery_port; /* 0: IGRS_PORT; tests take another */
    bool repeats_iana;       /* say everything on 224.0.0.110 as well */
    bool repeats_ssdp;       /* and on port 1900, where SSDP is */
    const char *groups_file; /* where memberships of groups are kept; NULL: nowhere */
    bool refuses_open;       /* true: a pipe without security gets 401 */
    const char *const *kept_services; /* names, ends with NULL, that open pipes may not use; may be
                                         NULL. Some operations are kept anyway: open-policy.h */
    const char *keys_folder; /* of pairing keys (PROFILE section 4); NULL: none */
    /* PEM texts: pipes run inside TLS where the peer offers it, too; NULL: they do not. Peers know
     * the device by this certificate, so it is the same for years. */
    const char *certificate, *certificate_key;
    Clock *clock;
    NetInterfaces *interfaces;
} IgrsNodeOptions;

IgrsNode *igrs_node_new(const IgrsNodeOptions *options);
/* Stops without a word to the others when igrs_node_stop() was not called before. */
void      igrs_node_free(IgrsNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IgrsNode, igrs_node_free)

/* Before start. service is borrowed and outlives the node; id is the fixed ServiceId of PROFILE
 * section 7, name is for people. */
void      igrs_node_add_service(IgrsNode *node, uint32_t id, Service *service, const char *name);

/* Before start: a session with it needs a token that opens it (PROFILE section 5, UserToken). */
void      igrs_node_require_token(IgrsNode *node, uint32_t service_id);
/* A token for user that opens services (ServiceIds, ends with 0; NULL: all), until it is revoked or
 * the node ends. The caller's. Errors: DUO_ERROR_BUSY. */
char     *igrs_node_issue_token(IgrsNode *node, const char *user, const uint32_t *services,
                                GError **error);
/* Its sessions end. False: there is no such token. */
bool      igrs_node_revoke_token(IgrsNode *node, const char *token);

/* Serves, announces and searches. A port that is taken becomes any free one (told at warning
 * level). Interfaces that come later are joined when they come. Errors: no socket for discovery, a
 * certificate that is none; where this system has no TLS that is told at warning level. */
bool      igrs_node_start(IgrsNode *node, GError **error);

/* Says byebye (three copies), detaches the pipes, then calls stopped(user_data) once from the loop,
 * at most a second later; the node is then only good for free. */
typedef void (*IgrsNodeStopped)(gpointer user_data);
void      igrs_node_stop(IgrsNode *node, IgrsNodeStopped stopped, gpointer user_data);

/* Reads the folder of pairing keys again. Pipes that are not as the keys now want them end, and are
 * made anew when somebody needs them. */
void      igrs_node_read_keys(IgrsNode *node);

uint16_t    igrs_node_port(const IgrsNode *node); /* the one it serves on; 0 before start */
uint16_t    igrs_node_secure_port(const IgrsNode *node); /* the same inside TLS; 0: it does not */
const char *igrs_node_id(const IgrsNode *node);   /* urn:IGRS:Device:DeviceId:<uuid> */
const char *igrs_node_name(const IgrsNode *node);

/* -- The other devices ------------------------------------------------------------------------- */

typedef enum {
    IGRS_DEVICE_ONLINE,  /* announced and described: type, name, location and services are known */
    IGRS_DEVICE_CHANGED, /* described anew: something of it is different, or it was started again */
    IGRS_DEVICE_OFFLINE, /* byebye, or its life ran out; told once, before it is forgotten */
} IgrsDeviceChange;

typedef struct {
    IgrsDeviceChange change;
    const Device *device; /* borrowed until the observer returns */
    const Device *before; /* IGRS_DEVICE_CHANGED: as it was, borrowed likewise; else NULL */
    bool said_goodbye;    /* IGRS_DEVICE_OFFLINE: by itself; false: its life ran out */
} IgrsDeviceEvent;

/* Observers of IgrsDeviceEvent. */
Observers    *igrs_node_observers(IgrsNode *node);
/* The described devices that are online; Device, borrowed until the loop runs again. The array is
 * the caller's. The node itself is not among them. */
GPtrArray    *igrs_node_devices(IgrsNode *node);
/* NULL: not online. id is the DeviceId URN; borrowed until the loop runs again. */
const Device *igrs_node_find_device(IgrsNode *node, const char *id);
/* Asks on every interface who is there; answers come in over the next seconds. Also done by start
 * and by every change of the interfaces. */
void          igrs_node_search(IgrsNode *node);
