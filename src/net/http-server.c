/* http-server.c -- libmicrohttpd's pool, and the seam between its threads and the loop
 *
 * See http-server.h. Connections are kept in http-connections.c; the list of exchanges that the
 * loop has, which both sides touch, is under `lock`. */
#include "net/http-room.h"

#include "base/error.h"
#include "base/post.h"

#include <sys/socket.h>
#include <unistd.h>

/* Of a connection, idle ones too: beyond a head that is as long as it may be, what it is parsed
 * into and the reply's. A head of very many short lines gets 431 sooner than at head_max. */
#define POOL_BESIDE_HEAD (4 * 1024)
#define CONNECTIONS_MAX 1536
#define PER_ADDRESS_MAX 256          /* of whatever kind, e.g. peers that do not read */
#define EVENT_STREAMS_MAX 256
#define ANSWER_MS (30 * 1000)
#define SILENT_S 60                  /* a kept connection, or a peer that does not read */
#define FAREWELL_MS 1000
#define SHORT_SIZE (64 * 1024) /* a reply that is under way at once */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* -- Connections ------------------------------------------------------------------------------- */

static enum MHD_Result
on_accept(void *data, const struct sockaddr *peer, socklen_t size)
{
    HttpServer *server = data;

    return !server->is_stopping && http_connections_admit(server->connections, peer) ? MHD_YES
                                                                                      : MHD_NO;
}

