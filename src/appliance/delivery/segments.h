/* segments.h -- films in segments, for players of HLS: made when they are asked for
 *
 * Where a film is cut is told of it at once: at its own key frames where its picture is copied, as
 * its index has them, else every 4 s. Whoever asks for a segment that nobody makes starts a worker
 * there (appliance/delivery/streams); those that follow come from the same one. A worker that
 * nobody has asked for 5 s ends. What is kept is a few segments of each, in memory. Main loop
 * only. */
#pragma once

#include "appliance/delivery/streams.h"

typedef struct Segments Segments;

typedef struct {
    Library *library;
    Clock *clock;
    Streams *streams;
    const char *worker; /* program; NULL: worker_program() */
} SegmentsParts;

/* Everything is borrowed and outlives the Segments. */
Segments *segments_new(const SegmentsParts *parts);
void      segments_free(Segments *segments); /* who waits is answered: cancelled */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Segments, segments_free)

/* Called once, perhaps before the question returns. octets are borrowed; error: those of
 * StreamOpened, and DUO_ERROR_NOT_FOUND: the film ends before that segment. */
typedef void (*SegmentsReady)(GBytes *octets, const GError *error, gpointer user_data);

/* wish: of a profile that is a list, from 0 on; borrowed for the call.
 * The list of segments; folder: where they lie. */
void      segments_list(Segments *segments, const StreamWish *wish, const char *folder,
                        SegmentsReady ready, gpointer user_data);
/* One of them, or HLS_HEADER. */
void      segments_get(Segments *segments, const StreamWish *wish, guint number,
                       SegmentsReady ready, gpointer user_data);

/* Workers that make segments now. */
guint     segments_running(const Segments *segments);
