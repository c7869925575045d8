/* request.c -- what a request says, judged; every refusal names the field at fault */
#include "api/room.h"
#include "base/error.h"
#include "base/text.h"
#include "model/service.h"
#include "upnp/asker.h"

#include <string.h>

#define PAGE_DEFAULT 100
#define PAGE_MAX 1000

bool
request_number(HttpExchange *exchange, const char *name, uint32_t min, uint32_t max,
               uint32_t fallback, uint32_t *value)
{
    const char *text = http_exchange_query(exchange, name);

    if (text == NULL)
        *value = fallback;
    else if (!text_to_u32(text, min, max, value)) {
        http_exchange_reply_problem(exchange, 400, name, "%s must be a whole number from %u to %u",
                                    name, min, max);
        return false;
    }
    return true;
}

static const char *const sort_names[] = { "natural", "title", "date",   "size",
                                          "duration", "track", "artist", "album" };
G_STATIC_ASSERT(G_N_ELEMENTS(sort_names) == CATALOG_SORT_N);

static bool
request_sort(HttpExchange *exchange, CatalogRange *range)
{
    const char *text = http_exchange_query(exchange, "sort");

    if (text == NULL)
        return true;
    range->is_descending = *text == '-';
    for (guint i = 0; i < CATALOG_SORT_N; i++) {
        if (strcmp(text + range->is_descending, sort_names[i]) == 0) {
            range->sort = i;
            return true;
        }
    }
    http_exchange_reply_problem(
        exchange, 400, "sort",
        "sort must be one of natural, title, date, size, "
        "duration, track, artist, album, with a - before it to turn it round");
    return false;
}

bool
request_range(HttpExchange *exchange, CatalogRange *range)
{
    *range = (CatalogRange){ 0 };
    return request_number(exchange, "offset", 0, G_MAXINT32, 0, &range->offset) &&
           request_number(exchange, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &range->limit) &&
           request_sort(exchange, range);
}

bool
request_kind(HttpExchange *exchange, MediaKind *kind)
{
    const char *name = http_exchange_query(exchange, "class");

    *kind = MEDIA_ANY;
    if (name == NULL || (media_kind_from_name(name, kind) && *kind != MEDIA_CONTAINER))
        return true;
    http_exchange_reply_problem(exchange, 400, "class", "class must be audio, video or image");
    return false;
}

/* Browsers send Origin with every request of a page that can change something. */
bool
request_is_own(HttpExchange *exchange)
{
    const char *origin = http_exchange_head(exchange, "Origin");
    const char *host = http_exchange_head(exchange, "Host");

    if (origin == NULL)
        return true;
    const char *scheme_end = strstr(origin, "://");
    if (scheme_end != NULL && host != NULL && g_ascii_strcasecmp(scheme_end + 3, host) == 0)
        return true;
    http_exchange_reply_problem(exchange, 403, NULL,
                                "a page of another site may not change anything "
                                "here");
    return false;
}

#define HOLDER_OF_PASS "~" /* is nobody's, and good until it is over */

/* The value of a cookie; the caller's, NULL: none. */
static char *
cookie(const HttpExchange *exchange, const char *name)
{
    const char *head = http_exchange_head(exchange, "Cookie");
    g_auto(GStrv) pairs = g_strsplit(head != NULL ? head : "", ";", -1);

    for (char **pair = pairs; *pair != NULL; pair++) {
        const char *text = g_strstrip(*pair), *equals = strchr(text, '=');
        if (equals != NULL && strlen(name) == (size_t)(equals - text) &&
            strncmp(text, name, strlen(name)) == 0)
            return g_strdup(equals + 1);
    }
    return NULL;
}

/* Whoever may less from now on, and is asking at this moment, is known by the holder that we set,
 * or by the edition that we see. */
void
request_visitor(HttpExchange *exchange, const Api *api, Visitor *visitor)
{
    char holder[VISITOR_HOLDER_SIZE];
    guint edition;

    if (people_is_plain(api->parts.people)) {
        visitor_init(visitor, NULL, NULL, NULL, NULL);
        return;
    }
    g_autofree char *token = http_exchange_is_secure(exchange)
                                 ? cookie(exchange, SESSION_COOKIE_TLS)
                                 : cookie(exchange, SESSION_COOKIE);
    g_autofree char *address = g_inet_address_to_string(
        g_inet_socket_address_get_address(http_exchange_peer(exchange)));
    *visitor = (Visitor){ 0 };
    do {
        edition = people_edition(api->parts.people);
        visitor_clear(visitor);
        visitor_init(visitor, api->parts.people, token, NULL, address);
        visitor_holder(visitor, holder);
        http_exchange_set_holder(exchange, holder);
    } while (people_edition(api->parts.people) != edition);
}

