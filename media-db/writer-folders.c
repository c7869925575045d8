/* writer-folders.c -- what lies in a folder and where folders lie: list, find, add, move, remove */
#include "media-db/writer-room.h"

#include <string.h>

#define DEPTH_MAX 64

static void
entry_from_row(sqlite3_stmt *statement, DiskEntry *entry, GString *name)
{
    g_string_truncate(name, 0);
    g_string_append_len(name, sqlite3_column_blob(statement, 1),
                        sqlite3_column_bytes(statement, 1));
    *entry = (DiskEntry){
        .id = sqlite3_column_int64(statement, 0),
        .name = name->str,
        .is_folder = sqlite3_column_int(statement, 2) == MEDIA_CONTAINER,
        .size_bytes = sqlite3_column_int64(statement, 3),
        .modified_ns = sqlite3_column_int64(statement, 4),
        .inode = sqlite3_column_int64(statement, 5),
    };
}

/* Shows each row of a question; visit may not ask the same question again. */
static bool
visit_rows(Writer *writer, sqlite3_stmt *statement, int64_t parent, DiskVisit visit, gpointer data,
           GError **error)
{
    g_autoptr(GString) name = g_string_new(NULL);
    GError *trouble = NULL;
    DiskEntry entry;

    if (statement == NULL)
        return false;
    while (database_step(writer->database, statement, &trouble)) {
        entry_from_row(statement, &entry, name);
        entry.parent = parent != 0 ? parent : sqlite3_column_int64(statement, 6);
        if (!visit(&entry, data)) {
            sqlite3_reset(statement);
            break;
        }
    }
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

bool
writer_list(Writer *writer, int64_t folder, DiskVisit visit, gpointer data, GError **error)
{
    return visit_rows(writer, database_ask(writer->database, QUERY_ON_DISK, folder, error), folder,
                      visit, data, error);
}

bool
writer_find(Writer *writer, int64_t folder, const char *name, DiskVisit visit, gpointer data,
            GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_ON_DISK_NAME, folder, error);

    if (statement != NULL)
        database_bind_bytes(statement, 2, name, strlen(name));
    return visit_rows(writer, statement, folder, visit, data, error);
}

bool
writer_find_inode(Writer *writer, int64_t inode, DiskVisit visit, gpointer data, GError **error)
{
    return visit_rows(writer, database_ask(writer->database, QUERY_BY_INODE, inode, error), 0,
                      visit, data, error);
}

bool
writer_look_up(Writer *writer, int64_t id, DiskVisit visit, gpointer data, GError **error)
{
    g_auto(Row) row = { 0 };
    GError *trouble = NULL;

    if (row_read(writer, id, &row, &trouble) && row.has_name)
        visit(&row.entry, data);
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

void
writer_forget_path(Writer *writer)
{
    writer->last_path.folder = 0;
    g_clear_pointer(&writer->last_path.path, g_free);
}

static bool
look_up_path(Writer *writer, int64_t folder, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_FOLDER_BY_ID, folder, error);

    writer_forget_path(writer);
    if (statement == NULL || !database_step(writer->database, statement, error))
        return false;
    writer->last_path.folder = folder;
    writer->last_path.path =
        g_strndup(sqlite3_column_blob(statement, 0), (gsize)sqlite3_column_bytes(statement, 0));
    writer->last_path.root = sqlite3_column_int64(statement, 1);
    sqlite3_reset(statement);
    return true;
}

char *
writer_folder_path(Writer *writer, int64_t folder, int64_t *root, GError **error)
{
    if ((writer->last_path.path == NULL || writer->last_path.folder != folder) &&
        !look_up_path(writer, folder, error))
        return NULL;
    if (root != NULL)
        *root = writer->last_path.root;
    return g_strdup(writer->last_path.path);
}

