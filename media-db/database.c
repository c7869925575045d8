/* database.c -- see database.h */
#include "media-db/database.h"

#include "media-db/media-db-resource.h"
#include "media-db/text-keys.h"
#include "model/media.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SCHEMA_VERSION 2
#define BUSY_WAIT_MS 5000
#define PREFIX "/duoping/media-db/"

static const char *const schema_steps[SCHEMA_VERSION] = { "schema/0001-objects.sql",
                                                           "schema/0002-mounts.sql" };

static const char *const query_names[QUERY_N] = {
    [QUERY_BY_INODE] = "by-inode",
    [QUERY_CHILD_DELETE] = "child-delete",
    [QUERY_CHILD_INSERT] = "child-insert",
    [QUERY_CHILDREN] = "children",
    [QUERY_CONTAINER_COUNT] = "container-count",
    [QUERY_CONTAINER_INSERT] = "container-insert",
    [QUERY_CONTAINER_MOVE] = "container-move",
    [QUERY_CONTAINER_TOUCH] = "container-touch",
    [QUERY_CONTAINER_VERSION] = "container-version",
    [QUERY_FOLDER_BY_ID] = "folder-by-id",
    [QUERY_FOLDER_DELETE] = "folder-delete",
    [QUERY_FOLDER_INSERT] = "folder-insert",
    [QUERY_FOLDER_PATH_UPDATE] = "folder-path-update",
    [QUERY_GROUP_BY_LABEL] = "group-by-label",
    [QUERY_MOUNTS] = "mounts",
    [QUERY_OBJECT_BY_ID] = "object-by-id",
    [QUERY_OBJECT_DELETE] = "object-delete",
    [QUERY_OBJECT_INSERT] = "object-insert",
    [QUERY_OBJECT_UPDATE] = "object-update",
    [QUERY_ON_DISK] = "on-disk",
    [QUERY_ON_DISK_NAME] = "on-disk-name",
    [QUERY_ROOT_UPDATE] = "root-update",
    [QUERY_SHOWN_IN] = "shown-in",
    [QUERY_TALLY] = "tally",
    [QUERY_TALLY_ADD] = "tally-add",
    [QUERY_WORDS_DELETE] = "words-delete",
    [QUERY_WORDS_INSERT] = "words-insert",
};

static GBytes *
resource(const char *name)
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

/* @facts@ becomes o.mime, o.format, ...; @names@ the same without o.; @values@ ?101, ?102, ... */
char *
database_query_text(Query query)
{
    g_autofree char *name = g_strconcat("queries/", query_names[query], ".sql", NULL);
    g_autoptr(GBytes) bytes = resource(name);
    g_autoptr(GString) facts = g_string_new(NULL);
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GString) values = g_string_new(NULL);
    GString *text = g_string_new_len(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));

    for (guint i = 0; i < MEDIA_FIELD_COUNT; i++) {
        const char *comma = i == 0 ? "" : ", ";
        g_string_append_printf(facts, "%so.%s", comma, media_fields[i].name);
        g_string_append_printf(names, "%s%s", comma, media_fields[i].name);
        g_string_append_printf(values, "%s?%u", comma, 101 + i);
    }
    g_string_replace(text, "@facts@", facts->str, 0);
    g_string_replace(text, "@names@", names->str, 0);
    g_string_replace(text, "@values@", values->str, 0);
    return g_string_free(text, FALSE);
}

