/* http-exchange.c -- a request, and the replies that are known when they begin; see
 * http-server.h */
#include "net/http-exchange.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

/* Part of a query (application/x-www-form-urlencoded: '+' is a blank); NULL: does not decode. */
static char *
query_decode(const char *start, size_t length)
{
    g_autofree char *copy = g_strndup(start, length);

    g_strdelimit(copy, "+", ' ');
    return text_percent_decode(copy);
}

static GHashTable *
query_read(const char *query)
{
    GHashTable *queries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    while (*query != '\0') {
        size_t length = strcspn(query, "&");
        const char *equals = memchr(query, '=', length);
        size_t name_length = equals == NULL ? length : (size_t)(equals - query);
        g_autofree char *name = query_decode(query, name_length);
        g_autofree char *value =
            equals == NULL ? g_strdup("") : query_decode(equals + 1, length - name_length - 1);
        if (name != NULL && value != NULL && !g_hash_table_contains(queries, name))
            g_hash_table_insert(queries, g_steal_pointer(&name), g_steal_pointer(&value));
        query += length;
        if (*query == '&')
            query++;
    }
    return queries;
}

HttpExchange *
http_exchange_new(HttpServer *server, const char *target)
{
    HttpExchange *exchange = g_new0(HttpExchange, 1);

    g_atomic_ref_count_init(&exchange->references);
    exchange->server = server;
    exchange->is_secure = http_server_is_secure(server);
    exchange->path = g_strdup(target);
    char *query = strchr(exchange->path, '?');
    if (query != NULL) {
        *query++ = '\0';
        exchange->queries = query_read(query);
    }
    return exchange;
}

HttpExchange *
http_exchange_ref(HttpExchange *exchange)
{
    g_atomic_ref_count_inc(&exchange->references);
    return exchange;
}

void
http_exchange_unref(HttpExchange *exchange)
{
    if (!g_atomic_ref_count_dec(&exchange->references))
        return;
    g_clear_object(&exchange->peer_address);
    g_clear_object(&exchange->local_address);
    g_free(exchange->method);
    g_free(exchange->path);
    g_clear_pointer(&exchange->queries, g_hash_table_unref);
    if (exchange->heads != NULL)
        g_string_free(exchange->heads, TRUE);
    http_match_clear(&exchange->match);
    g_clear_pointer(&exchange->incoming, g_byte_array_unref);
    g_clear_pointer(&exchange->body, g_bytes_unref);
    g_free(exchange->problem);
    g_clear_pointer(&exchange->reply_heads, g_ptr_array_unref);
    g_clear_pointer(&exchange->response, MHD_destroy_response);
    g_clear_pointer(&exchange->events, http_events_unref);
    http_parking_unref(exchange->parking);
    g_free(exchange->kept);
    g_free(exchange);
}

/* -- The request ------------------------------------------------------------------------------- */

const char *
http_exchange_method(const HttpExchange *exchange)
{
    return exchange->method;
}

const char *
http_exchange_path(const HttpExchange *exchange)
{
    return exchange->path;
}

const char *
http_exchange_parameter(const HttpExchange *exchange, const char *name)
{
    GHashTable *parameters = exchange->match.parameters;

    return parameters == NULL ? NULL : g_hash_table_lookup(parameters, name);
}

const char *
http_exchange_query(const HttpExchange *exchange, const char *name)
{
    return exchange->queries == NULL ? NULL : g_hash_table_lookup(exchange->queries, name);
}

/* The head after *cursor, which starts as NULL; false at the end. */
static bool
next_head(const HttpExchange *exchange, const char **cursor, const char **name, const char **value)
{
    const char *start = *cursor == NULL ? exchange->heads->str : *cursor;

    if (start >= exchange->heads->str + exchange->heads->len)
        return false;
    *name = start;
    *value = start + strlen(start) + 1;
    *cursor = *value + strlen(*value) + 1;
    return true;
}

const char *
http_exchange_head(const HttpExchange *exchange, const char *name)
{
    const char *cursor = NULL, *known, *value;

    while (next_head(exchange, &cursor, &known, &value))
        if (g_ascii_strcasecmp(known, name) == 0)
            return value;
    return NULL;
}

void
http_exchange_each_head(const HttpExchange *exchange, HttpHeadVisit visit, gpointer user_data)
{
    const char *cursor = NULL, *name, *value;

    while (next_head(exchange, &cursor, &name, &value))
        visit(name, value, user_data);
}

int64_t
http_exchange_length(const HttpExchange *exchange)
{
    const char *text = http_exchange_head(exchange, "Content-Length");

    /* libmicrohttpd has seen that it is a number. */
    return text == NULL ? -1 : (int64_t)MIN(g_ascii_strtoull(text, NULL, 10), (guint64)INT64_MAX);
}

GBytes *
http_exchange_body(const HttpExchange *exchange)
{
    return exchange->body;
}

/* IPv4 comes out as itself, not mapped into IPv6. */
static GInetSocketAddress *
address_of(const struct sockaddr_in6 *from)
{
    bool is_v4 = IN6_IS_ADDR_V4MAPPED(&from->sin6_addr);
    g_autoptr(GInetAddress) address =
        g_inet_address_new_from_bytes(&from->sin6_addr.s6_addr[is_v4 ? 12 : 0],
                                      is_v4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);

    return g_object_new(G_TYPE_INET_SOCKET_ADDRESS, "address", address, "port",
                        ntohs(from->sin6_port), "scope-id", is_v4 ? 0 : from->sin6_scope_id, NULL);
}

GInetSocketAddress *
http_exchange_peer(const HttpExchange *exchange)
{
    if (exchange->peer_address == NULL)
        ((HttpExchange *)exchange)->peer_address = address_of(&exchange->peer);
    return exchange->peer_address;
}

