/* http-parking.c -- see http-parking.h; lock guards what the threads share */
#define _GNU_SOURCE /* POLLRDHUP */
#include "net/http-parking.h"

#include <glib.h>
#include <poll.h>

struct HttpParking {
    gatomicrefcount references;
    GMutex lock;
    struct MHD_Connection *connection; /* borrowed; NULL: it is over */
    int socket;
    bool is_parked, is_ended;
};

HttpParking *
http_parking_new(struct MHD_Connection *connection, int socket)
{
    HttpParking *parking = g_new0(HttpParking, 1);

    g_atomic_ref_count_init(&parking->references);
    g_mutex_init(&parking->lock);
    parking->connection = connection;
    parking->socket = socket;
    return parking;
}

HttpParking *
http_parking_ref(HttpParking *parking)
{
    g_atomic_ref_count_inc(&parking->references);
    return parking;
}

void
http_parking_unref(HttpParking *parking)
{
    if (parking == NULL || !g_atomic_ref_count_dec(&parking->references))
        return;
    g_mutex_clear(&parking->lock);
    g_free(parking);
}

bool
http_parking_park(HttpParking *parking)
{
    g_mutex_lock(&parking->lock);
    bool may_park = !parking->is_ended;
    if (may_park) {
        parking->is_parked = true;
        MHD_suspend_connection(parking->connection);
    }
    g_mutex_unlock(&parking->lock);
    return may_park;
}

/* With the lock held. */
static void
resume(HttpParking *parking)
{
    if (parking->is_parked && parking->connection != NULL)
        MHD_resume_connection(parking->connection);
    parking->is_parked = false;
}

void
http_parking_wake(void *data)
{
    HttpParking *parking = data;

    g_mutex_lock(&parking->lock);
    resume(parking);
    g_mutex_unlock(&parking->lock);
}

void
http_parking_end(HttpParking *parking)
{
    g_mutex_lock(&parking->lock);
    parking->is_ended = true;
    resume(parking);
    g_mutex_unlock(&parking->lock);
}

void
http_parking_check(HttpParking *parking)
{
    g_mutex_lock(&parking->lock);
    struct pollfd peer = { .fd = parking->socket, .events = POLLRDHUP };
    if (parking->is_parked && poll(&peer, 1, 0) > 0) {
        parking->is_ended = true;
        resume(parking);
    }
    g_mutex_unlock(&parking->lock);
}

void
http_parking_leave(HttpParking *parking)
{
    g_mutex_lock(&parking->lock);
    parking->connection = NULL;
    parking->is_parked = false;
    parking->is_ended = true;
    g_mutex_unlock(&parking->lock);
}
