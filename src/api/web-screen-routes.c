/* web-screen-routes.c -- a page that is a screen: it comes, listens for orders, answers and reports
 *
 * The secret in the path is the page's own: who knows it is that screen. */
#include "api/room.h"
#include "base/error.h"

#include <string.h>

#define BODY_MAX (16 * 1024)
#define MIMES_MAX 64
#define POSITION_MAX G_MAXINT32

/* NULL: replied already. */
static WebScreen *
find_screen(HttpExchange *exchange, const Api *api)
{
    g_autoptr(GError) error = NULL;
    WebScreen *screen = web_screens_find(api->parts.web_screens,
                                         http_exchange_parameter(exchange, "secret"), &error);

    if (screen == NULL)
        http_exchange_reply_error(exchange, error);
    return screen;
}

/* -- Coming and going -------------------------------------------------------------------------- */

/* The texts of an array; borrowed from it. False: replied already. */
static bool
read_mimes(HttpExchange *exchange, const json_t *body, const char *mimes[MIMES_MAX + 1])
{
    const json_t *list = json_object_get(body, "takes");
    size_t count = json_array_size(list);
    bool is_good = list != NULL && json_is_array(list) && count > 0 && count <= MIMES_MAX;

    for (size_t i = 0; is_good && i < count; i++) {
        mimes[i] = json_string_value(json_array_get(list, i));
        is_good = mimes[i] != NULL;
    }
    if (!is_good)
        http_exchange_reply_problem(exchange, 400, "takes",
                                    "takes is a list of 1 to %d formats, each as \"video/mp4\"",
                                    MIMES_MAX);
    else
        mimes[count] = NULL;
    return is_good;
}

static void
reply_joined(HttpExchange *exchange, const WebScreen *screen)
{
    const Screen *base = web_screen_base(screen);
    JsonWriter json;

    json_init(&json, 256);
    json_open(&json, NULL, '{');
    json_text(&json, "id", base->id);
    json_text(&json, "name", base->name);
    json_text(&json, "code", web_screen_code(screen));
    json_close(&json, '}');
    reply_json(exchange, 200, &json);
}

static void
put_screen(HttpExchange *exchange, gpointer user_data)
{
    static const char *const known[] = { "name", "takes", NULL };
    const Api *api = user_data;
    const char *mimes[MIMES_MAX + 1];
    g_autoptr(GError) error = NULL;
    g_autofree char *address = g_inet_address_to_string(
        g_inet_socket_address_get_address(http_exchange_peer(exchange)));
    WebScreenWish wish = { .secret = http_exchange_parameter(exchange, "secret"), .mimes = mimes,
                           .address = address };
    json_t *body = request_body(exchange, known);

    if (body != NULL && request_member_text(exchange, body, "name", &wish.name) &&
        read_mimes(exchange, body, mimes)) {
        const WebScreen *screen = web_screens_join(api->parts.web_screens, &wish, &error);
        if (screen != NULL)
            reply_joined(exchange, screen);
        else
            http_exchange_reply_error(exchange, error);
    }
    json_decref(body);
}

static void
delete_screen(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;

    if (!request_is_own(exchange))
        return;
    WebScreen *screen = find_screen(exchange, api);
    if (screen == NULL)
        return;
    web_screens_leave(api->parts.web_screens, screen);
    http_exchange_reply(exchange, 204, NULL, NULL);
}

/* -- Orders ------------------------------------------------------------------------------------ */

static const char *const verb_names[] = {
    [SCREEN_OPEN] = "open",   [SCREEN_SET_NEXT] = "follow", [SCREEN_PLAY] = "play",
    [SCREEN_PAUSE] = "pause", [SCREEN_STOP] = "stop",       [SCREEN_SEEK] = "seek",
    [SCREEN_NEXT] = "next",   [SCREEN_PREVIOUS] = "previous", [SCREEN_VOLUME] = "volume",
    [SCREEN_MUTE] = "mute",
};
G_STATIC_ASSERT(G_N_ELEMENTS(verb_names) == SCREEN_VERB_N);

/* A page that listens. */
typedef struct {
    const Api *api;    /* borrowed; the screens end before it goes */
    WebScreen *screen; /* borrowed; tells when it ends */
    HttpEvents *events;
} Tab;

static void
tab_free(Tab *tab)
{
    http_events_free(tab->events);
    g_free(tab);
}

static void
json_order(JsonWriter *json, const Api *api, const WebOrder *order)
{
    const ScreenCommand *command = order->command;

    json_open(json, NULL, '{');
    json_number(json, "number", order->number);
    json_text(json, "verb", verb_names[command->verb]);
    if (command->verb == SCREEN_OPEN || command->verb == SCREEN_SEEK)
        json_number(json, "position_ms", command->position_ms);
    if (command->verb == SCREEN_VOLUME)
        json_number(json, "volume", command->volume);
    if (command->verb == SCREEN_MUTE)
        json_bool(json, "muted", command->is_muted);
    if (order->is_again)
        json_bool(json, "again", true);
    if (order->is_paused)
        json_bool(json, "paused", true);
    if (command->media != NULL && command->verb <= SCREEN_SET_NEXT) {
        json_open(json, "media", '{');
        json_loaded(json, api, command->media, true);
        json_close(json, '}');
    }
    json_close(json, '}');
}

static void
on_order(const WebOrder *order, gpointer user_data)
{
    const Tab *tab = user_data;
    JsonWriter json;

    json_init(&json, 512);
    json_order(&json, tab->api, order);
    g_autofree char *text = json_take(&json);
    http_events_send(tab->events, "order", text);
}

