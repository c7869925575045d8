/* database-file.c -- see database.h: the file, its schema, its lock, and what is done about damage
 */
#include "media-db/database-backup.h"

#include "media-db/text-keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SCHEMA_VERSION 14
#define BUSY_WAIT_MS 5000
#define CHECK_WAIT_MS 60000 /* the writer, for a check of a large index on a small machine */
#define TURN_US 2000        /* between two looks whether the writer is done */
#define WAL_PAGES "16000" /* of 4 KiB: then what was written goes to its place, which waits for the disk */
#define ASIDE_MAX 3 /* damaged files that are kept; a later one takes the last one's place */

static const char *const schema_steps[SCHEMA_VERSION] = { "schema/0001-objects.sql",
                                                          "schema/0002-mounts.sql",
                                                          "schema/0003-titles.sql",
                                                          "schema/0004-tombstones.sql",
                                                          "schema/0005-details.sql",
                                                          "schema/0006-use.sql",
                                                          "schema/0007-views.sql",
                                                          "schema/0008-unreadable.sql",
                                                          "schema/0009-parts.sql",
                                                          "schema/0010-kinds.sql",
                                                          "schema/0011-places.sql",
                                                          "schema/0012-letters.sql",
                                                          "schema/0013-roots.sql",
                                                          "schema/0014-dlna.sql" };

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
    database_forget_queries(database);
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

int
database_version(const char *path)
{
    g_autoptr(Database) database = open_file(path, SQLITE_OPEN_READONLY, NULL);
    int version = 0;

    return database != NULL && read_version(database, &version, NULL) &&
                   database_run(database,
                                "SELECT count(*) FROM tally; SELECT path FROM folder LIMIT 1", NULL)
               ? version
               : 0;
}

int
database_version_known(void)
{
    return SCHEMA_VERSION;
}

static bool
lift_schema(Database *database, const char *path, GError **error)
{
    int version;

    if (!read_version(database, &version, error))
        return false;
    if (version > SCHEMA_VERSION) {
        g_set_error(
            error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
            "%s was written by a newer duoping (schema %d, this one knows %d): install that "
            "version again, or put %s.before-upgrade in its place",
            path, version, SCHEMA_VERSION, path);
        return false;
    }
    if (version > 0 && version < SCHEMA_VERSION) {
        g_autofree char *name = g_strconcat(path, ".before-upgrade", NULL);
        g_autoptr(GError) trouble = NULL;
        if (!database_copy(database, name, &trouble)) /* each step is all or nothing anyway */
            g_warning("the index is upgraded without a copy: %s", trouble->message);
    }
    for (int step = version; step < SCHEMA_VERSION; step++) {
        g_autoptr(GBytes) bytes = database_text(schema_steps[step]);
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

/* Finds in a moment a file that is not ours at all, cut short, or with a broken schema; a damaged
 * page is found by database_check(), or by the question that meets it. */
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
                     "PRAGMA wal_autocheckpoint = " WAL_PAGES,
                     error) &&
        lift_schema(database, path, error) &&
        database_run(database, "SELECT count(*) FROM tally; SELECT path FROM folder LIMIT 1",
                     error)) {
        sqlite3_busy_timeout(database->sqlite, CHECK_WAIT_MS);
        return g_steal_pointer(&database);
    }

    *is_damaged = database_is_damage(sqlite3_errcode(database->sqlite));
    return NULL;
}

/* Moves the damaged file aside and, where there is one, puts its copy in its place; where the
 * damaged one is now, the caller's. */
