/* http-client.c -- see http-client.h
 *
 * A SoupSession with everything switched off that would act on its own, and another for requests
 * that name the certificate, which asks no authority. A kept connection may have been closed by its
 * peer while it lay idle: a request that meets one, and got no octet back, is sent once more on a
 * new connection. */
#include "net/http-client.h"

#include "base/error.h"
#include "base/post.h"
#include "net/http-pin.h"

#include <libsoup/soup.h>
#include <string.h>

#define TIMEOUT_MS 30000
#define BODY_MAX (1024 * 1024)
#define BLOCK_SIZE 16384
#define KEPT_S 50 /* less than our own server keeps one */
#define CONNECTIONS_MAX 128
#define PER_HOST_MAX 6

struct HttpClient {
    SoupSession *session, *pinned;
    GMainContext *context;
    GQueue exchanges; /* Exchange */
};

struct HttpReply {
    SoupMessage *message; /* borrowed */
    GBytes *body;
};

typedef struct {
    GList link; /* in the client's list */
    HttpClient *client; /* borrowed; NULL: freed, and this one answered */
    SoupMessage *message;
    GBytes *sent_body; /* NULL: none */
    char *mime;
    GByteArray *received;
    size_t body_max;
    GSource *timer;
    GCancellable *cancellable; /* ours: ended by the timer, the caller or http_client_free() */
    GCancellable *caller;      /* NULL: none */
    gulong caller_handler;
    /* NULL: the whole body is kept for the reply. */
    void (*part_received)(const void *data, size_t size, gpointer user_data);
    void (*began)(const HttpReply *reply, gpointer user_data); /* NULL: nobody asks */
    HttpReplied replied;
    gpointer user_data;
    HttpPin pin;
    bool is_late, is_kept_connection, is_second_try;
} Exchange;

static void start(Exchange *exchange);

/* to: NULL: wherever an address leads. */
static SoupSession *
session_new(const char *user_agent, GSocketConnectable *to)
{
    SoupSession *session = soup_session_new_with_options(
        "user-agent", user_agent, "proxy-resolver", NULL, "timeout", 0, "idle-timeout", KEPT_S,
        "max-conns", CONNECTIONS_MAX, "max-conns-per-host", PER_HOST_MAX, "remote-connectable", to,
        NULL);

    soup_session_remove_feature_by_type(session, SOUP_TYPE_AUTH_MANAGER);
    soup_session_remove_feature_by_type(session, SOUP_TYPE_CONTENT_DECODER);
    return session;
}

HttpClient *
http_client_new(const char *user_agent)
{
    HttpClient *client = g_new0(HttpClient, 1);

    client->session = session_new(user_agent, NULL);
    client->pinned = session_new(user_agent, NULL);
    soup_session_set_tls_database(client->pinned, NULL);
    client->context = g_main_context_ref_thread_default();
    return client;
}

HttpClient *
http_client_new_to(const char *user_agent, GInetSocketAddress *address)
{
    HttpClient *client = http_client_new(user_agent);

    g_object_unref(client->session);
    client->session = session_new(user_agent, G_SOCKET_CONNECTABLE(address));
    return client;
}

static void
exchange_free(Exchange *exchange)
{
    g_source_destroy(exchange->timer);
    g_source_unref(exchange->timer);
    if (exchange->caller != NULL)
        g_cancellable_disconnect(exchange->caller, exchange->caller_handler);
    g_clear_object(&exchange->caller);
    g_clear_object(&exchange->cancellable);
    g_clear_object(&exchange->message);
    g_clear_pointer(&exchange->sent_body, g_bytes_unref);
    g_byte_array_unref(exchange->received);
    g_free(exchange->mime);
    g_free(exchange);
}

/* What comes now was on its way when the caller gave up, who may be gone. */
static bool
is_cancelled(GCancellable *caller)
{
    return caller != NULL && g_cancellable_is_cancelled(caller);
}

