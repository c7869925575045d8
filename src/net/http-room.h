/* http-room.h -- what the files of the HTTP server share: the server itself
 *
 * For src/net only. http-server.c owns it and moves requests between threads; http-request.c judges
 * heads, http-receive.c takes bodies, both on the http thread. */
#pragma once

#include "net/http-connections.h"
#include "net/http-exchange.h"

#include <stdatomic.h>

struct HttpServer {
    HttpServerOptions options;
    const HttpRouter *router; /* borrowed */
    GMainContext *context;
    Clock *clock; /* borrowed */
    Clock *own_clock;
    guint tick;
    int listener;
    uint16_t port;
    bool is_secure; /* HTTPS */
    struct MHD_Daemon *daemon;
    HttpConnections *connections;

    GMutex lock;
    GCond settled;
    GQueue crossed;     /* HttpExchange that the loop has */
    _Atomic bool is_stopping;
    unsigned owed; /* replies that http_server_free() waits for */

    _Atomic uint64_t requests, refused, bytes_sent;
    _Atomic unsigned event_streams;
};

/* -- http-listener.c ---------------------------------------------------------------------------- */

/* Every address of ours, both families; 0: any free port. -1: as http_server_new() says. */
int             http_listener_open(uint16_t port, GError **error);

/* -- http-first-look.c ------------------------------------------------------------------------- */

/* False: what came first on a connection, and is not read yet, deserves that answer and no
 * reading. */
bool            http_first_look(int socket, unsigned *status, const char **reason);

/* -- http-request.c ---------------------------------------------------------------------------- */

/* The head is here: fills the exchange, and answers it at once where it must be refused. */
void            http_request_begin(HttpExchange *exchange, HttpConnection *via,
                                   struct MHD_Connection *raw, const char *method);
/* A refusal of the server's own, in the protocol's form. */
void            http_request_refuse(HttpExchange *exchange, unsigned status, const char *reason);

/* -- http-receive.c ---------------------------------------------------------------------------- */

/* A refused request whose body is worth hearing out, so that the peer reads why. */
bool            http_receive_may_wait(const HttpExchange *exchange);
/* The handler of an UPLOAD route says what becomes of the body. */
void            http_receive_begin(HttpExchange *exchange);
/* More of the body. */
enum MHD_Result http_receive(HttpExchange *exchange, HttpConnection *via, const char *octets,
                             size_t count);
/* All of it is here, the sink replies. */
void            http_receive_end(HttpExchange *exchange);
/* The exchange is over; who took the body is told when it never came whole. */
void            http_receive_abort(HttpExchange *exchange);
