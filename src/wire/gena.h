/* gena.h -- the heads and the body of UPnP eventing (UDA 1.1, clause 4); pure */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define GENA_NT "upnp:event"
#define GENA_NTS "upnp:propchange"
#define GENA_CALLBACKS_MAX 4

/* CALLBACK: "<http://...><http://...>": addresses in their order, NULL at the end, at most
 * GENA_CALLBACKS_MAX of them; NULL when there is none or the list is not one. The caller's. */
char   **gena_callbacks_decode(const char *text);
/* TIMEOUT: "Second-1800"; "infinite" is INT32_MAX. False: it is neither. */
bool     gena_timeout_decode(const char *text, int *seconds);

typedef struct {
    const char *name, *value;
} GenaProperty;

/* The property set of a NOTIFY; the caller's. */
GString *gena_encode(const GenaProperty *properties, guint count);

/* Names to values, owned by it; the caller's. DUO_ERROR_INVALID, DUO_ERROR_TOO_LARGE. */
GHashTable *gena_decode(const char *data, size_t size, GError **error);