/* Tells the caller, once: from here on the exchange only waits for libsoup to let it go. */
static void
tell(Exchange *exchange, const HttpReply *reply, const GError *error)
{
    HttpReplied replied = exchange->replied;
    g_autoptr(GError) cancelled = NULL;

    if (exchange->client == NULL)
        return;
    if (is_cancelled(exchange->caller)) {
        g_cancellable_set_error_if_cancelled(exchange->caller, &cancelled);
        reply = NULL;
        error = cancelled;
    }
    g_queue_unlink(&exchange->client->exchanges, &exchange->link);
    exchange->client = NULL;
    exchange->replied = NULL;
    replied(reply, error, exchange->user_data);
}

void
http_client_free(HttpClient *client)
{
    if (client == NULL)
        return;
    g_autoptr(GError) error = g_error_new(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the client is gone");

    while (client->exchanges.head != NULL) {
        Exchange *exchange = client->exchanges.head->data;
        tell(exchange, NULL, error);
        g_cancellable_cancel(exchange->cancellable);
    }
    soup_session_abort(client->session);
    soup_session_abort(client->pinned);
    g_object_unref(client->session);
    g_object_unref(client->pinned);
    g_main_context_unref(client->context);
    g_free(client);
}

/* -- The answer -------------------------------------------------------------------------------- */

/* What went wrong in the caller's words; the caller's to free. */
static GError *
translate(const Exchange *exchange, const GError *error)
{
    GUri *uri = soup_message_get_uri(exchange->message);
    const char *host = g_uri_get_host(uri);
    int port = g_uri_get_port(uri);

    if (error->domain == DUO_ERROR)
        return g_error_copy(error);
    if (exchange->pin.is_stranger)
        return g_error_new(DUO_ERROR, DUO_ERROR_DENIED,
                           "%s port %d shows another certificate than it should", host, port);
    if (exchange->is_late || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        return g_error_new(DUO_ERROR, DUO_ERROR_TIMEOUT, "%s port %d did not answer in time", host,
                           port);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return g_error_copy(error);
    if (error->domain == SOUP_SESSION_ERROR &&
        (error->code == SOUP_SESSION_ERROR_PARSING || error->code == SOUP_SESSION_ERROR_ENCODING))
        return g_error_new(DUO_ERROR, DUO_ERROR_INVALID, "%s port %d answered no HTTP: %s", host,
                           port, error->message);
    return g_error_new(DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s port %d: %s", host, port,
                       error->message);
}

static void
fail(Exchange *exchange, const GError *error)
{
    g_autoptr(GError) translated = translate(exchange, error);

    tell(exchange, NULL, translated);
    exchange_free(exchange);
}

static void
succeed(Exchange *exchange)
{
    g_autoptr(GBytes) body = g_byte_array_free_to_bytes(g_byte_array_ref(exchange->received));
    HttpReply reply = { exchange->message, body };

    tell(exchange, &reply, NULL);
    exchange_free(exchange);
}

static bool
is_heard(const Exchange *exchange)
{
    return exchange->client != NULL && !is_cancelled(exchange->caller);
}

static bool
is_in_parts(const Exchange *exchange)
{
    return exchange->part_received != NULL &&
           SOUP_STATUS_IS_SUCCESSFUL(soup_message_get_status(exchange->message));
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GInputStream *stream = G_INPUT_STREAM(source);
    Exchange *exchange = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) block = g_input_stream_read_bytes_finish(stream, result, &error);

    if (block != NULL && !is_in_parts(exchange) &&
        g_bytes_get_size(block) > exchange->body_max - exchange->received->len) {
        g_set_error(&error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "the answer is larger than %zu octets",
                    exchange->body_max);
        g_cancellable_cancel(exchange->cancellable); /* lets the connection go */
    }
    if (error != NULL) {
        fail(exchange, error);
        return;
    }
    gsize size;
    const uint8_t *data = g_bytes_get_data(block, &size);
    if (size == 0) {
        succeed(exchange);
        return;
    }
    if (!is_in_parts(exchange))
        g_byte_array_append(exchange->received, data, (guint)size);
    else if (is_heard(exchange))
        exchange->part_received(data, size, exchange->user_data);
    g_input_stream_read_bytes_async(stream, BLOCK_SIZE, G_PRIORITY_DEFAULT, exchange->cancellable,
                                    on_read, exchange);
}

/* From here on its peer may take its time. */
static void
begin_parts(Exchange *exchange)
{
    g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);
    HttpReply reply = { exchange->message, nothing };

    g_source_destroy(exchange->timer);
    if (exchange->began != NULL && is_heard(exchange))
        exchange->began(&reply, exchange->user_data);
}

