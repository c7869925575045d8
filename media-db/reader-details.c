/* reader-details.c -- what is asked of one object alone: its lists, and of what its picture is */
#include "media-db/reader-parts.h"

#include "media-db/views.h"
#include "model/sidecar.h"

#include <string.h>

#define DEPTH_MAX 2 /* an artist's album's song */
#define FIRST_MAX 3 /* as many as the question answers */

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

static sqlite3_stmt *
ask_sidecars(Reader *reader, int64_t folder, SidecarKind kind, const char *stem, gsize length)
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

static void
add_sidecars(Reader *reader, MediaDetails *details, int64_t folder, const char *item,
             SidecarKind kind)
{
    sqlite3_stmt *statement = ask_sidecars(reader, folder, kind, item, sidecar_stem(item));

    while (statement != NULL && database_step(reader->database, statement, NULL)) {
        g_autofree char *name = g_strndup(sqlite3_column_blob(statement, 0),
                                          (gsize)sqlite3_column_bytes(statement, 0));
        g_autofree char *valid = g_utf8_make_valid(name, -1);
        g_autofree char *language = NULL;
        if (sidecar_belongs(name, item, &language))
            media_details_add(details, MEDIA_SIDECARS,
                              &(MediaSidecar){ .name = valid, .kind = sidecar_kind_name(kind),
                                               .format = sidecar_format(valid),
                                               .language = language });
    }
}

MediaDetails *
reader_details(Reader *reader, int64_t id, int64_t folder, const char *name,
               const MediaFacts *facts)
{
    MediaDetails *details = read_lists(reader, id);

    add_stream_of_facts(details, facts);
    if (name != NULL) {
        add_sidecars(reader, details, folder, name, SIDECAR_SUBTITLE);
        add_sidecars(reader, details, folder, name, SIDECAR_LYRICS);
    }
    return details;
}

/* -- Pictures ---------------------------------------------------------------------------------- */

/* The folder's best cover and when it was last changed; the caller's, NULL when there is none. */
static char *
find_cover(Reader *reader, int64_t folder)
{
    sqlite3_stmt *statement = ask_sidecars(reader, folder, SIDECAR_COVER, "", 0);
    char *best = NULL;

    while (statement != NULL && database_step(reader->database, statement, NULL)) {
        g_autofree char *name = g_strndup(sqlite3_column_blob(statement, 0),
                                          (gsize)sqlite3_column_bytes(statement, 0));
        if (best != NULL && sidecar_compare_covers(best, name) <= 0)
            continue;
        g_free(best);
        best = g_steal_pointer(&name);
    }
    return best;
}

/* The covers of a folder as one number that changes when they do. */
static int64_t
covers_version(Reader *reader, int64_t folder)
{
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_SIDECARS, folder, NULL);
    uint64_t version = 0;

    while (statement != NULL && database_step(reader->database, statement, NULL))
        if (sqlite3_column_int(statement, 0) == SIDECAR_COVER)
            version = version * 31 + (uint64_t)sqlite3_column_int64(statement, 2) +
                      (uint64_t)sqlite3_column_int64(statement, 3);
    return (int64_t)version;
}

/* What lends a container its picture, one of the first that it shows or that these show: an item, or
 * a folder with a cover; 0: nothing. */
static int64_t
find_lender(Reader *reader, int64_t container, int depth)
{
    sqlite3_stmt *statement =
        database_ask(reader->database, QUERY_PICTURE_CHILDREN, container, NULL);
    int64_t containers[FIRST_MAX], lender = 0;
    guint count = 0;

    while (statement != NULL && database_step(reader->database, statement, NULL)) {
        if (sqlite3_column_int(statement, 2) != 0) {
            lender = sqlite3_column_int64(statement, 0);
            sqlite3_reset(statement);
            return lender;
        }
        if (sqlite3_column_int(statement, 1) == MEDIA_CONTAINER && count < FIRST_MAX)
            containers[count++] = sqlite3_column_int64(statement, 0);
    }
    for (guint i = 0; i < count && lender == 0 && depth < DEPTH_MAX; i++)
        lender = find_lender(reader, containers[i], depth + 1);
    return lender;
}

bool
reader_has_picture(Reader *reader, int64_t container)
{
    return container >= VIEW_OWN && find_lender(reader, container, 1) != 0;
}

/* The folder's own cover, as a picture. */
static bool
picture_of_cover(Reader *reader, int64_t folder, PictureSource *source)
{
    g_autofree char *name = find_cover(reader, folder);
    sqlite3_stmt *statement =
        name != NULL ? database_ask(reader->database, QUERY_FOLDER_BY_ID, folder, NULL) : NULL;

    if (statement == NULL || !database_step(reader->database, statement, NULL))
        return false;
    g_autofree char *path = g_strndup(sqlite3_column_blob(statement, 0),
                                      (gsize)sqlite3_column_bytes(statement, 0));
    sqlite3_reset(statement);
    *source = (PictureSource){
        .path = g_build_filename(path, name, NULL),
        .kind = MEDIA_IMAGE,
        .digest = g_strdup_printf("cover-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x",
                                  (guint64)folder, (guint64)covers_version(reader, folder)),
    };
    return true;
}

typedef struct {
    PictureSource source;
    bool has_picture, has_own;
    int64_t folder;
} Model;

static bool
note_model(const MediaObject *object, gpointer data)
{
    Model *model = data;

    model->has_picture = object->has_art;
    model->has_own = object->kind != MEDIA_AUDIO || object->facts.has_art != 0;
    if (!view_id_decode(object->parent_id, &model->folder))
        model->folder = -1;
    model->source = (PictureSource){ .path = g_strdup(object->path), .kind = object->kind,
                                     .digest = g_strdup(object->content_digest) };
    return true;
}

static bool
find_picture(Reader *reader, int64_t id, PictureSource *source)
{
    g_auto(PictureSource) cover = { 0 };
    char text[VIEW_ID_SIZE];
    Model model = { 0 };
    int64_t lender;

    if (!reader_get(reader, view_id_encode(id, text), note_model, &model, NULL))
        return false;
    g_auto(PictureSource) own = model.source;
    if (own.kind == MEDIA_CONTAINER) {
        if (picture_of_cover(reader, id, source))
            return true;
        lender = id >= VIEW_OWN ? find_lender(reader, id, 1) : 0;
        return lender != 0 && find_picture(reader, lender, source);
    }
    if (!model.has_picture || own.path == NULL ||
        (!model.has_own && !picture_of_cover(reader, model.folder, &cover)))
        return false;
    *source = (PictureSource){
        .path = g_steal_pointer(&own.path),
        .kind = own.kind,
        .beside = g_steal_pointer(&cover.path),
        .digest = g_strdup(cover.digest != NULL ? cover.digest : own.digest),
    }; /* a cover is one for all the songs of its folder */
    return true;
}

bool
reader_picture(Reader *reader, const char *id, PictureSource *source, GError **error)
{
    int64_t number;

    if (view_id_decode(id, &number) && find_picture(reader, number, source))
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no picture of %.40s", id);
    return false;
}
