/* app.c -- see app.h. Everything is made in the order of the struct and freed in reverse. */
#include "tv/app.h"

#include "av/av.h"
#include "base/program.h"
#include "config.h"
#include "igrs/pairing.h"
#include "net/certificates.h"
#include "net/http-server.h"
#include "net/tls-authorities.h"
#include "pipelines/play.h"
#include "tv/handing.h"
#include "tv/media-renderer.h"
#include "tv/music.h"

#include <errno.h>

#define VOLUME 100 /* the set has its own knob; ours begins by changing nothing */

struct App {
    char *uuid;
    Clock *clock;
    NetInterfaces *interfaces;
    Screen *screen;
    Service *connection_manager, *transport, *rendering, *notices;
    Handing *handing;
    Music *music; /* NULL: --no-igrs */
    char *software;       /* the Server head */
    UpnpDevice *renderer; /* NULL: --no-upnp */
    HttpRouter *router;
    HttpServer *server;
    IgrsNode *node; /* NULL: --no-igrs */
    char *code;     /* that is shown to pair with; NULL: none */
    char *notice;   /* of a server on this computer; NULL: none */
    bool is_online;
};

/* -- The player -------------------------------------------------------------------------------- */

/* The sink that fills the display there is; NULL: whatever GStreamer finds, which is a window. */
static const char *
full_screen_sink(void)
{
    if (g_getenv("WAYLAND_DISPLAY") != NULL)
        return "waylandsink fullscreen=true";
    return g_getenv("DISPLAY") != NULL ? NULL : "kmssink";
}

static Screen *
make_screen(const App *app, const AppOptions *options, GError **error)
{
    PlayOptions play = {
        .id = app->uuid, .name = options->name, .video_sink = options->video_sink,
        .audio_sink = options->audio_sink, .volume = VOLUME,
    };
    g_autoptr(GError) full_error = NULL;

    if (play.video_sink == NULL && !options->is_windowed)
        play.video_sink = full_screen_sink();
    if (play.video_sink == options->video_sink)
        return play_new(&play, error);

    /* The choice was ours: where it does not work, a window is better than nothing. */
    Screen *screen = play_new(&play, &full_error);
    if (screen != NULL)
        return screen;
    g_warning("no full screen, trying a window: %s", full_error->message);
    play.video_sink = NULL;
    return play_new(&play, error);
}

/* -- HTTP -------------------------------------------------------------------------------------- */

static void
get_health(HttpExchange *exchange, gpointer user_data)
{
    http_exchange_reply_text(exchange, 200, "text/plain; charset=utf-8", g_strdup("serving\n"));
}

