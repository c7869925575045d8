/* picture-cache.h -- thumbnails, made once and kept on disk
 *
 * A picture is filed by the content it was made of, its width and its moment, so that a file that
 * changes gets a new one and a file that moves keeps its own. The folder may be emptied at any
 * time. Private to this room; main loop only. */
#pragma once

#include "base/clock.h"
#include "model/media.h"
#include "model/stream.h"
#include "pipelines/thumbnailer.h"

typedef struct PictureCache PictureCache;

/* thumbnailer is borrowed; folder is made when it is not there. */
PictureCache *picture_cache_new(Thumbnailer *thumbnailer, const char *folder);
void          picture_cache_free(PictureCache *cache);

/* Called once, perhaps before picture_cache_get() returns: with a JPEG, which is taken over, or an
 * error of thumbnailer_make(). */
typedef void (*PictureReady)(Stream *picture, const GError *error, gpointer user_data);
void          picture_cache_get(PictureCache *cache, const PictureSource *source, guint width,
                                PictureReady ready, gpointer user_data);
