/* http-connections.h -- every connection of the HTTP server, and what each one waits for
 *
 * For src/net only. A connection goes round through the phases below, moved by the http thread that
 * owns it. The loop looks at all of them now and then for what libmicrohttpd does not see: a head
 * or a body that comes too slowly, an event stream whose peer left. */
#pragma once

#include "net/http-parking.h"
#include "net/http-server.h"

#include <netinet/in.h>
#include <stdatomic.h>

typedef enum {
    HTTP_PHASE_HEAD,   /* new: no request yet */
    HTTP_PHASE_KEPT,   /* answered, no whole head since */
    HTTP_PHASE_BODY,   /* the head is here, the body comes */
    HTTP_PHASE_ANSWER, /* on the loop */
    /* a handler runs, or the reply goes out: the only phase that does not wait */
    HTTP_PHASE_REPLY,
    HTTP_PHASE_EVENTS,
    HTTP_PHASE_LATE,   /* the loop is sending 408 and shutting the socket */
} HttpPhase;

typedef struct HttpConnections HttpConnections;

typedef struct {
    struct sockaddr_in6 peer, local; /* IPv4 as ::ffff:a.b.c.d */
    int socket;                      /* borrowed */
    /* The rest is for http-connections.c. */
    GList link; /* in the list of all */
    HttpConnections *all;
    guint slot; /* of its address */
    _Atomic HttpPhase phase;
    _Atomic int64_t since_ms; /* of the phase; of the last octets of a body */
    HttpEvents *events;       /* borrowed while they are open; under the lock */
    HttpParking *parking; /* the same */
    char holder[HTTP_HOLDER_SIZE]; /* under the lock */
    _Atomic bool is_revoked; /* the holder's rights ended while the loop answered */
    /* Of a kept connection: what came before, and when more of it was seen. */
    _Atomic uint64_t octets;
    _Atomic int64_t head_since_ms; /* 0: no more */
} HttpConnection;

/* is_secure: they are inside TLS, where nobody but libmicrohttpd can say a word. */
HttpConnections   *http_connections_new(int64_t now_ms, bool is_secure);
void               http_connections_free(HttpConnections *all); /* none is left */

/* False: this address has enough that wait. */
bool               http_connections_admit(HttpConnections *all, const struct sockaddr *peer);
HttpConnection *http_connections_add(HttpConnections *all, int socket, const struct sockaddr *peer);
void               http_connections_remove(HttpConnections *all, HttpConnection *connection);
unsigned           http_connections_count(const HttpConnections *all);
/* not admitted, or dismissed */
uint64_t           http_connections_refused(const HttpConnections *all);

/* The loop, about once a second. */
void               http_connections_look(HttpConnections *all, int64_t now_ms);
int64_t            http_connections_now_ms(const HttpConnections *all); /* at the last look */
/* See http_server_end_held(). */
void               http_connections_end_held(HttpConnections *all, HttpHolderTest is_over,
                                             gpointer user_data);
/* Ends what waits for something else than its peer: event streams and parked bodies. */
void               http_connections_end_waits(HttpConnections *all);

/* The http thread. False when the loop has just given the connection up. */
bool               http_connection_move(HttpConnection *connection, HttpPhase to);
/* Octets of the body came. */
void               http_connection_touch(HttpConnection *connection);
/* The exchange is over, whatever comes next is another head. */
void               http_connection_keep(HttpConnection *connection);
void               http_connection_set_events(HttpConnection *connection, HttpEvents *events);
void               http_connection_set_parking(HttpConnection *connection, HttpParking *parking);
/* Whose the reply is from now on. */
void               http_connection_hold(HttpConnection *connection, const char *holder);
/* After it moved on from the loop's answer. */
bool               http_connection_is_revoked(HttpConnection *connection);
/* Says status in the fewest words while the peer is still sending; nothing is said after it. The
 * connection has as long as a body may stand still. Inside TLS it only ends our side. */
void http_connection_say_last(HttpConnection *connection, unsigned status, const char *reason);
/* Says status in the fewest words and shuts the connection, past libmicrohttpd, which is in the
 * middle of reading. */
void http_connection_dismiss(HttpConnection *connection, unsigned status, const char *reason);

struct sockaddr_in6 http_address_normalise(const struct sockaddr *from);