static bool
is_stale_connection(const Exchange *exchange, const GError *error)
{
    return exchange->is_kept_connection && !exchange->is_second_try && exchange->client != NULL &&
           !g_cancellable_is_cancelled(exchange->cancellable) &&
           soup_message_get_status(exchange->message) == SOUP_STATUS_NONE &&
           (error->domain == G_IO_ERROR || error->domain == SOUP_SESSION_ERROR);
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Exchange *exchange = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GInputStream) stream = soup_session_send_finish(SOUP_SESSION(source), result, &error);

    if (stream != NULL) {
        if (is_in_parts(exchange))
            begin_parts(exchange);
        g_input_stream_read_bytes_async(stream, BLOCK_SIZE, G_PRIORITY_DEFAULT,
                                        exchange->cancellable, on_read, exchange);
    } else if (is_stale_connection(exchange, error)) {
        exchange->is_second_try = true;
        soup_message_add_flags(exchange->message, SOUP_MESSAGE_NEW_CONNECTION);
        start(exchange);
    } else {
        fail(exchange, error);
    }
}

/* -- The request ------------------------------------------------------------------------------- */

static void
on_network_event(SoupMessage *message, GSocketClientEvent event, GIOStream *connection,
                 gpointer user_data)
{
    Exchange *exchange = user_data;

    exchange->is_kept_connection = false;
    /* A peer is who the address says, also where we connect to somewhere else. */
    if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && !exchange->pin.is_set) {
        GUri *uri = soup_message_get_uri(message);
        g_autoptr(GSocketConnectable) peer =
            g_network_address_new(g_uri_get_host(uri), (guint16)g_uri_get_port(uri));
        g_tls_client_connection_set_server_identity(G_TLS_CLIENT_CONNECTION(connection), peer);
    }
}

static void
start(Exchange *exchange)
{
    exchange->is_kept_connection = true; /* until a network event tells of a new one */
    if (exchange->mime != NULL)
        soup_message_set_request_body_from_bytes(exchange->message, exchange->mime,
                                                 exchange->sent_body);
    soup_session_send_async(exchange->pin.is_set ? exchange->client->pinned
                                                : exchange->client->session,
                            exchange->message, G_PRIORITY_DEFAULT,
                            exchange->cancellable, on_answer, exchange);
}

static gboolean
on_late(gpointer user_data)
{
    Exchange *exchange = user_data;

    exchange->is_late = true;
    g_cancellable_cancel(exchange->cancellable);
    return G_SOURCE_REMOVE;
}

static void
on_caller_cancelled(GCancellable *caller, gpointer user_data)
{
    g_cancellable_cancel(user_data);
}

/* An answer that is known at once is still given later. */
typedef struct {
    HttpReplied replied;
    gpointer user_data;
    GError *error;
    GCancellable *caller; /* NULL: none */
} Refusal;

static void
on_refusal(gpointer data)
{
    g_autofree Refusal *refusal = data;
    g_autoptr(GError) error = refusal->error;
    g_autoptr(GCancellable) caller = refusal->caller;

    if (is_cancelled(caller)) {
        g_clear_error(&error);
        g_cancellable_set_error_if_cancelled(caller, &error);
    }
    refusal->replied(NULL, error, refusal->user_data);
}

