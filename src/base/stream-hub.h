/* stream-hub.h -- one producer of bytes, many readers, a bounded ring between them
 *
 * A file-like reader gets every byte from the first one on and holds the producer back; a live
 * reader begins at the newest key frame and jumps to it again when it falls behind, so it holds
 * nobody. Half of the ring may run ahead of the slowest file-like reader; the other half keeps what
 * was read, so that another one may still begin at the beginning. Everything may be called on any
 * thread; one mutex guards all of it. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct StreamHub StreamHub;
typedef struct HubReader HubReader;

/* capacity: octets of the ring, which memory is used for as it fills. */
StreamHub *stream_hub_new(size_t capacity);
StreamHub *stream_hub_ref(StreamHub *hub);
void       stream_hub_unref(StreamHub *hub);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StreamHub, stream_hub_unref)

/* -- The producer, one thread ------------------------------------------------------------------ */

/* Waits for room in the ring: where to write, and how much; NULL when nobody wants more. */
void      *stream_hub_reserve(StreamHub *hub, size_t *room);
/* count octets were written there. is_key: a live reader may begin at the first of them. */
void       stream_hub_commit(StreamHub *hub, size_t count, bool is_key);
/* Nothing follows; error (copied) tells why it is not all, NULL: it is. Once. */
void       stream_hub_end(StreamHub *hub, const GError *error);

/* -- The owner --------------------------------------------------------------------------------- */

/* Nobody wants more: the producer is let go; readers that are not at the end get an error. */
void       stream_hub_close(StreamHub *hub);
unsigned   stream_hub_readers(StreamHub *hub);
/* Somebody read it, and nobody does any more: there is no room until somebody comes. */
bool       stream_hub_is_left(StreamHub *hub);
/* Octets produced so far. */
uint64_t   stream_hub_produced(StreamHub *hub);
/* How much of the lead that it may have the producer has over the slowest file-like reader, in
 * percent; 0: there is no such reader. */
unsigned   stream_hub_lead(StreamHub *hub);

/* -- A reader, one thread at a time ------------------------------------------------------------ */

typedef enum { HUB_FILE, HUB_LIVE } HubReaderKind;

#define HUB_LATER (-2)

/* Holds a reference of the hub. NULL: it broke off, or a file-like one came too late and the
 * beginning is gone. */
HubReader *hub_reader_new(StreamHub *hub, HubReaderKind kind);
void       hub_reader_free(HubReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HubReader, hub_reader_free)

/* Up to size octets; 0 at the end; -1 with the producer's error, or DUO_ERROR_UNAVAILABLE of a
 * closed hub; HUB_LATER: there are none yet. */
gssize     hub_reader_read(HubReader *reader, void *buffer, size_t size, GError **error);
/* Calls wake(user_data) once, when read would not say HUB_LATER: perhaps at once, perhaps on
 * another thread. It must not call the hub. One at a time: a later call is the one that counts. */
void       hub_reader_wait(HubReader *reader, void (*wake)(gpointer user_data), gpointer user_data);
