/* http-parking.h -- a reply whose next octets are still to come
 *
 * For src/net only. A body that finds nothing to send parks: its connection is suspended until
 * somebody wakes it, on any thread. A suspended connection sees nothing, not even that its peer
 * left: the loop looks after it. The exchange and the body each hold a reference. */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>

typedef struct HttpParking HttpParking;

/* connection and socket are borrowed until http_parking_leave(). */
HttpParking *http_parking_new(struct MHD_Connection *connection, int socket);
HttpParking *http_parking_ref(HttpParking *parking);
void         http_parking_unref(HttpParking *parking);

/* The http thread, in the body's reader: the connection sleeps from its return on. False: the peer
 * left or the server stops, and nobody will be woken. */
bool         http_parking_park(HttpParking *parking);
void         http_parking_wake(void *parking); /* any thread; nothing happens to who is awake */
/* The loop, now and then: a peer that left is no longer waited for. */
void         http_parking_check(HttpParking *parking);
/* Any thread: nobody parks here any more. */
void         http_parking_end(HttpParking *parking);
/* The connection is over and is not touched from here on. */
void         http_parking_leave(HttpParking *parking);