char *
request_id(HttpExchange *exchange, const Api *api, const char *text, Visitor *visitor)
{
    bool is_pass;
    char *id = people_read_pass(api->parts.people, text, &is_pass);

    request_visitor(exchange, api, visitor);
    if (is_pass) {
        g_clear_pointer(&visitor->audience, audience_unref);
        http_exchange_set_holder(exchange, HOLDER_OF_PASS);
    }
    return id;
}

MediaObject *
request_find(HttpExchange *exchange, const Api *api, const char *id, GError **error)
{
    g_auto(Visitor) visitor = { 0 };

    request_visitor(exchange, api, &visitor);
    Catalog catalog = catalog_seen_by(library_catalog(api->parts.library), visitor.audience);
    return catalog_find(&catalog, id, error);
}

MediaObject *
request_find_octets(HttpExchange *exchange, const Api *api, const char *text, GError **error)
{
    g_auto(Visitor) visitor = { 0 };
    g_autofree char *id = request_id(exchange, api, text, &visitor);
    Catalog catalog = catalog_seen_by(library_catalog(api->parts.library), visitor.audience);

    return catalog_find(&catalog, id, error);
}

char *
request_person(HttpExchange *exchange, const Api *api, const char *named)
{
    g_auto(Visitor) visitor = { 0 };

    request_visitor(exchange, api, &visitor);
    return g_strdup(visitor.person[0] != '\0' ? visitor.person : named);
}

bool
request_sees(HttpExchange *exchange, const Api *api, const char *id)
{
    g_auto(Visitor) visitor = { 0 };
    g_autoptr(GError) error = NULL;

    request_visitor(exchange, api, &visitor);
    if (catalog_sees(library_catalog(api->parts.library), visitor.audience, id, &error))
        return true;
    http_exchange_reply_error(exchange, error);
    return false;
}

bool
request_sees_wish(HttpExchange *exchange, const Api *api, const CastWish *wish)
{
    g_auto(Visitor) visitor = { 0 };

    if (wish->item_id != NULL && wish->server == NULL)
        return request_sees(exchange, api, wish->item_id);
    request_visitor(exchange, api, &visitor);
    if (wish->path == NULL || audience_sees(visitor.audience, wish->path))
        return true;
    http_exchange_reply_problem(exchange, 404, "path", "%s is not in the library", wish->path);
    return false;
}

static bool
is_role(HttpExchange *exchange, Role least, const char *refusal)
{
    g_auto(Visitor) visitor = { 0 };

    request_visitor(exchange, http_exchange_route_data(exchange), &visitor);
    if (visitor.is_unowned || visitor.role >= least)
        return true;
    http_exchange_reply_problem(exchange, 403, NULL, "%s", refusal);
    return false;
}

bool
request_may_change(HttpExchange *exchange)
{
    return request_is_own(exchange) &&
           is_role(exchange, ROLE_GUEST,
                   "the owner lets people in that they know: ask for a code, and tell it to "
                   "the page under People, or to duoping sign-in");
}

bool
request_is_owner(HttpExchange *exchange)
{
    return request_is_own(exchange) && is_role(exchange, ROLE_OWNER, "that is the owner's to do");
}

static bool
is_here(HttpExchange *exchange)
{
    return g_inet_address_get_is_loopback(
        g_inet_socket_address_get_address(http_exchange_peer(exchange)));
}

bool
request_may_set(HttpExchange *exchange)
{
    g_auto(Visitor) visitor = { 0 };

    if (!request_is_own(exchange))
        return false;
    request_visitor(exchange, http_exchange_route_data(exchange), &visitor);
    if (visitor.is_unowned ? is_here(exchange) : visitor.role >= ROLE_OWNER)
        return true;
    http_exchange_reply_problem(exchange, 403, NULL, visitor.is_unowned
                                ? "that is the owner's to do, and there is none yet: be it, with "
                                  "the code in the server's log"
                                : "that is the owner's to do");
    return false;
}

static bool
is_json(const char *type)
{
    static const char json[] = "application/json";

    return type != NULL && g_ascii_strncasecmp(type, json, strlen(json)) == 0 &&
           strchr("; \t", type[strlen(json)]) != NULL;
}

static bool
knows_members(HttpExchange *exchange, json_t *object, const char *const *known)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value) {
        if (!g_strv_contains(known, name)) {
            g_autofree char *names = g_strjoinv(", ", (char **)known);
            http_exchange_reply_problem(exchange, 400, name, "unknown member; known here: %s",
                                        *names != '\0' ? names : "none");
            return false;
        }
    }
    return true;
}

