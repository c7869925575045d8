/* api.h -- HTTP for people and programs: JSON, events, media bytes, pictures, the page, metrics
 *
 * The one face of the appliance (INTERFACE.md, "HTTP, port 8380"; openapi.json describes it). Reads
 * of the library and media bytes are answered on the http thread that asked; what concerns screens
 * and casts on the main loop. */
#pragma once

#include "appliance/delivery/fetches.h"
#include "appliance/delivery/segments.h"
#include "appliance/delivery/streams.h"
#include "appliance/delivery/subtitle-tracks.h"
#include "appliance/files/file-tickets.h"
#include "appliance/library/library.h"
#include "appliance/library/servers.h"
#include "appliance/people/people.h"
#include "appliance/pushes/feeds.h"
#include "appliance/pushes/pushes.h"
#include "appliance/screens/screens.h"
#include "appliance/screens/web-screens.h"
#include "appliance/session/casts.h"
#include "appliance/session/handover.h"
#include "appliance/session/queues.h"
#include "base/clock.h"
#include "base/settings.h"
#include "igrs/igrs.h"
#include "net/http-server.h"
#include "pipelines/thumbnailer.h"
#include "wire/dialect.h"

#include <gio/gio.h>

typedef struct Api Api;

/* What the owner can change, and whoever made the Api does for him. Main loop. */
typedef struct {
    const Settings *settings; /* in force */
    const SettingRow *rows;   /* which of them; ends with a group of NULL */
    /* texts: "group.key", value ("": as it is without a choice), ..., NULL; all or nothing. On
     * error *field is the key at fault, borrowed from texts. It holds from the next start on. */
    bool (*change)(const char *const *texts, const char **field, gpointer data, GError **error);
    /* Starts the server anew in place, once what is being answered is on its way. */
    void (*restart)(gpointer data);
    gpointer data;
    const char *state; /* folder */
} ApiOwner;

/* Everything is borrowed and outlives the Api. */
typedef struct {
    const char *name;      /* of the server, for people */
    const char *version;
    const char *device_id; /* IGRS DeviceId */
    Library *library;
    People *people;        /* NULL: there are none, and everybody may do everything */
    Screens *screens;
    Servers *servers;
    Casts *casts;
    WebScreens *web_screens;
    Queues *queues;
    Streams *streams;
    Segments *segments;
    Handover *handover;
    Pushes *pushes;
    Feeds *feeds;
    Thumbnailer *thumbnailer;
    SubtitleTracks *subtitle_tracks;
    FileTickets *file_tickets;
    Fetches *fetches;          /* NULL: nobody asks */
    const Dialects *dialects; /* in which families of sets are spoken to */
    ApiOwner owner;
    const gint *probed;    /* atomic: files that were read so far */
    const char *cache;     /* folder for pictures; made when needed */
    Clock *clock;
    GResource *site;       /* the pages; NULL: none */
    const char *site_prefix; /* where in it they stand, e.g. "/duoping/web/" */
    const char *site_policy; /* Content-Security-Policy of every page */
} ApiParts;

Api *api_new(const ApiParts *parts);
/* After the server whose router has its routes was freed. */
void api_free(Api *api);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Api, api_free)

void api_add_routes(Api *api, HttpRouter *router);
/* The same is served inside TLS at that port (0: it is not), with an authority to trust at that
 * path (NULL: there is none), which is borrowed. Before api_serve(). */
void api_set_https(Api *api, uint16_t port, const char *authority);
/* The server that answers, and the IGRS node (NULL: none) whose devices are told; borrowed until
 * api_stop(). */
void api_serve(Api *api, HttpServer *server, IgrsNode *node);
/* Ends the event streams; from now on /healthz says 503. */
void api_stop(Api *api);
