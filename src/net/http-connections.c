/* http-connections.c -- see http-connections.h
 *
 * What the loop does to a connection that an http thread may be using it does under `lock`, which
 * keeps the connection in the list, and after it has taken the phase. */
#include "net/http-connections.h"

#include "net/http-exchange.h"

#include <linux/tcp.h>
#include <string.h>
#include <sys/socket.h>

#define HEAD_MS (10 * 1000) /* docs/igrs/PROFILE.md section 1, as the next */
#define BODY_MS (30 * 1000)
#define SLOTS 4096
#define CROWD 1152 /* below what libmicrohttpd has room for; then it would take nobody any more */

struct HttpConnections {
    bool is_secure;
    _Atomic int64_t now_ms;
    GMutex lock;
    GQueue list; /* HttpConnection */

    /* Waiting connections by address: two addresses that fall on one slot share its limit, which a
     * home does not notice, and no peer can choose to. */
    uint64_t seed;
    _Atomic unsigned waiting[SLOTS];
    _Atomic unsigned count;
    _Atomic uint64_t refused;
};

/* -- Addresses --------------------------------------------------------------------------------- */

/* IPv4 becomes ::ffff:a.b.c.d, so that all else knows one form. */
struct sockaddr_in6
http_address_normalise(const struct sockaddr *from)
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
address_slot(const HttpConnections *all, const struct sockaddr_in6 *address)
{
    uint64_t halves[2];

    memcpy(halves, &address->sin6_addr, sizeof halves);
    uint64_t hash = (halves[0] ^ all->seed) * UINT64_C(0x9E3779B97F4A7C15);
    hash = (halves[1] ^ hash ^ (hash >> 29)) * (all->seed | 1);
    return (guint)(hash >> 52);
}
G_STATIC_ASSERT(SLOTS == 1 << 12);

/* -- The list ---------------------------------------------------------------------------------- */

HttpConnections *
http_connections_new(int64_t now_ms, bool is_secure)
{
    HttpConnections *all = g_new0(HttpConnections, 1);

    all->is_secure = is_secure;
    all->now_ms = now_ms;
    all->seed = (uint64_t)g_random_int() << 32 | g_random_int();
    g_mutex_init(&all->lock);
    return all;
}

void
http_connections_free(HttpConnections *all)
{
    if (all == NULL)
        return;
    g_mutex_clear(&all->lock);
    g_free(all);
}

bool
http_connections_admit(HttpConnections *all, const struct sockaddr *peer)
{
    struct sockaddr_in6 address = http_address_normalise(peer);

    if (all->waiting[address_slot(all, &address)] < HTTP_WAITING_PER_ADDRESS_MAX)
        return true;
    all->refused++;
    return false;
}

/* The longest without a head; of those that were answered, when all had one. NULL: nobody. */
static HttpConnection *
longest_idle(const HttpConnections *all)
{
    HttpConnection *kept = NULL;

    for (GList *link = all->list.head; link != NULL; link = link->next) {
        HttpConnection *connection = link->data;
        if (connection->phase == HTTP_PHASE_HEAD)
            return connection;
        if (connection->phase == HTTP_PHASE_KEPT && kept == NULL)
            kept = connection;
    }
    return kept;
}

/* In a crowd from many addresses whoever comes takes the place of who has said nothing for longest:
 * those who ask at once are answered. */
static void
make_room(HttpConnections *all)
{
    g_mutex_lock(&all->lock);
    HttpConnection *connection = longest_idle(all);
    HttpPhase phase = connection != NULL ? connection->phase : HTTP_PHASE_LATE;
    if ((phase == HTTP_PHASE_HEAD || phase == HTTP_PHASE_KEPT) &&
        atomic_compare_exchange_strong(&connection->phase, &phase, HTTP_PHASE_LATE))
        http_connection_dismiss(connection, 503, "too many connections");
    g_mutex_unlock(&all->lock);
}

HttpConnection *
http_connections_add(HttpConnections *all, int socket, const struct sockaddr *peer)
{
    HttpConnection *connection = g_new0(HttpConnection, 1);
    struct sockaddr_storage local = { 0 };
    socklen_t size = sizeof local;

    if (all->count >= CROWD)
        make_room(all);
    getsockname(socket, (struct sockaddr *)&local, &size);
    connection->link.data = connection;
    connection->all = all;
    connection->socket = socket;
    connection->peer = http_address_normalise(peer);
    connection->local = http_address_normalise((struct sockaddr *)&local);
    connection->slot = address_slot(all, &connection->peer);
    connection->since_ms = all->now_ms;
    all->waiting[connection->slot]++;
    all->count++;
    g_mutex_lock(&all->lock);
    g_queue_push_tail_link(&all->list, &connection->link);
    g_mutex_unlock(&all->lock);
    return connection;
}

static bool
phase_waits(HttpPhase phase)
{
    return phase != HTTP_PHASE_REPLY;
}

void
http_connections_remove(HttpConnections *all, HttpConnection *connection)
{
    g_mutex_lock(&all->lock);
    g_queue_unlink(&all->list, &connection->link);
    g_mutex_unlock(&all->lock);
    if (phase_waits(connection->phase))
        all->waiting[connection->slot]--;
    all->count--;
    g_free(connection);
}

unsigned
http_connections_count(const HttpConnections *all)
{
    return all->count;
}

uint64_t
http_connections_refused(const HttpConnections *all)
{
    return all->refused;
}

/* -- One connection ---------------------------------------------------------------------------- */