static SoupMessage *
message_new(const HttpRequest *request, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(request->url, SOUP_HTTP_URI_FLAGS, NULL);
    SoupMessage *message = NULL;

    if (uri != NULL && g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0' &&
        (g_strcmp0(g_uri_get_scheme(uri), "http") == 0 ||
         g_strcmp0(g_uri_get_scheme(uri), "https") == 0))
        message = soup_message_new_from_uri(request->method, uri);
    if (message == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "not an HTTP address: %s", request->url);
        return NULL;
    }
    /* "Idempotent" lets libsoup use a kept connection for POST and M-POST too. */
    soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
    SoupMessageHeaders *heads = soup_message_get_request_headers(message);
    for (const HttpHead *head = request->heads; head != NULL && head->name != NULL; head++)
        soup_message_headers_append(heads, head->name, head->value);
    return message;
}

static GSource *
timer_new(GMainContext *context, unsigned timeout_ms, Exchange *exchange)
{
    GSource *timer = g_timeout_source_new(timeout_ms);

    g_source_set_callback(timer, on_late, exchange, NULL);
    g_source_attach(timer, context);
    return timer;
}

void
http_client_send(HttpClient *client, const HttpRequest *request, GCancellable *cancellable,
                 HttpReplied replied, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    SoupMessage *message = message_new(request, &error);

    if (message == NULL) {
        Refusal *refusal = g_new(Refusal, 1);
        *refusal = (Refusal){ replied, user_data, g_steal_pointer(&error), NULL };
        g_set_object(&refusal->caller, cancellable);
        post(client->context, on_refusal, refusal);
        return;
    }
    Exchange *exchange = g_new0(Exchange, 1);
    exchange->link.data = exchange;
    exchange->client = client;
    g_queue_push_tail_link(&client->exchanges, &exchange->link);
    exchange->message = message;
    exchange->mime = g_strdup(request->mime);
    exchange->sent_body = request->body == NULL ? NULL : g_bytes_ref(request->body);
    exchange->received = g_byte_array_new();
    exchange->body_max = request->body_max != 0 ? request->body_max : BODY_MAX;
    exchange->part_received = request->received;
    exchange->began = request->began;
    exchange->replied = replied;
    exchange->user_data = user_data;
    exchange->cancellable = g_cancellable_new();
    unsigned timeout_ms = request->timeout_ms != 0 ? request->timeout_ms : TIMEOUT_MS;
    exchange->timer = timer_new(client->context, timeout_ms, exchange);
    if (cancellable != NULL) {
        exchange->caller = g_object_ref(cancellable);
        exchange->caller_handler = g_cancellable_connect(
            cancellable, G_CALLBACK(on_caller_cancelled), exchange->cancellable, NULL);
    }
    if (request->fingerprint != NULL)
        http_pin_set(&exchange->pin, message, request->fingerprint, exchange->cancellable);
    g_signal_connect(message, "network-event", G_CALLBACK(on_network_event), exchange);
    start(exchange);
}

/* -- What came back ---------------------------------------------------------------------------- */

unsigned
http_reply_status(const HttpReply *reply)
{
    return soup_message_get_status(reply->message);
}

const char *
http_reply_head(const HttpReply *reply, const char *name)
{
    SoupMessageHeaders *heads = soup_message_get_response_headers(reply->message);
    SoupMessageHeadersIter cursor;
    const char *known, *value;

    soup_message_headers_iter_init(&cursor, heads);
    while (soup_message_headers_iter_next(&cursor, &known, &value))
        if (g_ascii_strcasecmp(known, name) == 0)
            return value;
    return NULL;
}

void
http_reply_each_head(const HttpReply *reply, HttpReplyHeadVisit visit, gpointer user_data)
{
    SoupMessageHeaders *heads = soup_message_get_response_headers(reply->message);
    SoupMessageHeadersIter cursor;
    const char *name, *value;

    soup_message_headers_iter_init(&cursor, heads);
    while (soup_message_headers_iter_next(&cursor, &name, &value))
        visit(name, value, user_data);
}

GBytes *
http_reply_body(const HttpReply *reply)
{
    return reply->body;
}

GInetSocketAddress *
http_reply_peer(const HttpReply *reply)
{
    GSocketAddress *address = soup_message_get_remote_address(reply->message);

    return G_IS_INET_SOCKET_ADDRESS(address) ? G_INET_SOCKET_ADDRESS(address) : NULL;
}
