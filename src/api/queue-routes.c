/* queue-routes.c -- what a screen is to play: a queue each, kept by the server
 *
 * A queue is named by its screen. Every change is answered with the queue as it is then; the event
 * "queue" tells everybody else. */
#include "api/room.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define BODY_MAX (64 * 1024)
#define PICTURE_MS_MIN 1000
#define PICTURE_MS_MAX (60 * 60 * 1000)

/* The screen's id, the caller's; NULL: replied already. One that is away still has its queue. */
static char *
find_queue(HttpExchange *exchange, const Api *api)
{
    const char *name = http_exchange_parameter(exchange, "screen");
    g_autoptr(GError) error = NULL;
    const Screen *screen = screens_find(api->parts.screens, name, &error);

    if (screen != NULL)
        return g_strdup(screen->id);
    if (queues_has(api->parts.queues, name))
        return g_strdup(name);
    http_exchange_reply_error(exchange, error);
    return NULL;
}

static void
reply_queue(HttpExchange *exchange, unsigned status, const Api *api, const char *screen_id)
{
    g_auto(Visitor) visitor = { 0 };
    JsonWriter json;

    request_visitor(exchange, api, &visitor);
    json_init(&json, 4096);
    json_queue(&json, api, screen_id, visitor.audience);
    reply_json(exchange, status, &json);
}

static void
get_queue(HttpExchange *exchange, gpointer user_data)
{
    g_autofree char *screen_id = find_queue(exchange, user_data);

    if (screen_id != NULL)
        reply_queue(exchange, 200, user_data, screen_id);
}

static void
delete_queue(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autofree char *screen_id =
        request_may_change(exchange) ? find_queue(exchange, user_data) : NULL;

    if (screen_id == NULL)
        return;
    queue_clear(queues_edit(api->parts.queues, screen_id));
    queues_edited(api->parts.queues, screen_id);
    reply_queue(exchange, 200, api, screen_id);
}

/* -- How it plays ------------------------------------------------------------------------------ */

typedef struct {
    QueueRepeat repeat;
    bool is_shuffled;
    int64_t picture_ms;
} Manner;

static bool
read_manner(HttpExchange *exchange, const json_t *body, Manner *manner)
{
    const char *repeat = NULL;

    if (!request_member_text(exchange, body, "repeat", &repeat) ||
        !request_member_flag(exchange, body, "shuffle", &manner->is_shuffled) ||
        !request_member_number(exchange, body, "picture_ms", PICTURE_MS_MAX, &manner->picture_ms))
        return false;
    if (repeat != NULL && !queue_repeat_from_name(repeat, &manner->repeat)) {
        http_exchange_reply_problem(exchange, 400, "repeat", "repeat must be off, one or all");
        return false;
    }
    if (manner->picture_ms < PICTURE_MS_MIN) {
        http_exchange_reply_problem(exchange, 400, "picture_ms", "picture_ms must be at least %d",
                                    PICTURE_MS_MIN);
        return false;
    }
    return true;
}

static void
patch_queue(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "repeat", "shuffle", "picture_ms", NULL };
    const Api *api = user_data;
    json_t *body = request_object(exchange, members);
    g_autofree char *screen_id = body != NULL ? find_queue(exchange, api) : NULL;

    if (screen_id != NULL) {
        Queue *queue = queues_edit(api->parts.queues, screen_id);
        Manner manner = { queue_repeat(queue), queue_is_shuffled(queue), queue_picture_ms(queue) };
        if (read_manner(exchange, body, &manner)) {
            queue_set_repeat(queue, manner.repeat);
            queue_set_picture_ms(queue, manner.picture_ms);
            if (json_object_get(body, "shuffle") != NULL)
                queue_set_shuffled(queue, manner.is_shuffled);
            queues_edited(api->parts.queues, screen_id);
            reply_queue(exchange, 200, api, screen_id);
        }
    }
    json_decref(body);
}

/* -- What is in it ----------------------------------------------------------------------------- */

/* A request that is answered when the screen, or another server, has answered. */
typedef struct {
    HttpExchange *exchange;
    const Api *api; /* borrowed: they answer before it goes */
    char *screen_id;
    unsigned status; /* of the reply when all is well */
} Order;

static Order *
order_new(HttpExchange *exchange, const Api *api, const char *screen_id, unsigned status)
{
    Order *order = g_new(Order, 1);

    *order = (Order){ exchange, api, g_strdup(screen_id), status };
    return order;
}

static void
on_done(const Cast *cast G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    g_autofree Order *order = user_data;
    g_autofree char *screen_id = order->screen_id;

    if (error != NULL)
        reply_screen_error(order->exchange, error);
    else
        reply_queue(order->exchange, order->status, order->api, screen_id);
}

