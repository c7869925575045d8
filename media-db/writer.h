/* writer.h -- what the indexer does to the index; one writer, its own thread
 *
 * Everything between begin and commit happens at once or, when the process ends, not at all.
 * Counts, totals and update ids are kept by the way. An error leaves the transaction to be rolled
 * back. */
#pragma once

#include "media-db/database-backup.h"
#include "media-db/disk-entry.h"
#include "model/media.h"

typedef struct Writer Writer;

Writer *writer_new(const char *path, GError **error); /* errors as database_open_to_write() */
void    writer_free(Writer *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Writer, writer_free)

bool    writer_begin(Writer *writer, GError **error); /* nothing to do when begun */
bool    writer_commit(Writer *writer, GError **error);
void    writer_rollback(Writer *writer);
/* The index was found damaged while it was used. */
bool    writer_is_damaged(Writer *writer);
/* Reads the whole index, on any thread; false when it is damaged. Ends early, with true, when
 * *is_stopping is set. What is written meanwhile waits for some of it. */
bool    writer_check(Writer *writer, gint *is_stopping);
/* Moves the index aside and opens its copy or a new, empty one; ids and update ids go on from the
 * old. */
bool    writer_renew(Writer *writer, GError **error);
/* A copy of the index, PATH.backup: due once a day when something changed (now_s: Unix time), and
 * until the last step is done. */
bool    writer_backup_is_due(Writer *writer, int64_t now_s);
BackupState writer_backup_step(Writer *writer, GError **error); /* begins one when none is */
/* Forgets some of what was removed a month before now_s. */
bool    writer_purge(Writer *writer, int64_t now_s, GError **error);
/* Gives back memory after a run of commits, and (is_long_run) puts what they wrote in its place. */
void    writer_rest(Writer *writer, bool is_long_run);
/* What the last commit changed: container ids (int64_t), borrowed until the next begin. */
const GArray *writer_changed(Writer *writer);
int64_t writer_update_id(Writer *writer);

/* What the index remembers. */
bool    writer_list(Writer *writer, int64_t folder, DiskVisit visit, gpointer data, GError **error);
bool    writer_find(Writer *writer, int64_t folder, const char *name, DiskVisit visit,
                    gpointer data, GError **error);
bool    writer_find_inode(Writer *writer, int64_t inode, DiskVisit visit, gpointer data,
                          GError **error);
/* The file or folder with that id; nothing is shown when there is none. */
bool    writer_look_up(Writer *writer, int64_t id, DiskVisit visit, gpointer data, GError **error);
/* The caller's; NULL without an error when there is no such folder. root: the disk it is on. */
char   *writer_folder_path(Writer *writer, int64_t folder, int64_t *root, GError **error);

/* Adds a folder; entry->parent is VIEW_FOLDERS and its name the whole path for a root. Its id, or
 * 0. */
int64_t writer_add_folder(Writer *writer, const DiskEntry *entry, GError **error);
/* Adds a file, or replaces what was known of it when entry->id is set. facts hold at least a kind;
 * reason: why it could not be read, or NULL. Its id, or 0. */
int64_t writer_put(Writer *writer, const DiskEntry *entry, const MediaFacts *facts,
                   const char *reason, GError **error);
/* What a file holds beyond its facts, encoded (model/media-details.h); size 0: nothing. */
bool    writer_put_details(Writer *writer, int64_t id, const void *lists, gsize size,
                           GError **error);
/* Makes the words of all objects anew where an earlier version made them; false with an error. Ends
 * early, to begin again, when *is_stopping is set. */
bool    writer_lift_words(Writer *writer, gint *is_stopping, GError **error);
/* Tags that are octets are read in this charset, and in the one that looks best for NULL; what is
 * in the index is read so by and by, by writer_settle_charsets(). */
bool    writer_set_charset(Writer *writer, const char *name, GError **error);
/* Are there folders whose files should agree on a charset? */
bool    writer_has_unsettled_charsets(Writer *writer);
/* Reads the tags of one of them in the charset that its files agree on. */
bool    writer_settle_charsets(Writer *writer, GError **error);
/* The files that belong to others in a folder; an entry has parent, name and sidecar. */
bool    writer_list_sidecars(Writer *writer, int64_t folder, DiskVisit visit, gpointer data,
                             GError **error);
bool    writer_put_sidecar(Writer *writer, const DiskEntry *entry, GError **error);
bool    writer_drop_sidecar(Writer *writer, const DiskEntry *entry, GError **error);
/* The object entry->id lies at entry->parent and entry->name now. */
bool    writer_move(Writer *writer, const DiskEntry *entry, GError **error);
/* Forgets it and all below, but for what brings a file back within a month. removed: told each
 * folder's id; may be NULL. */
bool    writer_remove(Writer *writer, int64_t id, void (*removed)(int64_t folder, gpointer data),
                      gpointer data, GError **error);
/* A disk is a root, or a folder where one is mounted; what lies below goes offline with it. */
bool    writer_set_disk(Writer *writer, int64_t disk, bool is_online, bool is_mount,
                        GError **error);
bool    writer_disk_state(Writer *writer, int64_t disk, bool *is_online, bool *is_mount);
/* What tells this disk from another in its place; the caller's, NULL: not known yet. */
char   *writer_disk_mark(Writer *writer, int64_t disk);
bool    writer_set_disk_mark(Writer *writer, int64_t disk, const char *mark, GError **error);
/* Ids (int64_t) of those that are mounted; the caller's. */
GArray *writer_mounts(Writer *writer, GError **error);
/* It is missing with its disk, or is one that may come back: not to be forgotten. */
bool    writer_is_kept(Writer *writer, int64_t id);
bool    writer_is_unreadable(Writer *writer, int64_t id);

/* The playlist at that path names these (PlaylistEntry of wire/playlist.h, with absolute paths)
 * from now on; NULL: it is gone. What a cue sheet tells of one file are songs of their own. */
bool    writer_put_playlist(Writer *writer, const char *playlist, const GPtrArray *named,
                            GError **error);

/* What somebody did with an item; a number of -1 leaves it as it was. */
typedef struct {
    int64_t object;
    const char *person; /* "": whoever */
    int64_t position_ms, play_count, last_played_s;
    bool is_played_once_more;
    bool is_passing; /* while it plays: no view changes its order for that */
} UseNote;

/* Kept by what is in the file: wherever that comes up again, it is known. DUO_ERROR_NOT_FOUND. */
bool    writer_note_use(Writer *writer, const UseNote *note, GError **error);