static const HttpRoute routes[] = {
    { "GET", "/healthz", HTTP_READ, get_health, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};

static bool
start_http(App *app, const AppOptions *options, GError **error)
{
    HttpServerOptions server = {
        .port = options->http_port, .threads = 1, .server = app->software, .clock = app->clock,
    };

    app->router = http_router_new();
    http_router_add(app->router, routes, app);
    if (app->renderer != NULL)
        upnp_device_add_routes(app->renderer, app->router);
    app->server = http_server_new(&server, app->router, error);
    return app->server != NULL;
}

/* -- UPnP -------------------------------------------------------------------------------------- */

static void
make_renderer(App *app, const AppOptions *options)
{
    app->renderer = media_renderer_new(&(MediaRendererParts){
        .uuid = app->uuid,
        .name = options->name,
        .server = app->software,
        .transport = app->transport,
        .rendering = app->rendering,
        .connection_manager = app->connection_manager,
        .clock = app->clock,
        .interfaces = app->interfaces,
    });
}

/* Without the port of SSDP there is no UPnP; the rest goes on. */
static void
start_upnp(App *app)
{
    g_autoptr(GError) error = NULL;

    if (app->renderer != NULL &&
        !upnp_device_start(app->renderer, http_server_port(app->server), &error))
        g_warning("no UPnP device will find this screen: %s", error->message);
}

/* -- IGRS -------------------------------------------------------------------------------------- */

static void
show_idle(App *app)
{
    g_autoptr(GString) text = g_string_new(app->notice);

    if (app->code != NULL)
        g_string_append_printf(text, "%sPairing code %s", text->len > 0 ? "\n" : "", app->code);
    play_set_idle_text(app->screen, text->len > 0 ? text->str : NULL);
}

/* Whoever sees the screen, or its log, may pair with it. A code that was used is another. */
static void
show_code(App *app)
{
    const char *code = igrs_node_code(app->node);

    if (g_strcmp0(code, app->code) == 0)
        return;
    g_free(app->code);
    app->code = g_strdup(code);
    show_idle(app);
    if (code != NULL)
        g_message("Pairing code %s", code);
}

/* Nobody else may put words on this screen: what people read on their television they believe. */
static bool
show_notice(const char *text, const char *address, gpointer data)
{
    App *app = data;
    g_autoptr(GInetAddress) asker = g_inet_address_new_from_string(address);

    if (asker == NULL || !net_interfaces_has(app->interfaces, asker))
        return false;
    g_free(app->notice);
    app->notice = *text != '\0' ? g_strdup(text) : NULL;
    show_idle(app);
    g_message("%s", app->notice != NULL ? app->notice : "the notice is gone");
    return true;
}

static void
on_pairing_changed(gconstpointer event G_GNUC_UNUSED, gpointer user_data)
{
    show_code(user_data);
}

static bool
start_igrs(App *app, const AppOptions *options, GError **error)
{
    static const char *const types[] = { "MediaClient", NULL };
    g_autofree char *groups = g_build_filename(options->state_folder, "groups", NULL);
    g_autofree char *keys = g_build_filename(options->state_folder, "keys", NULL);
    g_autoptr(GError) no_certificate = NULL;
    if (g_mkdir_with_parents(keys, 0700) != 0)
        g_warning("no folder for pairing keys, %s: %s", keys, g_strerror(errno));
    /* By which other devices know this one inside TLS. */
    g_autoptr(Certificate) own = certificate_of_device(keys, options->name, &no_certificate);
    if (own == NULL)
        g_warning("no pipe runs inside TLS: %s", no_certificate->message);
    IgrsNodeOptions node = {
        .uuid = app->uuid,
        .name = options->name,
        .types = types,
        .manufacturer = "duoping",
        .model_name = "duoping-tv",
        .model_number = PACKAGE_VERSION,
        .model_description = "Screen for films, music and pictures",
        .http_port = http_server_port(app->server),
        .software = "duoping-tv/" PACKAGE_VERSION,
        .port = options->igrs_port,
        .keys_folder = keys,
        .groups_file = groups,
        .certificate = own != NULL ? own->certificate : NULL,
        .certificate_key = own != NULL ? own->key : NULL,
        .clock = app->clock,
        .interfaces = app->interfaces,
    };

    app->node = igrs_node_new(&node);
    igrs_node_add_service(app->node, AV_CONNECTION_MANAGER_ID, app->connection_manager,
                          "Connections");
    igrs_node_add_service(app->node, AV_TRANSPORT_ID, app->transport, "Player");
    igrs_node_add_service(app->node, AV_RENDERING_CONTROL_ID, app->rendering, "Sound");
    igrs_node_add_service(app->node, NOTICE_ID, app->notices, "Notices");
    igrs_node_add_service(app->node, MUSIC_TRANSPORT_ID, music_service(app->music), "Music");
    igrs_node_add_service(app->node, HANDOVER_ID, handing_service(app->handing), "Handover");
    observers_add(igrs_node_pairing_observers(app->node), on_pairing_changed, app);
    show_code(app);
    app->is_online = igrs_node_start(app->node, error);
    if (app->is_online)
        handing_start(app->handing, app->node);
    return app->is_online;
}

static void
on_stopped(gpointer data)
{
    *(bool *)data = true;
}

static void
stop_igrs(App *app)
{
    bool is_stopped = false;

    if (!app->is_online)
        return;
    handing_stop(app->handing);
    igrs_node_stop(app->node, on_stopped, &is_stopped);
    while (!is_stopped)
        g_main_context_iteration(NULL, TRUE);
}

/* -- The whole --------------------------------------------------------------------------------- */

App *
app_new(const AppOptions *options, GError **error)
{
    g_autoptr(App) app = g_new0(App, 1);

    app->uuid = program_identity(options->state_folder, error);
    if (app->uuid == NULL)
        return NULL;
    tls_authorities_defer();
    app->clock = clock_new();
    app->software = program_server("duoping-tv/" PACKAGE_VERSION);
    app->interfaces = net_interfaces_new(options->interfaces, error);
    if (app->interfaces == NULL)
        return NULL;
    app->screen = make_screen(app, options, error);
    if (app->screen == NULL)
        return NULL;
    app->connection_manager = connection_manager_new("", app->screen->sink_protocols);
    app->transport = av_transport_new(app->screen, app->clock);
    app->rendering = rendering_control_new(app->screen, app->clock);
    app->notices = notice_new(show_notice, app);
    app->handing = handing_new(app->screen, app->clock);
    if (options->has_igrs &&
        (app->music = music_new(app->screen, options->audio_sink, app->clock, error)) == NULL)
        return NULL;
    if (options->has_upnp)
        make_renderer(app, options);
    if (!start_http(app, options, error))
        return NULL;
    start_upnp(app);
    if (options->has_igrs && !start_igrs(app, options, error))
        return NULL;
    if (net_interfaces_list(app->interfaces)->len == 0)
        g_message("no network yet: waiting for an interface to come up");
    return g_steal_pointer(&app);
}

void
app_free(App *app)
{
    if (app == NULL)
        return;
    stop_igrs(app);
    igrs_node_free(app->node);
    g_free(app->code);
    g_free(app->notice);
    if (app->renderer != NULL)
        upnp_device_stop(app->renderer);
    http_server_free(app->server);
    upnp_device_free(app->renderer);
    http_router_free(app->router);
    music_free(app->music);
    handing_free(app->handing);
    service_free(app->notices);
    service_free(app->rendering);
    service_free(app->transport);
    service_free(app->connection_manager);
    screen_free(app->screen);
    g_free(app->software);
    net_interfaces_free(app->interfaces);
    clock_free(app->clock);
    g_free(app->uuid);
    g_free(app);
}

void
app_refresh(App *app)
{
    if (app->node != NULL)
        igrs_node_read_keys(app->node);
}

char *
app_describe(const App *app)
{
    g_autofree char *igrs = app->node != NULL
                                ? g_strdup_printf("IGRS on port %u", igrs_node_port(app->node))
                                : g_strdup(app->renderer != NULL ? "UPnP" : "not on the network");
    const char *also = app->node != NULL && app->renderer != NULL ? ", UPnP" : "";

    return g_strdup_printf("%s is ready: %s%s, health at http://localhost:%u/healthz",
                           app->screen->name, igrs, also, http_server_port(app->server));
}
