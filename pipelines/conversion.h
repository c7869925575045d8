/* conversion.h -- one stream that a worker makes: the server's side
 *
 * A worker of its own, walled in, gets the open file and a pipe; a thread here takes from the pipe
 * what it makes into a StreamHub. When the hub's readers hold back, the pipe is not read, and the
 * worker waits. A worker that dies, hangs or gives up ends the hub with the reason. */
#pragma once

#include "base/stream-hub.h"
#include "pipelines/conversion-order.h"
#include "pipelines/worker-spare.h"

typedef struct Conversion Conversion;

/* On the loop that started it; each once, ended last. Not called after conversion_free(). */
typedef struct {
    /* the hub has octets; not called when there never were any */
    void (*begun)(gpointer user_data);
    /* error is borrowed; NULL: all of it was made. DUO_ERROR_UNSUPPORTED, DUO_ERROR_FAILED (also:
     * the worker crashed), DUO_ERROR_TIMEOUT, DUO_ERROR_UNAVAILABLE (no worker can be had). */
    void (*ended)(const GError *error, gpointer user_data);
} ConversionEvents;

typedef struct {
    const char *program; /* NULL: worker_program() */
    const char *name;    /* of the file, for people */
    int file;            /* is taken over */
    int more;            /* of an order that is_growing: hangs up when the file is whole; is taken
                            over; -1: none */
    GBytes *words;       /* of an order that has_words; borrowed; NULL: none */
    StreamHub *hub;      /* a reference is held */
    const WorkerSpare *spare; /* its twin does it; borrowed; NULL, or none waits: one is started */
} ConversionParts;

/* parts, order and events are borrowed for the call, events until the end. */
Conversion *conversion_start(const ConversionParts *parts, const ConversionOrder *order,
                             const ConversionEvents *events, gpointer user_data);
/* Ends the worker if it still runs, within milliseconds. */
void        conversion_free(Conversion *conversion);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conversion, conversion_free)
