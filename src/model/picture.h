/* picture.h -- of what files a picture of an object is made */
#pragma once

#include "model/media.h"

typedef struct {
    char *path;     /* a song, film or picture */
    MediaKind kind; /* which of them */
    char *beside;   /* a cover in the song's folder, for a song that holds none; or NULL */
    char *digest;   /* changes when the content of one of them does */
    uint32_t moment_ms; /* of a film: what it shows then; 0: what tells it from others */
} PictureSource;

static inline void
picture_source_clear(PictureSource *source)
{
    g_clear_pointer(&source->path, g_free);
    g_clear_pointer(&source->beside, g_free);
    g_clear_pointer(&source->digest, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PictureSource, picture_source_clear)