static void
on_connection(void *data, struct MHD_Connection *raw, void **context,
              enum MHD_ConnectionNotificationCode code)
{
    HttpServer *server = data;

    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        http_connections_remove(server->connections, *context);
        return;
    }
    const struct sockaddr *peer =
        MHD_get_connection_info(raw, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    int socket = MHD_get_connection_info(raw, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    HttpConnection *connection = http_connections_add(server->connections, socket, peer);
    unsigned status;
    const char *reason;
    *context = connection;
    bool is_secret =
        MHD_get_connection_info(raw, MHD_CONNECTION_INFO_GNUTLS_SESSION) != NULL;
    if (!is_secret && !http_first_look(socket, &status, &reason) &&
        http_connection_move(connection, HTTP_PHASE_LATE))
        http_connection_dismiss(connection, status, reason);
}

static HttpConnection *
connection_of(struct MHD_Connection *raw)
{
    return MHD_get_connection_info(raw, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* -- Requests, on the http thread -------------------------------------------------------------- */

static void *
on_target(void *data, const char *target, struct MHD_Connection *raw)
{
    return http_exchange_new(data, target);
}

/* Nobody may end it any more by the time that it is sent, unless it takes a while. */
static bool
is_long(const HttpExchange *exchange)
{
    return exchange->events != NULL || exchange->parking != NULL ||
           exchange->reply_size > SHORT_SIZE;
}

/* Queues the answer. */
static enum MHD_Result
send_reply(HttpExchange *exchange, HttpConnection *via, bool is_body_left)
{
    HttpServer *server = exchange->server;
    struct MHD_Response *response = exchange->response;

    for (guint i = 0; exchange->reply_heads != NULL && i < exchange->reply_heads->len; i += 2) {
        const char *name = exchange->reply_heads->pdata[i];
        if (MHD_add_response_header(response, name, exchange->reply_heads->pdata[i + 1]) != MHD_YES)
            g_warning("%s: the head %s cannot be sent", exchange->path, name);
    }
    if (server->options.server != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_SERVER, server->options.server);
    if (is_body_left || server->is_stopping)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (exchange->patience_s != 0)
        MHD_set_connection_option(exchange->connection, MHD_CONNECTION_OPTION_TIMEOUT,
                                  exchange->patience_s);
    if (exchange->events != NULL)
        http_connection_set_events(via, exchange->events);
    if (exchange->parking != NULL)
        http_connection_set_parking(via, exchange->parking);
    if (!http_connection_move(via, exchange->events != NULL ? HTTP_PHASE_EVENTS : HTTP_PHASE_REPLY))
        return MHD_NO;
    if (is_long(exchange) && http_connection_is_revoked(via))
        return MHD_NO;
    return MHD_queue_response(exchange->connection, exchange->status, response);
}

/* -- The seam ---------------------------------------------------------------------------------- */

static void
answer_on_loop(gpointer data)
{
    HttpExchange *exchange = data;

    if (exchange->is_answered) /* stopped, or too late, before its turn came */
        http_exchange_unref(exchange);
    else
        exchange->handle(exchange, exchange->user_data);
}

static bool
cross(HttpExchange *exchange, HttpConnection *via)
{
    HttpServer *server = exchange->server;

    g_mutex_lock(&server->lock);
    bool is_open = !server->is_stopping && http_connection_move(via, HTTP_PHASE_ANSWER);
    if (is_open) {
        exchange->is_crossed = true;
        exchange->deadline_ms = http_connections_now_ms(server->connections) + ANSWER_MS;
        exchange->link.data = http_exchange_ref(exchange);
        g_queue_push_tail_link(&server->crossed, &exchange->link);
        MHD_suspend_connection(exchange->connection);
    }
    g_mutex_unlock(&server->lock);
    if (is_open)
        post(server->context, answer_on_loop, exchange);
    return is_open;
}

void
http_server_take_back(HttpServer *server, HttpExchange *exchange)
{
    g_mutex_lock(&server->lock);
    g_queue_unlink(&server->crossed, &exchange->link);
    server->owed++;
    g_mutex_unlock(&server->lock);
    MHD_resume_connection(exchange->connection);
}

void
http_exchange_set_holder(HttpExchange *exchange, const char *holder)
{
    if (!exchange->is_answered) /* else the deadline did, and the connection may be gone */
        http_connection_hold(connection_of(exchange->connection), holder);
}

void
http_server_end_held(HttpServer *server, HttpHolderTest is_over, gpointer user_data)
{
    http_connections_end_held(server->connections, is_over, user_data);
}

bool
http_server_is_secure(const HttpServer *server)
{
    return server->is_secure;
}

bool
http_server_count_events(HttpServer *server)
{
    if (server->event_streams++ < EVENT_STREAMS_MAX)
        return true;
    server->event_streams--;
    return false;
}

/* The whole request is here. */
static enum MHD_Result
dispatch(HttpExchange *exchange, HttpConnection *via)
{
    const HttpRoute *route = exchange->match.route;

    exchange->body = exchange->incoming == NULL
                         ? g_bytes_new_static(NULL, 0)
                         : g_byte_array_free_to_bytes(g_steal_pointer(&exchange->incoming));
    if (route->kind == HTTP_STATE) {
        http_exchange_cross(exchange, route->handle, exchange->match.user_data);
    } else {
        if (!http_connection_move(via, HTTP_PHASE_REPLY))
            return MHD_NO;
        if (route->kind == HTTP_UPLOAD)
            http_receive_end(exchange);
        else
            route->handle(exchange, exchange->match.user_data);
    }
    if (exchange->is_answered)
        return send_reply(exchange, via, false);
    if (exchange->handle == NULL) {
        g_critical("%s %s: no reply", exchange->method, route->pattern);
        http_request_refuse(exchange, 500, "no reply was made");
    } else {
        if (cross(exchange, via))
            return MHD_YES;
        http_request_refuse(exchange, 503, "the server is stopping");
    }
    return send_reply(exchange, via, false);
}

/* The head is here. Answering now would cost the connection (libmicrohttpd leaves the body unread),
 * and perhaps the peer our words: so a refusal waits for the end of the request, unless the body is
 * long, of unknown length, or not sent before we asked for it. */
static enum MHD_Result
on_head(HttpExchange *exchange, HttpConnection *via, struct MHD_Connection *raw, const char *method)
{
    http_request_begin(exchange, via, raw, method);
    if (exchange->is_answered && !http_receive_may_wait(exchange))
        return send_reply(exchange, via, true);
    return http_connection_move(via, HTTP_PHASE_BODY) ? MHD_YES : MHD_NO;
}

static enum MHD_Result
on_request(void *data, struct MHD_Connection *raw, const char *url, const char *method,
           const char *version, const char *octets, size_t *count, void **context)
{
    HttpExchange *exchange = *context;
    HttpConnection *via = connection_of(raw);

    if (exchange->method == NULL)
        return on_head(exchange, via, raw, method);
    if (*count > 0) {
        size_t taken = *count;
        *count = 0;
        return http_receive(exchange, via, octets, taken);
    }
    if (exchange->is_turned_away)
        return MHD_NO; /* all was said */
    return exchange->is_answered ? send_reply(exchange, via, false) : dispatch(exchange, via);
}

static void
on_completed(void *data, struct MHD_Connection *raw, void **context,
             enum MHD_RequestTerminationCode code)
{
    HttpServer *server = data;
    HttpExchange *exchange = *context;
    HttpConnection *via = connection_of(raw);

    *context = NULL;
    if (exchange == NULL)
        return;
    http_receive_abort(exchange);
    g_mutex_lock(&server->lock);
    if (exchange->is_crossed && --server->owed == 0)
        g_cond_signal(&server->settled);
    g_mutex_unlock(&server->lock);
    if (exchange->events != NULL) {
        http_connection_set_events(via, NULL);
        server->event_streams--;
        http_events_gone(exchange->events);
    }
    if (exchange->parking != NULL) {
        http_connection_set_parking(via, NULL);
        http_parking_leave(exchange->parking);
    }
    if (exchange->patience_s != 0)
        MHD_set_connection_option(raw, MHD_CONNECTION_OPTION_TIMEOUT, SILENT_S);
    http_connection_keep(via);
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        server->bytes_sent += exchange->reply_size;
    http_exchange_unref(exchange);
}

/* -- Once a second, on the loop ---------------------------------------------------------------- */

/* The first exchange on the loop that is due, or any at all; a borrowed one. */
static HttpExchange *
first_crossed(HttpServer *server, int64_t until_ms)
{
    g_mutex_lock(&server->lock);
    HttpExchange *exchange = g_queue_peek_head(&server->crossed); /* in order of deadline */
    g_mutex_unlock(&server->lock);
    return exchange != NULL && exchange->deadline_ms <= until_ms ? exchange : NULL;
}

static void
on_tick(gpointer data)
{
    HttpServer *server = data;
    int64_t now_ms = clock_now_ms(server->clock);
    HttpExchange *exchange;

    server->tick = clock_after(server->clock, 1000, on_tick, server);
    http_connections_look(server->connections, now_ms);
    while ((exchange = first_crossed(server, now_ms)) != NULL) {
        g_warning("%s %s: no answer in %d s", exchange->method, exchange->path, ANSWER_MS / 1000);
        http_exchange_answer_instead(exchange, 504, "the answer took too long");
    }
}

/* -- Start and stop ---------------------------------------------------------------------------- */

static void
on_log(void *data, const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);

    g_debug("libmicrohttpd: %s", g_strchomp(text));
}

static struct MHD_Daemon *
start_daemon(HttpServer *server)
{
    unsigned asked = server->options.threads;
    unsigned threads = asked != 0 ? asked : g_get_num_processors();
    const struct MHD_OptionItem secure[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)server->options.certificate },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)server->options.key },
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITIES },
        { MHD_OPTION_END, 0, NULL },
    };
    struct MHD_OptionItem options[] = {
        { MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_log, NULL },
        { MHD_OPTION_ARRAY, 0, (void *)(server->is_secure ? secure : secure + 3) },
        { MHD_OPTION_LISTEN_SOCKET, server->listener, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT,
          (intptr_t)(server->options.head_max + POOL_BESIDE_HEAD), NULL },
        { MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, NULL },
        { MHD_OPTION_PER_IP_CONNECTION_LIMIT, PER_ADDRESS_MAX, NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT, SILENT_S, NULL },
        { MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, server },
        { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, server },
        { MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server },
        /* A pool of one is refused: then the one thread alone. */
        { threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };

    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                                MHD_USE_ERROR_LOG | MHD_USE_TURBO |
                                (server->is_secure ? MHD_USE_TLS : 0),
                            0, on_accept, server, on_request, server, MHD_OPTION_ARRAY, options,
                            MHD_OPTION_END);
}