static char *
replace_damaged(const char *path, GError **error)
{
    static const char *const parts[] = { "", "-wal", "-shm" };
    g_autofree char *aside = NULL;

    for (guint n = 1; n <= ASIDE_MAX && (aside == NULL || g_file_test(aside, G_FILE_TEST_EXISTS));
         n++) {
        g_free(aside);
        aside = g_strdup_printf("%s.damaged-%u", path, n);
    }
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *from = g_strconcat(path, parts[i], NULL);
        g_autofree char *to = g_strconcat(aside, parts[i], NULL);
        if (rename(from, to) != 0 && errno != ENOENT) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", from, g_strerror(errno));
            return NULL;
        }
    }
    g_autofree char *copy = g_strconcat(path, ".backup", NULL);
    bool is_restored = database_restore(path, copy);
    g_warning("the index %s is damaged: it was moved to %s and %s", path, aside,
              is_restored ? "its last copy is in its place; what changed since is looked for"
                          : "is built anew");
    return g_steal_pointer(&aside);
}

Database *
database_renew(Database *database, const char *path, GError **error)
{
    bool is_damaged;

    /* The old connection still holds its files: SQLite leaves the new ones alone when it closes
     * what was moved. */
    g_autofree char *aside = NULL;
    if (g_file_test(path, G_FILE_TEST_EXISTS) && (aside = replace_damaged(path, error)) == NULL)
        return NULL;
    Database *renewed = open_once(path, &is_damaged, error);
    if (renewed == NULL)
        return NULL;
    if (aside != NULL)
        database_salvage(renewed, aside);
    renewed->lock_fd = database->lock_fd;
    database->lock_fd = -1;
    database_free(database);
    return renewed;
}

bool
database_has_moved(Database *database)
{
    int has_moved = 0;

    return sqlite3_file_control(database->sqlite, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved) ==
               SQLITE_OK &&
           has_moved != 0;
}

static int
is_set(void *flag)
{
    return g_atomic_int_get((gint *)flag);
}

/* Between two transactions of the writer there is time enough, sooner or later. */
static int
wait_for_writer(void *is_stopping, int tries)
{
    g_usleep(TURN_US);
    return !is_set(is_stopping);
}

bool
database_check(const char *path, gint *is_stopping)
{
    g_autoptr(Database) database = open_file(path, SQLITE_OPEN_READWRITE, NULL);
    sqlite3_stmt *statement = NULL;

    if (database == NULL)
        return true; /* of that, others will hear */
    sqlite3 *sqlite = database->sqlite;
    sqlite3_exec(sqlite, "PRAGMA cache_size = -256", NULL, NULL, NULL);
    sqlite3_progress_handler(sqlite, 10000, is_set, is_stopping);
    sqlite3_busy_handler(sqlite, wait_for_writer, is_stopping);
    int code = sqlite3_prepare_v2(sqlite, "PRAGMA quick_check(1)", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    bool is_bad = database_is_damage(code);
    if (code == SQLITE_ROW)
        is_bad = g_strcmp0((const char *)sqlite3_column_text(statement, 0), "ok") != 0;
    sqlite3_finalize(statement);
    /* of what the words keep in their pages SQLite's own check knows nothing */
    return !is_bad &&
           !database_is_damage(sqlite3_exec(
               sqlite, "INSERT INTO words(words) VALUES ('integrity-check');"
                       "INSERT INTO letters(letters) VALUES ('integrity-check')",
               NULL, NULL, NULL));
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
        g_set_error(
            error, DUO_ERROR, DUO_ERROR_BUSY,
            "%s is in use by another duopingd: stop that one, or name another directory with "
            "--state",
            path);
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
        g_autofree char *aside = replace_damaged(path, error);
        if (aside == NULL) {
            close(lock_fd);
            return NULL;
        }
        database = open_once(path, &is_damaged, &trouble);
        if (database != NULL)
            database_salvage(database, aside);
    }
    if (database != NULL) {
        database->lock_fd = lock_fd;
    } else {
        close(lock_fd);
        if (g_error_matches(trouble, DUO_ERROR, DUO_ERROR_BUSY))
            g_prefix_error(&trouble,
                           "%s is in use by another program; stop it and start again: ", path);
        g_propagate_error(error, g_steal_pointer(&trouble));
    }
    return database;
}
