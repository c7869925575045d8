/* app.c -- see app.h */
#include "daemon/app.h"

#include "api/api.h"
#include "appliance/library/uploads.h"
#include "appliance/screens/igrs-finder.h"
#include "appliance/screens/upnp-finder.h"
#include "av/av.h"
#include "base/error.h"
#include "base/program.h"
#include "config.h"
#include "daemon/choices.h"
#include "daemon/counted-probe.h"
#include "daemon/doors.h"
#include "daemon/https.h"
#include "daemon/igrs-device.h"
#include "daemon/media-server.h"
#include "daemon/session.h"
#include "daemon/state.h"
#include "net/tls-authorities.h"
#include "pipelines/worker-pool.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* From web/web-resource.h; web is a room of files, which no C may include. */
GResource *web_get_resource(void);
#define SITE_PREFIX "/duoping/web/"
/* Pictures and bytes of other servers come from there; nothing else comes from anywhere else. */
#define SITE_POLICY \
    "default-src 'self'; img-src 'self' data: blob: http: https:; " \
    "media-src 'self' blob: http: https:; object-src 'none'; " \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/* Of requests of pages, players and programs; a thousand connections that wait hold as much
 * each. */
#define HEAD_MAX (8 * 1024)
#define RESTART_MS 250 /* in which the answer reaches whoever asked for it */

struct App {
    const Options *options; /* borrowed */
    gint probed;            /* atomic: files that were read */
    /* In the order they are made: */
    State state;
    Clock *clock;
    NetInterfaces *interfaces;
    Library *library;
    guint library_observer;
    Doors *doors;
    Screens *screens;
    Servers *servers;
    Streams *streams;
    Segments *segments;
    Fetches *fetches;
    Pushes *pushes;
    WebScreens *web_screens;
    Session session;
    Thumbnailer *thumbnailer;
    SubtitleTracks *subtitle_tracks;
    FileTickets *file_tickets;
    Files *files;     /* NULL: the owner shares none */
    Uploads *uploads; /* NULL: the owner takes none */
    Api *api;
    HttpRouter *router;
    char *software;        /* the Server head (UDA 1.1, 1.2.2): system, protocols, ourselves */
    Service *content_directory, *connection_manager, *registrar;
    Service *file_access; /* NULL likewise */
    UpnpDevice *media_server;
    UpnpEar *ear;          /* the events of other UPnP devices */
    const char *hosts[4];  /* names that Host may say, and the certificate vouches for */
    char *local_name;      /* one of them */
    HttpServer *server;
    Https *https; /* NULL: the owner wants none */
    IgrsNode *node;
    IgrsClient *client;
    IgrsFinder *finder;
    UpnpFinder *upnp_finder; /* NULL: no UPnP */
    guint restart;           /* source; 0: nobody wants it */
};

/* On the indexer's thread. */
static Probe *
make_probe(gpointer data, GError **error)
{
    App *app = data;

    return counted_probe_new(worker_pool_probe_new(NULL), &app->probed);
}

/* -- The library's words for the operator ------------------------------------------------------ */

static void
on_library_event(gconstpointer data, gpointer user_data)
{
    const LibraryEvent *event = data;
    App *app = user_data;

    if (event->type != LIBRARY_EVENT_SCAN && app->content_directory != NULL)
        content_directory_changed(app->content_directory, event->update_id, event->containers);
}

/* -- Making ------------------------------------------------------------------------------------ */

static bool
open_library(App *app, GError **error)
{
    app->library = library_new(app->options->state, (const char *const *)app->options->folders,
                               make_probe, app, error);
    if (app->library == NULL)
        return false;
    library_set_tag_charset(app->library, app->options->tag_charset);
    app->library_observer = library_observe(app->library, on_library_event, app);
    return true;
}

static bool
change_settings(const char *const *texts, const char **field, gpointer data, GError **error)
{
    return choices_change(((App *)data)->options, texts, field, error);
}

static gboolean
on_restart(gpointer data)
{
    App *app = data;

    app->restart = 0;
    kill(getpid(), SIGHUP); /* as the operator would say it */
    return G_SOURCE_REMOVE;
}

static void
restart_soon(gpointer data)
{
    App *app = data;

    if (app->restart == 0)
        app->restart = g_timeout_add(RESTART_MS, on_restart, app);
}

