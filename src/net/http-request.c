/* http-request.c -- the head of a request, and what nobody need see of it
 *
 * Runs on the http thread that took it. */
#include "net/http-room.h"

#include "net/http-host.h"

#include <string.h>

static enum MHD_Result
take_head(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    GString *heads = data;

    g_string_append_len(heads, name, (gssize)strlen(name) + 1);
    const char *text = value == NULL ? "" : value;
    g_string_append_len(heads, text, (gssize)strlen(text) + 1);
    return MHD_YES;
}

void
http_request_refuse(HttpExchange *exchange, unsigned status, const char *reason)
{
    HttpServer *server = exchange->server;

    server->refused++;
    if (server->options.refuse != NULL)
        server->options.refuse(exchange, status, reason);
    else
        http_exchange_reply_problem(exchange, status, NULL, "%s", reason);
}

static guint
count_heads(const HttpExchange *exchange, const char *name)
{
    const char *end = exchange->heads->str + exchange->heads->len;
    guint count = 0;

    for (const char *c = exchange->heads->str; c < end; c += strlen(c) + 1) {
        count += g_ascii_strcasecmp(c, name) == 0;
        c += strlen(c) + 1; /* its value */
    }
    return count;
}

/* Absolute form (RFC 9112, 3.2.2): the authority goes before Host. */
static char *
take_authority(HttpExchange *exchange)
{
    const char *scheme = exchange->is_secure ? "https://" : "http://";

    if (!g_str_has_prefix(exchange->path, scheme))
        return g_strdup(http_exchange_head(exchange, "Host"));
    char *authority = exchange->path + strlen(scheme);
    char *host = g_strndup(authority, strcspn(authority, "/"));
    g_autofree char *path = g_steal_pointer(&exchange->path);
    exchange->path = g_strdup(authority[strlen(host)] == '/' ? authority + strlen(host) : "/");
    return host;
}

/* Refuses what nobody need see; false: it did. */
static bool
check_head(HttpExchange *exchange, size_t head_size)
{
    HttpServer *server = exchange->server;
    const char *coding = http_exchange_head(exchange, "Transfer-Encoding");
    g_autofree char *host = take_authority(exchange);

    guint lengths =
        count_heads(exchange, "Content-Length") + count_heads(exchange, "Transfer-Encoding");
    bool is_foreign = coding != NULL && g_ascii_strcasecmp(coding, "chunked") != 0;

    exchange->is_unframed = lengths > 1 || is_foreign;
    if (server->is_stopping)
        http_request_refuse(exchange, 503, "the server is stopping");
    else if (head_size > server->options.head_max)
        http_request_refuse(exchange, 431, "the head is larger than this server takes");
    else if (lengths > 1)
        http_request_refuse(exchange, 400, "the length of the body is said twice");
    else if (is_foreign)
        http_request_refuse(exchange, 501, "of transfer codings only chunked is known");
    else if (host == NULL || count_heads(exchange, "Host") > 1)
        http_request_refuse(exchange, 400, "one Host is needed");
    else if (!http_host_is_ours(host, &exchange->local.sin6_addr, server->port,
                                server->options.hosts))
        http_request_refuse(exchange, 421, "the Host is none of this server's addresses or names");
    else
        return true;
    return false;
}

/* The route, and whether the body announced may come. */
static void
check_route(HttpExchange *exchange)
{
    int64_t length = http_exchange_length(exchange);

    http_router_match(exchange->server->router, exchange->method, exchange->path, &exchange->match);
    if (exchange->match.allow != NULL) {
        http_exchange_add_head(exchange, "Allow", exchange->match.allow);
        http_request_refuse(exchange, 405, "the method does not fit the path");
    } else if (exchange->match.route == NULL) {
        http_request_refuse(exchange, 404, "nothing is at this path");
    } else if (exchange->match.route->kind == HTTP_UPLOAD) {
        http_receive_begin(exchange);
    } else if (length > 0 && (uint64_t)length > exchange->match.route->body_max) {
        http_request_refuse(exchange, 413, "the body is larger than this path takes");
    }
}

void
http_request_begin(HttpExchange *exchange, HttpConnection *via, struct MHD_Connection *raw,
                   const char *method)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(raw, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    exchange->server->requests++;
    exchange->connection = raw;
    exchange->socket = via->socket;
    exchange->peer = via->peer;
    exchange->local = via->local;
    exchange->method = g_strdup(method);
    exchange->heads = g_string_sized_new(512);
    MHD_get_connection_values(raw, MHD_HEADER_KIND, take_head, exchange->heads);
    if (check_head(exchange, info == NULL ? 0 : info->header_size))
        check_route(exchange);
}
