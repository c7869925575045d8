/* library.c -- see library.h: the folders, their indexer, and what is told of both */
#include "appliance/library/library-room.h"

#include "base/error.h"
#include "media-db/charsets.h"
#include "media-db/database-backup.h"
#include "media-db/reader.h"
#include "media-db/views.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NAMED_CONTAINERS_MAX 100 /* in one event */

static void
on_changed(Library *library, const IndexerNews *news, LibraryEvent *event)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    char buffer[VIEW_ID_SIZE];

    for (guint i = 0; i < news->containers->len && i <= NAMED_CONTAINERS_MAX; i++)
        g_ptr_array_add(
            ids, g_strdup(view_id_encode(g_array_index(news->containers, int64_t, i), buffer)));
    g_ptr_array_add(ids, NULL);
    event->update_id = (uint32_t)news->update_id;
    if (news->containers->len <= NAMED_CONTAINERS_MAX)
        event->containers = (const char *const *)ids->pdata;
    observers_notify(library->observers, event);
}

static void
on_scan(Library *library, const IndexerNews *news, LibraryEvent *event)
{
    g_free((char *)library->scan.trouble);
    g_free((char *)library->scan.folder);
    library->scan = (LibraryScan){ .state = (LibraryScanState)news->state,
                                   .done = news->done,
                                   .total = news->total,
                                   .folders = news->folders,
                                   .files_per_s = news->files_per_s,
                                   .folder = g_strdup(news->path),
                                   .trouble = g_strdup(news->trouble) };
    event->scan = library->scan;
    observers_notify(library->observers, event);
}

static void
on_root(Library *library, const IndexerNews *news, LibraryEvent *event)
{
    char buffer[VIEW_ID_SIZE];

    for (guint i = 0; i < library->root_count; i++) {
        LibraryRoot *root = &library->roots[i];
        if (strcmp(root->path, news->path) != 0)
            continue;
        g_free((char *)root->id);
        g_free((char *)root->reason);
        root->id = g_strdup(view_id_encode(news->root_id, buffer));
        root->is_online = news->is_online;
        root->reason = g_strdup(news->trouble);
        event->root = *root;
        observers_notify(library->observers, event);
    }
}

static void
on_news(const IndexerNews *news, gpointer data)
{
    static void (*const acts[])(Library *, const IndexerNews *, LibraryEvent *) = {
        [INDEXER_CHANGED] = on_changed, [INDEXER_SCAN] = on_scan, [INDEXER_ROOT] = on_root
    };
    LibraryEvent event = { .type = (LibraryEventType)news->type };

    acts[news->type](data, news, &event);
}
G_STATIC_ASSERT((int)INDEXER_ROOT == (int)LIBRARY_EVENT_ROOT &&
                (int)INDEXER_WAITING == (int)LIBRARY_SCAN_WAITING);

/* Absolute, without dots and doubles; a folder below another one is that one's already. */
static char **
tidy_folders(const char *const *folders)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (; *folders != NULL; folders++) {
        char *path = g_canonicalize_filename(*folders, NULL);
        if (!g_hash_table_contains(seen, path))
            g_strv_builder_add(builder, path);
        g_hash_table_add(seen, path);
    }
    return g_strv_builder_end(builder);
}

Library *
library_new(const char *state_dir, const char *const *folders, LibraryProbe make_probe,
            gpointer probe_data, GError **error)
{
    g_autofree char *path = g_build_filename(state_dir, "media.db", NULL);

    if (g_mkdir_with_parents(state_dir, 0700) != 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE,
                    "the state directory %s: %s; name another one with --state", state_dir,
                    g_strerror(errno));
        return NULL;
    }
    database_take_brought(path);
    Writer *writer = writer_new(path, error);
    if (writer == NULL)
        return NULL;

    Library *library = g_new0(Library, 1);
    library->catalog = (Catalog){ &library_catalog_class, library, NULL };
    library->path = g_steal_pointer(&path);
    library->readers = g_async_queue_new_full((GDestroyNotify)reader_free);
    library->observers = observers_new();
    library->folders = tidy_folders(folders);
    library->root_count = g_strv_length(library->folders);
    library->roots = g_new0(LibraryRoot, library->root_count + 1);
    for (guint i = 0; i < library->root_count; i++)
        library->roots[i] =
            (LibraryRoot){ .path = library->folders[i], .reason = g_strdup("not looked at yet") };
    library->indexer = indexer_new(writer, (const char *const *)library->folders, make_probe,
                                   probe_data, on_news, library);
    return library;
}

void
library_free(Library *library)
{
    if (library == NULL)
        return;
    indexer_stop(library->indexer);
    g_async_queue_unref(library->readers); /* before the writer, which then can put its log away */
    indexer_free(library->indexer);
    observers_free(library->observers);
    for (guint i = 0; i < library->root_count; i++) {
        g_free((char *)library->roots[i].id);
        g_free((char *)library->roots[i].reason);
    }
    g_free(library->roots);
    g_strfreev(library->folders);
    g_free((char *)library->scan.trouble);
    g_free((char *)library->scan.folder);
    g_free(library->path);
    g_free(library);
}

void
library_set_tag_charset(Library *library, const char *name)
{
    indexer_set_charset(library->indexer, name);
}

bool
library_knows_charset(const char *name)
{
    return charset_is_known(name);
}

void
library_start(Library *library)
{
    indexer_start(library->indexer);
}

void
library_stop(Library *library)
{
    indexer_stop(library->indexer);
}

void
library_rescan(Library *library)
{
    indexer_rescan(library->indexer);
}

bool
library_copy(Library *library, const char *name, GError **error)
{
    return database_copy_path(library->path, name, error);
}

static char *
brought_path(const char *state_dir)
{
    return g_build_filename(state_dir, "media.db.brought", NULL);
}

bool
library_bring_back(const char *state_dir, const char *name, GError **error)
{
    g_autofree char *path = brought_path(state_dir);

    if (!database_judge(name, error))
        return false;
    if (rename(name, path) == 0)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: %s", path, g_strerror(errno));
    return false;
}

bool
library_is_brought(const char *state_dir)
{
    g_autofree char *path = brought_path(state_dir);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

void
library_note_use(Library *library, const char *id, const LibraryUse *use, LibraryUsed func,
                 gpointer data)
{
    UseNote note = {
        .person = use->person,
        .position_ms = use->position_ms,
        .play_count = use->play_count,
        .last_played_s = use->last_played_s,
        .is_played_once_more = use->is_played_once_more,
        .is_passing = use->is_passing,
    };

    if (!view_id_decode(id, &note.object))
        note.object = -1; /* nothing has that id, which is told like all else */
    indexer_note_use(library->indexer, &note, func, data);
}

const LibraryScan *
library_scan(Library *library)
{
    return &library->scan;
}

const LibraryRoot *
library_roots(Library *library)
{
    return library->roots;
}

const char *
library_scan_state_name(LibraryScanState state)
{
    static const char *const names[LIBRARY_SCAN_N] = { "idle", "running", "waiting" };

    return names[state];
}

guint
library_observe(Library *library, ObserverFunc func, gpointer user_data)
{
    return observers_add(library->observers, func, user_data);
}

void
library_unobserve(Library *library, guint id)
{
    observers_remove(library->observers, id);
}
