/* av.h -- the services of the AV profile (igrs/PROFILE.md section 7), which are those of UPnP AV:1
 *
 * Each is a Service over a port of model, written once and hosted on any wire; it knows no wire.
 * Freed by service_free(). */
#pragma once

#include "base/clock.h"
#include "model/catalog.h"
#include "model/screen.h"
#include "model/service.h"

/* ServiceIds of the profile. */
enum {
    AV_CONTENT_DIRECTORY_ID = 1,
    AV_CONNECTION_MANAGER_ID = 2,
    AV_TRANSPORT_ID = 3,
    AV_RENDERING_CONTROL_ID = 4,
};

/* ContentDirectory:1 over catalog and clock (both borrowed). Its reads run on any thread; addresses
 * in what it shows begin with the call's base URL (service_call_set_base_url()). */
Service *content_directory_new(Catalog *catalog, Clock *clock);
/* Tells subscribers, at most every 2 s, that the catalog's update_id is another one; for whoever
 * watches the library. */
void     content_directory_changed(Service *service);

/* ConnectionManager:1; source and sink are comma lists of protocolInfo, "" where there is none. */
Service *connection_manager_new(const char *source, const char *sink);

/* X_MS_MediaReceiverRegistrar:1, which lets everybody in. */
Service *media_receiver_registrar_new(void);

/* AVTransport:1 over screen (borrowed); clock (borrowed) moderates LastChange to one in 200 ms. */
Service *av_transport_new(Screen *screen, Clock *clock);

/* RenderingControl:1 over screen (borrowed): volume, mute, presets. */
Service *rendering_control_new(Screen *screen, Clock *clock);
