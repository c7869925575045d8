/* unpack.c -- see unpack.h */
#include "config.h"

#include "pipelines/unpack.h"

#include "base/error.h"
#include "pipelines/remux.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    int file, output; /* the first borrowed */
    ConversionOrder order;
    bool begins_with_key; /* the nearest, and its time is 0 */
    GError *error;
} Unpacking;

static gpointer
run(gpointer data)
{
    Unpacking *unpacking = data;

    bool (*take_apart)(int, int, const ConversionOrder *, GError **) =
        unpacking->begins_with_key ? remux_run : remux_unpack;
    take_apart(unpacking->file, unpacking->output, &unpacking->order, &unpacking->error);
    close(unpacking->output); /* the end, for whoever reads */
    return NULL;
}

/* Only the streams that are wanted come through the pipe. */
bool
unpack_convert(const ConvertFiles *files, const ConversionOrder *order, GError **error)
{
    ConversionOrder rest = *order;
    ConvertFiles in_graph = *files;
    g_autoptr(GError) problem = NULL;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "no pipe: %s", g_strerror(errno));
        return false;
    }
    /* Pictures that are copied begin so anyway, and segments of them exactly where they are asked
     * for. */
    Unpacking unpacking = { .file = files->file, .output = ends[1], .order = *order,
                            .begins_with_key = order->copies_video && order->cuts == NULL };
    unpacking.order.mux = "mkv";
    unpacking.order.cuts = NULL;
    rest.audio_track = 0;
    in_graph.file = ends[0];
    if (unpacking.begins_with_key)
        rest.start_ms = rest.length_ms = 0;
    GThread *thread = g_thread_new("unpack", run, &unpacking);
    bool is_done = convert_run(&in_graph, &rest, &problem);
    close(ends[0]);
    g_thread_join(thread);
    if (is_done)
        g_clear_error(&unpacking.error); /* nobody reads on */
    else if (unpacking.error != NULL) /* why the graph misses something */
        g_propagate_error(error, unpacking.error);
    else
        g_propagate_error(error, g_steal_pointer(&problem));
    return is_done;
}