typedef struct {
    const json_t *items; /* NULL: none named */
    CastWish wish;
    bool is_next, plays;
    bool is_music; /* for the list that plays beside pictures */
} Addition;

static bool
read_items(HttpExchange *exchange, Addition *addition, const json_t *items)
{
    size_t i;
    json_t *item;

    addition->items = items;
    bool is_good = items == NULL || (json_is_array(items) && json_array_size(items) > 0);
    json_array_foreach(items, i, item)
        is_good = is_good && json_is_string(item);
    if (!is_good)
        http_exchange_reply_problem(exchange, 400, "items",
                                    "items must be a list of ids of items or containers");
    return is_good;
}

static bool
has_choices(const CastWish *wish)
{
    return wish->sound != NULL || wish->subtitle != NULL;
}

static bool
read_addition(HttpExchange *exchange, const json_t *body, Addition *addition)
{
    CastWish *wish = &addition->wish;

    if (!request_member_text(exchange, body, "item", &wish->item_id) ||
        !request_member_text(exchange, body, "server", &wish->server) ||
        !request_member_text(exchange, body, "path", &wish->path) ||
        !request_member_text(exchange, body, "url", &wish->url) ||
        !request_member_text(exchange, body, "upload", &wish->upload) ||
        !request_member_text(exchange, body, "title", &wish->title) ||
        !request_member_text(exchange, body, "audio", &wish->sound) ||
        !request_member_text(exchange, body, "subtitle", &wish->subtitle) ||
        !request_member_flag(exchange, body, "next", &addition->is_next) ||
        !request_member_flag(exchange, body, "play", &addition->plays) ||
        !request_member_flag(exchange, body, "music", &addition->is_music) ||
        !read_items(exchange, addition, json_object_get(body, "items")))
        return false;
    guint things = (wish->item_id != NULL) + (wish->path != NULL) + (wish->url != NULL) +
                   (wish->upload != NULL) + (addition->items != NULL);
    if (things != 1)
        http_exchange_reply_problem(exchange, 400, "item",
                                    "one of item, items, path, url and upload is needed");
    else if (wish->server != NULL && wish->item_id == NULL)
        http_exchange_reply_problem(exchange, 400, "item", "of a server an item is needed");
    else if (addition->items != NULL && has_choices(wish))
        http_exchange_reply_problem(exchange, 400, "audio",
                                    "audio and subtitle are chosen for one item each");
    else
        return true;
    return false;
}

/* The first entry of what was added; 0 with an error, and all that came before it is in the
 * queue. */
static uint32_t
add_own(const Api *api, const char *screen_id, const Addition *addition, GError **error)
{
    Queues *queues = api->parts.queues;
    size_t count = json_array_size(addition->items);
    uint32_t first = 0, added = 1;

    if (addition->items == NULL)
        return queues_add(queues, screen_id, addition->wish.item_id, addition->is_next, error);
    for (size_t i = 0; i < count && added != 0; i++) {
        size_t at = addition->is_next ? count - 1 - i : i; /* each goes before those of before it */
        added = queues_add(queues, screen_id,
                           json_string_value(json_array_get(addition->items, at)),
                           addition->is_next, error);
        first = at == 0 ? added : first;
    }
    return added != 0 ? first : 0;
}

static void
add(HttpExchange *exchange, const Api *api, const char *screen_id, Addition *addition)
{
    Queues *queues = api->parts.queues;
    g_autoptr(GError) error = NULL;

    if (addition->items == NULL &&
        (addition->wish.item_id == NULL || addition->wish.server != NULL ||
         has_choices(&addition->wish))) {
        addition->wish.screen = screen_id;
        addition->wish.when = addition->is_next ? CAST_NEXT : CAST_LATER;
        queues_cast(queues, &addition->wish, addition->plays ? QUEUES_AT_ONCE : QUEUES_IN_ITS_TURN,
                    on_done, order_new(exchange, api, screen_id, 201));
        return;
    }
    uint32_t first = add_own(api, screen_id, addition, &error);
    queues_edited(queues, screen_id);
    if (first == 0)
        http_exchange_reply_error(exchange, error);
    else if (addition->plays)
        queues_play(queues, screen_id, first, on_done, order_new(exchange, api, screen_id, 201));
    else
        reply_queue(exchange, 201, api, screen_id);
}

/* Is all of it there for who asks? */
static bool
may_add(HttpExchange *exchange, const Api *api, const Addition *addition)
{
    size_t i;
    json_t *item;

    json_array_foreach(addition->items, i, item)
        if (!request_sees(exchange, api, json_string_value(item)))
            return false;
    return request_sees_wish(exchange, api, &addition->wish);
}

/* The list that plays beside the pictures of a screen, the caller's; it goes round. NULL: replied
 * already. */