/* The path of entry, and its root; a root is its own. NULL with an error. */
static char *
path_of(Writer *writer, const DiskEntry *entry, int64_t *root, GError **error)
{
    if (entry->parent == VIEW_FOLDERS) {
        *root = entry->id;
        return g_strdup(entry->name);
    }
    GError *trouble = NULL;
    g_autofree char *above = writer_folder_path(writer, entry->parent, root, &trouble);
    if (above != NULL)
        return g_build_filename(above, entry->name, NULL);
    if (trouble != NULL)
        g_propagate_error(error, trouble);
    else
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "the folder of %s is gone", entry->name);
    return NULL;
}

int64_t
writer_add_folder(Writer *writer, const DiskEntry *entry, GError **error)
{
    g_autofree char *label = row_label(entry->name, true);
    g_autoptr(GBytes) position = position_in_folder(writer, true, label);
    DiskEntry added = *entry;
    int64_t root;

    added.id =
        row_add_container(writer, entry->parent, MEDIA_CLASS_FOLDER, label, NULL, entry, error);
    g_autofree char *path = added.id != 0 ? path_of(writer, &added, &root, error) : NULL;
    if (path == NULL || !writer_show(writer, added.id, entry->parent, position, error))
        return 0;
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_FOLDER_INSERT, added.id, error);
    if (statement == NULL)
        return 0;
    sqlite3_bind_int64(statement, 2, root);
    database_bind_bytes(statement, 3, path, strlen(path));
    return database_finish(writer->database, statement, error) ? added.id : 0;
}

typedef struct {
    GArray *ids, *folders; /* int64_t */
    GPtrArray *names;      /* of folders */
} Below;

static void
below_clear(Below *below)
{
    g_clear_pointer(&below->ids, g_array_unref);
    g_clear_pointer(&below->folders, g_array_unref);
    g_clear_pointer(&below->names, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Below, below_clear)

static bool
note_below(const DiskEntry *entry, gpointer data)
{
    Below *below = data;

    g_array_append_val(below->ids, entry->id);
    if (entry->is_folder) {
        g_array_append_val(below->folders, entry->id);
        g_ptr_array_add(below->names, g_strdup(entry->name));
    }
    return true;
}

static bool
list_below(Writer *writer, int64_t folder, Below *below, GError **error)
{
    below->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    below->folders = g_array_new(FALSE, FALSE, sizeof(int64_t));
    below->names = g_ptr_array_new_with_free_func(g_free);
    return writer_list(writer, folder, note_below, below, error);
}

bool
writer_disk_state(Writer *writer, int64_t disk, bool *is_online, bool *is_mount)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_FOLDER_BY_ID, disk, NULL);

    if (statement == NULL || !database_step(writer->database, statement, NULL))
        return false;
    *is_online = sqlite3_column_int(statement, 2) != 0;
    *is_mount = sqlite3_column_int(statement, 3) != 0;
    sqlite3_reset(statement);
    return true;
}

static bool
set_path(Writer *writer, int64_t folder, int64_t root, const char *path, int depth, GError **error)
{
    g_auto(Below) below = { 0 };
    bool is_online, is_mount = false;

    if (!playlists_forget(writer, folder, error)) /* they are read again at their new place */
        return false;
    writer_disk_state(writer, folder, &is_online, &is_mount);
    if (is_mount)
        root = folder; /* what lies below goes offline with this disk */
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_FOLDER_PATH_UPDATE, folder, error);

    if (statement == NULL)
        return false;
    database_bind_bytes(statement, 2, path, strlen(path));
    sqlite3_bind_int64(statement, 3, root);
    if (!database_finish(writer->database, statement, error))
        return false;
    writer_forget_path(writer);
    if (!list_below(writer, folder, &below, error))
        return false;
    for (guint i = 0; i < below.folders->len && depth < DEPTH_MAX; i++) {
        g_autofree char *inner = g_build_filename(path, below.names->pdata[i], NULL);
        if (!set_path(writer, g_array_index(below.folders, int64_t, i), root, inner, depth + 1,
                      error))
            return false;
    }
    return true;
}

