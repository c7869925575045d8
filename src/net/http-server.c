/* http-server.c -- libmicrohttpd's pool, and the seam between its threads and the loop; see http-server.h
 *
 * A connection goes round through the phases below, moved by the http thread that owns it. Once a
 * second the loop looks at all of them for what libmicrohttpd does not see: a head or a body that
 * comes too slowly, an answer that takes too long, an event stream whose peer left. Whatever one side
 * does to a connection the other may be using is done under `lock`, or by taking the phase. */
#include "net/http-exchange.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/post.h"
#include "net/http-host.h"

#include <errno.h>
#include <linux/tcp.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define POOL_SIZE (32 * 1024)        /* of a connection: a head, what is parsed of it, the reply's */
#define CONNECTIONS_MAX 1024
#define PER_ADDRESS_MAX 256          /* of whatever kind, e.g. peers that do not read */
#define BACKLOG 1024
#define EVENT_STREAMS_MAX 256
#define HEAD_MS (10 * 1000)          /* igrs/PROFILE.md section 1, as the next */
#define BODY_MS (30 * 1000)
#define ANSWER_MS (30 * 1000)
#define SILENT_S 60                  /* a kept connection, or a peer that does not read */
#define DISCARD_MAX (256 * 1024)     /* octets of a refused body we still take, so that the peer reads why */
#define FAREWELL_MS 1000
#define SLOTS 4096

typedef enum {
    PHASE_HEAD,   /* new: no request yet */
    PHASE_KEPT,   /* answered, no whole head since */
    PHASE_BODY,   /* the head is here, the body comes */
    PHASE_ANSWER, /* on the loop */
    PHASE_REPLY,  /* a handler runs, or the reply goes out: the only phase that does not wait */
    PHASE_EVENTS,
    PHASE_LATE,   /* the loop is sending 408 and shutting the socket */
} Phase;

typedef struct {
    GList link; /* in the server's list */
    HttpServer *server;
    int socket;
    guint slot; /* of its address */
    struct sockaddr_in6 peer, local;
    _Atomic Phase phase;
    _Atomic int64_t since_ms; /* of the phase; of the last octets of a body */
    HttpEvents *events;       /* a reference while in PHASE_EVENTS; under the lock */
    /* For the loop's look at a kept connection: what came before, and when more of it was seen. */
    _Atomic uint64_t octets;
    _Atomic int64_t head_since_ms; /* 0: no more */
} Connection;

struct HttpServer {
    HttpServerOptions options;
    const HttpRouter *router; /* borrowed */
    GMainContext *context;
    Clock *clock; /* borrowed */
    Clock *own_clock;
    guint tick;
    int listener;
    uint16_t port;
    struct MHD_Daemon *daemon;
    _Atomic int64_t now_ms; /* by the clock, at the last tick */

    GMutex lock;
    GCond settled;
    GQueue connections; /* Connection */
    GQueue crossed;     /* HttpExchange that the loop has */
    _Atomic bool is_stopping;
    unsigned owed; /* replies that http_server_free() waits for */

    /* Waiting connections by address: two addresses that fall on one slot share its limit, which a
     * home does not notice, and no peer can choose to. */
    uint64_t seed;
    _Atomic unsigned waiting[SLOTS];
    _Atomic uint64_t requests, refused, bytes_sent;
    _Atomic unsigned connection_count, event_streams;
};

/* -- Addresses ------------------------------------------------------------------------------------- */

/* IPv4 becomes ::ffff:a.b.c.d, so that all else knows one form. */
static struct sockaddr_in6
address_normalise(const struct sockaddr *from)
{
    struct sockaddr_in6 to = { .sin6_family = AF_INET6 };

    if (from->sa_family == AF_INET6)
        memcpy(&to, from, sizeof to);
    if (from->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)from;
        to.sin6_port = v4->sin_port;
        to.sin6_addr.s6_addr[10] = to.sin6_addr.s6_addr[11] = 0xff;
        memcpy(&to.sin6_addr.s6_addr[12], &v4->sin_addr, sizeof v4->sin_addr);
    }
    return to;
}

static guint
address_slot(const HttpServer *server, const struct sockaddr_in6 *address)
{
    uint64_t halves[2];

    memcpy(halves, &address->sin6_addr, sizeof halves);
    uint64_t hash = (halves[0] ^ server->seed) * UINT64_C(0x9E3779B97F4A7C15);
    hash = (halves[1] ^ hash ^ (hash >> 29)) * (server->seed | 1);
    return (guint)(hash >> 52);
}
G_STATIC_ASSERT(SLOTS == 1 << 12);

