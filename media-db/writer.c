/* writer.c -- see writer.h: the transaction, and the counts that are settled at its end */
#include "media-db/writer-room.h"

#include "media-db/live-views.h"

#include <string.h>

static bool
read_update_id(Writer *writer, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_TALLY, TALLY_UPDATE_ID, error);

    if (statement == NULL || !database_step(writer->database, statement, error))
        return false;
    writer->update_id = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return true;
}

Writer *
writer_new(const char *path, GError **error)
{
    g_autoptr(Writer) writer = g_new0(Writer, 1);

    writer->path = g_strdup(path);
    writer->database = database_open_to_write(path, error);
    if (writer->database == NULL)
        return NULL;
    writer->sorter = text_sorter_new();
    writer->touched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    writer->groups = groups_new();
    writer->folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    writer->changed = g_array_new(FALSE, FALSE, sizeof(int64_t));
    writer->key = g_byte_array_new();
    writer->elections = elections_new();
    writer->kinds = kinds_new();
    writer->left = kinds_new();

    return read_update_id(writer, error) ? g_steal_pointer(&writer) : NULL;
}

void
writer_free(Writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->is_begun)
        writer_rollback(writer);
    database_backup_free(writer->backup);
    database_free(writer->database);
    text_sorter_free(writer->sorter);
    g_clear_pointer(&writer->touched, g_hash_table_unref);
    g_clear_pointer(&writer->groups, g_hash_table_unref);
    g_clear_pointer(&writer->folded, g_hash_table_unref);
    g_clear_pointer(&writer->changed, g_array_unref);
    g_clear_pointer(&writer->key, g_byte_array_unref);
    g_clear_pointer(&writer->elections, g_hash_table_unref);
    g_clear_pointer(&writer->kinds, g_hash_table_unref);
    g_clear_pointer(&writer->left, g_hash_table_unref);
    writer_forget_path(writer);
    charsets_free(writer->charsets);
    place_names_free(writer->places);
    g_free(writer->charset);
    g_free(writer->path);
    g_free(writer);
}

bool
writer_begin(Writer *writer, GError **error)
{
    if (writer->is_begun)
        return true;
    g_array_set_size(writer->changed, 0);
    kinds_forget(writer);
    writer->is_begun = database_run(writer->database, "BEGIN IMMEDIATE", error);
    return writer->is_begun;
}

void
writer_rollback(Writer *writer)
{
    g_hash_table_remove_all(writer->touched);
    kinds_forget(writer);
    g_hash_table_remove_all(writer->groups);
    g_hash_table_remove_all(writer->folded);
    writer_forget_path(writer);
    memset(writer->tally, 0, sizeof writer->tally);
    g_array_set_size(writer->changed, 0);
    sqlite3_exec(writer->database->sqlite, "ROLLBACK", NULL, NULL, NULL);
    writer->is_begun = false;
}

bool
writer_is_damaged(Writer *writer)
{
    return writer->database->is_damaged;
}

bool
writer_check(Writer *writer, gint *is_stopping)
{
    return database_check(writer->path, is_stopping);
}