GInetSocketAddress *
http_exchange_local(const HttpExchange *exchange)
{
    if (exchange->local_address == NULL)
        ((HttpExchange *)exchange)->local_address = address_of(&exchange->local);
    return exchange->local_address;
}

gpointer
http_exchange_route_data(const HttpExchange *exchange)
{
    return exchange->match.user_data;
}

bool
http_exchange_is_secure(const HttpExchange *exchange)
{
    return exchange->is_secure;
}

void
http_exchange_cross(HttpExchange *exchange, HttpHandler handle, gpointer user_data)
{
    g_assert(!exchange->is_crossed && !exchange->is_answered);
    exchange->handle = handle;
    exchange->user_data = user_data;
}

gpointer
http_exchange_keep(HttpExchange *exchange, gpointer memory)
{
    g_assert(exchange->kept == NULL);
    exchange->kept = memory;
    return memory;
}

/* -- The reply --------------------------------------------------------------------------------- */

void
http_exchange_add_head(HttpExchange *exchange, const char *name, const char *value)
{
    if (exchange->is_answered) /* in the handler's place: the http thread has the rest */
        return;
    if (exchange->reply_heads == NULL)
        exchange->reply_heads = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(exchange->reply_heads, g_strdup(name));
    g_ptr_array_add(exchange->reply_heads, g_strdup(*value == '\0' ? " " : value));
}

/* True when the answer is the first one. */
static bool
set_answer(HttpExchange *exchange, unsigned status, struct MHD_Response *response, uint64_t size)
{
    if (exchange->is_answered)
        return false;
    exchange->is_answered = true;
    exchange->status = status;
    exchange->response = response;
    exchange->reply_size = size;
    if (exchange->is_crossed)
        http_server_take_back(exchange->server, exchange);
    return true;
}

void
http_exchange_answer(HttpExchange *exchange, unsigned status, struct MHD_Response *response,
                     uint64_t size)
{
    bool was_crossed = exchange->is_crossed;

    if (!set_answer(exchange, status, response, size))
        MHD_destroy_response(response);
    if (was_crossed)
        http_exchange_unref(exchange);
}

static struct MHD_Response *
response_of_text(char *text, const char *mime)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback_cls(strlen(text), text, g_free, text);

    if (mime != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, mime);
    return response;
}

void
http_exchange_answer_instead(HttpExchange *exchange, unsigned status, const char *reason)
{
    char *text = http_problem_print(status, NULL, reason);
    size_t size = strlen(text);

    set_answer(exchange, status, response_of_text(text, "application/problem+json"), size);
}

void
http_exchange_reply(HttpExchange *exchange, unsigned status, const char *mime, GBytes *body)
{
    gsize size = 0;
    /* The cast: MHD does not write to it. */
    void *data = body == NULL ? NULL : (void *)g_bytes_get_data(body, &size);
    struct MHD_Response *response =
        size == 0
            ? MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT)
            : MHD_create_response_from_buffer_with_free_callback_cls(
                  size, data, (MHD_ContentReaderFreeCallback)g_bytes_unref, g_bytes_ref(body));

    if (mime != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, mime);
    http_exchange_answer(exchange, status, response, size);
}

void
http_exchange_reply_text(HttpExchange *exchange, unsigned status, const char *mime, char *text)
{
    size_t size = strlen(text);

    http_exchange_answer(exchange, status, response_of_text(text, mime), size);
}

static void
put_json_text(GString *out, const char *text)
{
    g_autofree char *utf8 = g_utf8_make_valid(text, -1);

    g_string_append_c(out, '"');
    for (const char *c = utf8; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            g_string_append_printf(out, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            g_string_append_printf(out, "\\u%04x", (unsigned)*c);
        else
            g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
}

char *
http_problem_print(unsigned status, const char *field, const char *detail)
{
    GString *out = g_string_new("{\"title\":");

    put_json_text(out, MHD_get_reason_phrase_for(status));
    g_string_append_printf(out, ",\"status\":%u,\"detail\":", status);
    put_json_text(out, detail);
    if (field != NULL) {
        g_string_append(out, ",\"field\":");
        put_json_text(out, field);
    }
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}

void
http_exchange_reply_problem(HttpExchange *exchange, unsigned status, const char *field,
                            const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    char *text = http_problem_print(status, field, detail);
    if (!exchange->is_answered && exchange->problem == NULL)
        exchange->problem = g_steal_pointer(&detail);
    http_exchange_reply_text(exchange, status, "application/problem+json", text);
}

/* The one table from errors to statuses. */
static const unsigned duo_statuses[DUO_ERROR_N] = {
    [DUO_ERROR_INVALID] = 400,     [DUO_ERROR_TOO_LARGE] = 413,   [DUO_ERROR_NOT_FOUND] = 404,
    [DUO_ERROR_DENIED] = 403,      [DUO_ERROR_CONFLICT] = 409,    [DUO_ERROR_UNSUPPORTED] = 422,
    [DUO_ERROR_BUSY] = 429,        [DUO_ERROR_TIMEOUT] = 504,     [DUO_ERROR_UNAVAILABLE] = 503,
    [DUO_ERROR_FAILED] = 500,      [DUO_ERROR_NO_ROOM] = 507,
};

unsigned
http_error_status(const GError *error)
{
    if (error->domain == DUO_ERROR && (unsigned)error->code < DUO_ERROR_N)
        return duo_statuses[error->code];
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        return 504;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return 503;
    return 500;
}

void
http_exchange_reply_error(HttpExchange *exchange, const GError *error)
{
    http_exchange_reply_problem(exchange, http_error_status(error), NULL, "%s", error->message);
}
