/* watcher.h -- hears of changes in folders (inotify); folders are known by their id in the index */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Watcher Watcher;

typedef struct {
    int64_t folder;   /* 0 with WATCH_LOST */
    const char *name; /* in it; NULL: the folder itself went away */
    bool is_new;      /* a file was made and is perhaps not written yet */
    bool is_whole;    /* whoever wrote it closed it, or it was moved here */
    bool is_lost;     /* events were lost: look at everything */
} WatchEvent;

typedef void (*WatchFunc)(const WatchEvent *event, gpointer data);

Watcher *watcher_new(void); /* one without inotify watches nothing */
void     watcher_free(Watcher *watcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watcher, watcher_free)

/* Readable when there are events; -1: never. */
int      watcher_fd(Watcher *watcher);
/* False when the limit of watches is reached, or the folder cannot be watched. */
bool     watcher_add(Watcher *watcher, int64_t folder, const char *path);
void     watcher_remove(Watcher *watcher, int64_t folder);
/* Tells func of all that happened so far; does not wait. */
void     watcher_read(Watcher *watcher, WatchFunc func, gpointer data);
/* Some folders are on the network: what others change there is not told. */
void     watcher_note_remote(Watcher *watcher);
/* Why some folder could not be watched, so that walks must take the place of events, and the way
 * out, for people; NULL: all are watched. */
const char *watcher_trouble(Watcher *watcher);
/* All folders are about to be added again: perhaps more are allowed by now. */
void     watcher_retry(Watcher *watcher);
