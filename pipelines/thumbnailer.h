/* thumbnailer.h -- small JPEG pictures of media files, made by a worker process when asked for
 *
 * A picture of a photo is the photo, turned upright; of a song its embedded cover or the folder.jpg
 * beside it; of a film its cover or a frame that is not black, or that of a moment. One at a time,
 * at low priority; what has been made is the caller's to keep. Main loop only; nothing here blocks
 * it. */
#pragma once

#include "model/picture.h"

#include <gio/gio.h>

typedef struct Thumbnailer Thumbnailer;

/* program: the worker to run, NULL for worker_program(). */
Thumbnailer *thumbnailer_new(const char *program);
void         thumbnailer_free(Thumbnailer *thumbnailer); /* what is under way ends as cancelled */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Thumbnailer, thumbnailer_free)

/* The width that will be made for an asked one: the next larger of a few, so that a cache stays
 * small; 0 stands for the usual one. */
guint        thumbnailer_width(guint asked);

/* width: one of thumbnailer_width(); the picture fits into width x width, never enlarged. source's
 * digest is not asked for. Errors: DUO_ERROR_BUSY (too many are waiting), DUO_ERROR_NOT_FOUND
 * (no such file, or it has no picture), DUO_ERROR_FAILED (cannot be decoded: the reason),
 * DUO_ERROR_TIMEOUT, G_IO_ERROR_CANCELLED. callback runs on the caller's main context. */
void         thumbnailer_make(Thumbnailer *thumbnailer, const PictureSource *source, guint width,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
/* The JPEG; the caller's. */
GBytes      *thumbnailer_make_finish(Thumbnailer *thumbnailer, GAsyncResult *result,
                                     GError **error);
