/* writer-tracks.c -- songs that lie in one file, as a cue sheet beside it or in its tags tells
 *
 * Each is an object without a name on the disk: its file's is its own, and it says from where to
 * where it lies in it. A file of songs is shown in its folder alone: among its songs it would be
 * heard twice. What the sheet leaves out the file's tags say. */
#include "media-db/writer-room.h"

#include "model/media-details.h"

#include <string.h>

typedef struct {
    char *title, *artist, *performer, *album, *genre, *date;
    char *sheet; /* its path; NULL: it is in the file */
    guint32 at;  /* its place in the sheet */
    int64_t number, start_ms;
} Track;

static void
track_free(gpointer data)
{
    Track *track = data;

    g_free(track->title);
    g_free(track->artist);
    g_free(track->performer);
    g_free(track->album);
    g_free(track->genre);
    g_free(track->date);
    g_free(track->sheet);
    g_free(track);
}

static char *
column_text(sqlite3_stmt *statement, int column)
{
    return g_strdup((const char *)sqlite3_column_text(statement, column));
}

/* What the first sheet that names the file tells. */
static bool
read_sheet(Writer *writer, const Row *file, GPtrArray *tracks, GError **error)
{
    g_autofree char *folder = writer_folder_path(writer, file->entry.parent, NULL, NULL);
    g_autofree char *path =
        folder != NULL ? g_build_filename(folder, file->entry.name, NULL) : NULL;
    sqlite3_stmt *statement =
        path != NULL ? database_query(writer->database, QUERY_SHEET, error) : NULL;
    GError *trouble = NULL;

    if (statement == NULL)
        return path == NULL; /* gone */
    database_bind_bytes(statement, 1, path, strlen(path));
    while (database_step(writer->database, statement, &trouble)) {
        g_autofree char *sheet = g_strndup(sqlite3_column_blob(statement, 0),
                                           (gsize)sqlite3_column_bytes(statement, 0));
        if (tracks->len > 0 && strcmp(((Track *)tracks->pdata[0])->sheet, sheet) != 0)
            continue;
        Track *track = g_new(Track, 1);
        *track = (Track){
            .sheet = g_steal_pointer(&sheet),
            .at = (guint32)sqlite3_column_int64(statement, 1),
            .number = sqlite3_column_int64(statement, 2),
            .start_ms = sqlite3_column_int64(statement, 3),
            .title = column_text(statement, 4),
            .artist = column_text(statement, 5),
            .performer = column_text(statement, 6),
            .album = column_text(statement, 7),
            .genre = column_text(statement, 8),
            .date = column_text(statement, 9),
        };
        g_ptr_array_add(tracks, track);
    }
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

/* What the sheet in the file tells. Its songs are of one album, whoever sings them. */
static bool
read_details(Writer *writer, const Row *file, GPtrArray *tracks, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_DETAIL, file->entry.id, error);
    const char *performer = file->object->facts.album_artist;
    g_autoptr(MediaDetails) details = NULL;

    if (performer == NULL)
        performer = file->object->facts.artist;
    if (statement == NULL)
        return false;
    if (database_step(writer->database, statement, error)) {
        details = media_details_decode(sqlite3_column_blob(statement, 0),
                                       (gsize)sqlite3_column_bytes(statement, 0));
        sqlite3_reset(statement);
    }
    for (guint i = 0; i < media_details_count(details, MEDIA_TRACKS); i++) {
        const MediaTrack *told = media_details_get(details, MEDIA_TRACKS, i);
        Track *track = g_new(Track, 1);
        if (performer == NULL)
            performer = told->artist;
        *track = (Track){ .title = g_strdup(told->title), .artist = g_strdup(told->artist),
                          .performer = g_strdup(performer),
                          .number = told->number, .start_ms = told->start_ms };
        g_ptr_array_add(tracks, track);
    }
    return true;
}

/* Only what follows in time and lies in the file makes sense; and of one song alone the file is
 * it. */
static void
keep_sensible(GPtrArray *tracks, int64_t duration_ms)
{
    int64_t last_ms = -1, last_number = 0;

    for (guint i = 0; i < tracks->len;) {
        const Track *track = tracks->pdata[i];
        if (track->start_ms <= last_ms || track->start_ms >= duration_ms ||
            track->number <= last_number) {
            g_ptr_array_remove_index(tracks, i);
            continue;
        }
        last_ms = track->start_ms;
        last_number = track->number;
        i++;
    }
    if (tracks->len < 2)
        g_ptr_array_set_size(tracks, 0);
}

/* The songs in the file; the caller's, NULL with an error. */
static GPtrArray *
tracks_of(Writer *writer, const Row *file, GError **error)
{
    g_autoptr(GPtrArray) tracks = g_ptr_array_new_with_free_func(track_free);

    if (file->is_unreadable || file->object->facts.kind != MEDIA_AUDIO)
        return g_steal_pointer(&tracks);
    if (!read_sheet(writer, file, tracks, error))
        return NULL;
    keep_sensible(tracks, file->object->facts.duration_ms);
    if (tracks->len == 0 && !read_details(writer, file, tracks, error))
        return NULL;
    keep_sensible(tracks, file->object->facts.duration_ms);
    return g_steal_pointer(&tracks);
}