static void
make_api(App *app)
{
    app->api = api_new(&(ApiParts){
        .name = app->options->name,
        .version = PACKAGE_VERSION,
        .device_id = app->state.device_id,
        .library = app->library,
        .people = doors_people(app->doors),
        .screens = app->screens,
        .servers = app->servers,
        .casts = app->session.casts,
        .web_screens = app->web_screens,
        .queues = app->session.queues,
        .streams = app->streams,
        .segments = app->segments,
        .handover = app->session.handover,
        .pushes = app->pushes,
        .feeds = app->session.feeds,
        .thumbnailer = app->thumbnailer,
        .subtitle_tracks = app->subtitle_tracks,
        .file_tickets = app->file_tickets,
        .fetches = app->fetches,
        .dialects = app->options->dialects,
        .owner = { .settings = app->options->settings, .rows = choices_rows,
                   .change = change_settings, .restart = restart_soon, .data = app,
                   .state = app->options->state },
        .probed = &app->probed,
        .cache = app->state.cache,
        .clock = app->clock,
        .site = web_get_resource(),
        .site_prefix = SITE_PREFIX,
        .site_policy = SITE_POLICY,
    });
    app->router = http_router_new();
    api_add_routes(app->api, app->router);
}

static void
on_use(const char *id, int64_t position_ms, int64_t play_count, gpointer data)
{
    LibraryUse use = LIBRARY_USE_NOTHING;

    use.position_ms = position_ms;
    use.play_count = play_count;
    library_note_use(((App *)data)->library, id, &use, NULL, NULL);
}

/* The library's services, for either network, and the UPnP one's device. */
static void
make_services(App *app)
{
    g_autofree char *source = media_server_sources();

    app->software = program_server("duoping/" PACKAGE_VERSION);
    app->content_directory = content_directory_new(library_catalog(app->library), app->clock);
    content_directory_set_audience(app->content_directory, doors_audience, app->doors);
    content_directory_set_forms(app->content_directory, delivery_forms);
    content_directory_set_use(app->content_directory, on_use, app);
    app->connection_manager = connection_manager_new(source, "");
    app->registrar = media_receiver_registrar_new();
    if (app->uploads != NULL)
        content_directory_set_intake(app->content_directory, uploads_intake(app->uploads));
    if (app->files != NULL)
        app->file_access = file_access_new(files_tree(app->files), app->clock);
    app->media_server = media_server_new(&(MediaServerParts){
        .uuid = app->state.uuid,
        .name = app->options->name,
        .server = app->software,
        .content_directory = app->content_directory,
        .connection_manager = app->connection_manager,
        .registrar = app->registrar,
        .dialects = app->options->dialects,
        .takes_uploads = app->uploads != NULL,
        .clock = app->clock,
        .interfaces = app->interfaces,
    });
    upnp_device_add_routes(app->media_server, app->router);
    app->ear = upnp_ear_new(app->software, app->clock, app->interfaces);
    upnp_ear_add_routes(app->ear, app->router);
}

/* Its route is one of the router's, which does not change once somebody is served. */
static bool
make_https(App *app, GError **error)
{
    const Options *options = app->options;

    if (options->https_port == 0)
        return true;
    app->https = https_new(&(HttpsParts){ .port = options->https_port, .folder = app->state.keys,
                                          .certificate = options->certificate, .key = options->key,
                                          .names = app->hosts, .software = app->software,
                                          .router = app->router, .interfaces = app->interfaces,
                                          .clock = app->clock },
                           error);
    return app->https != NULL;
}

static bool
start_http(App *app, GError **error)
{
    app->local_name = g_strconcat(g_get_host_name(), ".local", NULL); /* as mDNS calls us */
    app->hosts[0] = g_get_host_name();
    app->hosts[1] = app->local_name;
    app->hosts[2] = "localhost";
    if (!make_https(app, error))
        return false;
    app->server = http_server_new(
        &(HttpServerOptions){ .port = app->options->http_port, .server = app->software,
                              .hosts = app->hosts, .clock = app->clock,
                              .head_max = HEAD_MAX },
        app->router, error);
    if (app->server == NULL) {
        g_prefix_error(error, "http-port: ");
        return false;
    }
    if (app->https != NULL)
        https_start(app->https);
    casts_set_port(app->session.casts, http_server_port(app->server));
    upnp_ear_set_port(app->ear, http_server_port(app->server));
    return true;
}

