/* invoke.h -- asks a service of another UPnP device to do something (UDA 1.1, clause 3) */
#pragma once

#include "model/service.h"
#include "net/http-client.h"
#include "wire/soap.h"
#include "wire/upnp-remote.h"

/* Takes call over: an action with its arguments, whose namespace is filled in. Errors:
 * SERVICE_ERROR with the device's own number, those of http_client_send(), DUO_ERROR_INVALID (no
 * answer one can read). */
void upnp_invoke(HttpClient *client, const UpnpRemoteService *service, SoapCall *call,
                 GCancellable *cancellable, SoapAnswered answered, gpointer user_data);