HttpServer *
http_server_new(const HttpServerOptions *options, const HttpRouter *router, GError **error)
{
    int listener = http_listener_open(options->port, error);
    struct sockaddr_storage bound = { 0 };
    socklen_t size = sizeof bound;

    if (listener < 0)
        return NULL;
    HttpServer *server = g_new0(HttpServer, 1);
    getsockname(listener, (struct sockaddr *)&bound, &size);
    server->port = ntohs(http_address_normalise((struct sockaddr *)&bound).sin6_port);
    server->listener = listener;
    server->options = *options;
    if (options->head_max == 0)
        server->options.head_max = HTTP_HEAD_MAX;
    server->is_secure = options->certificate != NULL;
    server->options.server = g_strdup(options->server);
    server->router = router;
    server->context = g_main_context_ref_thread_default();
    server->own_clock = options->clock == NULL ? clock_new() : NULL;
    server->clock = options->clock == NULL ? server->own_clock : options->clock;
    server->connections = http_connections_new(clock_now_ms(server->clock), server->is_secure);
    g_mutex_init(&server->lock);
    g_cond_init(&server->settled);
    server->daemon = start_daemon(server);
    server->options.certificate = server->options.key = NULL;
    if (server->daemon == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "port %u: libmicrohttpd does not start%s",
                    server->port, server->is_secure ? ": are certificate and key a pair?" : "");
        http_server_free(server);
        return NULL;
    }
    server->tick = clock_after(server->clock, 1000, on_tick, server);
    return server;
}