static bool
start_node(App *app, GError **error)
{
    app->node = igrs_device_new(&(IgrsDeviceParts){
        .options = app->options, .state = &app->state, .http_port = http_server_port(app->server),
        .content_directory = app->content_directory,
        .connection_manager = app->connection_manager, .file_access = app->file_access,
        .handover = handover_desk_service(app->session.handover_desk), .clock = app->clock,
        .interfaces = app->interfaces,
    });
    if (!igrs_node_start(app->node, error))
        return false;
    app->client = igrs_client_new(app->node);
    app->finder = igrs_finder_new(app->node, app->client, app->screens, app->servers,
                                  app->clock);
    return true;
}

/* A port of SSDP that cannot be had takes UPnP away, and nothing else. */
static void
start_upnp(App *app)
{
    g_autoptr(GError) error = NULL;

    if (!upnp_device_start(app->media_server, http_server_port(app->server), &error))
        g_warning("no UPnP device will find this server: %s", error->message);
    g_clear_error(&error);
    g_autofree char *memory = g_build_filename(app->options->state, "renderers", NULL);
    app->upnp_finder = upnp_finder_new(&(UpnpFinderParts){
        .uuid = app->state.uuid,
        .agent = app->software,
        .memory = memory,
        .interfaces = app->interfaces,
        .screens = app->screens,
        .servers = app->servers,
        .ear = app->ear,
        .clock = app->clock,
    }, &error);
    if (app->upnp_finder == NULL)
        g_warning("no screen and no server is found by UPnP: %s", error->message);
}

/* Whatever of this the owner wants. */
static void
make_file_rooms(App *app)
{
    const Options *options = app->options;

    app->file_tickets = file_tickets_new(app->clock);
    if (options->file_roots[0].name != NULL)
        app->files = files_new(options->file_roots, app->file_tickets);
    if (options->uploads != NULL)
        app->uploads = uploads_new(options->uploads, app->file_tickets,
                                   library_catalog(app->library), app->interfaces);
}

/* Where what is kept goes: the folder for uploads, or else the first one. */
static const char *
push_library(const Options *options)
{
    return options->uploads != NULL ? options->uploads : options->folders[0];
}

App *
app_new(const Options *options, GError **error)
{
    g_autoptr(App) app = g_new0(App, 1);

    app->options = options;
    if (!state_open(&app->state, options->state, error))
        return NULL;
    tls_authorities_defer();
    app->clock = clock_new();
    app->interfaces = net_interfaces_new((const char *const *)options->interfaces, error);
    if (app->interfaces == NULL || !open_library(app, error))
        return NULL;
    app->doors = doors_new(app->state.people, app->library, app->clock, error);
    if (app->doors == NULL)
        return NULL;
    app->screens = screens_new();
    app->servers = servers_new();
    app->fetches = fetches_new();
    app->subtitle_tracks = subtitle_tracks_new(NULL);
    app->pushes = pushes_new(&(PushesOptions){ .folder = app->state.uploads,
                                               .library = push_library(options),
                                               .quota_bytes = options->push_quota_bytes,
                                               .life_s = options->push_life_s,
                                               .clock = app->clock });
    app->streams = streams_new(&(StreamsParts){ .library = app->library, .pushes = app->pushes,
                                               .clock = app->clock,
                                               .subtitle_tracks = app->subtitle_tracks,
                                               .running_max = options->conversions });
    app->segments = segments_new(&(SegmentsParts){ .library = app->library, .clock = app->clock,
                                                   .streams = app->streams });
    app->web_screens = web_screens_new(app->screens, app->clock);
    session_init(&app->session, &(SessionParts){
        .options = options, .queues = app->state.queues, .clock = app->clock,
        .interfaces = app->interfaces, .library = app->library, .doors = app->doors,
        .screens = app->screens, .servers = app->servers, .fetches = app->fetches,
        .streams = app->streams, .pushes = app->pushes,
    });
    app->thumbnailer = thumbnailer_new(NULL);
    make_file_rooms(app);
    make_api(app);
    make_services(app);
    if (!start_http(app, error) || !start_node(app, error))
        return NULL;
    start_upnp(app);
    if (app->https != NULL)
        api_set_https(app->api, https_port(app->https), https_authority_path(app->https));
    api_serve(app->api, app->server, app->node);
    library_start(app->library);
    if (net_interfaces_list(app->interfaces)->len == 0)
        g_message("no network yet: waiting for an interface to come up");
    g_message("%s serves http://%s:%u/ and IGRS on port %u", options->name, g_get_host_name(),
              http_server_port(app->server), igrs_node_port(app->node));
    doors_open(app->doors, &(DoorsParts){ .folder = app->options->state,
                                          .name = app->options->name, .http = app->server,
                                          .https = app->https, .client = app->client,
                                          .interfaces = app->interfaces });
    return g_steal_pointer(&app);
}

