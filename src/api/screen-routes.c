/* screen-routes.c -- the remote control: every screen, and what it may be told
 *
 * A verb is answered when the screen has answered and shows what it was told. */
#include "api/room.h"

#include <string.h>

#define BODY_MAX 4096
#define PATIENCE_MS 3000 /* LastChange comes within 200 ms, positions once a second, of a busy set later */
#define SEEK_NEAR_MS 1500
#define RESTART_BEYOND_MS 3000 /* "previous" later than this goes to the beginning */

static void
get_screens(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const GPtrArray *list = screens_list(api->parts.screens);
    g_auto(Visitor) visitor = { 0 };
    JsonWriter json;

    request_visitor(exchange, api, &visitor);
    json_init(&json, 4096);
    json_open(&json, NULL, '[');
    for (guint i = 0; i < list->len; i++)
        json_screen(&json, NULL, api, list->pdata[i], visitor.audience, false);
    json_close(&json, ']');
    reply_json(exchange, 200, &json);
}

static void
reply_screen(HttpExchange *exchange, const Api *api, const Screen *screen)
{
    g_auto(Visitor) visitor = { 0 };
    JsonWriter json;

    request_visitor(exchange, api, &visitor);
    json_init(&json, 1024);
    json_screen(&json, NULL, api, screen, visitor.audience, false);
    reply_json(exchange, 200, &json);
}

/* NULL: replied already. */
static Screen *
find_screen(HttpExchange *exchange, const Api *api)
{
    g_autoptr(GError) error = NULL;
    Screen *screen =
        screens_find(api->parts.screens, http_exchange_parameter(exchange, "id"), &error);

    if (screen == NULL)
        http_exchange_reply_error(exchange, error);
    return screen;
}

static void
get_screen(HttpExchange *exchange, gpointer user_data)
{
    const Screen *screen = find_screen(exchange, user_data);

    if (screen != NULL)
        reply_screen(exchange, user_data, screen);
}

/* -- Verbs ------------------------------------------------------------------------------------- */

static const char *const no_members[] = { NULL };
static const char *const seek_members[] = { "position_ms", NULL };
static const char *const volume_members[] = { "volume", "muted", NULL };

/* Each reads its body into the command, or replies and returns false. */

static bool
read_seek(HttpExchange *exchange, const json_t *body, ScreenCommand *command)
{
    command->position_ms = -1;
    if (!request_member_number(exchange, body, "position_ms", G_MAXINT32, &command->position_ms))
        return false;
    if (command->position_ms < 0)
        http_exchange_reply_problem(exchange, 400, "position_ms", "position_ms is needed");
    return command->position_ms >= 0;
}

static bool
read_volume(HttpExchange *exchange, const json_t *body, ScreenCommand *command)
{
    int64_t volume = 0;

    if (!request_member_number(exchange, body, "volume", 100, &volume) ||
        !request_member_flag(exchange, body, "muted", &command->is_muted))
        return false;
    command->volume = (int)volume;
    if (json_object_size(body) == 0)
        http_exchange_reply_problem(exchange, 400, "volume", "volume or muted is needed");
    return json_object_size(body) != 0;
}

static const struct {
    const char *word; /* the last segment of the path */
    ScreenVerb verb;
    const char *const *members;
    bool (*read)(HttpExchange *exchange, const json_t *body, ScreenCommand *command);
} verbs[] = {
    { "play", SCREEN_PLAY, no_members, NULL },
    { "pause", SCREEN_PAUSE, no_members, NULL },
    { "stop", SCREEN_STOP, no_members, NULL },
    { "next", SCREEN_NEXT, no_members, NULL },
    { "previous", SCREEN_PREVIOUS, no_members, NULL },
    { "seek", SCREEN_SEEK, seek_members, read_seek },
    { "volume", SCREEN_VOLUME, volume_members, read_volume },
};

/* A request under way. It may be two commands, the volume and then the mute; and when a screen has
 * said yes, its events tell a moment later what came of it, which is what the reply shall say. */
typedef struct {
    HttpExchange *exchange;
    const Api *api;   /* borrowed: screens answer before it goes */
    Screens *screens; /* borrowed */
    Clock *clock;     /* borrowed */
    Screen *screen;   /* borrowed; the registry tells when it goes */
    ScreenCommand command;
    bool has_mute;
    bool is_muted;
    guint observer, patience;
} Order;

static bool
is_shown(const Order *order)
{
    const PlaybackStatus *status = &order->screen->status;

    switch (order->command.verb) {
    case SCREEN_PLAY: return status->state == PLAYBACK_PLAYING;
    case SCREEN_PAUSE: return status->state == PLAYBACK_PAUSED;
    case SCREEN_STOP: return status->state == PLAYBACK_STOPPED || status->state == PLAYBACK_IDLE;
    case SCREEN_SEEK: return ABS(status->position_ms - order->command.position_ms) <= SEEK_NEAR_MS;
    case SCREEN_VOLUME: return status->volume == order->command.volume;
    case SCREEN_MUTE: return status->is_muted == order->command.is_muted;
    default: return true;
    }
}

