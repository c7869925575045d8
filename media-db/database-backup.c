/* database-backup.c -- see database-backup.h */
#include "media-db/database-backup.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define ROOM_LEFT (64 << 20) /* bytes that a copy leaves free on its disk */

struct DatabaseBackup {
    char *name, *unfinished;
    sqlite3 *copy;
    sqlite3_backup *backup;
};

static bool
has_room(sqlite3 *source, const char *name, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(name);
    struct statvfs status;
    GStatBuf file;

    if (statvfs(folder, &status) != 0 ||
        g_stat(sqlite3_db_filename(source, "main"), &file) != 0)
        return true; /* of that, the copy will tell */
    if ((guint64)status.f_bavail * status.f_frsize >= (guint64)file.st_size + ROOM_LEFT)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE,
                "the disk of %s is too full to hold a second copy of the index", folder);
    return false;
}

static DatabaseBackup *
backup_new(sqlite3 *source, const char *name, GError **error)
{
    if (!has_room(source, name, error))
        return NULL;
    g_autoptr(DatabaseBackup) backup = g_new0(DatabaseBackup, 1);
    backup->name = g_strdup(name);
    backup->unfinished = g_strconcat(name, ".new", NULL);
    unlink(backup->unfinished);
    if (sqlite3_open_v2(backup->unfinished, &backup->copy,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) == SQLITE_OK)
        backup->backup = sqlite3_backup_init(backup->copy, "main", source, "main");
    if (backup->backup != NULL)
        return g_steal_pointer(&backup);
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", backup->unfinished,
                sqlite3_errmsg(backup->copy));
    return NULL;
}

DatabaseBackup *
database_backup_new(Database *database, const char *name, GError **error)
{
    return backup_new(database->sqlite, name, error);
}

void
database_backup_free(DatabaseBackup *backup)
{
    if (backup == NULL)
        return;
    sqlite3_backup_finish(backup->backup);
    sqlite3_close(backup->copy);
    unlink(backup->unfinished); /* one that is done has another name */
    g_free(backup->unfinished);
    g_free(backup->name);
    g_free(backup);
}

BackupState
database_backup_step(DatabaseBackup *backup, int pages, GError **error)
{
    int code = sqlite3_backup_step(backup->backup, pages);

    if (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return BACKUP_GOES_ON;
    sqlite3_backup_finish(g_steal_pointer(&backup->backup));
    sqlite3_close(g_steal_pointer(&backup->copy));
    if (code == SQLITE_DONE && rename(backup->unfinished, backup->name) == 0)
        return BACKUP_DONE;
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", backup->name,
                code == SQLITE_DONE ? g_strerror(errno) : sqlite3_errstr(code));
    return BACKUP_FAILED;
}

static bool
copy_all(sqlite3 *source, const char *name, GError **error)
{
    g_autoptr(DatabaseBackup) backup = backup_new(source, name, error);

    return backup != NULL && database_backup_step(backup, -1, error) == BACKUP_DONE;
}

bool
database_copy(Database *database, const char *name, GError **error)
{
    return copy_all(database->sqlite, name, error);
}

/* A copy is read as it lies there, without a log or locks of its own; the caller's. */
static sqlite3 *
open_copy(const char *name, GError **error)
{
    g_autofree char *file = g_filename_to_uri(name, NULL, error);
    g_autofree char *uri = file != NULL ? g_strconcat(file, "?immutable=1", NULL) : NULL;
    sqlite3 *copy = NULL;

    if (uri == NULL)
        return NULL;
    int code = sqlite3_open_v2(uri, &copy, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    if (code == SQLITE_OK)
        return copy;
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s", sqlite3_errstr(code));
    sqlite3_close(copy);
    return NULL;
}

int64_t
database_backup_update_id(const char *name)
{
    sqlite3 *copy = open_copy(name, NULL);
    sqlite3_stmt *statement = NULL;
    int64_t update_id = -1;

    if (copy != NULL &&
        sqlite3_prepare_v2(copy, "SELECT number FROM tally WHERE what = 5", -1, &statement,
                           NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        update_id = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(copy);
    return update_id;
}

static bool
copy_back(const char *path, const char *name, GError **error)
{
    sqlite3 *source = open_copy(name, error);
    bool is_done = source != NULL && copy_all(source, path, error);

    sqlite3_close(source);
    return is_done;
}

bool
database_restore(const char *path, const char *name)
{
    g_autoptr(GError) error = NULL;
    gint never = 0;

    if (!g_file_test(name, G_FILE_TEST_EXISTS))
        return false;
    if (!copy_back(path, name, &error)) {
        g_warning("the copy of the index, %s, is of no use: %s", name, error->message);
        return false;
    }
    if (database_check(path, &never))
        return true;
    g_warning("the copy of the index, %s, is damaged, too", name);
    unlink(path);
    return false;
}

/* -- What is brought back ---------------------------------------------------------------------- */

bool
database_copy_path(const char *path, const char *name, GError **error)
{
    g_autoptr(Database) database = database_open_to_read(path, error);

    return database != NULL && database_copy(database, name, error);
}

bool
database_judge(const char *name, GError **error)
{
    gint never = 0;
    int version = database_version(name);

    if (version < 1 || !database_check(name, &never))
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID,
                            "that is no whole library of duoping");
    else if (version > database_version_known())
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID,
                            "that library is of a newer duoping than this one");
    else
        return true;
    return false;
}

void
database_take_brought(const char *path)
{
    static const char *const parts[] = { "", "-wal", "-shm" };
    g_autofree char *brought = g_strconcat(path, ".brought", NULL);

    if (!g_file_test(brought, G_FILE_TEST_EXISTS))
        return;
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *from = g_strconcat(path, parts[i], NULL);
        g_autofree char *to = g_strconcat(path, ".before-restore", parts[i], NULL);
        unlink(to);
        rename(from, to); /* some may not be there */
    }
    if (rename(brought, path) == 0)
        g_message("the library that was brought back is in its place; the former one is %s"
                  ".before-restore", path);
    else
        g_warning("%s: %s", brought, g_strerror(errno));
}