void
app_refresh(App *app)
{
    igrs_node_read_keys(app->node);
    if (app->https != NULL)
        https_refresh(app->https);
    library_rescan(app->library);
}

/* -- The end ----------------------------------------------------------------------------------- */

static void
on_node_stopped(gpointer data)
{
    *(bool *)data = true;
}

static void
say_goodbye(App *app)
{
    bool is_stopped = false;

    igrs_node_stop(app->node, on_node_stopped, &is_stopped);
    while (!is_stopped)
        g_main_context_iteration(NULL, TRUE);
}

void
app_free(App *app)
{
    if (app == NULL)
        return;
    g_clear_handle_id(&app->restart, g_source_remove);
    doors_close(app->doors);
    if (app->api != NULL)
        api_stop(app->api);
    web_screens_free(app->web_screens);
    upnp_finder_free(app->upnp_finder);
    igrs_finder_free(app->finder);
    igrs_client_free(app->client);
    if (app->client != NULL) /* it was started */
        say_goodbye(app);
    igrs_node_free(app->node);
    if (app->media_server != NULL)
        upnp_device_stop(app->media_server);
    if (app->https != NULL)
        https_stop(app->https);
    http_server_free(app->server);
    upnp_ear_free(app->ear);
    upnp_device_free(app->media_server);
    service_free(app->registrar);
    service_free(app->file_access);
    service_free(app->connection_manager);
    service_free(app->content_directory);
    app->content_directory = NULL;
    g_free(app->software);
    g_free(app->local_name);
    https_free(app->https);
    http_router_free(app->router);
    api_free(app->api);
    uploads_free(app->uploads);
    files_free(app->files);
    file_tickets_free(app->file_tickets);
    thumbnailer_free(app->thumbnailer);
    session_clear(&app->session);
    pushes_free(app->pushes);
    segments_free(app->segments);
    streams_free(app->streams);
    subtitle_tracks_free(app->subtitle_tracks);
    fetches_free(app->fetches);
    servers_free(app->servers);
    screens_free(app->screens);
    if (app->library != NULL)
        library_unobserve(app->library, app->library_observer);
    doors_free(app->doors);
    library_free(app->library);
    net_interfaces_free(app->interfaces);
    clock_free(app->clock);
    state_clear(&app->state);
    g_free(app);
}

/* -- Indexing once ----------------------------------------------------------------------------- */

bool
app_scan_only(const Options *options, GError **error)
{
    g_autoptr(App) app = g_new0(App, 1);
    bool was_running = false;

    app->options = options;
    if (!state_open(&app->state, options->state, error) || !open_library(app, error))
        return false;
    library_start(app->library);
    while (true) {
        const LibraryScan *scan = library_scan(app->library);
        was_running = was_running || scan->state != LIBRARY_SCAN_IDLE;
        if (was_running && scan->state == LIBRARY_SCAN_IDLE)
            break;
        if (scan->state == LIBRARY_SCAN_WAITING) {
            g_set_error_literal(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, scan->trouble);
            return false;
        }
        g_main_context_iteration(NULL, TRUE);
    }
    LibraryCounts counts = library_counts(app->library);
    printf("%u items: %u audio, %u video, %u image; %u unreadable\n", counts.items, counts.audio,
           counts.video, counts.image, counts.unreadable);
    return true;
}