void
database_error(Database *database, GError **error)
{
    int code = sqlite3_errcode(database->sqlite) & 0xff;
    const char *way_out = "";
    DuoError duo = DUO_ERROR_UNAVAILABLE;

    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        duo = DUO_ERROR_BUSY;
    else if (code == SQLITE_FULL)
        way_out = "; make room on its disk";
    else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        way_out = "; a restart builds it anew";
    g_set_error(error, DUO_ERROR, duo, "the index: %s%s", sqlite3_errmsg(database->sqlite), way_out);
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
    if (sqlite3_prepare_v3(database->sqlite, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK) {
        database_error(database, error);
        return NULL;
    }
    database->queries[query] = statement;
    return statement;
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

/* holds(text, folded): is the folded word in the text? */
static void
holds(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *text = (const char *)sqlite3_value_text(values[0]);
    const char *word = (const char *)sqlite3_value_text(values[1]);
    g_autofree char *folded = text != NULL ? text_fold(text) : NULL;

    sqlite3_result_int(context, folded != NULL && word != NULL && strstr(folded, word) != NULL);
}

/* folded(text) */
static void
folded(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *text = (const char *)sqlite3_value_text(values[0]);

    if (text != NULL)
        sqlite3_result_text(context, text_fold(text), -1, g_free);
}

void
database_free(Database *database)
{
    if (database == NULL)
        return;
    for (guint i = 0; i < QUERY_N; i++)
        sqlite3_finalize(database->queries[i]);
    sqlite3_close(database->sqlite);
    if (database->lock_fd >= 0)
        close(database->lock_fd);
    g_free(database);
}

/* SQLite counts its memory under one lock that every thread's reader would wait for. */
static void
stop_counting_memory(void)
{
    static gsize is_done;

    if (g_once_init_enter(&is_done)) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        g_once_init_leave(&is_done, 1);
    }
}

static Database *
open_file(const char *path, int flags, GError **error)
{
    stop_counting_memory();
    g_autoptr(Database) database = g_new0(Database, 1);
    database->lock_fd = -1;
    int options = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

    if (sqlite3_open_v2(path, &database->sqlite, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        database_error(database, error);
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    sqlite3_extended_result_codes(database->sqlite, 1);
    sqlite3_busy_timeout(database->sqlite, BUSY_WAIT_MS);
    sqlite3_create_function(database->sqlite, "holds", 2, options, NULL, holds, NULL, NULL);
    sqlite3_create_function(database->sqlite, "folded", 1, options, NULL, folded, NULL, NULL);
    return g_steal_pointer(&database);
}

Database *
database_open_to_read(const char *path, GError **error)
{
    g_autoptr(Database) database = open_file(path, SQLITE_OPEN_READONLY, error);

    if (database == NULL ||
        !database_run(database, "PRAGMA query_only = 1; PRAGMA cache_size = -1024", error))
        return NULL;
    return g_steal_pointer(&database);
}

static bool
read_version(Database *database, int *version, GError **error)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(database->sqlite, "PRAGMA user_version", -1, &statement, NULL) !=
            SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        database_error(database, error);
        sqlite3_finalize(statement);
        return false;
    }
    *version = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return true;
}

static bool
lift_schema(Database *database, const char *path, GError **error)
{
    int version;

    if (!read_version(database, &version, error))
        return false;
    if (version > SCHEMA_VERSION) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                    "%s was written by a newer duoping (schema %d, this one knows %d): install that "
                    "version again, or move the file away and the index is built anew",
                    path, version, SCHEMA_VERSION);
        return false;
    }
    for (int step = version; step < SCHEMA_VERSION; step++) {
        g_autoptr(GBytes) bytes = resource(schema_steps[step]);
        g_autofree char *sql = g_strdup_printf(
            "BEGIN IMMEDIATE;\n%.*s\nPRAGMA user_version = %d;\nCOMMIT;",
            (int)g_bytes_get_size(bytes), (const char *)g_bytes_get_data(bytes, NULL), step + 1);
        if (!database_run(database, sql, error)) {
            sqlite3_exec(database->sqlite, "ROLLBACK", NULL, NULL, NULL);
            return false;
        }
    }
    return true;
}

/* A damaged page is found by the question that meets it; this finds a file that is not ours at all,
 * cut short, or with a broken schema, in a moment. */
static Database *
open_once(const char *path, bool *is_damaged, GError **error)
{
    g_autoptr(Database) database =
        open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);

    *is_damaged = false;
    if (database == NULL)
        return NULL;
    if (database_run(database,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                     "PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 16777216;"
                     "PRAGMA wal_autocheckpoint = 4000",
                     error) &&
        lift_schema(database, path, error) &&
        database_run(database, "SELECT count(*) FROM tally; SELECT path FROM folder LIMIT 1;"
                               "SELECT rowid FROM words WHERE words MATCH '\"zzz\"'", error))
        return g_steal_pointer(&database);

    int code = sqlite3_errcode(database->sqlite) & 0xff;
    *is_damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    return NULL;
}

static bool
move_aside(const char *path, GError **error)
{
    static const char *const parts[] = { "", "-wal", "-shm" };
    g_autofree char *aside = NULL;

    for (guint n = 1; aside == NULL || g_file_test(aside, G_FILE_TEST_EXISTS); n++) {
        g_free(aside);
        aside = g_strdup_printf("%s.damaged-%u", path, n);
    }
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *from = g_strconcat(path, parts[i], NULL);
        g_autofree char *to = g_strconcat(aside, parts[i], NULL);
        if (rename(from, to) != 0 && errno != ENOENT) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", from, g_strerror(errno));
            return false;
        }
    }
    g_warning("the index %s is damaged: it was moved to %s and is built anew", path, aside);
    return true;
}

/* A file of its own, since closing any descriptor of media.db would drop SQLite's locks on it. */
static int
lock_for_writer(const char *path, GError **error)
{
    g_autofree char *name = g_strconcat(path, ".lock", NULL);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0 && errno == EWOULDBLOCK)
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY,
                    "%s is in use by another duopingd: stop that one, or name another directory with "
                    "--state", path);
    else
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", name, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

Database *
database_open_to_write(const char *path, GError **error)
{
    int lock_fd = lock_for_writer(path, error);
    if (lock_fd < 0)
        return NULL;

    g_autoptr(GError) trouble = NULL;
    bool is_damaged;
    Database *database = open_once(path, &is_damaged, &trouble);

    if (database == NULL && is_damaged) {
        g_clear_error(&trouble);
        if (!move_aside(path, error)) {
            close(lock_fd);
            return NULL;
        }
        database = open_once(path, &is_damaged, &trouble);
    }
    if (database != NULL) {
        database->lock_fd = lock_fd;
    } else {
        close(lock_fd);
        if (g_error_matches(trouble, DUO_ERROR, DUO_ERROR_BUSY))
            g_prefix_error(&trouble, "%s is in use by another program; stop it and start again: ", path);
        g_propagate_error(error, g_steal_pointer(&trouble));
    }
    return database;
}