bool
http_connection_move(HttpConnection *connection, HttpPhase to)
{
    HttpConnections *all = connection->all;
    HttpPhase from = connection->phase;

    connection->since_ms = all->now_ms;
    if (from == HTTP_PHASE_LATE || !atomic_compare_exchange_strong(&connection->phase, &from, to))
        return false;
    if (phase_waits(from) && !phase_waits(to))
        all->waiting[connection->slot]--;
    if (!phase_waits(from) && phase_waits(to))
        all->waiting[connection->slot]++;
    return true;
}

void
http_connection_touch(HttpConnection *connection)
{
    connection->since_ms = connection->all->now_ms;
}

static uint64_t
octets_received(int socket)
{
    struct tcp_info info = { 0 };
    socklen_t size = sizeof info;

    getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size);
    return info.tcpi_bytes_received;
}

void
http_connection_keep(HttpConnection *connection)
{
    connection->octets = octets_received(connection->socket);
    connection->head_since_ms = 0;
    connection->is_revoked = false;
    http_connection_move(connection, HTTP_PHASE_KEPT);
}

void
http_connection_set_events(HttpConnection *connection, HttpEvents *events)
{
    g_mutex_lock(&connection->all->lock);
    connection->events = events;
    g_mutex_unlock(&connection->all->lock);
}

void
http_connection_hold(HttpConnection *connection, const char *holder)
{
    g_mutex_lock(&connection->all->lock);
    g_strlcpy(connection->holder, holder, sizeof connection->holder);
    connection->is_revoked = false;
    g_mutex_unlock(&connection->all->lock);
}

bool
http_connection_is_revoked(HttpConnection *connection)
{
    g_mutex_lock(&connection->all->lock);
    bool is_revoked = connection->is_revoked;
    g_mutex_unlock(&connection->all->lock);
    return is_revoked;
}

void
http_connection_set_parking(HttpConnection *connection, HttpParking *parking)
{
    g_mutex_lock(&connection->all->lock);
    connection->parking = parking;
    g_mutex_unlock(&connection->all->lock);
}

void
http_connection_say_last(HttpConnection *connection, unsigned status, const char *reason)
{
    g_autofree char *body = http_problem_print(status, NULL, reason);
    g_autofree char *text = g_strdup_printf(
        "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        status, MHD_get_reason_phrase_for(status), strlen(body), body);

    connection->all->refused++;
    http_connection_touch(connection);
    if (!connection->all->is_secure)
        send(connection->socket, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(connection->socket, SHUT_WR);
}

void
http_connection_dismiss(HttpConnection *connection, unsigned status, const char *reason)
{
    http_connection_say_last(connection, status, reason);
    shutdown(connection->socket, SHUT_RDWR);
}

/* -- The loop's look at all of them ------------------------------------------------------------ */

int64_t
http_connections_now_ms(const HttpConnections *all)
{
    return all->now_ms;
}

/* Since when the head of a kept connection arrives; 0: it has not begun. */
static int64_t
kept_head_since_ms(HttpConnection *connection, int64_t now_ms)
{
    if (connection->head_since_ms == 0 && octets_received(connection->socket) != connection->octets)
        connection->head_since_ms = now_ms;
    return connection->head_since_ms;
}

static bool
is_late(HttpConnection *connection, HttpPhase phase, int64_t now_ms)
{
    int64_t since_ms = phase == HTTP_PHASE_KEPT ? kept_head_since_ms(connection, now_ms)
                                                : connection->since_ms;
    switch (phase) {
    case HTTP_PHASE_HEAD:
        return now_ms - since_ms >= HEAD_MS;
    case HTTP_PHASE_KEPT:
        return since_ms != 0 && now_ms - since_ms >= HEAD_MS;
    case HTTP_PHASE_BODY:
        return now_ms - since_ms >= BODY_MS;
    default:
        return false;
    }
}

void
http_connections_look(HttpConnections *all, int64_t now_ms)
{
    all->now_ms = now_ms;
    g_mutex_lock(&all->lock);
    for (GList *link = all->list.head; link != NULL; link = link->next) {
        HttpConnection *connection = link->data;
        HttpPhase phase = connection->phase;
        if (connection->events != NULL)
            http_events_check(connection->events);
        else if (connection->parking != NULL)
            http_parking_check(connection->parking);
        else if (is_late(connection, phase, now_ms) &&
                 atomic_compare_exchange_strong(&connection->phase, &phase, HTTP_PHASE_LATE))
            http_connection_dismiss(connection, 408,
                                    phase == HTTP_PHASE_BODY ? "the body stood still"
                                                             : "the head took too long");
    }
    g_mutex_unlock(&all->lock);
}

/* What the loop is answering is for the http thread to drop, which alone knows how long it is. */
static void
end_one(HttpConnection *connection)
{
    HttpPhase phase = connection->phase;

    if (connection->events != NULL)
        http_events_end(connection->events);
    else if (phase == HTTP_PHASE_ANSWER)
        connection->is_revoked = true;
    else if (phase == HTTP_PHASE_REPLY || phase == HTTP_PHASE_BODY)
        shutdown(connection->socket, SHUT_RDWR);
    if (connection->parking != NULL)
        http_parking_end(connection->parking);
}

void
http_connections_end_held(HttpConnections *all, HttpHolderTest is_over, gpointer user_data)
{
    g_mutex_lock(&all->lock);
    for (GList *link = all->list.head; link != NULL; link = link->next) {
        HttpConnection *connection = link->data;
        if (is_over(connection->holder, user_data))
            end_one(connection);
    }
    g_mutex_unlock(&all->lock);
}

void
http_connections_end_waits(HttpConnections *all)
{
    g_mutex_lock(&all->lock);
    for (GList *link = all->list.head; link != NULL; link = link->next) {
        HttpConnection *connection = link->data;
        if (connection->events != NULL)
            http_events_end(connection->events);
        if (connection->parking != NULL)
            http_parking_end(connection->parking);
    }
    g_mutex_unlock(&all->lock);
}
