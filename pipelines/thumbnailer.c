/* thumbnailer.c -- see thumbnailer.h */
#include "pipelines/thumbnailer.h"

#include "pipelines/worker-errands.h"
#include "pipelines/worker-process.h"

#define WAITING_MAX 64
#define JOB_TIMEOUT_MS 30000
#define JPEG_MAX (8 << 20)

static const guint widths[] = { 160, 320, 640, 1280 };
#define USUAL_WIDTH 320

struct Thumbnailer {
    WorkerErrands *errands;
};

guint
thumbnailer_width(guint asked)
{
    if (asked == 0)
        return USUAL_WIDTH;
    for (guint i = 0; i < G_N_ELEMENTS(widths); i++)
        if (asked <= widths[i])
            return widths[i];
    return widths[G_N_ELEMENTS(widths) - 1];
}

Thumbnailer *
thumbnailer_new(const char *program)
{
    Thumbnailer *thumbnailer = g_new(Thumbnailer, 1);

    thumbnailer->errands = worker_errands_new(&(WorkerErrandsKind){
        .role = WORKER_ROLE_GRAPH, .noun = "picture", .timeout_ms = JOB_TIMEOUT_MS,
        .waiting_max = WAITING_MAX, .size_max = JPEG_MAX, .program = program });
    return thumbnailer;
}

void
thumbnailer_free(Thumbnailer *thumbnailer)
{
    if (thumbnailer == NULL)
        return;
    worker_errands_free(thumbnailer->errands);
    g_free(thumbnailer);
}

void
thumbnailer_make(Thumbnailer *thumbnailer, const PictureSource *source, guint width,
                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
    worker_errands_run(thumbnailer->errands, source->path, source->beside,
                       &(WorkerJob){ .kind = WORKER_THUMBNAIL, .media = source->kind,
                                     .width = thumbnailer_width(width),
                                     .moment_ms = source->moment_ms },
                       cancellable, callback, user_data);
}

GBytes *
thumbnailer_make_finish(Thumbnailer *thumbnailer G_GNUC_UNUSED, GAsyncResult *result,
                        GError **error)
{
    return worker_errands_finish(result, error);
}
