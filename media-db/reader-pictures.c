/* reader-pictures.c -- of what files the picture of an object is made
 *
 * Of a container: its folder's cover, or one of the things that it shows first. Of a song: its own,
 * or its folder's cover. Of a film: what somebody put beside it, else a frame of it. */
#include "media-db/reader-room.h"

#include "media-db/views.h"
#include "model/sidecar.h"

#include <string.h>

#define DEPTH_MAX 2 /* an artist's album's song */
#define FIRST_MAX 3 /* as many as the question answers */

/* The folder's best cover and when it was last changed; the caller's, NULL when there is none. */
static char *
find_cover(Reader *reader, int64_t folder)
{
    sqlite3_stmt *statement = reader_ask_sidecars(reader, folder, SIDECAR_COVER, "", 0);
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

/* What lends a container its picture, one of the first that it shows or that these show: an item,
 * or a folder with a cover; 0: nothing. */
static int64_t
find_lender(Reader *reader, int64_t container, int depth)
{
    sqlite3_stmt *statement =
        database_ask(reader->database, QUERY_PICTURE_CHILDREN, container, NULL);
    int64_t containers[FIRST_MAX], lender = 0;
    guint count = 0;

    while (statement != NULL && database_step(reader->database, statement, NULL)) {
        if (!sight_sees(reader->sight, sqlite3_column_int64(statement, 0)))
            continue;
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

/* The path of what lies in the folder; the caller's, NULL: no such folder. */
static char *
path_in(Reader *reader, int64_t folder, const char *name)
{
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_FOLDER_BY_ID, folder, NULL);

    if (statement == NULL || !database_step(reader->database, statement, NULL))
        return NULL;
    g_autofree char *path = g_strndup(sqlite3_column_blob(statement, 0),
                                      (gsize)sqlite3_column_bytes(statement, 0));
    sqlite3_reset(statement);
    return g_build_filename(path, name, NULL);
}

/* The folder's own cover, as a picture. */
static bool
picture_of_cover(Reader *reader, int64_t folder, PictureSource *source)
{
    g_autofree char *name = find_cover(reader, folder);
    char *path = name != NULL ? path_in(reader, folder, name) : NULL;

    if (path == NULL)
        return false;
    *source = (PictureSource){
        .path = path,
        .kind = MEDIA_IMAGE,
        .digest = g_strdup_printf("cover-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x",
                                  (guint64)folder, (guint64)covers_version(reader, folder)),
    };
    return true;
}

/* -- Posters ------------------------------------------------------------------------------------ */

/* A picture that somebody put beside a film. */
typedef struct {
    char *name; /* NULL: none */
    int64_t size_bytes, modified_ns;
} Poster;

/* "Film-poster.jpg" and its like beside item. */
static void
find_poster(Reader *reader, int64_t folder, const char *item, Poster *poster)
{
    sqlite3_stmt *statement =
        reader_ask_sidecars(reader, folder, SIDECAR_POSTER, item, sidecar_stem(item));
    int best = G_MAXINT, rank;

    while (statement != NULL && database_step(reader->database, statement, NULL)) {
        g_autofree char *name = g_strndup(sqlite3_column_blob(statement, 0),
                                          (gsize)sqlite3_column_bytes(statement, 0));
        if (!sidecar_is_poster_of(name, item, &rank) || rank >= best)
            continue;
        best = rank;
        g_free(poster->name);
        *poster = (Poster){ g_steal_pointer(&name), sqlite3_column_int64(statement, 1),
                            sqlite3_column_int64(statement, 2) };
    }
}

/* "Film.jpg" beside item, which is a picture of the library itself. */
static void
find_namesake(Reader *reader, int64_t folder, const char *item, Poster *poster)
{
    static const char *const endings[] = { "jpg", "jpeg", "png", "webp", "JPG" };

    for (guint i = 0; i < G_N_ELEMENTS(endings) && poster->name == NULL; i++) {
        g_autofree char *name =
            g_strdup_printf("%.*s.%s", (int)sidecar_stem(item), item, endings[i]);
        sqlite3_stmt *statement = database_ask(reader->database, QUERY_ON_DISK_NAME, folder, NULL);
        if (statement == NULL)
            return;
        database_bind_bytes(statement, 2, name, strlen(name));
        if (database_step(reader->database, statement, NULL) &&
            sqlite3_column_int(statement, 2) == MEDIA_IMAGE)
            *poster = (Poster){ g_steal_pointer(&name), sqlite3_column_int64(statement, 3),
                                sqlite3_column_int64(statement, 4) };
        sqlite3_reset(statement);
    }
}

/* Of several films in a folder none has its cover. */
static bool
is_only_film(Reader *reader, int64_t folder)
{
    sqlite3_stmt *statement = database_ask(reader->database, QUERY_FILMS_IN, folder, NULL);
    guint count = 0;

    while (statement != NULL && database_step(reader->database, statement, NULL))
        count++;
    return count == 1;
}

/* The picture that somebody put beside the film at path. */
static bool
picture_of_film(Reader *reader, int64_t folder, const char *path, PictureSource *source)
{
    g_autofree char *item = g_path_get_basename(path);
    Poster poster = { 0 };

    find_poster(reader, folder, item, &poster);
    find_namesake(reader, folder, item, &poster);
    if (poster.name == NULL)
        return is_only_film(reader, folder) && picture_of_cover(reader, folder, source);
    g_autofree char *name = poster.name;
    char *place = path_in(reader, folder, name);
    if (place == NULL)
        return false;
    *source = (PictureSource){
        .path = place,
        .kind = MEDIA_IMAGE,
        .digest = g_strdup_printf("poster-%" G_GINT64_MODIFIER "x-%u-%" G_GINT64_MODIFIER
                                  "x-%" G_GINT64_MODIFIER "x",
                                  (guint64)folder, g_str_hash(name), (guint64)poster.size_bytes,
                                  (guint64)poster.modified_ns),
    };
    return true;
}

/* -- Pictures of anything ----------------------------------------------------------------------- */

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

    if (!reader_look(reader, view_id_encode(id, text), note_model, &model, NULL))
        return false;
    g_auto(PictureSource) own = model.source;
    if (own.kind == MEDIA_CONTAINER) {
        MediaKind of_kind;
        id = view_folder(id, &of_kind);
        if (picture_of_cover(reader, id, source))
            return true;
        lender = id >= VIEW_OWN ? find_lender(reader, id, 1) : 0;
        return lender != 0 && find_picture(reader, lender, source);
    }
    if (own.kind == MEDIA_VIDEO && own.path != NULL && model.has_picture &&
        picture_of_film(reader, model.folder, own.path, source))
        return true;
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

    if (!reader_begin(reader, error))
        return false;
    bool is_found = view_id_decode(id, &number) && find_picture(reader, number, source);
    reader_end(reader);
    if (is_found)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no picture of %.40s", id);
    return false;
}