/* The known songs of the file: number -> id. */
static GHashTable *
known_of(Writer *writer, int64_t file, GError **error)
{
    GHashTable *known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_PARTS, file, error);

    while (statement != NULL && database_step(writer->database, statement, error)) {
        int64_t id = sqlite3_column_int64(statement, 0),
                number = sqlite3_column_int64(statement, 1);
        g_hash_table_insert(known, g_memdup2(&number, sizeof number), g_memdup2(&id, sizeof id));
    }
    return known;
}

/* What is known of a song: of itself, and of its file. */
static MediaFacts
facts_of(const Row *file, const Track *track, int64_t end_ms)
{
    MediaFacts facts = file->object->facts;
    const char *whole = facts.title != NULL ? facts.title : file->label;

    facts.title = track->title;
    facts.artist = track->artist != NULL ? track->artist : facts.artist;
    facts.album = track->album != NULL ? track->album : facts.album != NULL ? facts.album : whole;
    facts.album_artist = track->performer != NULL ? track->performer : facts.album_artist;
    facts.genre = track->genre != NULL ? track->genre : facts.genre;
    facts.date = track->date != NULL ? track->date : facts.date;
    facts.track = track->number;
    facts.start_ms = track->start_ms;
    facts.end_ms = end_ms;
    facts.duration_ms = end_ms - track->start_ms;
    facts.gain_track = facts.peak_track = 0; /* those are of the whole */
    return facts;
}

static bool
put_track(Writer *writer, const Row *file, const Track *track, int64_t end_ms, int64_t id,
          GError **error)
{
    g_autofree char *label = g_strdup_printf("Track %" G_GINT64_FORMAT, (gint64)track->number);
    g_autoptr(GArray) places = places_new();
    MediaFacts facts = facts_of(file, track, end_ms);
    MediaFacts shown = facts;
    DiskEntry entry = file->entry;

    entry.id = id;
    if (shown.title == NULL)
        shown.title = label;
    g_autoptr(GBytes) key = position_new(writer, NULL, 0, shown.title);
    NewRow row = { &entry, &facts, label, NULL, key, { 0, 0 }, file->entry.id, places };
    if (id != 0) {
        g_auto(Row) before = { 0 };
        if (!row_read(writer, id, &before, error) || !row_forget_words(writer, &before, error))
            return false;
    } else {
        writer_count(writer, MEDIA_AUDIO, false, 1);
    }
    places_add(places, VIEW_TRACKS, g_bytes_ref(key));
    if (!places_add_music(writer, &shown, key, places, &row.groups[0], &row.groups[1], error) ||
        (track->sheet != NULL &&
         !places_add_playlist(writer, track->sheet, track->at, places, error)))
        return false;
    bool is_known = id != 0;
    id = row_put(writer, &row, id, error);
    if (id == 0 || is_known)
        return id != 0;
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_PART_OF, id, error);
    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, file->entry.id);
    return database_finish(writer->database, statement, error) &&
           use_follow(writer, id, entry.size_bytes, error);
}

static bool
forget_all(Writer *writer, GHashTable *known, GError **error)
{
    GHashTableIter iter;
    gpointer id;

    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, NULL, &id))
        if (!row_forget(writer, *(int64_t *)id, error))
            return false;
    return true;
}

/* The file is shown where it lies, and nowhere else. */
static bool
show_in_folder(Writer *writer, const Row *file, GError **error)
{
    g_autoptr(GArray) places = places_new();

    places_add(places, file->entry.parent, position_in_folder(writer, false, file->label));
    return writer_show_in(writer, file->entry.id, places, error);
}

bool
tracks_put(Writer *writer, int64_t id, GError **error)
{
    g_auto(Row) file = { 0 };
    GError *trouble = NULL;

    if (!row_read(writer, id, &file, error))
        return error == NULL || *error == NULL;
    g_autoptr(GHashTable) known = known_of(writer, id, &trouble);
    g_autoptr(GPtrArray) tracks = trouble == NULL ? tracks_of(writer, &file, &trouble) : NULL;
    for (guint i = 0; trouble == NULL && i < tracks->len; i++) {
        const Track *track = tracks->pdata[i],
                    *next = i + 1 < tracks->len ? tracks->pdata[i + 1] : NULL;
        const int64_t *before = g_hash_table_lookup(known, &track->number);
        int64_t part = before != NULL ? *before : 0;
        put_track(writer, &file, track,
                  next != NULL ? next->start_ms : file.object->facts.duration_ms, part, &trouble);
        g_hash_table_remove(known, &track->number);
    }
    if (trouble == NULL && tracks->len > 0)
        show_in_folder(writer, &file, &trouble);
    if (trouble == NULL)
        forget_all(writer, known, &trouble);
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

bool
tracks_exist(Writer *writer, int64_t file)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_PARTS, file, NULL);
    bool is_one = statement != NULL && database_step(writer->database, statement, NULL);

    if (statement != NULL)
        sqlite3_reset(statement);
    return is_one;
}

bool
tracks_forget(Writer *writer, int64_t file, GError **error)
{
    GError *trouble = NULL;
    g_autoptr(GHashTable) known = known_of(writer, file, &trouble);

    if (trouble == NULL)
        return forget_all(writer, known, error);
    g_propagate_error(error, trouble);
    return false;
}
