/* indexer.h -- the thread that keeps the index true to the disk
 *
 * Walk -> compare (size, time, inode) with the row -> probe -> write in batches -> tell. Changes
 * come from the watcher; a root that is away, empty, or no longer the disk it was is offline, and
 * nothing of it is forgotten. A moved file is known by inode, size and time. What fails to be
 * written is found again by a later walk. An index that is found damaged is moved aside and built
 * anew. */
#pragma once

#include "media-db/writer.h"
#include "model/probe.h"

typedef struct Indexer Indexer;
typedef Probe *(*IndexerProbe)(gpointer data, GError **error);

typedef enum { INDEXER_IDLE, INDEXER_RUNNING, INDEXER_WAITING } IndexerState;
typedef enum { INDEXER_CHANGED, INDEXER_SCAN, INDEXER_ROOT } IndexerNewsType;

/* What is told, on the main loop; borrowed. */
typedef struct {
    IndexerNewsType type;
    int64_t update_id;
    GArray *containers; /* CHANGED: int64_t */
    IndexerState state; /* SCAN */
    uint32_t done, total;
    uint32_t folders;   /* SCAN: that are still to be walked, as far as is known */
    double files_per_s;
    char *trouble;      /* SCAN: what is in the way; ROOT: why it is offline */
    int64_t root_id;    /* ROOT */
    char *path;         /* ROOT; SCAN: the folder that was walked last, NULL when at rest */
    bool is_online;
} IndexerNews;

typedef void (*IndexerFunc)(const IndexerNews *news, gpointer data);

/* Takes over writer. folders: absolute paths, copied. func is called on the default main context,
 * until indexer_free(). make_probe is called on the indexer's thread. */
Indexer *indexer_new(Writer *writer, const char *const *folders, IndexerProbe make_probe,
                     gpointer probe_data, IndexerFunc func, gpointer data);
void     indexer_free(Indexer *indexer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Indexer, indexer_free)

/* Tags that are no Unicode are read in this charset, NULL for the one that looks best; before it is
 * started. */
void     indexer_set_charset(Indexer *indexer, const char *name);
void     indexer_start(Indexer *indexer);
void     indexer_stop(Indexer *indexer); /* returns when the thread has ended */
void     indexer_rescan(Indexer *indexer);
/* Has it written soon; func (may be NULL) is told on the default main context, with the error when
 * it could not be. Any thread; what note points to is copied. */
typedef void (*UseFunc)(const GError *error, gpointer data);
void     indexer_note_use(Indexer *indexer, const UseNote *note, UseFunc func, gpointer data);
/* A reader found the index damaged; it is looked at, and built anew if so. Any thread. */
void     indexer_report_damage(Indexer *indexer);
