/* file-source.c -- see file-source.h */
#include "pipelines/file-source.h"

#include <errno.h>
#include <gst/base/gstbasesrc.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MS 50 /* between two looks at a file that grows */

typedef struct {
    GstBaseSrc base;
    int file;
    int more; /* -1: nothing follows */
    guint64 whole_size;
    gint is_hurried; /* atomic: a seek, or the end, must not wait for what may come */
} FileSource;

typedef struct {
    GstBaseSrcClass base;
} FileSourceClass;

GType file_source_get_type(void);
G_DEFINE_TYPE(FileSource, file_source, GST_TYPE_BASE_SRC)

static GstStaticPadTemplate any_source =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

static gboolean
file_source_get_size(GstBaseSrc *base, guint64 *size)
{
    const FileSource *source = (FileSource *)base;
    struct stat about;

    if (fstat(source->file, &about) != 0)
        return FALSE;
    *size = source->more < 0 ? (guint64)about.st_size : source->whole_size;
    return *size > 0;
}

static gboolean
file_source_is_seekable(GstBaseSrc *base)
{
    return TRUE;
}

static gboolean
file_source_unlock(GstBaseSrc *base)
{
    g_atomic_int_set(&((FileSource *)base)->is_hurried, 1);
    return TRUE;
}

static gboolean
file_source_unlock_stop(GstBaseSrc *base)
{
    g_atomic_int_set(&((FileSource *)base)->is_hurried, 0);
    return TRUE;
}

/* At the end of what there is: true when it is worth another look. */
static bool
await_more(FileSource *source)
{
    GPollFD gate = { source->more, 0, 0 };

    if (source->more < 0 || g_atomic_int_get(&source->is_hurried))
        return false;
    if (g_poll(&gate, 1, LOOK_MS) > 0)
        source->more = -1; /* it hung up: the last look */
    return true;
}

/* Ids of streams are made of it: without one each element in front of a demuxer draws another by
 * lot, so that a stream is not the one any more that it was said to be. */
static gboolean
file_source_query(GstBaseSrc *base, GstQuery *query)
{
    if (GST_QUERY_TYPE(query) != GST_QUERY_URI)
        return GST_BASE_SRC_CLASS(file_source_parent_class)->query(base, query);
    gst_query_set_uri(query, "fd://file");
    return TRUE;
}

/* As much of buffer as the file holds from offset on; where it holds nothing yet, what comes
 * first. */
static GstFlowReturn
file_source_fill(GstBaseSrc *base, guint64 offset, guint size, GstBuffer *buffer)
{
    FileSource *source = (FileSource *)base;
    GstMapInfo map;
    gsize filled = 0;
    ssize_t got = 1;

    if (!gst_buffer_map(buffer, &map, GST_MAP_WRITE))
        return GST_FLOW_ERROR;
    while (filled < size && (got > 0 || (filled == 0 && got == 0 && await_more(source)))) {
        got = pread(source->file, map.data + filled, size - filled, (off_t)(offset + filled));
        if (got < 0 && errno == EINTR)
            got = 1;
        else
            filled += got > 0 ? (gsize)got : 0;
    }
    gst_buffer_unmap(buffer, &map);
    if (filled == 0 && g_atomic_int_get(&source->is_hurried))
        return GST_FLOW_FLUSHING;
    if (got < 0) {
        GST_ELEMENT_ERROR(base, RESOURCE, READ, ("the file cannot be read: %s", g_strerror(errno)),
                          (NULL));
        return GST_FLOW_ERROR;
    }
    if (filled == 0)
        return GST_FLOW_EOS;
    gst_buffer_resize(buffer, 0, (gssize)filled);
    GST_BUFFER_OFFSET(buffer) = offset;
    GST_BUFFER_OFFSET_END(buffer) = offset + filled;
    return GST_FLOW_OK;
}

static void
file_source_class_init(FileSourceClass *class)
{
    GstElementClass *element = GST_ELEMENT_CLASS(class);

    gst_element_class_set_static_metadata(element, "File source", "Source/File",
                                          "Reads an open file at any place", "duoping");
    gst_element_class_add_static_pad_template(element, &any_source);
    class->base.get_size = file_source_get_size;
    class->base.is_seekable = file_source_is_seekable;
    class->base.fill = file_source_fill;
    class->base.unlock = file_source_unlock;
    class->base.unlock_stop = file_source_unlock_stop;
    class->base.query = file_source_query;
}

static void
file_source_init(FileSource *source)
{
    source->file = source->more = -1;
    gst_base_src_set_blocksize(&source->base, 64 * 1024);
}

GstElement *
file_source_new(int file, int more, int64_t whole_size)
{
    FileSource *source = g_object_new(file_source_get_type(), NULL);

    source->file = file;
    source->more = more;
    source->whole_size = (guint64)MAX(whole_size, 0);
    return GST_ELEMENT(source);
}