uint16_t
http_server_port(const HttpServer *server)
{
    return server->port;
}

void
http_server_counts(HttpServer *server, HttpServerCounts *counts)
{
    g_mutex_lock(&server->lock);
    unsigned crossed = server->crossed.length;
    g_mutex_unlock(&server->lock);
    *counts = (HttpServerCounts){
        .requests = server->requests,
        .refused = server->refused + http_connections_refused(server->connections),
        .bytes_sent = server->bytes_sent,
        .connections = http_connections_count(server->connections),
        .event_streams = server->event_streams,
        .crossed = crossed,
    };
}

/* Answers every exchange on the loop, ends every event stream, and awaits what they send. */
static void
say_farewell(HttpServer *server)
{
    gint64 until = g_get_monotonic_time() + FAREWELL_MS * G_TIME_SPAN_MILLISECOND;
    HttpExchange *exchange;

    g_mutex_lock(&server->lock);
    server->is_stopping = true;
    g_mutex_unlock(&server->lock);
    http_connections_end_waits(server->connections);
    while ((exchange = first_crossed(server, INT64_MAX)) != NULL)
        http_exchange_answer_instead(exchange, 503, "the server is stopping");
    g_mutex_lock(&server->lock);
    while (server->owed > 0 && g_cond_wait_until(&server->settled, &server->lock, until))
        ;
    g_mutex_unlock(&server->lock);
}

void
http_server_free(HttpServer *server)
{
    if (server == NULL)
        return;
    clock_cancel(server->clock, &server->tick);
    if (server->daemon != NULL) {
        /* Not MHD_quiesce_daemon(): it and a thread of the pool both take the listener out of its
         * epoll set, and whoever comes second aborts the program (0.9.75). */
        say_farewell(server);
        MHD_stop_daemon(server->daemon); /* closes the listener */
    } else {
        close(server->listener);
    }
    http_connections_free(server->connections);
    clock_free(server->own_clock);
    g_main_context_unref(server->context);
    g_mutex_clear(&server->lock);
    g_cond_clear(&server->settled);
    g_free((char *)server->options.server);
    g_free(server);
}
