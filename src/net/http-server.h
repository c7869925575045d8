/* http-server.h -- HTTP/1.1 in: libmicrohttpd's threads on one side, our loop on the other
 *
 * One epoll pool of threads takes requests. A READ route is answered on its thread; a STATE route
 * crosses to the main loop with post() and the connection sleeps meanwhile. Here alone requests
 * cross threads (STYLE.md). Before any handler sees a request: its size, its Host (an address of
 * ours, a name of ours, or localhost: DNS rebinding), its method and path are checked; refusals
 * speak problem+json (RFC 9457) with the reason. */
#pragma once

#include "base/clock.h"
#include "model/stream.h"
#include "net/http-router.h"

#include <gio/gio.h>
#include <stdbool.h>

#define HTTP_HEAD_MAX (16 * 1024) /* unless the options say less */
/* Connections of one address that wait for a head, a body, an answer or an event; those that are
 * being sent something do not count. The next is closed at once. */
#define HTTP_WAITING_PER_ADDRESS_MAX 64

typedef struct HttpServer HttpServer;

typedef struct {
    uint16_t port;      /* 0: any free one */
    unsigned threads;   /* 0: one a core */
    /* of a request; what every connection holds is this and a little; 0: HTTP_HEAD_MAX */
    size_t head_max;
    const char *server; /* the Server head, e.g. "Linux/6.1 IGRS/1.0 duoping/0.1" */
    /* further names of ours that Host may say; ends with NULL; borrowed */
    const char *const *hosts;
    /* HTTPS (TLS 1.2 and later) with this chain of certificates and its key, PEM texts, borrowed
     * for the call; NULL: HTTP. A connection that is given up inside TLS just ends, without a
     * status. */
    const char *certificate, *key;
    /* Rewrites a refusal of the server itself (status, reason) in the protocol's own form; NULL:
     * problem+json. Any thread. */
    void (*refuse)(HttpExchange *exchange, unsigned status, const char *reason);
    Clock *clock; /* for the time limits; borrowed; NULL: the real one */
} HttpServerOptions;

/* Starts at once; router is borrowed and must not change any more. DUO_ERROR_CONFLICT: the port is
 * taken (the message names it and the way out). */
HttpServer *http_server_new(const HttpServerOptions *options, const HttpRouter *router,
                            GError **error);
/* Stops: takes no more requests, answers waiting ones with 503, ends event streams, joins the
 * threads. */
void        http_server_free(HttpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpServer, http_server_free)
uint16_t    http_server_port(const HttpServer *server);

typedef struct {
    uint64_t requests, refused;
    uint64_t bytes_sent;                    /* the bodies of known length that went out whole */
    unsigned connections, event_streams;    /* now */
    unsigned crossed;                       /* requests that the loop has yet to answer */
} HttpServerCounts;
void        http_server_counts(HttpServer *server, HttpServerCounts *counts); /* any thread */

/* Ends what is being sent to, or taken from, whoever is_over(holder, user_data) says of, as long as
 * it is: bodies, uploads, event streams. Short answers that the loop has under way are given. */
typedef bool (*HttpHolderTest)(const char *holder, gpointer user_data);
void        http_server_end_held(HttpServer *server, HttpHolderTest is_over, gpointer user_data);

/* -- The request; all borrowed from the exchange ----------------------------------------------- */

const char    *http_exchange_method(const HttpExchange *exchange);
const char    *http_exchange_path(const HttpExchange *exchange); /* percent-encoded, no query */
/* its route was added with */
gpointer       http_exchange_route_data(const HttpExchange *exchange);
const char    *http_exchange_parameter(const HttpExchange *exchange, const char *name);
/* The first query value of that name, decoded; NULL: none. */
const char    *http_exchange_query(const HttpExchange *exchange, const char *name);
/* The first head of that name; NULL: none. */
const char    *http_exchange_head(const HttpExchange *exchange, const char *name);
typedef void (*HttpHeadVisit)(const char *name, const char *value, gpointer user_data);
/* Every head in the order it came, repeated ones each time. */
void http_exchange_each_head(const HttpExchange *exchange, HttpHeadVisit visit, gpointer user_data);
GBytes        *http_exchange_body(const HttpExchange *exchange); /* never NULL */
/* Of the body, as announced; -1: it is not. */
int64_t        http_exchange_length(const HttpExchange *exchange);
GInetSocketAddress *http_exchange_peer(const HttpExchange *exchange);
GInetSocketAddress *http_exchange_local(const HttpExchange *exchange); /* where it came in */
bool           http_exchange_is_secure(const HttpExchange *exchange);   /* inside TLS; any thread */