static void
on_ended(bool is_replaced, gpointer user_data)
{
    Tab *tab = user_data;

    if (is_replaced)
        http_events_send(tab->events, "replaced", "{}");
    tab_free(tab);
}

static void
on_closed(gpointer user_data)
{
    Tab *tab = user_data;

    web_screen_deafen(tab->screen, tab);
    tab_free(tab);
}

static void
get_orders(HttpExchange *exchange, gpointer user_data)
{
    static const WebListener listener = { on_order, on_ended };
    WebScreen *screen = find_screen(exchange, user_data);

    if (screen == NULL)
        return;
    Tab *tab = g_new(Tab, 1);
    *tab = (Tab){ .api = user_data, .screen = screen };
    tab->events = http_exchange_reply_events(exchange, on_closed, tab);
    if (tab->events == NULL) { /* answered 503: too many */
        g_free(tab);
        return;
    }
    web_screen_listen(screen, &listener, tab);
    /* it knows what it had: now its reports are true */
    http_events_send(tab->events, "ready", "{}");
}

/* -- What it says ------------------------------------------------------------------------------ */

static void
post_answer(HttpExchange *exchange, gpointer user_data)
{
    static const char *const known[] = { "number", "problem", NULL };
    g_autoptr(GError) error = NULL;
    const char *problem = NULL;
    int64_t number = 0;
    json_t *body = request_body(exchange, known);

    if (body != NULL && request_member_number(exchange, body, "number", UINT32_MAX, &number) &&
        request_member_text(exchange, body, "problem", &problem)) {
        WebScreen *screen = find_screen(exchange, user_data);
        if (screen != NULL && web_screen_answer(screen, (uint32_t)number, problem, &error))
            http_exchange_reply(exchange, 204, NULL, NULL);
        else if (screen != NULL)
            http_exchange_reply_error(exchange, error);
    }
    json_decref(body);
}

static bool
read_state(HttpExchange *exchange, const json_t *body, PlaybackState *state)
{
    const char *name = NULL;

    if (!request_member_text(exchange, body, "state", &name))
        return false;
    for (*state = 0; name != NULL && *state < PLAYBACK_STATE_N; (*state)++)
        if (strcmp(playback_state_name(*state), name) == 0)
            return true;
    http_exchange_reply_problem(exchange, 400, "state",
                                "state is one of offline, idle, loading, playing, paused, stopped");
    return false;
}

/* Texts are borrowed from body; a member that is null counts as missing. */
static bool
read_report(HttpExchange *exchange, const json_t *body, WebReport *report, PlaybackMedia *known)
{
    const char *class = NULL, *texts[7] = { NULL };
    static const char *const names[] = { "url", "mime", "title", "item_id", "server", "problem",
                                        "subtitle_url" };
    int64_t media = 0, volume = 0;

    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (!request_member_text(exchange, body, names[i], &texts[i]))
            return false;
    if (!read_state(exchange, body, &report->state) ||
        !request_member_text(exchange, body, "class", &class) ||
        !request_member_number(exchange, body, "media", UINT32_MAX, &media) ||
        !request_member_number(exchange, body, "position_ms", POSITION_MAX, &report->position_ms) ||
        !request_member_number(exchange, body, "duration_ms", POSITION_MAX, &report->duration_ms) ||
        !request_member_number(exchange, body, "volume", 100, &volume) ||
        !request_member_flag(exchange, body, "muted", &report->is_muted))
        return false;
    report->media = (uint32_t)media;
    report->volume = (int)volume;
    report->problem = texts[5];
    *known = (PlaybackMedia){ .uri = (char *)texts[0], .mime = (char *)texts[1],
                              .title = (char *)texts[2], .item_id = (char *)texts[3],
                              .server_id = (char *)texts[4],
                              .subtitle = (char *)texts[6], .kind = MEDIA_ANY,
                              .duration_ms = report->duration_ms };
    if (class != NULL)
        media_kind_from_name(class, &known->kind);
    report->known = known->uri != NULL ? known : NULL;
    return true;
}

static void
put_status(HttpExchange *exchange, gpointer user_data)
{
    static const char *const known[] = { "state",       "media",       "url",     "mime",
                                         "title",       "class",       "item_id", "server",
                                         "position_ms", "duration_ms", "volume",  "muted",
                                         "problem",     "subtitle_url", NULL };
    WebReport report = { 0 };
    PlaybackMedia media = { 0 };
    json_t *body = request_body(exchange, known);

    if (body != NULL && read_report(exchange, body, &report, &media)) {
        WebScreen *screen = find_screen(exchange, user_data);
        if (screen != NULL) {
            web_screen_report(screen, &report);
            http_exchange_reply(exchange, 204, NULL, NULL);
        }
    }
    json_decref(body);
}

#define SCREEN "/api/v1/web-screens/{secret}"

const HttpRoute web_screen_routes[] = {
    { "PUT", SCREEN, HTTP_STATE, put_screen, BODY_MAX },
    { "DELETE", SCREEN, HTTP_STATE, delete_screen, 0 },
    { "GET", SCREEN "/orders", HTTP_STATE, get_orders, 0 },
    { "POST", SCREEN "/answers", HTTP_STATE, post_answer, BODY_MAX },
    { "PUT", SCREEN "/status", HTTP_STATE, put_status, BODY_MAX },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
