/* indexer-room.h -- what the files of the indexer share, and nobody else sees
 *
 * indexer.c is the thread; indexer-scan.c compares the disk with the index; indexer-read.c has
 * files read and writes what was found; indexer-sidecars.c knows what belongs to others;
 * indexer-check.c looks for damage; indexer-roots.c knows which disks are there; indexer-news.c
 * tells. */
#pragma once

#include "media-db/indexer.h"
#include "media-db/watcher.h"

#define BATCH_MAX 2000 /* files written in one transaction */

typedef struct Mailbox Mailbox;
typedef struct Job Job;
typedef struct Settling Settling;
typedef struct Use Use;

struct Indexer {
    char **folders;
    char *charset; /* of tags; NULL: the best */
    IndexerProbe make_probe;
    gpointer probe_data;
    Mailbox *mailbox;
    GThread *thread;
    int wake_fd;
    GAsyncQueue *uses; /* Use */
    gint is_stopping, is_rescan_wanted, is_damage_reported;

    GThread *checker; /* NULL: none */
    gint check, is_check_stopping;

    /* the thread's own */
    Writer *writer;
    Watcher *watcher;
    Probe *probe;
    GQueue to_walk;    /* int64_t *, folders */
    GQueue to_read;    /* Job */
    GHashTable *in_flight; /* a set of Job: what the probe has */
    GQueue to_settle;  /* Settling: files that are still being written, in turn */
    GHashTable *gone;  /* ids that were not where they used to be */
    GHashTable *unwatched; /* ids of folders where changes are not told */
    GHashTable *disks; /* those that were told of */
    char *mounts;      /* the mount points below the roots, as last seen */
    int mounts_fd;
    guint batch, run;
    uint32_t done, total;
    guint false_alarms; /* reports of damage that was not found */
    int64_t renewed_us;
    int64_t run_began_us, batch_began_us, told_us, retry_us, looked_us, walked_us;
    int64_t care_us; /* when the index is taken care of next, if nothing else is to be done */
    IndexerState state;
    char *walked;       /* the folder that was walked last */
    bool is_full_walk;  /* of all roots, since the last rest */
    bool is_timed_walk; /* of the folders that are not watched, and no others */
    char *trouble;
};

/* Opens the batch when none is; false when that cannot be. */
bool indexer_begin_batch(Indexer *indexer);
void indexer_end_batch(Indexer *indexer);
/* Tells what the last commit changed. */
void indexer_tell_changed(Indexer *indexer);
void indexer_wake(Indexer *indexer); /* any thread */
/* Writes what people did. */
void uses_write(Indexer *indexer);
/* Something cannot be written or asked: forget this run, say so, and walk again later. Frees
 * error. */
void indexer_give_up(Indexer *indexer, GError *error);

/* Entries of one folder, names and all. */
typedef struct {
    GArray *entries; /* DiskEntry */
    GStringChunk *names;
} Listing;

void listing_init(Listing *listing);
void listing_clear(Listing *listing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Listing, listing_clear)
bool note_entry(const DiskEntry *entry, gpointer listing); /* a DiskVisit */

void scan_later(Indexer *indexer, int64_t folder);
void scan_folder(Indexer *indexer, int64_t folder);
void scan_name(const WatchEvent *event, gpointer indexer); /* a WatchFunc */
/* Looks again at files that were being written. */
void scan_settling(Indexer *indexer, int64_t now_us);
/* When the next of them is looked at; INT64_MAX: there is none. */
int64_t scan_settling_due(Indexer *indexer);
void settling_free(gpointer settling);
/* Walks what is not watched. */
void scan_unwatched(Indexer *indexer);
/* Writes what is new, changed or gone of the folder's sidecars, there being what lies in it. */
void sidecars_compare(Indexer *indexer, int64_t folder, const Listing *there);
/* Adds the covers of the album that the folder at path is a disc of, if it is one. */
void sidecars_add_of_album(const char *path, Listing *there);
/* The same for one; entry has at least parent, name and sidecar. */
void sidecar_look(Indexer *indexer, const DiskEntry *entry, bool is_there);
/* Roots that are no longer configured are forgotten: somebody said so. */
void scan_drop_other_roots(Indexer *indexer);
/* What lay nowhere else when everything was looked at. */
void scan_remove_gone(Indexer *indexer);

/* Looks whether a root or a mounted folder is there; walks it if so, or (only_returned) if it has
 * come back. */
bool disk_look(Indexer *indexer, int64_t disk, bool only_returned);
/* The same for all of them. */
void disks_look(Indexer *indexer, bool only_returned);
/* What was just listed at path was not the disk, but the place where it was. */
bool disk_is_lost(Indexer *indexer, int64_t disk, const char *path, bool is_found_empty);
/* Has something below the roots been mounted or unmounted since this was asked last? */
bool disks_have_changed(Indexer *indexer);
int  disks_fd(void); /* POLLPRI when anything is mounted or unmounted; -1: never */

/* indexer-check.c. Has all of the index read; one at a time. */
void check_start(Indexer *indexer);
/* Ends that; what it would have found nobody asks. */
void check_stop(Indexer *indexer);
/* It has been read, and is damaged; true once. */
bool check_found_damage(Indexer *indexer);

void job_free(gpointer job);
/* is_first: somebody waits for it, and not for what a walk has found. */
void read_later(Indexer *indexer, const DiskEntry *entry, bool is_first);
/* Hands files to the probe while it takes them. */
void read_submit(Indexer *indexer);
/* Writes what the probe has read, waiting so long for the first. */
void read_collect(Indexer *indexer, int timeout_ms);

/* Reads a playlist that came or changed, or forgets one that is gone. */
bool playlist_put(Indexer *indexer, const DiskEntry *entry, bool is_there, GError **error);

Mailbox *mailbox_new(IndexerFunc func, gpointer data);
/* Nobody listens any more; main loop. */
void     mailbox_close(Mailbox *mailbox);
/* Takes over what news points to. */
void     mailbox_tell(Mailbox *mailbox, const IndexerNews *news);