static char *
find_music(HttpExchange *exchange, const Api *api)
{
    const char *name = http_exchange_parameter(exchange, "screen");
    g_autoptr(GError) error = NULL;
    const Screen *screen = screens_find(api->parts.screens, name, &error);
    const Screen *beside = screens_beside(api->parts.screens, screen);

    if (screen == NULL)
        http_exchange_reply_error(exchange, error);
    else if (beside == NULL)
        http_exchange_reply_problem(exchange, 409, "music",
                                    "%s shows pictures or plays music, one at a time: music with "
                                    "pictures needs a screen that runs duoping-tv", screen->name);
    else if (!queues_has(api->parts.queues, beside->id))
        queue_set_repeat(queues_edit(api->parts.queues, beside->id), QUEUE_REPEAT_ALL);
    return beside != NULL ? g_strdup(beside->id) : NULL;
}

static void
post_queue(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "item",   "items", "server", "path",     "url",
                                           "upload", "title", "audio",  "subtitle", "next",
                                           "play",   "music", NULL };
    Addition addition = { 0 };
    json_t *body = request_object(exchange, members);
    g_autofree char *screen_id = NULL;

    if (body != NULL && read_addition(exchange, body, &addition) &&
        may_add(exchange, user_data, &addition) &&
        (screen_id = (addition.is_music ? find_music : find_queue)(exchange, user_data)) != NULL)
        add(exchange, user_data, screen_id, &addition);
    json_decref(body);
}

/* -- One entry --------------------------------------------------------------------------------- */

/* Its id; 0: replied already. */
static uint32_t
find_entry(HttpExchange *exchange, const Api *api, const char *screen_id)
{
    const char *text = http_exchange_parameter(exchange, "entry");
    uint32_t id = 0;

    if (text_to_u32(text, 1, UINT32_MAX, &id) &&
        queue_find(queues_get(api->parts.queues, screen_id), id) != NULL)
        return id;
    http_exchange_reply_problem(exchange, 404, "entry", "the queue has no entry %.20s", text);
    return 0;
}

static void
delete_entry(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autofree char *screen_id =
        request_may_change(exchange) ? find_queue(exchange, user_data) : NULL;
    uint32_t id = screen_id != NULL ? find_entry(exchange, api, screen_id) : 0;

    if (id == 0)
        return;
    queue_remove(queues_edit(api->parts.queues, screen_id), id);
    queues_edited(api->parts.queues, screen_id);
    reply_queue(exchange, 200, api, screen_id);
}

static void
move_entry(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { "index", NULL };
    const Api *api = user_data;
    int64_t index = -1;
    json_t *body = request_object(exchange, members);
    g_autofree char *screen_id = body != NULL ? find_queue(exchange, api) : NULL;
    uint32_t id = screen_id != NULL ? find_entry(exchange, api, screen_id) : 0;

    if (id != 0 && request_member_number(exchange, body, "index", QUEUE_MAX, &index)) {
        if (index < 0) {
            http_exchange_reply_problem(exchange, 400, "index", "index is needed");
        } else {
            queue_move(queues_edit(api->parts.queues, screen_id), id, (guint)index);
            queues_edited(api->parts.queues, screen_id);
            reply_queue(exchange, 200, api, screen_id);
        }
    }
    json_decref(body);
}

static void
play_entry(HttpExchange *exchange, gpointer user_data)
{
    static const char *const members[] = { NULL };
    const Api *api = user_data;
    json_t *body = request_object(exchange, members);
    g_autofree char *screen_id = body != NULL ? find_queue(exchange, api) : NULL;
    uint32_t id = screen_id != NULL ? find_entry(exchange, api, screen_id) : 0;

    if (id != 0)
        queues_play(api->parts.queues, screen_id, id, on_done,
                    order_new(exchange, api, screen_id, 200));
    json_decref(body);
}

const HttpRoute queue_routes[] = {
    { "GET", "/api/v1/queue/{screen}", HTTP_STATE, get_queue, 0 },
    { "POST", "/api/v1/queue/{screen}", HTTP_STATE, post_queue, BODY_MAX },
    { "PATCH", "/api/v1/queue/{screen}", HTTP_STATE, patch_queue, BODY_MAX },
    { "DELETE", "/api/v1/queue/{screen}", HTTP_STATE, delete_queue, 0 },
    { "DELETE", "/api/v1/queue/{screen}/{entry}", HTTP_STATE, delete_entry, 0 },
    { "POST", "/api/v1/queue/{screen}/{entry}/move", HTTP_STATE, move_entry, BODY_MAX },
    { "POST", "/api/v1/queue/{screen}/{entry}/play", HTTP_STATE, play_entry, BODY_MAX },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
