/* picture-cache.c -- see picture-cache.h */
#include "api/picture-cache.h"

#include "base/error.h"

#include <glib/gstdio.h>

#define CACHE_BYTES_MAX ((gint64)256 * 1024 * 1024)
#define TRIM_EVERY_BYTES ((gint64)16 * 1024 * 1024)
#define FAILURES_MAX 4096
#define LATE_MAX 2 /* tries that took too long: the first time the machine may have been busy */
#define MIME "image/jpeg"

struct PictureCache {
    Thumbnailer *thumbnailer; /* borrowed */
    char *folder;
    GHashTable *pending;  /* key -> Making, owned by the making itself */
    GHashTable *failures; /* key -> Failure: what cannot be decoded is not tried again and again */
    gint64 written;       /* since the folder was last trimmed */
    GCancellable *cancellable;
};

/* A picture that is being made, and who waits for it. */
typedef struct {
    PictureCache *cache;
    char *key;
    GArray *waiters; /* Waiter */
    GCancellable *cancellable; /* the cache's: tells when that is gone */
} Making;

typedef struct {
    PictureReady ready;
    gpointer user_data;
} Waiter;

static void
making_free(Making *making)
{
    g_free(making->key);
    g_array_unref(making->waiters);
    g_object_unref(making->cancellable);
    g_free(making);
}

typedef struct {
    GError *error;
    guint tries;
} Failure;

static void
failure_free(gpointer data)
{
    Failure *failure = data;

    g_error_free(failure->error);
    g_free(failure);
}

/* -- The folder: AB/REST.jpg ------------------------------------------------------------------- */

typedef struct {
    char *path;
    gint64 size, modified;
} CachedFile;

static void
cached_file_clear(gpointer data)
{
    g_free(((CachedFile *)data)->path);
}

static void
list_folder(const char *folder, GArray *files, int depth)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        GStatBuf info;
        if (g_lstat(path, &info) != 0)
            continue;
        if (S_ISDIR(info.st_mode) && depth > 0) {
            list_folder(path, files, depth - 1);
        } else if (S_ISREG(info.st_mode)) {
            CachedFile file = { g_steal_pointer(&path), info.st_size, info.st_mtime };
            g_array_append_val(files, file);
        }
    }
}

static int
newest_first(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const CachedFile *)a)->modified, y = ((const CachedFile *)b)->modified;

    return x < y ? 1 : x > y ? -1 : 0;
}

/* In a thread of its own: what is beyond three quarters of the limit goes, the oldest first. */
static void
trim_folder(GTask *task, gpointer source, gpointer folder, GCancellable *cancellable)
{
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(CachedFile));
    gint64 total = 0, kept = 0;

    g_array_set_clear_func(files, cached_file_clear);
    list_folder(folder, files, 1);
    g_array_sort(files, newest_first);
    for (guint i = 0; i < files->len; i++)
        total += g_array_index(files, CachedFile, i).size;
    for (guint i = 0; i < files->len && total > CACHE_BYTES_MAX; i++) {
        const CachedFile *file = &g_array_index(files, CachedFile, i);
        kept += file->size;
        if (kept > CACHE_BYTES_MAX / 4 * 3)
            g_unlink(file->path);
    }
    g_task_return_boolean(task, TRUE);
}

static void
start_trimming(PictureCache *cache)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, NULL, NULL);

    cache->written = 0;
    g_task_set_task_data(task, g_strdup(cache->folder), g_free);
    g_task_run_in_thread(task, trim_folder);
}

static char *
key_of(const PictureSource *source, guint width)
{
    g_autofree char *moment =
        source->moment_ms > 0 ? g_strdup_printf(" %u", source->moment_ms) : NULL;
    g_autofree char *text =
        g_strdup_printf("%s %u%s", source->digest, width, moment != NULL ? moment : "");
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

    return g_strndup(sum, 32);
}

static char *
path_of(const PictureCache *cache, const char *key)
{
    return g_strdup_printf("%s/%.2s/%s.jpg", cache->folder, key, key + 2);
}

typedef struct {
    char *path;
    GBytes *jpeg;
} Picture;

static void
picture_free(gpointer data)
{
    Picture *picture = data;

    g_free(picture->path);
    g_bytes_unref(picture->jpeg);
    g_free(picture);
}

/* In a thread of its own. Whole or not at all: somebody may ask for it at any moment. */
static void
write_picture(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    const Picture *picture = data;
    g_autofree char *folder = g_path_get_dirname(picture->path);
    g_autoptr(GError) error = NULL;
    gsize size;
    const char *octets = g_bytes_get_data(picture->jpeg, &size);

    g_mkdir_with_parents(folder, 0700);
    if (!g_file_set_contents_full(picture->path, octets, (gssize)size,
                                  G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
        g_warning("keeping a picture: %s: it will be made again when asked for", error->message);
    g_task_return_boolean(task, TRUE);
}

static void
store(PictureCache *cache, const char *key, GBytes *jpeg)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, NULL, NULL);
    Picture *picture = g_new(Picture, 1);

    *picture = (Picture){ path_of(cache, key), g_bytes_ref(jpeg) };
    g_task_set_task_data(task, picture, picture_free);
    g_task_run_in_thread(task, write_picture);
    cache->written += (gint64)g_bytes_get_size(jpeg);
    if (cache->written > TRIM_EVERY_BYTES)
        start_trimming(cache);
}

