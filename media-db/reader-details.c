/* reader-details.c -- what an object holds, asked of one alone, and the files beside it */
#include "media-db/reader-room.h"

#include "model/sidecar.h"
#include "wire/subtitles.h"

#include <string.h>

static MediaDetails *
read_lists(Reader *reader, int64_t id)
{
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_DETAIL, id, NULL);
    MediaDetails *details = NULL;

    if (statement != NULL && database_step(reader->database, statement, NULL)) {
        details = media_details_decode(sqlite3_column_blob(statement, 0),
                                       (gsize)sqlite3_column_bytes(statement, 0));
        sqlite3_reset(statement);
    }
    return details != NULL ? details : media_details_new();
}

/* What has no list of streams is one that the facts describe. */
static void
add_stream_of_facts(MediaDetails *details, const MediaFacts *facts)
{
    if (media_details_count(details, MEDIA_STREAMS) > 0)
        return;
    if (facts->video_codec != NULL)
        media_details_add(details, MEDIA_STREAMS,
                          &(MediaStream){ .type = "video", .codec = facts->video_codec,
                                          .width = facts->width, .height = facts->height });
    if (facts->audio_codec != NULL)
        media_details_add(details, MEDIA_STREAMS,
                          &(MediaStream){ .type = "audio", .codec = facts->audio_codec,
                                          .bits = facts->bits, .channels = facts->channels,
                                          .sample_rate = facts->sample_rate });
}

sqlite3_stmt *
reader_ask_sidecars(Reader *reader, int64_t folder, SidecarKind kind, const char *stem,
                    gsize length)
{
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_SIDECARS_OF, folder, NULL);
    g_autofree char *end = g_strdup_printf("%.*s\xff", (int)length, stem);

    if (statement == NULL)
        return NULL;
    sqlite3_bind_int(statement, 2, (int)kind);
    database_bind_bytes(statement, 3, stem, length);
    database_bind_bytes(statement, 4, end, length + 1);
    return statement;
}

/* *details NULL: it is made for the first. */
static void
add_sidecars(Reader *reader, MediaDetails **details, int64_t folder, const char *item,
             SidecarKind kind)
{
    sqlite3_stmt *statement = reader_ask_sidecars(reader, folder, kind, item, sidecar_stem(item));

    while (statement != NULL && database_step(reader->database, statement, NULL)) {
        g_autofree char *name = g_strndup(sqlite3_column_blob(statement, 0),
                                          (gsize)sqlite3_column_bytes(statement, 0));
        g_autofree char *valid = g_utf8_make_valid(name, -1);
        g_autofree char *language = NULL;
        if (!sidecar_belongs(name, item, &language))
            continue;
        if (*details == NULL)
            *details = media_details_new();
        media_details_add(*details, MEDIA_SIDECARS,
                          &(MediaSidecar){ .name = valid, .kind = sidecar_kind_name(kind),
                                           .format = sidecar_format(valid),
                                           .language = language });
    }
}

/* A film's own subtitles, of those that are words: whoever serves them makes files of them
 * (appliance/delivery/subtitle-tracks.h). *details NULL: it is made for the first. */
static void
add_tracks(const MediaDetails *film, MediaDetails **details)
{
    int64_t track = 0;

    for (guint i = 0; i < media_details_count(film, MEDIA_STREAMS); i++) {
        const MediaStream *stream = media_details_get(film, MEDIA_STREAMS, i);
        if (g_strcmp0(stream->type, sidecar_kind_name(SIDECAR_SUBTITLE)) != 0)
            continue;
        track++;
        if (!subtitles_reads_codec(stream->codec))
            continue;
        g_autofree char *name = g_strdup_printf("track-%" G_GINT64_FORMAT ".srt", track);
        if (*details == NULL)
            *details = media_details_new();
        media_details_add(*details, MEDIA_SIDECARS,
                          &(MediaSidecar){ .name = name, .kind = stream->type, .format = "srt",
                                           .language = stream->language, .title = stream->title,
                                           .track = track, .is_default = stream->is_default,
                                           .is_forced = stream->is_forced });
    }
}

MediaDetails *
reader_subtitles(Reader *reader, int64_t id, int64_t folder, const char *name)
{
    g_autoptr(MediaDetails) film = read_lists(reader, id);
    MediaDetails *details = NULL;

    add_sidecars(reader, &details, folder, name, SIDECAR_SUBTITLE);
    add_tracks(film, &details);
    return details;
}

MediaDetails *
reader_details(Reader *reader, int64_t id, int64_t folder, const char *name,
               const MediaFacts *facts)
{
    MediaDetails *details = read_lists(reader, id);

    add_stream_of_facts(details, facts);
    if (name != NULL) {
        add_sidecars(reader, &details, folder, name, SIDECAR_SUBTITLE);
        add_sidecars(reader, &details, folder, name, SIDECAR_LYRICS);
        add_tracks(details, &details);
    }
    return details;
}
