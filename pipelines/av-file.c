/* av-file.c -- see av-file.h */
#include "config.h"

#include "pipelines/av-file.h"

#include "base/error.h"
#include "pipelines/probe-room.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (32 * 1024)
#define PROBE_SIZE (1 << 20) /* bytes that stream info may read */
#define ANALYZE_US 1000000   /* and the time in the media they may span */
#define STREAMS_MAX 64

static int
on_read(void *opaque, uint8_t *data, int size)
{
    AvFile *file = opaque;
    ssize_t got = pread(file->file, data, (size_t)size, file->offset);

    if (got <= 0)
        return got == 0 ? AVERROR_EOF : AVERROR(EIO);
    file->offset += got;
    return (int)got;
}

static int64_t
on_seek(void *opaque, int64_t offset, int whence)
{
    AvFile *file = opaque;

    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
        return file->size;
    case SEEK_CUR:
        offset += file->offset;
        break;
    case SEEK_END:
        offset += file->size;
        break;
    }
    if (offset < 0)
        return AVERROR(EINVAL);
    return file->offset = offset;
}

bool
av_fail(GError **error, int failure, const char *what)
{
    char words[AV_ERROR_MAX_STRING_SIZE];

    av_make_error_string(words, sizeof words, failure);
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s: %s", what, words);
    return false;
}

bool
av_file_write(int output, const GString *text, GError **error)
{
    for (gsize written = 0; written < text->len;) {
        ssize_t count = write(output, text->str + written, text->len - written);
        if (count < 0 && errno != EINTR) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "it cannot be written: %s",
                        g_strerror(errno));
            return false;
        }
        written += count > 0 ? (gsize)count : 0;
    }
    return true;
}

/* demuxer NULL: whichever fits best. Less than 0: what libavformat says against it. */
static int
open_with(const char *demuxer, AvFile *file, const char *name, AVFormatContext **opened)
{
    AVFormatContext *media = avformat_alloc_context();
    g_autofree char *allowed = probe_containers();

    file->offset = 0;
    AVIOContext *input = avio_alloc_context(av_malloc(BUFFER_SIZE), BUFFER_SIZE, 0, file, on_read,
                                            NULL, on_seek);
    media->pb = input;
    media->flags |= AVFMT_FLAG_CUSTOM_IO;
    media->format_whitelist = av_strdup(allowed);
    media->protocol_whitelist = av_strdup("");
    media->probesize = PROBE_SIZE;
    media->max_analyze_duration = ANALYZE_US;
    media->max_streams = STREAMS_MAX;
    int failure = avformat_open_input(
        &media, name, demuxer != NULL ? av_find_input_format(demuxer) : NULL, NULL);
    if (failure >= 0) {
        *opened = media;
        return 0;
    }
    av_freep(&input->buffer); /* a failed open frees the media alone */
    avio_context_free(&input);
    return failure;
}

AVFormatContext *
av_file_open(AvFile *file, const char *name, GError **error)
{
    const char *demuxer = probe_demuxer(file->file);
    AVFormatContext *media = NULL;
    struct stat about;

    if (fstat(file->file, &about) == 0)
        file->size = about.st_size;
    av_log_set_level(AV_LOG_QUIET);
    int failure = open_with(demuxer, file, name, &media);
    if (failure < 0 && demuxer != NULL)
        failure = open_with(NULL, file, name, &media);
    if (failure < 0)
        av_fail(error, failure, "its container cannot be read");
    return media;
}

void
av_file_close(AVFormatContext *media)
{
    AVIOContext *input = media->pb;

    avformat_close_input(&media);
    av_freep(&input->buffer);
    avio_context_free(&input);
}
