/* watcher.c -- see watcher.h */
#include "media-db/watcher.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#define EVENTS                                                                                     \
    (IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB |            \
     IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)

struct Watcher {
    int fd;
    GHashTable *folders; /* watch -> id */
    GHashTable *watches; /* id -> watch */
    const char *trouble;
    bool is_said; /* of too many folders, once */
};

static const char no_instance[] =
    "changes in the folders cannot be watched: they are walked every ten minutes instead; more is "
    "allowed by: sysctl fs.inotify.max_user_instances=1024";
static const char no_watch[] = "there are more folders than the system lets us watch: they are "
                               "walked every ten minutes instead; "
                               "more is allowed by: sysctl fs.inotify.max_user_watches=1048576";
static const char is_remote[] = "what others change in folders on the network is not told: those "
                                "are walked every ten minutes instead";

Watcher *
watcher_new(void)
{
    Watcher *watcher = g_new0(Watcher, 1);

    watcher->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watcher->folders = g_hash_table_new_full(g_int_hash, g_int_equal, g_free, g_free);
    watcher->watches = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    if (watcher->fd < 0) {
        watcher->trouble = no_instance;
        g_warning("%s (%s)", watcher->trouble, g_strerror(errno));
    }
    return watcher;
}

void
watcher_free(Watcher *watcher)
{
    if (watcher == NULL)
        return;
    if (watcher->fd >= 0)
        close(watcher->fd);
    g_hash_table_unref(watcher->folders);
    g_hash_table_unref(watcher->watches);
    g_free(watcher);
}

int
watcher_fd(Watcher *watcher)
{
    return watcher->fd;
}

const char *
watcher_trouble(Watcher *watcher)
{
    return watcher->trouble;
}

void
watcher_retry(Watcher *watcher)
{
    if (watcher->fd >= 0)
        watcher->trouble = NULL;
}

void
watcher_note_remote(Watcher *watcher)
{
    if (watcher->trouble == NULL)
        watcher->trouble = is_remote;
}

bool
watcher_add(Watcher *watcher, int64_t folder, const char *path)
{
    int watch = watcher->fd >= 0 ? inotify_add_watch(watcher->fd, path, EVENTS) : -1;

    if (watch < 0) {
        if (watcher->fd >= 0 && errno == ENOSPC) {
            watcher->trouble = no_watch;
            if (!watcher->is_said)
                g_warning("%s", watcher->trouble);
            watcher->is_said = true;
        }
        return false;
    }
    g_hash_table_replace(watcher->folders, g_memdup2(&watch, sizeof watch),
                         g_memdup2(&folder, sizeof folder));
    g_hash_table_replace(watcher->watches, g_memdup2(&folder, sizeof folder),
                         g_memdup2(&watch, sizeof watch));
    return true;
}

void
watcher_remove(Watcher *watcher, int64_t folder)
{
    int *watch = g_hash_table_lookup(watcher->watches, &folder);

    if (watch == NULL)
        return;
    inotify_rm_watch(watcher->fd, *watch);
    g_hash_table_remove(watcher->folders, watch);
    g_hash_table_remove(watcher->watches, &folder);
}

static void
tell(Watcher *watcher, const struct inotify_event *event, WatchFunc func, gpointer data)
{
    if (event->mask & IN_Q_OVERFLOW) {
        func(&(WatchEvent){ .is_lost = true }, data);
        return;
    }
    int64_t *known = g_hash_table_lookup(watcher->folders, &event->wd);
    if (known == NULL)
        return;
    int64_t folder = *known;
    if (event->mask & IN_IGNORED) {
        int *watch = g_hash_table_lookup(watcher->watches, &folder);
        if (watch != NULL && *watch == event->wd)
            g_hash_table_remove(watcher->watches, &folder);
        g_hash_table_remove(watcher->folders, &event->wd);
        return;
    }
    if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT))
        func(&(WatchEvent){ .folder = folder }, data);
    else if (event->len > 0)
        func(&(WatchEvent){ .folder = folder,
                            .name = event->name,
                            .is_new = (event->mask & IN_CREATE) && !(event->mask & IN_ISDIR),
                            .is_whole = (event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0 },
             data);
}

void
watcher_read(Watcher *watcher, WatchFunc func, gpointer data)
{
    char buffer[65536] __attribute__((aligned(8)));
    ssize_t size;

    while (watcher->fd >= 0 && (size = read(watcher->fd, buffer, sizeof buffer)) > 0) {
        for (ssize_t at = 0; at < size;) {
            const struct inotify_event *event = (const void *)(buffer + at);
            at += (ssize_t)(sizeof *event + event->len);
            tell(watcher, event, func, data);
        }
    }
}
