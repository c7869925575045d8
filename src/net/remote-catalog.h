/* remote-catalog.h -- the RemoteServer port over a ContentDirectory, whichever wire carries the
 * calls
 *
 * What igrs/igrs-catalog and upnp/upnp-catalog have in common: questions as actions, what the
 * server can search for (asked before the first search), whether it answers, its SystemUpdateID. It
 * stands in net because it waits, and both wires stand on net. Main loop only. */
#pragma once

#include "model/remote-server.h"
#include "wire/soap.h"

#include <gio/gio.h>

typedef struct RemoteCatalog RemoteCatalog;

typedef struct {
    /* Takes call, of no namespace yet, to the device's ContentDirectory; answers once, later.
     * Errors: SERVICE_ERROR, DUO_ERROR_UNAVAILABLE and DUO_ERROR_TIMEOUT of a device that does not
     * answer, G_IO_ERROR_CANCELLED, others. */
    void (*invoke)(RemoteCatalog *catalog, SoapCall *call, SoapAnswered answered,
                   gpointer user_data);
    /* False: the network says that it is gone, so nobody looks whether it answers again. */
    bool (*is_announced)(const RemoteCatalog *catalog);
    void (*free)(RemoteCatalog *catalog);
} RemoteCatalogClass;

/* Implementations embed this first. */
struct RemoteCatalog {
    RemoteServer server; /* first */
    const RemoteCatalogClass *class;
    Clock *clock;              /* borrowed */
    GCancellable *cancellable; /* of all our questions: cancelled by clear */
    char *host;                /* where the device is, numbers; NULL: not known */
    char *capabilities;        /* what it can search for; NULL: not asked yet */
    guint look_timer;          /* while it does not answer */
};

/* -- For implementations ----------------------------------------------------------------------- */

void remote_catalog_init(RemoteCatalog *catalog, const RemoteCatalogClass *class, Clock *clock,
                         const char *id, const char *name, const char *kind);
void remote_catalog_clear(RemoteCatalog *catalog);
/* Asks for its SystemUpdateID, and so whether it answers. */
void remote_catalog_look(RemoteCatalog *catalog);
/* The device is here, again perhaps, and may be able to do other things: at url, whose host is
 * numbers. NULL url: not known. */
void remote_catalog_set_place(RemoteCatalog *catalog, const char *name, const char *url);
/* The device said goodbye, or its life ran out; reason for people. */
void remote_catalog_set_gone(RemoteCatalog *catalog, const char *reason);
/* An evented variable's new value; both NULL: whether events come is is_followed now. */
void remote_catalog_take_event(RemoteCatalog *catalog, const char *name, const char *value,
                               bool is_followed);