static void
finish(Order *order)
{
    observers_remove(screens_observers(order->screens), order->observer);
    clock_cancel(order->clock, &order->patience);
    reply_screen(order->exchange, order->api, order->screen);
    g_free(order);
}

static void
on_screens_event(gconstpointer data, gpointer user_data)
{
    const ScreensEvent *event = data;
    Order *order = user_data;

    if (event->screen == order->screen && (event->change == SCREENS_REMOVED || is_shown(order)))
        finish(order);
}

static void
on_patience_ended(gpointer user_data)
{
    Order *order = user_data;

    order->patience = 0;
    finish(order);
}

/* A set refuses to be paused or stopped twice (AVTransport:1, 2.4); people mean no harm by it. */
static bool
is_so_already(const Order *order)
{
    return (order->command.verb == SCREEN_PAUSE || order->command.verb == SCREEN_STOP) &&
           is_shown(order);
}

static void
on_obeyed(Screen *screen, const GError *error, gpointer user_data)
{
    Order *order = user_data;

    if (error != NULL && !is_so_already(order)) {
        reply_screen_error(order->exchange, error);
        g_free(order);
    } else if (order->has_mute) {
        order->command = (ScreenCommand){ .verb = SCREEN_MUTE, .is_muted = order->is_muted };
        order->has_mute = false;
        screen_command(screen, &order->command, NULL, on_obeyed, order);
    } else if (is_shown(order)) {
        reply_screen(order->exchange, order->api, screen);
        g_free(order);
    } else {
        order->observer = observers_add(screens_observers(order->screens), on_screens_event, order);
        order->patience = clock_after(order->clock, PATIENCE_MS, on_patience_ended, order);
    }
}

static void
give_order(HttpExchange *exchange, const Api *api, Screen *screen, ScreenCommand *command,
           const json_t *body)
{
    Order *order = g_new0(Order, 1);

    order->exchange = exchange;
    order->api = api;
    order->screens = api->parts.screens;
    order->clock = api->parts.clock;
    order->screen = screen;
    if (command->verb == SCREEN_VOLUME) {
        order->has_mute = json_object_get(body, "muted") != NULL;
        order->is_muted = command->is_muted;
    }
    if (order->has_mute && json_object_get(body, "volume") == NULL) {
        command->verb = SCREEN_MUTE;
        order->has_mute = false;
    }
    order->command = *command;
    screen_command(screen, command, NULL, on_obeyed, order);
}

/* -- Verbs that are the queue's, where there is one --------------------------------------------- */

typedef struct {
    HttpExchange *exchange;
    const Api *api; /* borrowed: screens answer before it goes */
    char *screen_id;
} Going;

static void
on_gone(const Cast *cast G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    g_autofree Going *going = user_data;
    g_autofree char *screen_id = going->screen_id;
    g_autoptr(GError) gone = NULL;
    const Screen *screen =
        error == NULL ? screens_find(going->api->parts.screens, screen_id, &gone) : NULL;

    if (screen != NULL)
        reply_screen(going->exchange, going->api, screen);
    else
        reply_screen_error(going->exchange, error != NULL ? error : gone);
}

/* Which entry a verb leads to; 0: the screen is to see to it. */
static uint32_t
entry_of_verb(const Queue *queue, const Screen *screen, ScreenVerb verb)
{
    const PlaybackStatus *status = &screen->status;
    const QueueEntry *entry = NULL;

    if (verb == SCREEN_NEXT)
        entry = queue_peek(queue, QUEUE_NEXT);
    else if (verb == SCREEN_PREVIOUS && status->position_ms < RESTART_BEYOND_MS)
        entry = queue_peek(queue, QUEUE_PREVIOUS);
    else if (verb == SCREEN_PLAY && status->media == NULL)
        entry = queue_current(queue) != NULL ? queue_current(queue) : queue_peek(queue, QUEUE_END);
    return entry != NULL ? entry->id : 0;
}

static void
obey(HttpExchange *exchange, const Api *api, Screen *screen, ScreenCommand *command,
     const json_t *body)
{
    Queues *queues = api->parts.queues;
    uint32_t entry = entry_of_verb(queues_get(queues, screen->id), screen, command->verb);

    if (command->verb == SCREEN_STOP)
        queues_hold(queues, screen->id);
    if (command->verb == SCREEN_PREVIOUS && entry == 0 && screen->status.is_seekable)
        *command = (ScreenCommand){ .verb = SCREEN_SEEK };
    if (command->verb == SCREEN_NEXT && entry == 0 && queues_is_playing(queues, screen->id)) {
        http_exchange_reply_problem(exchange, 409, NULL, "nothing follows in the queue");
        return;
    }
    if (entry == 0) {
        give_order(exchange, api, screen, command, body);
        return;
    }
    Going *going = g_new(Going, 1);
    *going = (Going){ exchange, api, g_strdup(screen->id) };
    queues_play(queues, screen->id, entry, on_gone, going);
}

