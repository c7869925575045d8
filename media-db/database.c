/* database.c -- see database.h: questions, and what SQLite says to them */
#include "media-db/database.h"

#include "media-db/media-db-resource.h"
#include "model/media.h"

#include <string.h>

#define PREFIX "/duoping/media-db/"

static const char *const query_names[QUERY_N] = {
    [QUERY_BY_CLASS] = "by-class",
    [QUERY_BY_INODE] = "by-inode",
    [QUERY_BY_LETTER] = "by-letter",
    [QUERY_BY_LETTERS] = "by-letters",
    [QUERY_BY_PHRASE] = "by-phrase",
    [QUERY_BY_TITLE] = "by-title",
    [QUERY_CHILD_DELETE] = "child-delete",
    [QUERY_CHILD_INSERT] = "child-insert",
    [QUERY_CHILD_INSERT_ONCE] = "child-insert-once",
    [QUERY_CHILDREN] = "children",
    [QUERY_CONTAINER_COUNT] = "container-count",
    [QUERY_CONTAINER_INSERT] = "container-insert",
    [QUERY_CONTAINER_MOVE] = "container-move",
    [QUERY_CONTAINER_TOUCH] = "container-touch",
    [QUERY_CONTAINER_VERSION] = "container-version",
    [QUERY_CONTENT_FIND] = "content-find",
    [QUERY_CONTENT_INSERT] = "content-insert",
    [QUERY_CONTENT_OF] = "content-of",
    [QUERY_CONTENT_OF_DELETE] = "content-of-delete",
    [QUERY_CONTENT_OF_SET] = "content-of-set",
    [QUERY_CONTENT_UPDATE] = "content-update",
    [QUERY_DETAIL] = "detail",
    [QUERY_DETAIL_DELETE] = "detail-delete",
    [QUERY_DETAIL_PUT] = "detail-put",
    [QUERY_DISK_OBJECTS] = "disk-objects",
    [QUERY_DISK_OF] = "disk-of",
    [QUERY_DISKS] = "disks",
    [QUERY_FILMS_IN] = "films-in",
    [QUERY_FOLDER_BY_ID] = "folder-by-id",
    [QUERY_FOLDER_BY_PATH] = "folder-by-path",
    [QUERY_FOLDER_DELETE] = "folder-delete",
    [QUERY_FOLDER_INSERT] = "folder-insert",
    [QUERY_FOLDER_KINDS] = "folder-kinds",
    [QUERY_FOLDER_KINDS_FOUND] = "folder-kinds-found",
    [QUERY_FOLDER_KINDS_SET] = "folder-kinds-set",
    [QUERY_FOLDER_PATH_UPDATE] = "folder-path-update",
    [QUERY_GROUP_BY_LABEL] = "group-by-label",
    [QUERY_KIND_CHILDREN] = "kind-children",
    [QUERY_KIND_COUNT] = "kind-count",
    [QUERY_LETTERS_DELETE] = "letters-delete",
    [QUERY_LETTERS_INSERT] = "letters-insert",
    [QUERY_MOUNTS] = "mounts",
    [QUERY_OBJECT_BY_ID] = "object-by-id",
    [QUERY_OBJECT_DELETE] = "object-delete",
    [QUERY_OBJECT_INSERT] = "object-insert",
    [QUERY_OBJECT_UPDATE] = "object-update",
    [QUERY_OCTETS_DELETE] = "octets-delete",
    [QUERY_OCTETS_FOLDERS] = "octets-folders",
    [QUERY_OCTETS_MOVE] = "octets-move",
    [QUERY_OCTETS_OF_FOLDER] = "octets-of-folder",
    [QUERY_OCTETS_PUT] = "octets-put",
    [QUERY_ON_DISK] = "on-disk",
    [QUERY_ON_DISK_NAME] = "on-disk-name",
    [QUERY_PART_OF] = "part-of",
    [QUERY_PARTS] = "parts",
    [QUERY_PICTURE_CHILDREN] = "picture-children",
    [QUERY_PLAYLIST_DELETE] = "playlist-delete",
    [QUERY_PLAYLIST_INSERT] = "playlist-insert",
    [QUERY_PLAYLIST_PATHS] = "playlist-paths",
    [QUERY_PLAYLISTS] = "playlists",
    [QUERY_PLAYLISTS_IN] = "playlists-in",
    [QUERY_ROOT_MARK] = "root-mark",
    [QUERY_ROOT_UPDATE] = "root-update",
    [QUERY_SHEET] = "sheet",
    [QUERY_SHOWN_IN] = "shown-in",
    [QUERY_SIDECAR_DELETE] = "sidecar-delete",
    [QUERY_SIDECAR_PUT] = "sidecar-put",
    [QUERY_SIDECARS] = "sidecars",
    [QUERY_SIDECARS_DELETE] = "sidecars-delete",
    [QUERY_SIDECARS_OF] = "sidecars-of",
    [QUERY_TALLY] = "tally",
    [QUERY_TALLY_ADD] = "tally-add",
    [QUERY_TALLY_SET] = "tally-set",
    [QUERY_TOMBSTONE_DELETE] = "tombstone-delete",
    [QUERY_TOMBSTONE_FIND] = "tombstone-find",
    [QUERY_TOMBSTONE_INSERT] = "tombstone-insert",
    [QUERY_TOMBSTONES_PURGE] = "tombstones-purge",
    [QUERY_USE] = "use",
    [QUERY_USE_SET] = "use-set",
    [QUERY_VIEW_MUSIC_OFTEN] = "view-music-often",
    [QUERY_VIEW_MUSIC_RECENT] = "view-music-recent",
    [QUERY_VIEW_UNFINISHED] = "view-unfinished",
    [QUERY_VIEW_UNREADABLE] = "view-unreadable",
    [QUERY_VIEW_VIDEO_RECENT] = "view-video-recent",
    [QUERY_WORDS_DELETE] = "words-delete",
    [QUERY_WORDS_INSERT] = "words-insert",
};

