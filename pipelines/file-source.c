/* file-source.c -- see file-source.h */
#include "pipelines/file-source.h"

#include <errno.h>
#include <gst/base/gstbasesrc.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    GstBaseSrc base;
    int file;
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
    struct stat about;

    if (fstat(((FileSource *)base)->file, &about) != 0)
        return FALSE;
    *size = (guint64)about.st_size;
    return TRUE;
}

static gboolean
file_source_is_seekable(GstBaseSrc *base)
{
    return TRUE;
}

/* As much of buffer as the file holds from offset on. */
static GstFlowReturn
file_source_fill(GstBaseSrc *base, guint64 offset, guint size, GstBuffer *buffer)
{
    int file = ((FileSource *)base)->file;
    GstMapInfo map;
    gsize filled = 0;
    ssize_t got = 1;

    if (!gst_buffer_map(buffer, &map, GST_MAP_WRITE))
        return GST_FLOW_ERROR;
    while (filled < size && got > 0) {
        got = pread(file, map.data + filled, size - filled, (off_t)(offset + filled));
        if (got < 0 && errno == EINTR)
            got = 1;
        else
            filled += got > 0 ? (gsize)got : 0;
    }
    gst_buffer_unmap(buffer, &map);
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
}

static void
file_source_init(FileSource *source)
{
    source->file = -1;
    gst_base_src_set_blocksize(&source->base, 64 * 1024);
}

GstElement *
file_source_new(int file)
{
    FileSource *source = g_object_new(file_source_get_type(), NULL);

    source->file = file;
    return GST_ELEMENT(source);
}
