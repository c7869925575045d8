/* writer-care.c -- see writer.h: the second copy, and what was removed long ago */
#include "media-db/writer-room.h"

#include <glib/gstdio.h>
#include <string.h>

#define BACKUP_PAGES 512         /* of 4 KiB, in one step */
#define BACKUP_AGE_S (24 * 3600) /* of a copy before the next */
#define TOMBSTONE_AGE_S (30 * 24 * 3600)

bool
writer_backup_is_due(Writer *writer, int64_t now_s)
{
    g_autofree char *name = g_strconcat(writer->path, ".backup", NULL);
    GStatBuf status;

    if (writer->is_begun)
        return false;
    if (writer->backup != NULL)
        return true;
    if (g_stat(name, &status) == 0 && now_s - status.st_mtime < BACKUP_AGE_S)
        return false;
    if (writer->backup_update_id == 0)
        writer->backup_update_id = database_backup_update_id(name);
    return writer->backup_update_id != writer->update_id;
}

BackupState
writer_backup_step(Writer *writer, GError **error)
{
    if (writer->backup == NULL) {
        g_autofree char *name = g_strconcat(writer->path, ".backup", NULL);
        writer->backup = database_backup_new(writer->database, name, error);
        if (writer->backup == NULL)
            return BACKUP_FAILED;
    }
    BackupState state = database_backup_step(writer->backup, BACKUP_PAGES, error);
    if (state == BACKUP_DONE)
        writer->backup_update_id = writer->update_id;
    sqlite3_db_release_memory(writer->database->sqlite); /* nobody asks soon for what it read */
    if (state != BACKUP_GOES_ON)
        g_clear_pointer(&writer->backup, database_backup_free);
    return state;
}

bool
writer_purge(Writer *writer, int64_t now_s, GError **error)
{
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_TOMBSTONES_PURGE, now_s - TOMBSTONE_AGE_S, error);

    return statement != NULL && database_finish(writer->database, statement, error);
}

bool
tombstone_set(Writer *writer, const DiskEntry *entry, GError **error)
{
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_TOMBSTONE_INSERT, entry->id, error);

    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, g_get_real_time() / G_USEC_PER_SEC);
    sqlite3_bind_int64(statement, 3, entry->size_bytes);
    sqlite3_bind_int64(statement, 4, entry->modified_ns);
    database_bind_bytes(statement, 5, entry->name, strlen(entry->name));
    return database_finish(writer->database, statement, error);
}

/* Whole seconds: what brings a file back may not keep more of its time. */
bool
tombstone_take(Writer *writer, const DiskEntry *entry, int64_t *id, GError **error)
{
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_TOMBSTONE_FIND, entry->size_bytes, error);
    GError *trouble = NULL;

    *id = 0;
    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, entry->modified_ns / 1000000000);
    database_bind_bytes(statement, 3, entry->name, strlen(entry->name));
    if (database_step(writer->database, statement, &trouble)) {
        *id = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    if (trouble != NULL) {
        g_propagate_error(error, trouble);
        return false;
    }
    if (*id == 0)
        return true;
    statement = database_ask(writer->database, QUERY_TOMBSTONE_DELETE, *id, error);
    return statement != NULL && database_finish(writer->database, statement, error);
}