/* The last id that was given; what is above it is still free when it cannot be read. */
static int64_t
last_id(Writer *writer)
{
    sqlite3_stmt *statement = NULL;
    int64_t id = 0;

    if (sqlite3_prepare_v2(writer->database->sqlite, "SELECT max(seq) FROM sqlite_sequence", -1,
                           &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        id = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return id;
}

bool
writer_renew(Writer *writer, GError **error)
{
    writer_rollback(writer);
    g_clear_pointer(&writer->backup, database_backup_free);
    g_autofree char *go_on =
        g_strdup_printf("UPDATE sqlite_sequence SET seq = max(seq, %" G_GINT64_FORMAT ");"
                        "UPDATE tally SET number = max(number, %" G_GINT64_FORMAT
                        ") WHERE what = %d",
                        (gint64)last_id(writer), (gint64)writer->update_id + 1, TALLY_UPDATE_ID);
    Database *renewed = database_renew(writer->database, writer->path, error);
    if (renewed == NULL)
        return false;
    writer->database = renewed;
    return database_run(renewed, go_on, error) && read_update_id(writer, error);
}

void
writer_rest(Writer *writer, bool is_long_run)
{
    sqlite3 *sqlite = writer->database->sqlite;

    if (is_long_run) {
        sqlite3_wal_checkpoint_v2(sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        database_forget_queries(writer->database);
    }
    sqlite3_db_release_memory(sqlite);
    g_clear_pointer(&writer->places, place_names_free);
}

const GArray *
writer_changed(Writer *writer)
{
    return writer->changed;
}

int64_t
writer_update_id(Writer *writer)
{
    return writer->update_id;
}

void
writer_touch(Writer *writer, int64_t container, int change)
{
    gpointer sum = g_hash_table_lookup(writer->touched, &container);

    g_hash_table_insert(writer->touched, g_memdup2(&container, sizeof container),
                        GINT_TO_POINTER(GPOINTER_TO_INT(sum) + change));
}

void
writer_count(Writer *writer, MediaKind kind, bool is_unreadable, int change)
{
    writer->tally[kind] += change;
    if (!is_unreadable)
        return;
    writer->tally[TALLY_UNREADABLE] += change;
    writer_touch(writer, VIEW_UNREADABLE, 0);
}

static bool
set_tally(Writer *writer, int what, int64_t change, GError **error)
{
    sqlite3_stmt *statement;

    if (change == 0)
        return true;
    statement = database_ask(writer->database, QUERY_TALLY_ADD, what, error);
    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, change);
    return database_finish(writer->database, statement, error);
}

/* Writes one container's new count and update id; a group that shows nothing more is forgotten. */
static bool
settle(Writer *writer, int64_t id, int change, int64_t update_id, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_CONTAINER_TOUCH, id, error);

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 2, change);
    sqlite3_bind_int64(statement, 3, update_id);
    if (!database_finish(writer->database, statement, error))
        return false;
    if (change <= 0) {
        statement = database_ask(writer->database, QUERY_CONTAINER_COUNT, id, error);
        if (statement == NULL)
            return false;
        if (database_step(writer->database, statement, error)) {
            bool is_empty_group =
                sqlite3_column_int64(statement, 0) <= 0 && sqlite3_column_int(statement, 1) != 0;
            sqlite3_reset(statement);
            if (is_empty_group)
                return row_forget(writer, id, error);
        }
    }
    g_array_append_val(writer->changed, id);
    return true;
}

/* What is found when it is asked for changes with what it is found in; its count is asked for. */
static bool
settle_live_views(Writer *writer, GHashTable *round, int64_t update_id, GError **error)
{
    for (const LiveView *live = live_views; live->view != 0; live++) {
        sqlite3_stmt *statement;
        GError *trouble = NULL;
        int change = 0;

        bool is_touched = g_hash_table_remove(round, &live->view);
        if (!is_touched && !g_hash_table_contains(round, &live->base))
            continue;
        statement = database_query(writer->database, live->query, &trouble);
        while (statement != NULL && database_step(writer->database, statement, &trouble))
            change++;
        if (trouble == NULL)
            statement =
                database_ask(writer->database, QUERY_CONTAINER_COUNT, live->view, &trouble);
        if (trouble == NULL && database_step(writer->database, statement, &trouble)) {
            change -= sqlite3_column_int(statement, 0);
            sqlite3_reset(statement);
        }
        if (trouble != NULL) {
            g_propagate_error(error, trouble);
            return false;
        }
        if (!settle(writer, live->view, change, update_id, error))
            return false;
    }
    return true;
}

static bool
settle_all(Writer *writer, GError **error)
{
    int64_t update_id = writer->update_id + 1;

    if (!kinds_settle(writer, error))
        return false;
    while (g_hash_table_size(writer->touched) > 0) {
        g_autoptr(GHashTable) round = g_steal_pointer(&writer->touched);
        GHashTableIter iter;
        gpointer id, change;

        writer->touched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
        if (!settle_live_views(writer, round, update_id, error))
            return false;
        g_hash_table_iter_init(&iter, round);
        while (g_hash_table_iter_next(&iter, &id, &change))
            if (!settle(writer, *(int64_t *)id, GPOINTER_TO_INT(change), update_id, error))
                return false;
    }
    for (int i = 0; i < TALLY_UPDATE_ID; i++)
        if (!set_tally(writer, i, writer->tally[i], error))
            return false;
    return set_tally(writer, TALLY_UPDATE_ID, writer->changed->len > 0 ? 1 : 0, error);
}

bool
writer_commit(Writer *writer, GError **error)
{
    if (!writer->is_begun)
        return true;
    if (!settle_all(writer, error) || !database_run(writer->database, "COMMIT", error)) {
        writer_rollback(writer);
        return false;
    }
    memset(writer->tally, 0, sizeof writer->tally);
    g_hash_table_remove_all(writer->groups); /* some may be empty, and gone */
    g_hash_table_remove_all(writer->folded);
    writer->is_begun = false;
    if (writer->changed->len > 0)
        writer->update_id++;
    return true;
}