/* -- Making ------------------------------------------------------------------------------------ */

/* The same entity tag for a picture that was just made and for the kept one. NULL stays NULL. */
static Stream *
tagged(Stream *picture, const char *key)
{
    if (picture != NULL) {
        g_free(picture->etag);
        picture->etag = g_strdup(key);
    }
    return picture;
}

/* Being busy or ended passes; what is said of the file itself stays true as long as its content. */
static bool
is_lasting(const GError *error)
{
    return g_error_matches(error, DUO_ERROR, DUO_ERROR_FAILED) ||
           g_error_matches(error, DUO_ERROR, DUO_ERROR_TIMEOUT);
}

static void
remember_failure(PictureCache *cache, const char *key, const GError *error)
{
    Failure *failure = g_new(Failure, 1);
    const Failure *before = g_hash_table_lookup(cache->failures, key);

    *failure = (Failure){ g_error_copy(error), before != NULL ? before->tries + 1 : 1 };
    if (g_hash_table_size(cache->failures) >= FAILURES_MAX)
        g_hash_table_remove_all(cache->failures);
    g_hash_table_replace(cache->failures, g_strdup(key), failure);
}

/* Why it is not tried any more; NULL: it is. */
static const GError *
last_word(PictureCache *cache, const char *key)
{
    const Failure *failure = g_hash_table_lookup(cache->failures, key);
    bool is_last = failure != NULL &&
                   (failure->tries >= LATE_MAX ||
                    !g_error_matches(failure->error, DUO_ERROR, DUO_ERROR_TIMEOUT));

    return is_last ? failure->error : NULL;
}

static void
on_made(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Making *making = user_data;
    g_autoptr(GError) error = NULL;
    bool is_ended = g_cancellable_is_cancelled(making->cancellable);
    g_autoptr(GBytes) jpeg = is_ended ? NULL
        : thumbnailer_make_finish(making->cache->thumbnailer, result, &error);

    if (is_ended) { /* the cache and the thumbnailer may be gone */
        g_set_error(&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopping");
    } else {
        g_hash_table_remove(making->cache->pending, making->key);
        if (jpeg != NULL)
            store(making->cache, making->key, jpeg);
        if (is_lasting(error))
            remember_failure(making->cache, making->key, error);
        else
            g_hash_table_remove(making->cache->failures, making->key);
    }
    for (guint i = 0; i < making->waiters->len; i++) {
        Waiter waiter = g_array_index(making->waiters, Waiter, i);
        waiter.ready(jpeg != NULL ? tagged(stream_new_bytes(jpeg, MIME), making->key) : NULL, error,
                     waiter.user_data);
    }
    making_free(making);
}

void
picture_cache_get(PictureCache *cache, const PictureSource *source, guint width, PictureReady ready,
                  gpointer user_data)
{
    guint made_width = thumbnailer_width(width);
    g_autofree char *key = key_of(source, made_width), *path = path_of(cache, key);
    const GError *failure = last_word(cache, key);
    Making *making = g_hash_table_lookup(cache->pending, key);
    Waiter waiter = { ready, user_data };
    Stream *kept = failure == NULL ? tagged(stream_new_file(path, MIME, NULL), key) : NULL;

    if (failure != NULL || kept != NULL) {
        ready(kept, failure, user_data);
        return;
    }
    if (making != NULL) {
        g_array_append_val(making->waiters, waiter);
        return;
    }
    making = g_new(Making, 1);
    *making = (Making){ cache, g_steal_pointer(&key), g_array_new(FALSE, FALSE, sizeof(Waiter)),
                        g_object_ref(cache->cancellable) };
    g_array_append_val(making->waiters, waiter);
    g_hash_table_insert(cache->pending, making->key, making);
    thumbnailer_make(cache->thumbnailer, source, made_width, cache->cancellable, on_made, making);
}

PictureCache *
picture_cache_new(Thumbnailer *thumbnailer, const char *folder)
{
    PictureCache *cache = g_new0(PictureCache, 1);

    cache->thumbnailer = thumbnailer;
    cache->folder = g_strdup(folder);
    cache->pending = g_hash_table_new(g_str_hash, g_str_equal);
    cache->failures =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, failure_free);
    cache->cancellable = g_cancellable_new();
    start_trimming(cache);
    return cache;
}

void
picture_cache_free(PictureCache *cache)
{
    if (cache == NULL)
        return;
    g_cancellable_cancel(cache->cancellable);
    g_object_unref(cache->cancellable);
    g_hash_table_unref(cache->pending);
    g_hash_table_unref(cache->failures);
    g_free(cache->folder);
    g_free(cache);
}
