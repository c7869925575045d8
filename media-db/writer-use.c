/* writer-use.c -- see writer.h: what people did with an item, and how a file is known by its
 * content
 *
 * A file is digested when it is used first, and when one comes whose size is that of a used one:
 * a library that nobody plays costs nothing. */
#include "media-db/writer-room.h"

#include "media-db/content-digest.h"

#include <string.h>

static bool
digest_of(Writer *writer, int64_t id, int64_t *size_bytes, guint8 *digest)
{
    g_auto(Row) row = { 0 };

    if (!row_read(writer, id, &row, NULL) || (!row.has_name && row.file == 0))
        return false;
    g_autofree char *folder = writer_folder_path(writer, row.entry.parent, NULL, NULL);
    g_autofree char *path = folder != NULL ? g_build_filename(folder, row.entry.name, NULL) : NULL;
    *size_bytes = row.entry.size_bytes;
    if (path == NULL || !content_digest(path, row.entry.size_bytes, digest))
        return false;
    for (guint i = 0; row.file != 0 && i < sizeof(uint64_t);
         i++) /* another part, another content */
        digest[i] ^= (guint8)((uint64_t)(row.object->facts.start_ms + 1) >> 8 * i);
    return true;
}

/* The first column of a question's first row; 0: there is none. False with an error. */
static bool
ask_id(Writer *writer, sqlite3_stmt *statement, int64_t *id, GError **error)
{
    GError *trouble = NULL;

    *id = 0;
    if (statement == NULL)
        return false;
    if (database_step(writer->database, statement, &trouble)) {
        *id = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

static bool
content_of(Writer *writer, int64_t object, int64_t *content, GError **error)
{
    return ask_id(writer, database_ask(writer->database, QUERY_CONTENT_OF, object, error), content,
                  error);
}

/* digest NULL: whichever. */
static bool
content_find(Writer *writer, int64_t size_bytes, const guint8 *digest, int64_t *content,
             GError **error)
{
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_CONTENT_FIND, size_bytes, error);

    if (statement != NULL && digest != NULL)
        database_bind_bytes(statement, 2, digest, CONTENT_DIGEST_SIZE);
    return ask_id(writer, statement, content, error);
}

static bool
set_content_of(Writer *writer, int64_t object, int64_t content, GError **error)
{
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_CONTENT_OF_SET, object, error);

    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, content);
    return database_finish(writer->database, statement, error);
}

/* The content of an object, made when there is none. What lies on a disk that is away has no digest
 * yet: its id stands for it. */
static bool
content_need(Writer *writer, int64_t object, int64_t *content, GError **error)
{
    guint8 digest[CONTENT_DIGEST_SIZE] = { 0 };
    int64_t size_bytes = -1;

    if (!content_of(writer, object, content, error) || *content != 0)
        return *content != 0;
    if (!digest_of(writer, object, &size_bytes, digest)) {
        size_bytes = -1;
        memcpy(digest, &object, sizeof object);
    }
    if (!content_find(writer, size_bytes, digest, content, error))
        return false;
    if (*content == 0) {
        sqlite3_stmt *statement =
            database_ask(writer->database, QUERY_CONTENT_INSERT, size_bytes, error);
        if (statement == NULL)
            return false;
        database_bind_bytes(statement, 2, digest, sizeof digest);
        if (!database_finish(writer->database, statement, error))
            return false;
        *content = sqlite3_last_insert_rowid(writer->database->sqlite);
    }
    return set_content_of(writer, object, *content, error);
}

bool
use_follow(Writer *writer, int64_t id, int64_t size_bytes, GError **error)
{
    guint8 digest[CONTENT_DIGEST_SIZE];
    int64_t content, same;

    if (!content_of(writer, id, &content, error))
        return false;
    if (content == 0 && (!content_find(writer, size_bytes, NULL, &same, error) || same == 0))
        return same == 0 && (error == NULL || *error == NULL);
    if (!digest_of(writer, id, &size_bytes, digest))
        return true; /* gone again */
    if (content == 0)
        return content_find(writer, size_bytes, digest, &same, error) &&
               (same == 0 || set_content_of(writer, id, same, error));
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_CONTENT_UPDATE, content, error);
    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, size_bytes);
    database_bind_bytes(statement, 3, digest, sizeof digest);
    return database_finish(writer->database, statement, error);
}

bool
use_forget(Writer *writer, int64_t id, GError **error)
{
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_CONTENT_OF_DELETE, id, error);

    return statement != NULL && database_finish(writer->database, statement, error);
}

bool
writer_note_use(Writer *writer, const UseNote *note, GError **error)
{
    g_auto(Row) row = { 0 };
    int64_t content;

    if (!row_read(writer, note->object, &row, error) || row.entry.is_folder ||
        (!row.has_name && row.file == 0)) {
        if (error != NULL && *error == NULL)
            g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                        "no item has the id %" G_GINT64_FORMAT, (gint64)note->object);
        return false;
    }
    if (!content_need(writer, note->object, &content, error))
        return false;
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_USE_SET, content, error);
    if (statement == NULL)
        return false;
    database_bind_text(statement, 2, note->person);
    sqlite3_bind_int64(statement, 3, note->position_ms);
    sqlite3_bind_int64(statement, 4, note->play_count);
    sqlite3_bind_int64(statement, 5, note->last_played_s);
    sqlite3_bind_int(statement, 6, note->is_played_once_more);
    if (!note->is_passing) {
        writer_touch(writer, VIEW_UNFINISHED, 0);
        writer_touch(writer, VIEW_MUSIC_OFTEN, 0);
    }
    return database_finish(writer->database, statement, error);
}