json_t *
request_body(HttpExchange *exchange, const char *const *known)
{
    json_error_t where;
    gsize size;

    if (!request_is_own(exchange))
        return NULL;
    const char *text = g_bytes_get_data(http_exchange_body(exchange), &size);
    if (size == 0)
        return json_object();
    if (!is_json(http_exchange_head(exchange, "Content-Type"))) {
        http_exchange_reply_problem(exchange, 415, "Content-Type",
                                    "the body must be application/json");
        return NULL;
    }
    json_t *body = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    if (body == NULL)
        http_exchange_reply_problem(exchange, 400, "body", "not JSON: %s (line %d, column %d)",
                                    where.text, where.line, where.column);
    else if (!json_is_object(body))
        http_exchange_reply_problem(exchange, 400, "body", "must be a JSON object");
    else if (knows_members(exchange, body, known))
        return body;
    json_decref(body);
    return NULL;
}

json_t *
request_object(HttpExchange *exchange, const char *const *known)
{
    return request_may_change(exchange) ? request_body(exchange, known) : NULL;
}

bool
request_member_text(HttpExchange *exchange, const json_t *object, const char *name,
                    const char **value)
{
    const json_t *member = json_object_get(object, name);

    if (member == NULL)
        return true;
    if (!json_is_string(member) || *json_string_value(member) == '\0') {
        http_exchange_reply_problem(exchange, 400, name, "%s must be a text that is not empty",
                                    name);
        return false;
    }
    *value = json_string_value(member);
    return true;
}

bool
request_member_number(HttpExchange *exchange, const json_t *object, const char *name, int64_t max,
                      int64_t *value)
{
    const json_t *member = json_object_get(object, name);

    if (member == NULL)
        return true;
    if (!json_is_integer(member) || json_integer_value(member) < 0 ||
        json_integer_value(member) > max) {
        http_exchange_reply_problem(exchange, 400, name,
                                    "%s must be a whole number from 0 to %" G_GINT64_FORMAT, name,
                                    max);
        return false;
    }
    *value = json_integer_value(member);
    return true;
}

bool
request_member_flag(HttpExchange *exchange, const json_t *object, const char *name, bool *value)
{
    const json_t *member = json_object_get(object, name);

    if (member == NULL)
        return true;
    if (!json_is_boolean(member)) {
        http_exchange_reply_problem(exchange, 400, name, "%s must be true or false", name);
        return false;
    }
    *value = json_is_true(member);
    return true;
}

const Dialect *
request_dialect(HttpExchange *exchange, const Api *api)
{
    const char *named = http_exchange_parameter(exchange, "dialect");

    return named != NULL ? dialects_named(api->parts.dialects, named)
                         : upnp_asker_dialect(api->parts.dialects, exchange);
}

IgrsNode *
request_node(HttpExchange *exchange, const Api *api)
{
    if (api->node == NULL)
        http_exchange_reply_problem(exchange, 503, NULL, "the server is not on the network");
    return api->node;
}

void
reply_json(HttpExchange *exchange, unsigned status, JsonWriter *json)
{
    http_exchange_add_head(exchange, "Cache-Control", "no-cache");
    http_exchange_reply_text(exchange, status, "application/json", json_take(json));
}

void
reply_stream_as(HttpExchange *exchange, Stream *stream, const char *mime)
{
    g_autofree char *before = g_steal_pointer(&stream->mime); /* mime may be that */

    stream->mime = g_strdup(mime);
    reply_stream(exchange, stream);
}

void
reply_stream(HttpExchange *exchange, Stream *stream)
{
    http_exchange_add_head(exchange, "X-Content-Type-Options", "nosniff");
    http_exchange_add_head(exchange, "Content-Security-Policy", "sandbox; default-src 'none'");
    http_exchange_reply_stream(exchange, stream);
}

/* What a screen's own service says (UPnP AVTransport:1, 2.4 and its like), as far as a caller can
 * do something about it; the rest is the screen's failure. */
static const struct {
    int code;
    unsigned status;
} service_statuses[] = {
    { 402, 422 }, { 601, 400 }, { 701, 409 }, { 702, 409 }, { 704, 422 }, { 705, 409 },
    { 710, 422 }, { 711, 400 }, { 714, 422 }, { 715, 409 }, { 716, 404 },
};

void
reply_screen_error(HttpExchange *exchange, const GError *error)
{
    unsigned status = 502;

    if (error->domain != SERVICE_ERROR) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(service_statuses); i++)
        if (service_statuses[i].code == error->code)
            status = service_statuses[i].status;
    http_exchange_reply_problem(exchange, status, NULL, "the screen refuses: %s (%d)",
                                error->message, error->code);
}
