/* http-exchange.h -- what the files of the HTTP server share: one request and its reply
 *
 * For src/net only. An exchange belongs to one thread at a time: to the http thread that took it,
 * to the loop while a STATE route is answered, to the http thread again. It has two references once
 * it crossed, since its handler may still hold it after the deadline answered in its place. */
#pragma once

#include "net/http-parking.h"
#include "net/http-server.h"

#include <microhttpd.h>
#include <netinet/in.h>

struct HttpExchange {
    gatomicrefcount references;
    HttpServer *server;                /* borrowed; gone after the answer */
    struct MHD_Connection *connection; /* borrowed; gone after the answer */
    int socket;                        /* the same */
    struct sockaddr_in6 peer, local;
    GInetSocketAddress *peer_address, *local_address; /* made when asked for */

    char *method;
    char *path;    /* as it came, cut before the query */
    GHashTable *queries; /* name -> first value, decoded; NULL: none */
    GString *heads; /* name NUL value NUL, one after the other */
    HttpMatch match;
    HttpHandler handle; /* on the loop; NULL: it is answered on the http thread */
    gpointer user_data; /* of handle */
    gpointer kept;      /* NULL: nothing */
    GByteArray *incoming; /* the body while it arrives; NULL: none */
    GBytes *body;
    uint64_t discarded; /* octets of a body that is refused anyway */
    const HttpSink *sink; /* takes the body while it comes; NULL: none, or it had its end */
    gpointer sink_data;
    size_t untouched;    /* octets since the connection was last said to move */
    char *problem;       /* what was told of it; NULL: none */
    bool is_turned_away; /* the sender has our last word already */

    GList link;          /* in the server's list while the loop has it */
    int64_t deadline_ms; /* of the loop's answer */
    bool is_unframed;    /* nobody can say where the body ends */
    bool is_crossed;     /* the loop has, or had, a reference */
    bool is_secure;      /* it came inside TLS */

    GPtrArray *reply_heads; /* name, value, name, ... */
    struct MHD_Response *response;
    unsigned status;
    uint64_t reply_size; /* of the body; 0: not known */
    unsigned patience_s; /* for a peer that does not read; 0: the usual */
    bool is_answered;
    HttpEvents *events; /* a reference; NULL: no event stream */
    HttpParking *parking; /* a reference; NULL: the body never waits */
};

/* heads of the request are taken from connection later; target as in the request line. */
HttpExchange *http_exchange_new(HttpServer *server, const char *target);
HttpExchange *http_exchange_ref(HttpExchange *exchange);
void          http_exchange_unref(HttpExchange *exchange);

/* Answers unless the deadline did; takes response over, of size octets (0: not known). Called by
 * every reply function; lets go of the handler's reference. */
void http_exchange_answer(HttpExchange *exchange, unsigned status, struct MHD_Response *response,
                          uint64_t size);
/* Answers in the handler's place, which keeps its reference. */
void http_exchange_answer_instead(HttpExchange *exchange, unsigned status, const char *reason);
/* From the one table of statuses. */
unsigned      http_error_status(const GError *error);
/* The body of a problem (RFC 9457). */
char         *http_problem_print(unsigned status, const char *field, const char *detail);

/* Takes the answered exchange back from the loop and wakes its connection: http-server.c. */
void          http_server_take_back(HttpServer *server, HttpExchange *exchange);
bool          http_server_is_secure(const HttpServer *server);
/* One more event stream; false: too many. */
bool          http_server_count_events(HttpServer *server);

/* http-body.c: what a reader of a body returns when it cannot go on; the connection ends. */
ssize_t       http_body_break_off(int socket);
/* http-pour.c: whether a part of a file is to go out so. */
bool          http_pour_suits(const HttpExchange *exchange, uint64_t length);
/* length octets of fd (taken over) from offset on, for the reply to a GET that came by socket. The
 * connection closes after it. */
struct MHD_Response *http_pour_new(int socket, int fd, uint64_t offset, uint64_t length);

/* http-events.c, for the server: any thread. */
HttpEvents   *http_events_ref(HttpEvents *events);
void          http_events_unref(HttpEvents *events);
/* Ends the stream; what waits is still sent. */
void          http_events_end(HttpEvents *events);
/* Now and then: notices a peer that left, keeps middle boxes from forgetting the connection. */
void          http_events_check(HttpEvents *events);
/* The connection is over: tells the owner. The socket is not touched from here on. */
void          http_events_gone(HttpEvents *events);