/* In place of a reply, by the handler of a READ route that finds that the loop must answer: handle
 * is called there, as that of a STATE route, as soon as the present handler has returned. */
void http_exchange_cross(HttpExchange *exchange, HttpHandler handle, gpointer user_data);
/* Frees memory (g_free) with the exchange, and returns it: what is taken along when it crosses, which
 * it may not do when the server stops. Once for each exchange. */
gpointer http_exchange_keep(HttpExchange *exchange, gpointer memory);

/* -- Uploads: a body of any size, while it comes ------------------------------------------------ */

/* Who takes the body of an UPLOAD route. Both functions run on http threads, one after the
 * other. */
typedef struct {
    /* The next octets of the body. It may wait for a disk: the sender is held back meanwhile. False
     * with an error: no more is wanted, and the error is what the sender is told, at once. */
    bool (*write)(const void *octets, size_t count, gpointer user_data, GError **error);
    /* Once, whatever happened, and the last. The whole body is here: reply to exchange, as a READ
     * route does. NULL: it never will be (the sender left or was too slow, a write failed, the
     * server stops), and nobody hears a reply. */
    void (*end)(HttpExchange *exchange, gpointer user_data);
} HttpSink;

/* For the handler of an UPLOAD route, in place of a reply. A sender that asks first (Expect:
 * 100-continue) is told to go on after that. An upload that stands still or crawls gets 408. */
void http_exchange_receive(HttpExchange *exchange, const HttpSink *sink, gpointer user_data);

/* -- The reply: exactly one of the reply functions, once --------------------------------------- */

/* Before the reply, and on its thread: whose it is, a word that tells http_server_end_held() whom
 * it means; cut at HTTP_HOLDER_SIZE. Holds for the connection until the next; "" at first. */
#define HTTP_HOLDER_SIZE 64
void http_exchange_set_holder(HttpExchange *exchange, const char *holder);

/* Before the reply; names may repeat. An empty value is sent as one blank. */
void http_exchange_add_head(HttpExchange *exchange, const char *name, const char *value);
void http_exchange_reply(HttpExchange *exchange, unsigned status, const char *mime, GBytes *body);
/* Takes text over. */
void http_exchange_reply_text(HttpExchange *exchange, unsigned status, const char *mime,
                              char *text);
/* problem+json: title is the status' own words, detail and field (may be NULL) ours. */
void http_exchange_reply_problem(HttpExchange *exchange, unsigned status, const char *field,
                                 const char *format, ...) G_GNUC_PRINTF(4, 5);
/* From any GError through the one table of statuses. */
void http_exchange_reply_error(HttpExchange *exchange, const GError *error);
/* Bytes with Range (one and many), If-Range, ETag, Last-Modified, conditional requests, HEAD
 * (RFC 9110 clauses 13 and 14): net/http-body.c. Takes stream over. */
void http_exchange_reply_stream(HttpExchange *exchange, Stream *stream);

/* -- Server-sent events: a reply that stays open ----------------------------------------------- */

typedef struct HttpEvents HttpEvents;

/* STATE routes only. The stream is the caller's to free (which ends it); closed(user_data) tells on
 * the loop that the peer left, and nothing is sent from then on. A peer that does not read loses
 * the connection at 256 KiB waiting. NULL: too many streams, and the exchange was answered 503. */
HttpEvents *http_exchange_reply_events(HttpExchange *exchange, void (*closed)(gpointer user_data),
                                       gpointer user_data);
/* event: the name, NULL for a comment (the server itself sends one every 15 s, to keep the
 * connection); data: one line or many. */
void        http_events_send(HttpEvents *events, const char *event, const char *data);
void        http_events_free(HttpEvents *events);