/* Row by row, up to the first that cannot be read. */
static guint
salvage_rows(sqlite3 *sqlite, const char *select, const char *insert)
{
    sqlite3_stmt *from = NULL, *to = NULL;
    guint count = 0;

    if (sqlite3_prepare_v2(sqlite, select, -1, &from, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(sqlite, insert, -1, &to, NULL) == SQLITE_OK) {
        while (sqlite3_step(from) == SQLITE_ROW) {
            for (int i = 0; i < sqlite3_column_count(from); i++)
                sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
            count += sqlite3_step(to) == SQLITE_DONE;
            sqlite3_reset(to);
        }
    }
    sqlite3_finalize(from);
    sqlite3_finalize(to);
    return count;
}

static int64_t
number_of(sqlite3 *sqlite, const char *select)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;

    if (sqlite3_prepare_v2(sqlite, select, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* Ids and update ids are never given twice: they go on where the damaged index was, or, when it
 * does not say, far above. */
static void
go_on(sqlite3 *sqlite)
{
    int64_t id = number_of(sqlite, "SELECT max(seq) FROM damaged.sqlite_sequence");
    int64_t update_id = number_of(sqlite, "SELECT number FROM damaged.tally WHERE what = 5");
    char *sql = sqlite3_mprintf(
        "UPDATE main.sqlite_sequence SET seq = max(seq, %lld) + %d;"
        "UPDATE main.tally SET number = max(number, %lld) + %d WHERE what = 5",
        (long long)id, id < 0 ? 1000000 : 0, (long long)update_id, update_id < 0 ? 10000 : 1);

    sqlite3_exec(sqlite, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
}

void
database_salvage(Database *database, const char *damaged)
{
    static const struct {
        const char *select, *insert;
    } tables[] = {
        { "SELECT id, size_bytes, digest FROM damaged.content",
          "INSERT OR IGNORE INTO content(id, size_bytes, digest) VALUES (?1, ?2, ?3)" },
        { "SELECT object, content FROM damaged.content_of WHERE object IN (SELECT id FROM object)",
          "INSERT OR REPLACE INTO content_of(object, content) VALUES (?1, ?2)" },
        { "SELECT content, person, position_ms, play_count, last_played_s FROM damaged.use",
          "INSERT OR REPLACE INTO use(content, person, position_ms, play_count, last_played_s) "
          "VALUES (?1, ?2, ?3, ?4, ?5)" },
    };
    char *attach = sqlite3_mprintf("ATTACH %Q AS damaged", damaged);
    guint counts[G_N_ELEMENTS(tables)] = { 0 };

    int code = sqlite3_exec(database->sqlite, attach, NULL, NULL, NULL);
    sqlite3_free(attach);
    if (code != SQLITE_OK) /* it cannot even be opened */
        sqlite3_exec(database->sqlite, "ATTACH ':memory:' AS damaged", NULL, NULL, NULL);
    go_on(database->sqlite);
    sqlite3_exec(database->sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        counts[i] = salvage_rows(database->sqlite, tables[i].select, tables[i].insert);
    sqlite3_exec(database->sqlite, "COMMIT", NULL, NULL, NULL);
    sqlite3_exec(database->sqlite, "DETACH damaged", NULL, NULL, NULL);
    if (counts[0] > 0)
        g_message("what was done with %u items is taken over from the damaged index", counts[0]);
}
