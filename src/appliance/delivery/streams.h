/* streams.h -- what is made of the library's files, and of what is pushed to us, while it is sent,
 * and the addresses it has
 *
 * An address says what is wanted and needs no memory: "/stream/TOKEN/NAME", TOKEN being profile,
 * sound and item. Who asks for it first starts a graph in a worker of its own
 * (pipelines/conversion); who asks for the same from the same place on shares it while its
 * beginning is still there. A graph that nobody has read from for 5 s ends. A worker that fails
 * before its first octet is tried once more, one rung lower: nothing copied, no hardware. Main loop
 * only, but for addresses. */
#pragma once

#include "appliance/delivery/subtitle-tracks.h"
#include "appliance/library/library.h"
#include "appliance/pushes/pushes.h"
#include "base/clock.h"
#include "base/observers.h"
#include "model/stream.h"
#include "pipelines/delivery.h"

/* -- Addresses: pure --------------------------------------------------------------------------- */

typedef struct {
    const Profile *profile;
    int audio_track;     /* among the sounds of the file; -1: the usual one */
    /* number + 1 of those that go into the picture (didl_subtitle()); 0: none */
    int subtitle;
    const char *item_id; /* borrowed */
    int64_t start_ms;    /* in the item; not part of the token, like what follows */
    const char *cuts;    /* where it is cut into segments (ConversionOrder); borrowed; NULL: not */
    bool is_picture_anew;
} StreamWish;

/* didl_append_stream_url() of the wish. */
void stream_append_url(GString *out, const char *base_url, const Dialect *dialect,
                       const StreamWish *wish, const MediaObject *object);
/* False: no such token. item_id is borrowed from token. */
bool stream_token_decode(const char *token, StreamWish *wish);
/* Whether url, be it ours or somebody else's, is the address of a stream of wish's form and sound:
 * of which item, a pass in it may not tell. */
bool stream_url_fits(const char *url, const StreamWish *wish);

/* -- Running graphs ---------------------------------------------------------------------------- */

typedef struct Streams Streams;

typedef struct {
    Library *library;
    Pushes *pushes; /* NULL: nothing is pushed to us */
    Clock *clock;
    SubtitleTracks *subtitle_tracks; /* NULL: no subtitles go into pictures */
    unsigned running_max; /* conversions at once; 0: 8 */
    const char *worker; /* program; NULL: worker_program() */
} StreamsParts;

/* Everything is borrowed and outlives the Streams. */
Streams *streams_new(const StreamsParts *parts);
/* Those who wait are answered with G_IO_ERROR_CANCELLED; streams that are being read end. */
void     streams_free(Streams *streams);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Streams, streams_free)

/* Called once, when there are octets to send or there will be none: stream is the callee's; error
 * is borrowed: DUO_ERROR_NOT_FOUND, DUO_ERROR_UNSUPPORTED, DUO_ERROR_BUSY (too many graphs run),
 * DUO_ERROR_FAILED (in words of the worker), and those of library_open_stream(). May be called
 * before streams_open() returns. */
typedef void (*StreamOpened)(Stream *stream, const GError *error, gpointer user_data);
void     streams_open(Streams *streams, const StreamWish *wish, StreamOpened opened,
                      gpointer user_data);

/* Somebody is about to open one that is converted: a worker waits for it, for 5 s. While one runs,
 * another waits anyway, for those who seek in it. */
void     streams_expect(Streams *streams);

/* What somebody reads, read a moment ago or waits for will not come whole. Borrowed. */
typedef struct {
    const StreamWish *wish;
    const GError *error;
} StreamFailure;
/* Event: a StreamFailure; told before those who wait are. */
Observers *streams_observers(Streams *streams);

/* Graphs that run now. */
guint    streams_running(const Streams *streams);
