/* film-keys.c -- see film-keys.h */
#include "config.h"

#include "pipelines/film-keys.h"

#include "base/error.h"
#include "pipelines/av-file.h"
#include "pipelines/probe-room.h"

#include <string.h>

static const AVRational ms = { 1, 1000 };

/* Those whose index names every key frame there is, and knows when each is shown. */
static bool
has_index(const AVFormatContext *media)
{
    return strstr(media->iformat->name, "matroska") != NULL ||
           strstr(media->iformat->name, "mp4") != NULL;
}

static GString *
print_keys(const AVFormatContext *media, AVStream *film)
{
    GString *text = g_string_new(NULL);
    int64_t first = media->start_time == AV_NOPTS_VALUE
                        ? 0 : av_rescale_q(media->start_time, AV_TIME_BASE_Q, film->time_base);

    for (int i = 0; i < avformat_index_get_entries_count(film); i++) {
        const AVIndexEntry *entry = avformat_index_get_entry(film, i);
        if ((entry->flags & AVINDEX_KEYFRAME) != 0)
            g_string_append_printf(
                text, "%" G_GINT64_FORMAT "\n",
                MAX(av_rescale_q(entry->timestamp - first, film->time_base, ms), 0));
    }
    return text;
}

static bool
write_keys(AVFormatContext *media, int output, GError **error)
{
    AVStream *film = probe_first_stream(media, AVMEDIA_TYPE_VIDEO);

    if (film == NULL || !has_index(media) || avformat_find_stream_info(media, NULL) < 0 ||
        av_seek_frame(media, film->index, INT64_MAX / 4, AVSEEK_FLAG_BACKWARD) < 0) {
        /* some files' index is only read by that */
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "it has no index");
        return false;
    }
    g_autoptr(GString) text = print_keys(media, film);
    if (text->len > 0)
        return av_file_write(output, text, error);
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "its index is empty");
    return false;
}

bool
film_keys_write(int file, int output, GError **error)
{
    AvFile source = { .file = file };
    AVFormatContext *media = av_file_open(&source, NULL, error);

    if (media == NULL)
        return false;
    bool is_done = write_keys(media, output, error);
    av_file_close(media);
    return is_done;
}
