/* writer-playlists.c -- see writer.h: what playlists name, and that it is shown in them
 *
 * A playlist names paths. An item is shown in the group of each playlist that names its path,
 * whichever of the two came first; so when a playlist changes, what it named and what it names now
 * are placed anew. */
#include "media-db/writer-room.h"

#include "base/text.h"
#include "wire/playlist.h"

#include <string.h>

static sqlite3_stmt *
ask_text(Writer *writer, Query query, const char *text, GError **error)
{
    sqlite3_stmt *statement = database_query(writer->database, query, error);

    if (statement != NULL)
        database_bind_bytes(statement, 1, text, strlen(text));
    return statement;
}

static char *
column_text(sqlite3_stmt *statement, int column)
{
    return g_strndup(sqlite3_column_blob(statement, column),
                     (gsize)sqlite3_column_bytes(statement, column));
}

typedef struct {
    char *playlist;
    guint32 number;
    bool is_track;
} Mention;

static void
mention_clear(gpointer data)
{
    g_free(((Mention *)data)->playlist);
}

/* Playlists of one name are told apart by their folders. */
bool
places_add_playlist(Writer *writer, const char *playlist, guint32 at, GArray *places,
                    GError **error)
{
    g_autofree char *label = row_label(playlist, false);
    g_autofree char *folder = g_path_get_dirname(playlist);
    g_autofree char *place = text_clean(folder);
    guint32 number = GUINT32_TO_BE(at);
    int64_t id = group_get(writer, &(Group){ .parent = VIEW_PLAYLISTS,
                                             .class = MEDIA_CLASS_PLAYLIST,
                                             .label = label, .artist = place },
                           NULL, error);

    if (id != 0)
        places_add(places, id, g_bytes_new(&number, sizeof number));
    return id != 0;
}

bool
places_add_playlists(Writer *writer, const DiskEntry *entry, GArray *places, bool *is_of_sheet,
                     GError **error)
{
    g_autofree char *folder = writer_folder_path(writer, entry->parent, NULL, NULL);
    g_autofree char *path = folder != NULL ? g_build_filename(folder, entry->name, NULL) : NULL;
    sqlite3_stmt *statement =
        path != NULL ? ask_text(writer, QUERY_PLAYLISTS_IN, path, error) : NULL;
    g_autoptr(GArray) mentions = g_array_new(FALSE, FALSE, sizeof(Mention));
    GError *trouble = NULL;

    g_array_set_clear_func(mentions, mention_clear);
    if (statement == NULL)
        return path == NULL; /* of what lies nowhere, no playlist speaks */
    while (database_step(writer->database, statement, &trouble)) {
        Mention mention = { column_text(statement, 0), (guint32)sqlite3_column_int64(statement, 1),
                            sqlite3_column_int(statement, 2) > 0 };
        g_array_append_val(mentions, mention);
    }
    for (guint i = 0; i < mentions->len && trouble == NULL; i++) {
        const Mention *mention = &g_array_index(mentions, Mention, i);
        if (mention->is_track && i > 0 && strcmp(mention[-1].playlist, mention->playlist) == 0)
            *is_of_sheet = true; /* of several songs in it, which tracks_put() shows */
        else
            places_add_playlist(writer, mention->playlist, mention->number, places, &trouble);
    }
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

static bool
note_item(const DiskEntry *entry, gpointer id)
{
    if (!entry->is_folder)
        *(int64_t *)id = entry->id;
    return true;
}

/* Shows what lies at path, if anything, where it is to be shown now. */
static bool
place_again(Writer *writer, const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    sqlite3_stmt *statement = ask_text(writer, QUERY_FOLDER_BY_PATH, folder, error);
    int64_t parent = 0, id = 0;
    g_auto(Row) row = { 0 };

    if (statement == NULL)
        return false;
    if (database_step(writer->database, statement, NULL)) {
        parent = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    if (parent == 0)
        return true;
    if (!writer_find(writer, parent, name, note_item, &id, error))
        return false;
    return id == 0 || (row_read(writer, id, &row, error) && writer_move(writer, &row.entry, error));
}

static bool
note_named(Writer *writer, const char *playlist, GHashTable *paths, GError **error)
{
    sqlite3_stmt *statement = ask_text(writer, QUERY_PLAYLIST_PATHS, playlist, error);
    GError *trouble = NULL;

    while (statement != NULL && database_step(writer->database, statement, &trouble))
        g_hash_table_add(paths, column_text(statement, 0));
    if (trouble == NULL)
        return statement != NULL;
    g_propagate_error(error, trouble);
    return false;
}

static bool
put_entry(Writer *writer, const char *playlist, const PlaylistEntry *entry, guint number,
          GError **error)
{
    const char *const texts[] = { entry->title, entry->artist, entry->performer,
                                  entry->album, entry->genre,  entry->date };
    sqlite3_stmt *statement = ask_text(writer, QUERY_PLAYLIST_INSERT, playlist, error);

    if (statement == NULL)
        return false;
    database_bind_bytes(statement, 2, entry->path, strlen(entry->path));
    sqlite3_bind_int64(statement, 3, number);
    sqlite3_bind_int(statement, 4, entry->track);
    sqlite3_bind_int64(statement, 5, entry->start_ms);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        database_bind_text(statement, 6 + (int)i, entry->track > 0 ? texts[i] : NULL);
    return database_finish(writer->database, statement, error);
}

bool
writer_put_playlist(Writer *writer, const char *playlist, const GPtrArray *named, GError **error)
{
    g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer path;

    if (!note_named(writer, playlist, paths, error))
        return false;
    sqlite3_stmt *statement = ask_text(writer, QUERY_PLAYLIST_DELETE, playlist, error);
    if (statement == NULL || !database_finish(writer->database, statement, error))
        return false;
    for (guint i = 0; named != NULL && i < named->len; i++) {
        const PlaylistEntry *entry = named->pdata[i];
        if (!put_entry(writer, playlist, entry, i, error))
            return false;
        g_hash_table_add(paths, g_strdup(entry->path));
    }
    g_hash_table_iter_init(&iter, paths);
    while (g_hash_table_iter_next(&iter, &path, NULL))
        if (!place_again(writer, path, error))
            return false;
    return true;
}

static bool
note_playlist(const DiskEntry *entry, gpointer names)
{
    if (entry->sidecar == SIDECAR_PLAYLIST)
        g_ptr_array_add(names, g_strdup(entry->name));
    return true;
}

bool
playlists_forget(Writer *writer, int64_t folder, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path = writer_folder_path(writer, folder, NULL, NULL);

    if (path == NULL)
        return true;
    if (!writer_list_sidecars(writer, folder, note_playlist, names, error))
        return false;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *playlist = g_build_filename(path, names->pdata[i], NULL);
        DiskEntry entry = { .parent = folder,
                            .name = names->pdata[i],
                            .is_sidecar = true,
                            .sidecar = SIDECAR_PLAYLIST };
        if (!writer_put_playlist(writer, playlist, NULL, error) ||
            !writer_drop_sidecar(writer, &entry, error))
            return false;
    }
    return true;
}
