/* library-catalog.c -- what the library answers, on any thread: its catalog, its totals, its files
 *
 * Readers are lent to whoever asks and come back to a stack, so the warmest is lent first; there
 * are as many as threads ever asked at once. One that met damage, or whose file was moved aside, is
 * not lent again. */
#include "appliance/library/library-room.h"

#include "appliance/library/library-file.h"
#include "appliance/library/subtitle-file.h"
#include "base/error.h"
#include "media-db/reader.h"
#include "wire/protocol-info.h"

#include <string.h>
#include <unistd.h>

/* audience is borrowed until it is returned. */
static Reader *
borrow_reader(Library *library, const Audience *audience, GError **error)
{
    Reader *reader;

    while ((reader = g_async_queue_try_pop(library->readers)) != NULL && reader_has_moved(reader))
        reader_free(reader); /* the index was built anew since */
    if (reader == NULL)
        reader = reader_new(library->path, error);
    if (reader != NULL)
        reader_serve(reader, audience);
    return reader;
}

static void
return_reader(Library *library, Reader *reader)
{
    reader_serve(reader, NULL);
    if (!reader_is_damaged(reader)) {
        g_async_queue_push_front(library->readers, reader);
        return;
    }
    reader_free(reader);
    indexer_report_damage(library->indexer);
}

static bool
get(Catalog *catalog, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    Library *library = catalog->owner;
    Reader *reader = borrow_reader(library, catalog->audience, error);
    bool is_done = reader != NULL && reader_get(reader, id, visit, user_data, error);

    if (reader != NULL)
        return_reader(library, reader);
    return is_done;
}

static bool
browse(Catalog *catalog, const char *id, const CatalogRange *range, MediaVisit visit,
       gpointer user_data, CatalogResult *result, GError **error)
{
    Library *library = catalog->owner;
    Reader *reader = borrow_reader(library, catalog->audience, error);
    bool is_done =
        reader != NULL && reader_browse(reader, id, range, visit, user_data, result, error);

    if (reader != NULL)
        return_reader(library, reader);
    return is_done;
}

static bool
search(Catalog *catalog, const CatalogSearch *what, const CatalogRange *range, MediaVisit visit,
       gpointer user_data, CatalogResult *result, GError **error)
{
    Library *library = catalog->owner;
    Reader *reader = borrow_reader(library, catalog->audience, error);
    bool is_done =
        reader != NULL && reader_search(reader, what, range, visit, user_data, result, error);

    if (reader != NULL)
        return_reader(library, reader);
    return is_done;
}

static uint32_t
update_id(Catalog *catalog)
{
    Library *library = catalog->owner;
    Reader *reader = borrow_reader(library, NULL, NULL);
    uint32_t number = 0;

    if (reader != NULL) {
        number = (uint32_t)reader_tally(reader, READER_UPDATE_ID);
        return_reader(library, reader);
    }
    return number;
}

const CatalogClass library_catalog_class = { get, browse, search, update_id };

Catalog *
library_catalog(Library *library)
{
    return &library->catalog;
}

LibraryCounts
library_counts(Library *library)
{
    Reader *reader = borrow_reader(library, NULL, NULL);
    LibraryCounts counts = { 0 };

    if (reader == NULL)
        return counts;
    counts.audio = (uint32_t)reader_tally(reader, MEDIA_AUDIO);
    counts.video = (uint32_t)reader_tally(reader, MEDIA_VIDEO);
    counts.image = (uint32_t)reader_tally(reader, MEDIA_IMAGE);
    counts.containers = (uint32_t)reader_tally(reader, MEDIA_CONTAINER);
    counts.unreadable = (uint32_t)reader_tally(reader, READER_UNREADABLE);
    counts.items = counts.audio + counts.video + counts.image;
    return_reader(library, reader);
    return counts;
}

static bool
look_no_further(const MediaObject *object G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
    return false;
}

static uint32_t
count_view(Catalog *catalog, const char *view)
{
    CatalogResult result;

    return catalog_browse(catalog, view, &(CatalogRange){ .limit = 1 }, look_no_further, NULL,
                          &result, NULL)
               ? result.total
               : 0;
}

LibraryCounts
library_counts_seen(Library *library, const Audience *audience)
{
    Catalog catalog = catalog_seen_by(&library->catalog, audience);
    CatalogSearch containers = { .kind = MEDIA_CONTAINER };
    CatalogResult found;
    LibraryCounts counts;

    if (!audience_is_limited(audience))
        return library_counts(library);
    counts = (LibraryCounts){
        .audio = count_view(&catalog, "tracks"),
        .video = count_view(&catalog, "all-videos"),
        .image = count_view(&catalog, "photos"),
        .unreadable = count_view(&catalog, "unreadable"),
    };
    counts.items = counts.audio + counts.video + counts.image;
    if (catalog_search(&catalog, &containers, &(CatalogRange){ .limit = 1 }, look_no_further, NULL,
                       &found, NULL))
        counts.containers = found.total;
    return counts;
}

bool
library_use(Library *library, const char *id, const char *person, MediaUse *use, GError **error)
{
    Reader *reader = borrow_reader(library, NULL, error);
    bool is_done = reader != NULL && reader_use(reader, id, person, use, error);

    if (reader != NULL)
        return_reader(library, reader);
    return is_done;
}

/* The file of object, opened for the caller; -1 with an error. */
static int
open_file(Library *library, const MediaObject *object, GError **error)
{
    if (object->path == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s is a container", object->id);
        return -1;
    }
    if (object->is_offline) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: its folder is offline",
                    object->title);
        return -1;
    }
    return library_file_open((const char *const *)library->folders, object->path, error);
}

char *
library_item_path(Library *library, const char *id, GError **error)
{
    g_autoptr(MediaObject) object = catalog_find(library_catalog(library), id, error);
    int fd = object != NULL ? open_file(library, object, error) : -1;

    if (fd < 0)
        return NULL;
    close(fd);
    return g_strdup(object->path);
}

Stream *
library_open_object(Library *library, const MediaObject *object, GError **error)
{
    const char *mime = object->facts.mime != NULL ? object->facts.mime : "application/octet-stream";
    int fd = open_file(library, object, error);

    return fd >= 0 ? stream_new_fd(fd, object->path, mime, error) : NULL;
}

Stream *
library_open_stream(Library *library, const char *id, GError **error)
{
    g_autoptr(MediaObject) object = catalog_find(library_catalog(library), id, error);

    return object != NULL ? library_open_object(library, object, error) : NULL;
}

Stream *
library_open_sidecar(Library *library, const char *id, const char *name, GError **error)
{
    g_autoptr(MediaObject) object = catalog_find(library_catalog(library), id, error);
    const char *as = NULL;
    const MediaSidecar *sidecar = object != NULL ? subtitle_find(object, name, &as) : NULL;

    if (object == NULL)
        return NULL;
    if (sidecar == NULL || sidecar->track != 0 || object->path == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "no %s belongs to %s", name,
                    object->title);
        return NULL;
    }
    g_autofree char *folder = g_path_get_dirname(object->path);
    g_autofree char *path = g_build_filename(folder, sidecar->name, NULL);
    int fd = library_file_open((const char *const *)library->folders, path, error);
    return fd >= 0 ? subtitle_file_open(fd, path, sidecar->format, as, error) : NULL;
}

bool
library_picture(Library *library, const Audience *audience, const char *id, PictureSource *source,
                GError **error)
{
    Reader *reader = borrow_reader(library, audience, error);
    bool is_found = reader != NULL && reader_picture(reader, id, source, error);

    if (reader != NULL)
        return_reader(library, reader);
    return is_found;
}