GBytes *
database_text(const char *name)
{
    g_autofree char *path = g_strconcat(PREFIX, name, NULL);
    GBytes *bytes = g_resource_lookup_data(media_db_get_resource(), path, 0, NULL);

    g_assert(bytes != NULL); /* compiled in */
    return bytes;
}

const char *
database_query_name(Query query)
{
    return query_names[query];
}

/* @facts@ becomes o.mime, o.format, ...; @names@ the same without o.; @values@ ?14, ?15, ... */
char *
database_query_text(Query query)
{
    g_autofree char *name = g_strconcat("queries/", query_names[query], ".sql", NULL);
    g_autoptr(GBytes) bytes = database_text(name);
    g_autoptr(GString) facts = g_string_new(NULL);
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GString) values = g_string_new(NULL);
    GString *text =
        g_string_new_len(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));

    for (guint i = 0; i < MEDIA_FIELD_COUNT; i++) {
        const char *comma = i == 0 ? "" : ", ";
        g_string_append_printf(facts, "%so.%s", comma, media_fields[i].name);
        g_string_append_printf(names, "%s%s", comma, media_fields[i].name);
        g_string_append_printf(values, "%s?%u", comma, VALUE_FACTS + i);
    }
    g_string_replace(text, "@facts@", facts->str, 0);
    g_string_replace(text, "@names@", names->str, 0);
    g_string_replace(text, "@values@", values->str, 0);
    return g_string_free(text, FALSE);
}

bool
database_is_damage(int code)
{
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

void
database_error(Database *database, GError **error)
{
    int code = sqlite3_errcode(database->sqlite) & 0xff;
    const char *way_out = "";
    DuoError duo = DUO_ERROR_UNAVAILABLE;

    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        duo = DUO_ERROR_BUSY;
    } else if (code == SQLITE_INTERRUPT) {
        duo = DUO_ERROR_TOO_LARGE;
        way_out = " because it takes too long; ask for less";
    } else if (code == SQLITE_FULL) {
        duo = DUO_ERROR_NO_ROOM;
        way_out = "; make room on its disk, indexing goes on by itself";
    } else if (database_is_damage(code)) {
        way_out = "; it is built anew, by itself";
    }
    database->is_damaged = database->is_damaged || database_is_damage(code);
    g_set_error(error, DUO_ERROR, duo, "the index: %s%s", sqlite3_errmsg(database->sqlite),
                way_out);
}

bool
database_run(Database *database, const char *sql, GError **error)
{
    if (sqlite3_exec(database->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    database_error(database, error);
    return false;
}

sqlite3_stmt *
database_query(Database *database, Query query, GError **error)
{
    sqlite3_stmt *statement = database->queries[query];

    if (statement != NULL) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
        return statement;
    }
    g_autofree char *text = database_query_text(query);
    if (sqlite3_prepare_v3(database->sqlite, text, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           NULL) != SQLITE_OK) {
        database_error(database, error);
        return NULL;
    }
    database->queries[query] = statement;
    return statement;
}

void
database_forget_queries(Database *database)
{
    for (guint i = 0; i < QUERY_N; i++)
        g_clear_pointer(&database->queries[i], sqlite3_finalize);
}

bool
database_step(Database *database, sqlite3_stmt *statement, GError **error)
{
    int code = sqlite3_step(statement);

    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        database_error(database, error);
    sqlite3_reset(statement); /* a statement left open would hold its snapshot */
    return false;
}

sqlite3_stmt *
database_ask(Database *database, Query query, int64_t first, GError **error)
{
    sqlite3_stmt *statement = database_query(database, query, error);

    if (statement != NULL)
        sqlite3_bind_int64(statement, 1, first);
    return statement;
}

void
database_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

void
database_bind_bytes(sqlite3_stmt *statement, int index, const void *data, gsize size)
{
    sqlite3_bind_blob(statement, index, data, (int)size, SQLITE_TRANSIENT);
}

bool
database_finish(Database *database, sqlite3_stmt *statement, GError **error)
{
    GError *trouble = NULL;

    database_step(database, statement, &trouble);
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}
