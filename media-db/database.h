/* database.h -- a connection to media.db: opening, schema, prepared questions
 *
 * SQLite in WAL mode: one connection writes (writer.h), each reader has its own. The questions are
 * files in queries/, prepared at first use and kept; the schema is files in schema/, each applied
 * once in one transaction. A Database is used by one thread at a time. */
#pragma once

#include "base/error.h"

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

typedef enum {
    QUERY_BY_CLASS,
    QUERY_BY_INODE,
    QUERY_BY_LETTER,
    QUERY_BY_LETTERS,
    QUERY_BY_PHRASE,
    QUERY_BY_TITLE,
    QUERY_CHILD_DELETE,
    QUERY_CHILD_INSERT,
    QUERY_CHILD_INSERT_ONCE,
    QUERY_CHILDREN,
    QUERY_CONTAINER_COUNT,
    QUERY_CONTAINER_INSERT,
    QUERY_CONTAINER_MOVE,
    QUERY_CONTAINER_TOUCH,
    QUERY_CONTAINER_VERSION,
    QUERY_CONTENT_FIND,
    QUERY_CONTENT_INSERT,
    QUERY_CONTENT_OF,
    QUERY_CONTENT_OF_DELETE,
    QUERY_CONTENT_OF_SET,
    QUERY_CONTENT_UPDATE,
    QUERY_DETAIL,
    QUERY_DETAIL_DELETE,
    QUERY_DETAIL_PUT,
    QUERY_DISK_OBJECTS,
    QUERY_DISK_OF,
    QUERY_DISKS,
    QUERY_FILMS_IN,
    QUERY_FOLDER_BY_ID,
    QUERY_FOLDER_BY_PATH,
    QUERY_FOLDER_DELETE,
    QUERY_FOLDER_INSERT,
    QUERY_FOLDER_KINDS,
    QUERY_FOLDER_KINDS_FOUND,
    QUERY_FOLDER_KINDS_SET,
    QUERY_FOLDER_PATH_UPDATE,
    QUERY_GROUP_BY_LABEL,
    QUERY_KIND_CHILDREN,
    QUERY_KIND_COUNT,
    QUERY_LETTERS_DELETE,
    QUERY_LETTERS_INSERT,
    QUERY_MOUNTS,
    QUERY_OBJECT_BY_ID,
    QUERY_OBJECT_DELETE,
    QUERY_OBJECT_INSERT,
    QUERY_OBJECT_UPDATE,
    QUERY_OCTETS_DELETE,
    QUERY_OCTETS_FOLDERS,
    QUERY_OCTETS_MOVE,
    QUERY_OCTETS_OF_FOLDER,
    QUERY_OCTETS_PUT,
    QUERY_ON_DISK,
    QUERY_ON_DISK_NAME,
    QUERY_PART_OF,
    QUERY_PARTS,
    QUERY_PICTURE_CHILDREN,
    QUERY_PLAYLIST_DELETE,
    QUERY_PLAYLIST_INSERT,
    QUERY_PLAYLIST_PATHS,
    QUERY_PLAYLISTS,
    QUERY_PLAYLISTS_IN,
    QUERY_ROOT_MARK,
    QUERY_ROOT_UPDATE,
    QUERY_SHEET,
    QUERY_SHOWN_IN,
    QUERY_SIDECAR_DELETE,
    QUERY_SIDECAR_PUT,
    QUERY_SIDECARS,
    QUERY_SIDECARS_DELETE,
    QUERY_SIDECARS_OF,
    QUERY_TALLY,
    QUERY_TALLY_ADD,
    QUERY_TALLY_SET,
    QUERY_TOMBSTONE_DELETE,
    QUERY_TOMBSTONE_FIND,
    QUERY_TOMBSTONE_INSERT,
    QUERY_TOMBSTONES_PURGE,
    QUERY_USE,
    QUERY_USE_SET,
    QUERY_VIEW_MUSIC_OFTEN,
    QUERY_VIEW_MUSIC_RECENT,
    QUERY_VIEW_UNFINISHED,
    QUERY_VIEW_UNREADABLE,
    QUERY_VIEW_VIDEO_RECENT,
    QUERY_WORDS_DELETE,
    QUERY_WORDS_INSERT,
    QUERY_N
} Query;

/* The columns of QUERY_OBJECT_BY_ID; from COL_FACTS on those of media_fields[]. */
enum {
    COL_ID, COL_PARENT, COL_KIND, COL_CLASS, COL_LABEL, COL_CHILDREN, COL_UPDATE, COL_NAME,
    COL_SIZE, COL_MODIFIED, COL_INODE, COL_UNREADABLE, COL_PATH, COL_ONLINE, COL_COVER,
    COL_CONTENT, COL_FILE, COL_FILE_NAME, COL_FACTS
};

/* The first value that is a fact of the questions that write an object. */
#define VALUE_FACTS 14

typedef struct {
    sqlite3 *sqlite;
    sqlite3_stmt *queries[QUERY_N]; /* NULL until first asked */
    int lock_fd;                    /* the writer's, of PATH.lock; -1: none */
    bool is_damaged;                /* SQLite met a page that cannot be */
} Database;

/* Opens path to write, makes or lifts its schema, and holds it against a second writer. A damaged
 * file is moved aside to PATH.damaged-N and a new one begun. Errors: as library_new(). */
Database *database_open_to_write(const char *path, GError **error);
/* Moves the damaged file of a writer aside and opens its copy, or a new one, under its lock; frees
 * database on success. Its readers notice by database_has_moved(). */
Database *database_renew(Database *database, const char *path, GError **error);
/* Opens what a writer made, to read only. DUO_ERROR_UNAVAILABLE. */
Database *database_open_to_read(const char *path, GError **error);
void      database_free(Database *database);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Database, database_free)

/* Is another file in the place of the one that was opened? */
bool      database_has_moved(Database *database);
/* Reads the whole file, by a connection of its own that leaves no memory behind; false when it is
 * damaged. Ends early, with true, when *is_stopping is set. Waits for the writer as long as it
 * takes, and the writer for it. */
bool      database_check(const char *path, gint *is_stopping);

/* Of the schema in the file path, 0: it is none of ours; and of the newest that we know. */
int       database_version(const char *path);
int       database_version_known(void);

/* The prepared question, reset and with nothing bound; borrowed. */
sqlite3_stmt *database_query(Database *database, Query query, GError **error);
/* The text of a question, with the names of the facts in their places; the caller's. */
char         *database_query_text(Query query);
const char   *database_query_name(Query query);

/* Gives back the memory of all that was prepared; it is prepared anew when it is asked next. */
void          database_forget_queries(Database *database);

/* The same with its first value bound. */
sqlite3_stmt *database_ask(Database *database, Query query, int64_t first, GError **error);
/* Bind copies; a NULL text is NULL. */
void          database_bind_text(sqlite3_stmt *statement, int index, const char *text);
void          database_bind_bytes(sqlite3_stmt *statement, int index, const void *data, gsize size);

/* Runs statements that answer nothing. */
bool          database_run(Database *database, const char *sql, GError **error);
/* Does SQLite's code say that the file is damaged, or not ours? */
bool          database_is_damage(int code);
/* A file that is compiled in, "queries/tally.sql"; the caller's. */
GBytes       *database_text(const char *name);
/* Sets error to what SQLite last said. */
void          database_error(Database *database, GError **error);

/* True for a row, false at the end or with error set. */
bool          database_step(Database *database, sqlite3_stmt *statement, GError **error);
/* Runs a prepared statement that answers nothing. */
bool          database_finish(Database *database, sqlite3_stmt *statement, GError **error);
