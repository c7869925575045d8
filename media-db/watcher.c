/* watcher.c -- see watcher.h */
#include "media-db/watcher.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#define EVENTS                                                                                     \
    (IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB |            \
     IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)

/* There are as many as folders, and they live on among all that a walk takes and gives back: slices
 * keep them together. */
typedef struct {
    int64_t folder; /* first, for g_int64_hash() */
    int number;     /* the kernel's */
} Watch;

struct Watcher {
    int fd;
    GHashTable *of_folders; /* of Watch, by folder; owned */
    GHashTable *of_numbers; /* the same by number, borrowed: the youngest of each */
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

static guint
number_hash(gconstpointer watch)
{
    return (guint)((const Watch *)watch)->number;
}

static gboolean
number_equal(gconstpointer a, gconstpointer b)
{
    return ((const Watch *)a)->number == ((const Watch *)b)->number;
}

static void
watch_free(gpointer watch)
{
    g_slice_free(Watch, watch);
}

Watcher *
watcher_new(void)
{
    Watcher *watcher = g_new0(Watcher, 1);

    watcher->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watcher->of_folders = g_hash_table_new_full(g_int64_hash, g_int64_equal, watch_free, NULL);
    watcher->of_numbers = g_hash_table_new(number_hash, number_equal);
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
    g_hash_table_unref(watcher->of_numbers);
    g_hash_table_unref(watcher->of_folders);
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

/* False: the kernel's watch is another folder's by now, which is the same one by another path. */
static bool
forget(Watcher *watcher, Watch *watch)
{
    bool is_its = g_hash_table_lookup(watcher->of_numbers, watch) == watch;

    if (is_its)
        g_hash_table_remove(watcher->of_numbers, watch);
    g_hash_table_remove(watcher->of_folders, watch);
    return is_its;
}

bool
watcher_add(Watcher *watcher, int64_t folder, const char *path)
{
    int number = watcher->fd >= 0 ? inotify_add_watch(watcher->fd, path, EVENTS) : -1;

    if (number < 0) {
        if (watcher->fd >= 0 && errno == ENOSPC) {
            watcher->trouble = no_watch;
            if (!watcher->is_said)
                g_warning("%s", watcher->trouble);
            watcher->is_said = true;
        }
        return false;
    }
    Watch *known = g_hash_table_lookup(watcher->of_folders, &folder);
    if (known != NULL)
        forget(watcher, known);
    Watch *watch = g_slice_new(Watch);
    *watch = (Watch){ folder, number };
    g_hash_table_add(watcher->of_folders, watch);
    g_hash_table_add(watcher->of_numbers, watch);
    return true;
}

void
watcher_remove(Watcher *watcher, int64_t folder)
{
    Watch *watch = g_hash_table_lookup(watcher->of_folders, &folder);

    if (watch == NULL)
        return;
    int number = watch->number;
    if (forget(watcher, watch))
        inotify_rm_watch(watcher->fd, number);
}

static void
tell(Watcher *watcher, const struct inotify_event *event, WatchFunc func, gpointer data)
{
    if (event->mask & IN_Q_OVERFLOW) {
        func(&(WatchEvent){ .is_lost = true }, data);
        return;
    }
    Watch *watch = g_hash_table_lookup(watcher->of_numbers, &(Watch){ .number = event->wd });
    if (watch == NULL)
        return;
    if (event->mask & IN_IGNORED) {
        forget(watcher, watch);
        return;
    }
    int64_t folder = watch->folder; /* who is told may forget the watch */
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