/* -- Connections ------------------------------------------------------------------------------------ */

static bool
phase_waits(Phase phase)
{
    return phase != PHASE_REPLY;
}

/* False when the loop has just given the connection up. */
static bool
connection_move(Connection *connection, Phase to)
{
    HttpServer *server = connection->server;
    Phase from = connection->phase;

    connection->since_ms = server->now_ms;
    if (from == PHASE_LATE || !atomic_compare_exchange_strong(&connection->phase, &from, to))
        return false;
    if (phase_waits(from) && !phase_waits(to))
        server->waiting[connection->slot]--;
    if (!phase_waits(from) && phase_waits(to))
        server->waiting[connection->slot]++;
    return true;
}

/* Says status in the fewest words and shuts the connection, past libmicrohttpd, which is in the
 * middle of reading. */
static void
connection_dismiss(Connection *connection, unsigned status, const char *reason)
{
    g_autofree char *body = http_problem_print(status, NULL, reason);
    g_autofree char *text = g_strdup_printf(
        "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        status, MHD_get_reason_phrase_for(status), strlen(body), body);

    connection->server->refused++;
    send(connection->socket, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(connection->socket, SHUT_RDWR);
}

static uint64_t
octets_received(int socket)
{
    struct tcp_info info = { 0 };
    socklen_t size = sizeof info;

    return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_bytes_received : 0;
}

static enum MHD_Result
on_accept(void *data, const struct sockaddr *from, socklen_t size)
{
    HttpServer *server = data;
    struct sockaddr_in6 peer = address_normalise(from);

    if (server->waiting[address_slot(server, &peer)] < HTTP_WAITING_PER_ADDRESS_MAX)
        return MHD_YES;
    server->refused++;
    return MHD_NO;
}

static void
connection_start(HttpServer *server, struct MHD_Connection *raw, void **context)
{
    Connection *connection = g_new0(Connection, 1);
    struct sockaddr_storage local = { 0 };
    socklen_t size = sizeof local;

    connection->link.data = connection;
    connection->server = server;
    connection->socket = MHD_get_connection_info(raw, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    connection->peer = address_normalise(
        MHD_get_connection_info(raw, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    getsockname(connection->socket, (struct sockaddr *)&local, &size);
    connection->local = address_normalise((struct sockaddr *)&local);
    connection->slot = address_slot(server, &connection->peer);
    connection->since_ms = server->now_ms;
    server->waiting[connection->slot]++;
    server->connection_count++;
    *context = connection;
    g_mutex_lock(&server->lock);
    g_queue_push_tail_link(&server->connections, &connection->link);
    g_mutex_unlock(&server->lock);
}

static void
connection_end(HttpServer *server, Connection *connection)
{
    g_mutex_lock(&server->lock);
    g_queue_unlink(&server->connections, &connection->link);
    g_mutex_unlock(&server->lock);
    if (phase_waits(connection->phase))
        server->waiting[connection->slot]--;
    server->connection_count--;
    g_free(connection);
}

static void
on_connection(void *data, struct MHD_Connection *raw, void **context,
              enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        connection_start(data, raw, context);
    else
        connection_end(data, *context);
}

static Connection *
connection_of(struct MHD_Connection *raw)
{
    return MHD_get_connection_info(raw, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* -- Requests, on the http thread -------------------------------------------------------------------- */

static void *
on_target(void *data, const char *target, struct MHD_Connection *raw)
{
    return http_exchange_new(data, target);
}

static enum MHD_Result
take_head(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    GString *heads = data;

    g_string_append_len(heads, name, (gssize)strlen(name) + 1);
    g_string_append_len(heads, value == NULL ? "" : value, value == NULL ? 1 : (gssize)strlen(value) + 1);
    return MHD_YES;
}

static void
refuse(HttpExchange *exchange, unsigned status, const char *reason)
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
    if (!g_str_has_prefix(exchange->path, "http://"))
        return g_strdup(http_exchange_head(exchange, "Host"));
    char *authority = exchange->path + strlen("http://");
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

    guint lengths = count_heads(exchange, "Content-Length") + count_heads(exchange, "Transfer-Encoding");
    bool is_foreign = coding != NULL && g_ascii_strcasecmp(coding, "chunked") != 0;

    exchange->is_unframed = lengths > 1 || is_foreign;
    if (server->is_stopping)
        refuse(exchange, 503, "the server is stopping");
    else if (head_size > HTTP_HEAD_MAX)
        refuse(exchange, 431, "a head may have 16 KiB");
    else if (lengths > 1)
        refuse(exchange, 400, "the length of the body is said twice");
    else if (is_foreign)
        refuse(exchange, 501, "of transfer codings only chunked is known");
    else if (host == NULL || count_heads(exchange, "Host") > 1)
        refuse(exchange, 400, "one Host is needed");
    else if (!http_host_is_ours(host, &exchange->local.sin6_addr, server->port, server->options.hosts))
        refuse(exchange, 421, "the Host is none of this server's addresses or names");
    else
        return true;
    return false;
}

/* The route, and whether the body announced may come. */
static void
check_route(HttpExchange *exchange)
{
    const char *length = http_exchange_head(exchange, "Content-Length");
    guint64 octets = length == NULL ? 0 : g_ascii_strtoull(length, NULL, 10);

    http_router_match(exchange->server->router, exchange->method, exchange->path, &exchange->match);
    if (exchange->match.allow != NULL) {
        http_exchange_add_head(exchange, "Allow", exchange->match.allow);
        refuse(exchange, 405, "the method does not fit the path");
    } else if (exchange->match.route == NULL) {
        refuse(exchange, 404, "nothing is at this path");
    } else if (octets > exchange->match.route->body_max) {
        refuse(exchange, 413, "the body is larger than this path takes");
    }
}

/* The head is here: fills the exchange, and answers it at once where it must be refused. */
static void
begin(HttpExchange *exchange, Connection *via, struct MHD_Connection *raw, const char *method)
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

/* Queues the answer. */
static enum MHD_Result
send_reply(HttpExchange *exchange, Connection *via, bool is_body_left)
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
    if (exchange->events != NULL) {
        g_mutex_lock(&server->lock);
        via->events = exchange->events;
        g_mutex_unlock(&server->lock);
    }
    if (!connection_move(via, exchange->events != NULL ? PHASE_EVENTS : PHASE_REPLY))
        return MHD_NO;
    return MHD_queue_response(exchange->connection, exchange->status, response);
}

/* -- The seam ------------------------------------------------------------------------------------------ */

static void
answer_on_loop(gpointer data)
{
    HttpExchange *exchange = data;

    if (exchange->is_answered) /* stopped, or too late, before its turn came */
        http_exchange_unref(exchange);
    else
        exchange->match.route->handle(exchange, exchange->match.user_data);
}

static bool
cross(HttpExchange *exchange, Connection *via)
{
    HttpServer *server = exchange->server;

    g_mutex_lock(&server->lock);
    bool is_open = !server->is_stopping && connection_move(via, PHASE_ANSWER);
    if (is_open) {
        exchange->is_crossed = true;
        exchange->deadline_ms = server->now_ms + ANSWER_MS;
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
dispatch(HttpExchange *exchange, Connection *via)
{
    const HttpRoute *route = exchange->match.route;

    exchange->body = exchange->incoming == NULL
                         ? g_bytes_new_static(NULL, 0)
                         : g_byte_array_free_to_bytes(g_steal_pointer(&exchange->incoming));
    if (route->kind == HTTP_STATE) {
        if (cross(exchange, via))
            return MHD_YES;
        refuse(exchange, 503, "the server is stopping");
    } else {
        if (!connection_move(via, PHASE_REPLY))
            return MHD_NO;
        route->handle(exchange, exchange->match.user_data);
        if (!exchange->is_answered) {
            g_critical("%s %s: no reply", exchange->method, route->pattern);
            refuse(exchange, 500, "no reply was made");
        }
    }
    return send_reply(exchange, via, false);
}

static enum MHD_Result
take_body(HttpExchange *exchange, Connection *via, const char *octets, size_t count)
{
    size_t room = exchange->is_answered ? 0 : exchange->match.route->body_max;

    via->since_ms = via->server->now_ms;
    if (exchange->incoming == NULL)
        exchange->incoming = g_byte_array_new();
    if (!exchange->is_answered && count > room - exchange->incoming->len)
        refuse(exchange, 413, "the body is larger than this path takes"); /* chunked */
    if (!exchange->is_answered) {
        g_byte_array_append(exchange->incoming, (const uint8_t *)octets, (guint)count);
        return MHD_YES;
    }
    exchange->discarded += count;
    if (exchange->discarded <= DISCARD_MAX)
        return MHD_YES;
    connection_dismiss(via, exchange->status, "the body is too large");
    return MHD_NO;
}

/* The head is here. Answering now would cost the connection (libmicrohttpd leaves the body unread),
 * and perhaps the peer our words: so a refusal waits for the end of the request, unless the body is
 * long, of unknown length, or not sent before we asked for it. */
static enum MHD_Result
on_head(HttpExchange *exchange, Connection *via, struct MHD_Connection *raw, const char *method)
{
    begin(exchange, via, raw, method);
    const char *length = http_exchange_head(exchange, "Content-Length");
    guint64 octets = length == NULL ? 0 : g_ascii_strtoull(length, NULL, 10);
    bool is_asking = http_exchange_head(exchange, "Expect") != NULL;

    if (exchange->is_answered && (octets > DISCARD_MAX || is_asking || exchange->is_unframed))
        return send_reply(exchange, via, true);
    return connection_move(via, PHASE_BODY) ? MHD_YES : MHD_NO;
}

static enum MHD_Result
on_request(void *data, struct MHD_Connection *raw, const char *url, const char *method,
           const char *version, const char *octets, size_t *count, void **context)
{
    HttpExchange *exchange = *context;
    Connection *via = connection_of(raw);

    if (exchange->method == NULL)
        return on_head(exchange, via, raw, method);
    if (*count > 0) {
        size_t taken = *count;
        *count = 0;
        return take_body(exchange, via, octets, taken);
    }
    return exchange->is_answered ? send_reply(exchange, via, false) : dispatch(exchange, via);
}

static void
on_completed(void *data, struct MHD_Connection *raw, void **context,
             enum MHD_RequestTerminationCode code)
{
    HttpServer *server = data;
    HttpExchange *exchange = *context;
    Connection *via = connection_of(raw);

    *context = NULL;
    if (exchange == NULL)
        return;
    g_mutex_lock(&server->lock);
    via->events = NULL;
    if (exchange->is_crossed && --server->owed == 0)
        g_cond_signal(&server->settled);
    g_mutex_unlock(&server->lock);
    if (exchange->events != NULL) {
        server->event_streams--;
        http_events_gone(exchange->events);
    }
    if (exchange->patience_s != 0)
        MHD_set_connection_option(raw, MHD_CONNECTION_OPTION_TIMEOUT, SILENT_S);
    via->octets = octets_received(via->socket);
    via->head_since_ms = 0;
    connection_move(via, PHASE_KEPT);
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        server->bytes_sent += exchange->reply_size;
    http_exchange_unref(exchange);
}

/* -- Once a second, on the loop ---------------------------------------------------------------------- */

/* Since when the head of a kept connection arrives; 0: it has not begun. */
static int64_t
kept_head_since_ms(Connection *connection, int64_t now_ms)
{
    if (connection->head_since_ms == 0 && octets_received(connection->socket) != connection->octets)
        connection->head_since_ms = now_ms;
    return connection->head_since_ms;
}

static bool
is_late(Connection *connection, Phase phase, int64_t now_ms)
{
    int64_t since_ms = phase == PHASE_KEPT ? kept_head_since_ms(connection, now_ms)
                                           : connection->since_ms;
    switch (phase) {
    case PHASE_HEAD:
        return now_ms - since_ms >= HEAD_MS;
    case PHASE_KEPT:
        return since_ms != 0 && now_ms - since_ms >= HEAD_MS;
    case PHASE_BODY:
        return now_ms - since_ms >= BODY_MS;
    default:
        return false;
    }
}

/* With the lock held. */
static void
look_at_connections(HttpServer *server, int64_t now_ms)
{
    for (GList *link = server->connections.head; link != NULL; link = link->next) {
        Connection *connection = link->data;
        Phase phase = connection->phase;
        if (connection->events != NULL)
            http_events_check(connection->events);
        else if (is_late(connection, phase, now_ms) &&
                 atomic_compare_exchange_strong(&connection->phase, &phase, PHASE_LATE))
            connection_dismiss(connection, 408, phase == PHASE_BODY ? "the body stood still"
                                                                    : "the head took too long");
    }
}

/* The first exchange on the loop that is due, or any at all; a borrowed one. */
static HttpExchange *
first_crossed(HttpServer *server, int64_t until_ms)
{
    g_mutex_lock(&server->lock);
    HttpExchange *exchange = g_queue_peek_head(&server->crossed); /* they come in order of deadline */
    g_mutex_unlock(&server->lock);
    return exchange != NULL && exchange->deadline_ms <= until_ms ? exchange : NULL;
}

static void
on_tick(gpointer data)
{
    HttpServer *server = data;
    int64_t now_ms = clock_now_ms(server->clock);
    HttpExchange *exchange;

    server->now_ms = now_ms;
    server->tick = clock_after(server->clock, 1000, on_tick, server);
    g_mutex_lock(&server->lock);
    look_at_connections(server, now_ms);
    g_mutex_unlock(&server->lock);
    while ((exchange = first_crossed(server, now_ms)) != NULL) {
        g_warning("%s %s: no answer in %d s", exchange->method, exchange->path, ANSWER_MS / 1000);
        http_exchange_answer_instead(exchange, 504, "the answer took too long");
    }
}

/* -- Start and stop ------------------------------------------------------------------------------------ */

static int
open_listener(sa_family_t family, uint16_t port)
{
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
    bool is_v6 = family == AF_INET6;
    const int on = 1, off = 0;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (!is_v6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0) &&
        bind(fd, is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4,
             is_v6 ? sizeof v6 : sizeof v4) == 0 &&
        listen(fd, BACKLOG) == 0)
        return fd;
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}

static int
open_any_listener(uint16_t port, GError **error)
{
    int fd = open_listener(AF_INET6, port); /* takes IPv4 too */

    if (fd < 0 && errno != EADDRINUSE && errno != EACCES)
        fd = open_listener(AF_INET, port);
    if (fd >= 0)
        return fd;
    if (errno == EADDRINUSE)
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "port %u is taken by another program: stop that one, or choose another port", port);
    else
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "listening on port %u: %s", port,
                    g_strerror(errno));
    return -1;
}

static void
on_log(void *data, const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);

    g_debug("libmicrohttpd: %s", g_strchomp(text));
}

static struct MHD_Daemon *
start_daemon(HttpServer *server)
{
    unsigned threads = server->options.threads != 0 ? server->options.threads : g_get_num_processors();
    struct MHD_OptionItem options[] = {
        { MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_log, NULL },
        { MHD_OPTION_LISTEN_SOCKET, server->listener, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_SIZE, NULL },
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
                                MHD_USE_ERROR_LOG | MHD_USE_TURBO,
                            0, on_accept, server, on_request, server, MHD_OPTION_ARRAY, options,
                            MHD_OPTION_END);
}

HttpServer *
http_server_new(const HttpServerOptions *options, const HttpRouter *router, GError **error)
{
    int listener = open_any_listener(options->port, error);
    struct sockaddr_storage bound = { 0 };
    socklen_t size = sizeof bound;

    if (listener < 0)
        return NULL;
    HttpServer *server = g_new0(HttpServer, 1);
    getsockname(listener, (struct sockaddr *)&bound, &size);
    server->port = ntohs(address_normalise((struct sockaddr *)&bound).sin6_port);
    server->listener = listener;
    server->options = *options;
    server->options.server = g_strdup(options->server);
    server->router = router;
    server->context = g_main_context_ref_thread_default();
    server->own_clock = options->clock == NULL ? clock_new() : NULL;
    server->clock = options->clock == NULL ? server->own_clock : options->clock;
    server->now_ms = clock_now_ms(server->clock);
    server->seed = (uint64_t)g_random_int() << 32 | g_random_int();
    g_mutex_init(&server->lock);
    g_cond_init(&server->settled);
    server->daemon = start_daemon(server);
    if (server->daemon == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "port %u: libmicrohttpd does not start",
                    server->port);
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
http_server_counts(const HttpServer *server, HttpServerCounts *counts)
{
    *counts = (HttpServerCounts){
        .requests = server->requests,
        .refused = server->refused,
        .bytes_sent = server->bytes_sent,
        .connections = server->connection_count,
        .event_streams = server->event_streams,
    };
}

/* Every exchange on the loop is answered, every event stream ended, and what they send is awaited. */
static void
say_farewell(HttpServer *server)
{
    gint64 until = g_get_monotonic_time() + FAREWELL_MS * G_TIME_SPAN_MILLISECOND;
    HttpExchange *exchange;

    g_mutex_lock(&server->lock);
    server->is_stopping = true;
    for (GList *link = server->connections.head; link != NULL; link = link->next)
        if (((Connection *)link->data)->events != NULL)
            http_events_end(((Connection *)link->data)->events);
    g_mutex_unlock(&server->lock);
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
        MHD_quiesce_daemon(server->daemon);
        say_farewell(server);
        MHD_stop_daemon(server->daemon);
    }
    close(server->listener);
    clock_free(server->own_clock);
    g_main_context_unref(server->context);
    g_mutex_clear(&server->lock);
    g_cond_clear(&server->settled);
    g_free((char *)server->options.server);
    g_free(server);
}
