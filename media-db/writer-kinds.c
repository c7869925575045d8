/* writer-kinds.c -- which kinds of items lie in a folder or below, for the folders of each kind
 *
 * What comes is noted at once, up to the first folder that knows of its kind already; the folders
 * that something left are looked at when the transaction ends. A folder that begins or ceases to
 * hold a kind appears in or goes from the one above, which has changed by that. */
#include "media-db/writer-room.h"

GHashTable *
kinds_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

/* False without an error when there is no such folder. */
static bool
read_kinds(Writer *writer, int64_t folder, guint *kinds, int64_t *above, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_FOLDER_KINDS, folder, error);

    if (statement == NULL || !database_step(writer->database, statement, error))
        return false;
    *kinds = (guint)sqlite3_column_int(statement, 0);
    *above = sqlite3_column_int64(statement, 1);
    sqlite3_reset(statement);
    return true;
}

static bool
write_kinds(Writer *writer, int64_t folder, guint kinds, int64_t above, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_FOLDER_KINDS_SET, folder, error);

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 2, (int)kinds);
    writer_touch(writer, above, 0);
    return database_finish(writer->database, statement, error);
}

bool
kinds_add(Writer *writer, int64_t folder, guint added, GError **error)
{
    GError *trouble = NULL;
    int64_t above;
    guint kinds;

    while (folder >= VIEW_OWN) {
        gpointer known = g_hash_table_lookup(writer->kinds, &folder);
        if ((GPOINTER_TO_UINT(known) & added) == added)
            return true;
        if (!read_kinds(writer, folder, &kinds, &above, &trouble) ||
            ((kinds & added) != added &&
             !write_kinds(writer, folder, kinds | added, above, &trouble)))
            break;
        g_hash_table_insert(writer->kinds, g_memdup2(&folder, sizeof folder),
                            GUINT_TO_POINTER(kinds | added));
        folder = above;
    }
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

void
kinds_left(Writer *writer, int64_t folder)
{
    if (folder >= VIEW_OWN)
        g_hash_table_add(writer->left, g_memdup2(&folder, sizeof folder));
}

bool
kinds_move(Writer *writer, int64_t folder, int64_t from, int64_t to, GError **error)
{
    GError *trouble = NULL;
    int64_t above;
    guint kinds = 0;

    kinds_left(writer, from);
    if (!read_kinds(writer, folder, &kinds, &above, &trouble) && trouble != NULL) {
        g_propagate_error(error, trouble);
        return false;
    }
    return kinds_add(writer, to, kinds, error);
}

/* Looks what is in the folder now; what is above it is to be looked at, too, if that is less. */
static bool
look_again(Writer *writer, int64_t folder, GError **error)
{
    GError *trouble = NULL;
    guint kinds = 0, found = 0;
    int64_t above = 0;

    if (!read_kinds(writer, folder, &kinds, &above, &trouble)) {
        if (trouble != NULL)
            g_propagate_error(error, trouble);
        return trouble == NULL; /* gone, too */
    }
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_FOLDER_KINDS_FOUND, folder, &trouble);
    while (statement != NULL && database_step(writer->database, statement, &trouble))
        found |= (guint)sqlite3_column_int(statement, 0);
    if (trouble == NULL && found != kinds) {
        kinds_left(writer, above);
        write_kinds(writer, folder, found, above, &trouble);
    }
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

bool
kinds_settle(Writer *writer, GError **error)
{
    while (g_hash_table_size(writer->left) > 0) {
        g_autoptr(GHashTable) round = g_steal_pointer(&writer->left);
        GHashTableIter iter;
        gpointer folder;

        writer->left = kinds_new();
        g_hash_table_iter_init(&iter, round);
        while (g_hash_table_iter_next(&iter, &folder, NULL))
            if (!look_again(writer, *(int64_t *)folder, error))
                return false;
    }
    return true;
}

void
kinds_forget(Writer *writer)
{
    g_hash_table_remove_all(writer->kinds);
    g_hash_table_remove_all(writer->left);
}
