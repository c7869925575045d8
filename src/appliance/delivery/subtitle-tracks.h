/* subtitle-tracks.h -- a film's own subtitles as files of words
 *
 * A worker reads the whole film for them, which takes as long as its disk needs: they are made when
 * somebody asks, and what was made last is kept in memory. Main loop only. */
#pragma once

#include "appliance/library/library.h"
#include "model/media-details.h"

#include <gio/gio.h>

typedef struct SubtitleTracks SubtitleTracks;

/* worker: its program; NULL: worker_program(). */
SubtitleTracks *subtitle_tracks_new(const char *worker);
void            subtitle_tracks_free(SubtitleTracks *tracks); /* who waits is answered: cancelled */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SubtitleTracks, subtitle_tracks_free)

/* Called once, perhaps before subtitle_tracks_get() returns: SubRip in UTF-8, or why not, as
 * worker_errands_run() says it. Both borrowed. */
typedef void (*SubtitleTrackReady)(GBytes *text, const GError *error, gpointer user_data);
/* The track-th subtitles of an item of ours, from 1 on (MediaSidecar). */
void            subtitle_tracks_get(SubtitleTracks *tracks, const MediaObject *object,
                                    int64_t track, SubtitleTrackReady ready, gpointer user_data);
/* The same of any of the item's subtitles, beside it or within. */
void            subtitle_tracks_read(SubtitleTracks *tracks, Library *library,
                                     const MediaObject *object, const MediaSidecar *subtitle,
                                     SubtitleTrackReady ready, gpointer user_data);