static void
post_verb(HttpExchange *exchange, gpointer user_data)
{
    const char *word = strrchr(http_exchange_path(exchange), '/') + 1;
    guint i = 0;

    while (strcmp(verbs[i].word, word) != 0)
        i++; /* the routes below name no other */
    ScreenCommand command = { .verb = verbs[i].verb };
    json_t *body = request_object(exchange, verbs[i].members);
    if (body != NULL && (verbs[i].read == NULL || verbs[i].read(exchange, body, &command))) {
        Screen *screen = find_screen(exchange, user_data);
        if (screen != NULL)
            obey(exchange, user_data, screen, &command, body);
    }
    json_decref(body);
}

/* -- Its sound and its words -------------------------------------------------------------------- */

/* What somebody may not see is not theirs to have anew, or to take to another screen, with the
 * queue that goes along. */
static bool
may_take(HttpExchange *exchange, const Api *api, const Screen *from, bool is_with_queue)
{
    g_auto(Visitor) visitor = { 0 };

    request_visitor(exchange, api, &visitor);
    if (!audience_is_limited(visitor.audience))
        return true;
    const Queue *queue = queues_get(api->parts.queues, from->id);
    bool is_seen = may_tell(api, visitor.audience, from->status.media);
    for (guint i = 0; is_with_queue && is_seen && i < queue_length(queue); i++)
        is_seen = may_tell_entry(api, visitor.audience, queue_entry(queue, i));
    if (!is_seen)
        http_exchange_reply_problem(exchange, 403, NULL, "what plays there, or follows, is not "
                                    "shared with you");
    return is_seen;
}

static void
post_tracks(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "audio", "subtitle", NULL };
    const Api *api = user_data;
    const char *sound = NULL, *subtitle = NULL;
    json_t *body = request_object(exchange, members);

    if (body != NULL && request_member_text(exchange, body, "audio", &sound) &&
        request_member_text(exchange, body, "subtitle", &subtitle)) {
        const Screen *screen = find_screen(exchange, api);
        if (screen != NULL && may_take(exchange, api, screen, false)) {
            Going *going = g_new(Going, 1);
            *going = (Going){ exchange, api, g_strdup(screen->id) };
            queues_retune(api->parts.queues, screen->id, sound, subtitle, on_gone, going);
        }
    }
    json_decref(body);
}

/* -- To another screen ------------------------------------------------------------------------- */

static void
on_moved(Screen *to, const GError *error, gpointer user_data)
{
    g_autofree Going *going = user_data;

    if (error == NULL)
        reply_screen(going->exchange, going->api, to);
    else
        reply_screen_error(going->exchange, error);
}

static void
post_move(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "to", NULL };
    const Api *api = user_data;
    const char *to = NULL;
    json_t *body = request_object(exchange, members);

    if (body != NULL && request_member_text(exchange, body, "to", &to)) {
        const Screen *from = to != NULL ? find_screen(exchange, api) : NULL;
        if (to == NULL)
            http_exchange_reply_problem(exchange, 400, "to", "to is needed: the other screen's id, "
                                        "or a part of its name");
        if (from != NULL && may_take(exchange, api, from,
                                     queues_is_playing(api->parts.queues, from->id))) {
            Going *going = g_new(Going, 1);
            *going = (Going){ exchange, api, NULL };
            handover_move(api->parts.handover, from->id, to, on_moved, going);
        }
    }
    json_decref(body);
}

const HttpRoute screen_routes[] = {
    { "GET", "/api/v1/screens", HTTP_STATE, get_screens, 0 },
    { "GET", "/api/v1/screens/{id}", HTTP_STATE, get_screen, 0 },
    { "POST", "/api/v1/screens/{id}/play", HTTP_STATE, post_verb, BODY_MAX },
    { "POST", "/api/v1/screens/{id}/pause", HTTP_STATE, post_verb, BODY_MAX },
    { "POST", "/api/v1/screens/{id}/stop", HTTP_STATE, post_verb, BODY_MAX },
    { "POST", "/api/v1/screens/{id}/next", HTTP_STATE, post_verb, BODY_MAX },
    { "POST", "/api/v1/screens/{id}/previous", HTTP_STATE, post_verb, BODY_MAX },
    { "POST", "/api/v1/screens/{id}/seek", HTTP_STATE, post_verb, BODY_MAX },
    { "POST", "/api/v1/screens/{id}/volume", HTTP_STATE, post_verb, BODY_MAX },
    { "POST", "/api/v1/screens/{id}/tracks", HTTP_STATE, post_tracks, BODY_MAX },
    { "POST", "/api/v1/screens/{id}/move", HTTP_STATE, post_move, BODY_MAX },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
