/* database-backup.h -- a second copy of media.db, and what is done when the first one is damaged
 *
 * A copy is made beside what it is made of, page by page (SQLite's backup API), while everybody
 * goes on reading; it takes its name only when it is whole. PATH.backup is made once a day when
 * something changed, PATH.before-upgrade before the schema is lifted. */
#pragma once

#include "media-db/database.h"

typedef struct DatabaseBackup DatabaseBackup;

/* Begins a copy of database to the file name. Writes of this connection between two steps are
 * copied, too. DUO_ERROR_UNAVAILABLE, also when the copy would leave its disk too little room. */
DatabaseBackup *database_backup_new(Database *database, const char *name, GError **error);
/* Not yet done: nothing remains of it. */
void            database_backup_free(DatabaseBackup *backup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DatabaseBackup, database_backup_free)

typedef enum { BACKUP_GOES_ON, BACKUP_DONE, BACKUP_FAILED } BackupState;

/* Copies up to so many pages; outside a transaction. GOES_ON also while the file is busy. */
BackupState     database_backup_step(DatabaseBackup *backup, int pages, GError **error);

/* All of it at once; only before anybody else uses database. */
bool            database_copy(Database *database, const char *name, GError **error);
/* A copy of the database at path, by a connection of its own; any thread, while everybody goes
 * on. */
bool            database_copy_path(const char *path, const char *name, GError **error);
/* Whether the file is such a copy: whole, and no newer than we are. DUO_ERROR_INVALID. */
bool            database_judge(const char *name, GError **error);
/* PATH.brought, where there is one, takes the place of path, which becomes PATH.before-restore.
 * Before anybody opens it. */
void            database_take_brought(const char *path);
/* Puts the copy name in the place of path, where nothing is: false when there is none, or it is
 * damaged, too. */
bool            database_restore(const char *path, const char *name);
/* The update id of the library as it is in the copy name; -1: there is none that can be read. */
int64_t         database_backup_update_id(const char *name);
/* Takes over from the damaged file what people did, as far as it can be read: that is nowhere else.
 * Ids and update ids go on above all that it may have given. */
void            database_salvage(Database *database, const char *damaged);