static bool
move_folder(Writer *writer, const DiskEntry *entry, const Row *row, GError **error)
{
    g_autofree char *label = row_label(entry->name, true);
    g_autoptr(GBytes) key = position_new(writer, NULL, 0, label);
    g_autoptr(GArray) places = places_new();
    const char *texts[] = { label };
    int64_t root;
    g_autofree char *path = path_of(writer, entry, &root, error);
    gsize size;
    const void *data = g_bytes_get_data(key, &size);

    if (path == NULL || !row_forget_words(writer, row, error) ||
        !kinds_move(writer, entry->id, row->entry.parent, entry->parent, error))
        return false;
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_CONTAINER_MOVE, entry->id, error);
    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, entry->parent);
    database_bind_bytes(statement, 3, entry->name, strlen(entry->name));
    database_bind_text(statement, 4, label);
    database_bind_bytes(statement, 5, data, size);
    places_add(places, entry->parent, position_in_folder(writer, true, label));
    return database_finish(writer->database, statement, error) &&
           row_set_words(writer, QUERY_WORDS_INSERT, entry->id, texts, 1, error) &&
           writer_show_in(writer, entry->id, places, error) &&
           set_path(writer, entry->id, root, path, 0, error);
}

bool
writer_move(Writer *writer, const DiskEntry *entry, GError **error)
{
    g_auto(Row) row = { 0 };

    if (!row_read(writer, entry->id, &row, error))
        return false;
    if (row.entry.is_folder)
        return move_folder(writer, entry, &row, error);
    return writer_put(writer, entry, &row.object->facts, row.object->unreadable, error) != 0;
}

bool
writer_remove(Writer *writer, int64_t id, void (*removed)(int64_t folder, gpointer data),
              gpointer data, GError **error)
{
    g_auto(Below) below = { 0 };

    if (!list_below(writer, id, &below, error))
        return false;
    for (guint i = 0; i < below.ids->len; i++)
        if (!writer_remove(writer, g_array_index(below.ids, int64_t, i), removed, data, error))
            return false;
    if (removed != NULL)
        removed(id, data);
    return row_forget(writer, id, error);
}

bool
writer_set_disk(Writer *writer, int64_t disk, bool is_online, bool is_mount, GError **error)
{
    int64_t root;
    g_autofree char *path = writer_folder_path(writer, disk, &root, error);

    if (path == NULL || (root != disk && !set_path(writer, disk, disk, path, 0, error)))
        return false;
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_ROOT_UPDATE, disk, error);
    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 2, is_online);
    sqlite3_bind_int(statement, 3, is_mount);
    writer_touch(writer, disk, 0);
    return database_finish(writer->database, statement, error);
}

char *
writer_disk_mark(Writer *writer, int64_t disk)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_FOLDER_BY_ID, disk, NULL);

    if (statement == NULL || !database_step(writer->database, statement, NULL))
        return NULL;
    char *mark = g_strdup((const char *)sqlite3_column_text(statement, 4));
    sqlite3_reset(statement);
    return mark;
}

bool
writer_set_disk_mark(Writer *writer, int64_t disk, const char *mark, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_ROOT_MARK, disk, error);

    if (statement == NULL)
        return false;
    database_bind_text(statement, 2, mark);
    return database_finish(writer->database, statement, error);
}

GArray *
writer_mounts(Writer *writer, GError **error)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *statement = database_query(writer->database, QUERY_MOUNTS, error);

    while (statement != NULL && database_step(writer->database, statement, error)) {
        int64_t id = sqlite3_column_int64(statement, 0);
        g_array_append_val(ids, id);
    }
    return ids;
}

bool
writer_is_kept(Writer *writer, int64_t id)
{
    bool is_online, is_mount = false;
    g_auto(Row) row = { 0 };

    if (!row_read(writer, id, &row, NULL) || row.entry.parent == VIEW_FOLDERS)
        return false; /* a root is forgotten when its name is taken away, wherever its disk is */
    if (row.entry.is_folder)
        writer_disk_state(writer, id, &is_online, &is_mount);
    return row.is_offline || is_mount;
}
