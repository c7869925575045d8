/* http-events.c -- server-sent events (HTML Living Standard, 9.2): a reply that stays open
 *
 * The loop writes into a queue, the http thread sends from it. When the queue is empty the body
 * parks: its connection is suspended until the next event. Suspended connections see nothing, so
 * the server has http_events_check() look after each from time to time. The owner and the reply
 * each hold a reference; lock guards what both touch. */
#define _GNU_SOURCE /* POLLRDHUP */
#include "net/http-exchange.h"

#include "base/post.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define QUEUE_MAX (256 * 1024)
#define BLOCK_SIZE (16 * 1024)
#define CHECKS_PER_COMMENT 15 /* at one check a second */

struct HttpEvents {
    gatomicrefcount references;
    GMainContext *context; /* where the owner lives */
    void (*closed)(gpointer user_data); /* NULL: the owner let go; loop only */
    gpointer user_data;

    GMutex lock;
    struct MHD_Connection *connection; /* borrowed; NULL: over */
    int socket;                        /* borrowed; valid while connection is */
    GString *queue;
    size_t sent; /* of the queue */
    guint quiet_checks;
    bool is_parked, is_ended, is_broken;
};

HttpEvents *
http_events_ref(HttpEvents *events)
{
    g_atomic_ref_count_inc(&events->references);
    return events;
}

void
http_events_unref(HttpEvents *events)
{
    if (!g_atomic_ref_count_dec(&events->references))
        return;
    g_main_context_unref(events->context);
    g_mutex_clear(&events->lock);
    g_string_free(events->queue, TRUE);
    g_free(events);
}

/* With the lock held: what changed is for the http thread to see. */
static void
wake(HttpEvents *events)
{
    if (events->is_parked && events->connection != NULL) {
        events->is_parked = false;
        MHD_resume_connection(events->connection);
    }
}

static ssize_t
read_events(void *data, uint64_t position, char *buffer, size_t size)
{
    HttpEvents *events = data;
    ssize_t result = 0;

    g_mutex_lock(&events->lock);
    size_t waiting = events->queue->len - events->sent;
    if (events->is_broken) {
        result = MHD_CONTENT_READER_END_WITH_ERROR;
    } else if (waiting > 0) {
        size_t count = MIN(waiting, size);
        memcpy(buffer, events->queue->str + events->sent, count);
        events->sent += count;
        if (events->sent == events->queue->len) {
            g_string_truncate(events->queue, 0);
            events->sent = 0;
        }
        result = (ssize_t)count;
    } else if (events->is_ended) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        events->is_parked = true;
        MHD_suspend_connection(events->connection);
    }
    g_mutex_unlock(&events->lock);
    return result;
}

static void
reply_done(void *data)
{
    http_events_unref(data);
}

HttpEvents *
http_exchange_reply_events(HttpExchange *exchange, void (*closed)(gpointer user_data),
                           gpointer user_data)
{
    g_assert(exchange->is_crossed);
    if (exchange->is_answered || !http_server_count_events(exchange->server)) {
        http_exchange_reply_problem(exchange, 503, NULL, "too many event streams are open");
        return NULL;
    }
    HttpEvents *events = g_new0(HttpEvents, 1);
    g_atomic_ref_count_init(&events->references); /* the owner's */
    events->context = g_main_context_ref_thread_default();
    events->closed = closed;
    events->user_data = user_data;
    g_mutex_init(&events->lock);
    events->connection = exchange->connection;
    events->socket = exchange->socket;
    events->queue = g_string_new(":\n\n"); /* the heads leave at once */
    exchange->events = http_events_ref(events);
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_SIZE, read_events, http_events_ref(events), reply_done);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    http_exchange_answer(exchange, 200, response, 0);
    return events;
}

/* With the lock held. */
static void
put(HttpEvents *events, const char *text, size_t length)
{
    if (events->connection == NULL || events->is_ended || events->is_broken)
        return;
    events->quiet_checks = 0;
    g_string_erase(events->queue, 0, (gssize)events->sent);
    events->sent = 0;
    g_string_append_len(events->queue, text, (gssize)length);
    if (events->queue->len > QUEUE_MAX) {
        events->is_broken = true;
        shutdown(events->socket, SHUT_RDWR); /* the http thread waits for this peer to read */
    }
    wake(events);
}

void
http_events_send(HttpEvents *events, const char *event, const char *data)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(data, "\n", -1);

    if (event != NULL)
        g_string_append_printf(text, "event: %s\n", event);
    for (char **line = lines; *line != NULL; line++)
        g_string_append_printf(text, "%s: %s\n", event == NULL ? "" : "data", *line);
    g_string_append_c(text, '\n');
    g_mutex_lock(&events->lock);
    put(events, text->str, text->len);
    g_mutex_unlock(&events->lock);
}

void
http_events_end(HttpEvents *events)
{
    g_mutex_lock(&events->lock);
    events->is_ended = true;
    wake(events);
    g_mutex_unlock(&events->lock);
}

void
http_events_free(HttpEvents *events)
{
    if (events == NULL)
        return;
    events->closed = NULL;
    http_events_end(events);
    http_events_unref(events);
}

void
http_events_check(HttpEvents *events)
{
    g_mutex_lock(&events->lock);
    if (events->connection != NULL && events->is_parked) {
        struct pollfd peer = { .fd = events->socket, .events = POLLRDHUP };
        if (poll(&peer, 1, 0) > 0) {
            events->is_broken = true;
            wake(events);
        }
    }
    if (++events->quiet_checks >= CHECKS_PER_COMMENT)
        put(events, ":\n\n", 3);
    g_mutex_unlock(&events->lock);
}

static void
tell_owner(gpointer data)
{
    HttpEvents *events = data;

    if (events->closed != NULL)
        events->closed(events->user_data);
    http_events_unref(events);
}

void
http_events_gone(HttpEvents *events)
{
    g_mutex_lock(&events->lock);
    events->connection = NULL;
    g_mutex_unlock(&events->lock);
    post(events->context, tell_owner, http_events_ref(events));
}
