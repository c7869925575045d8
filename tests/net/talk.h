/* talk.h -- for the tests of net: a peer that sends any octets it likes, and hears the answer
 *
 * The default main context is iterated while it waits, since the server's loop is the test's
 * own. */
#pragma once

#include "net/http-server.h"

/* A TCP connection to 127.0.0.1. */
int      talk_open(uint16_t port);
void     talk_send(int fd, const char *octets, gssize size); /* size -1: a text */
/* Until the peer closes. Fails the test after a minute. */
GString *talk_hear_all(int fd);
/* Until until has been heard. */
GString *talk_hear(int fd, const char *until);
/* One reply with its Content-Length. */
GString *talk_hear_reply(int fd);
/* All three: opens, sends, hears until closed or one reply is whole; closes. */
GString *talk(uint16_t port, const char *octets, gssize size);
/* Iterates the main context until *what is true. */
void     talk_wait(const bool *what);

/* A stream of events that somebody opened. */
typedef struct {
    HttpEvents *events;
    bool is_open, is_closed;
} TalkEvents;

/* "GET /events", for http_router_add() with a TalkEvents. */
extern const HttpRoute talk_events_routes[];
