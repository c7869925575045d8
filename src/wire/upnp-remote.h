/* upnp-remote.h -- what another UPnP device's description says (UDA 1.1, clause 2.3); pure
 *
 * Of a root device or of one inside it. Addresses are made whole against the place the description
 * came from, and those on another host are left out: nobody sends us elsewhere. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define UPNP_REMOTE_SIZE_MAX (256 * 1024)

typedef struct {
    char *type; /* URN */
    char *control_url;
    char *event_url, *scpd_url; /* NULL: none */
} UpnpRemoteService;

typedef struct {
    char *uuid;  /* without "uuid:" */
    char *type;  /* URN */
    char *name;  /* for people, cleaned */
    char *model; /* manufacturer, name and number: what is learnt of a set is kept under it */
    char *host;  /* numbers */
    char *url;   /* for people: its own page, else its description */
    GPtrArray *services; /* UpnpRemoteService */
} UpnpRemote;

/* The first device whose type is type, whatever its version ("urn:...:device:MediaRenderer:"), of
 * the description that came from location, an http address in numbers. DUO_ERROR_INVALID,
 * DUO_ERROR_TOO_LARGE, DUO_ERROR_NOT_FOUND. */
UpnpRemote *upnp_remote_decode(const char *data, size_t size, const char *location,
                               const char *type, GError **error);
void        upnp_remote_free(UpnpRemote *remote);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpnpRemote, upnp_remote_free)
UpnpRemote *upnp_remote_copy(const UpnpRemote *remote);

/* What a registry may call it: from its uuid, lower case, URL-safe; the caller's. */
char       *upnp_remote_id(const UpnpRemote *remote);
/* By the name in its type ("AVTransport"); NULL: none. */
const UpnpRemoteService *upnp_remote_service(const UpnpRemote *remote, const char *name);
