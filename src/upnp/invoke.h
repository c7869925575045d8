/* invoke.h -- asks a service of another UPnP device to do something (UDA 1.1, clause 3) */
#pragma once

#include "model/service.h"
#include "net/http-client.h"
#include "wire/soap.h"
#include "wire/upnp-remote.h"

typedef struct {
    const char *name, *value;
} UpnpArgument;

/* Called once, later. answer holds the out-arguments; NULL with an error: SERVICE_ERROR with the
 * device's own number, those of http_client_send(), DUO_ERROR_INVALID (no answer one can read).
 * Both borrowed. */
typedef void (*UpnpAnswered)(const SoapCall *answer, const GError *error, gpointer user_data);

/* arguments end with a name of NULL; everything is borrowed for the call. */
void upnp_invoke(HttpClient *client, const UpnpRemoteService *service, const char *action,
                 const UpnpArgument *arguments, GCancellable *cancellable, UpnpAnswered answered,
                 gpointer user_data);
