/* writer-details.c -- what belongs to an object beside its row: lists, and the files beside it */
#include "media-db/writer-room.h"

#include "model/media-details.h"

#include <string.h>

bool
writer_put_details(Writer *writer, int64_t id, const void *lists, gsize size, GError **error)
{
    sqlite3_stmt *statement = database_ask(
        writer->database, size > 0 ? QUERY_DETAIL_PUT : QUERY_DETAIL_DELETE, id, error);

    if (statement == NULL)
        return false;
    if (size > 0)
        database_bind_bytes(statement, 2, lists, size);
    if (!database_finish(writer->database, statement, error))
        return false;
    g_autoptr(MediaDetails) details = size > 0 ? media_details_decode(lists, size) : NULL;
    bool has_tracks = media_details_count(details, MEDIA_TRACKS) > 0 || tracks_exist(writer, id);
    return !has_tracks || tracks_put(writer, id, error);
}

bool
writer_list_sidecars(Writer *writer, int64_t folder, DiskVisit visit, gpointer data, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_SIDECARS, folder, error);
    g_autoptr(GString) name = g_string_new(NULL);
    GError *trouble = NULL;

    if (statement == NULL)
        return false;
    while (database_step(writer->database, statement, &trouble)) {
        g_string_truncate(name, 0);
        g_string_append_len(name, sqlite3_column_blob(statement, 1),
                            sqlite3_column_bytes(statement, 1));
        visit(&(DiskEntry){ .parent = folder, .name = name->str, .is_sidecar = true,
                            .sidecar = (SidecarKind)sqlite3_column_int(statement, 0),
                            .size_bytes = sqlite3_column_int64(statement, 2),
                            .modified_ns = sqlite3_column_int64(statement, 3) },
              data);
    }
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

/* What lies in the folder looks other than before. */
static bool
run_sidecar(Writer *writer, Query query, const DiskEntry *entry, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, query, entry->parent, error);

    if (statement == NULL)
        return false;
    sqlite3_bind_int(statement, 2, (int)entry->sidecar);
    database_bind_bytes(statement, 3, entry->name, strlen(entry->name));
    if (query == QUERY_SIDECAR_PUT) {
        sqlite3_bind_int64(statement, 4, entry->size_bytes);
        sqlite3_bind_int64(statement, 5, entry->modified_ns);
    }
    writer_touch(writer, entry->parent, 0);
    return database_finish(writer->database, statement, error);
}

bool
writer_put_sidecar(Writer *writer, const DiskEntry *entry, GError **error)
{
    return run_sidecar(writer, QUERY_SIDECAR_PUT, entry, error);
}

bool
writer_drop_sidecar(Writer *writer, const DiskEntry *entry, GError **error)
{
    return run_sidecar(writer, QUERY_SIDECAR_DELETE, entry, error);
}
