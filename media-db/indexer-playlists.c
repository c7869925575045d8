/* indexer-playlists.c -- playlists and cue sheets are read when they come and when they change */
#include "media-db/indexer-parts.h"

#include "wire/playlist.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The whole file, up to the limit; NULL: it cannot be read. */
static GBytes *
read_file(const char *path)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    guint8 piece[65536];
    ssize_t got = 0;

    if (fd < 0)
        return NULL;
    while (bytes->len < PLAYLIST_SIZE_MAX && (got = read(fd, piece, sizeof piece)) > 0)
        g_byte_array_append(bytes, piece, (guint)got);
    close(fd);
    return got >= 0 ? g_byte_array_free_to_bytes(g_steal_pointer(&bytes)) : NULL;
}

/* The paths that the playlist of that name names: each once in a row, as the tracks of a cue sheet
 * lie in one file. */
static GStrv
named_by(const char *folder, const char *path)
{
    g_autoptr(GBytes) bytes = read_file(path);
    g_autoptr(GStrvBuilder) named = g_strv_builder_new();
    g_autofree char *last = NULL;
    PlaylistFormat format;
    gsize size = 0;

    if (bytes != NULL && playlist_format(path, &format)) {
        const char *text = g_bytes_get_data(bytes, &size);
        g_autoptr(GPtrArray) entries = playlist_decode(format, text, size);
        for (guint i = 0; i < entries->len; i++) {
            const PlaylistEntry *entry = entries->pdata[i];
            g_autofree char *place = playlist_resolve(entry->path, folder);
            if (place == NULL || (format == PLAYLIST_CUE && g_strcmp0(place, last) == 0))
                continue;
            g_strv_builder_add(named, place);
            g_free(last);
            last = g_steal_pointer(&place);
        }
    }
    return g_strv_builder_end(named);
}

bool
playlist_put(Indexer *indexer, const DiskEntry *entry, bool is_there, GError **error)
{
    g_autofree char *folder = writer_folder_path(indexer->writer, entry->parent, NULL, error);

    if (folder == NULL)
        return error == NULL || *error == NULL; /* gone meanwhile */
    g_autofree char *path = g_build_filename(folder, entry->name, NULL);
    g_auto(GStrv) named = is_there ? named_by(folder, path) : NULL;
    return writer_put_playlist(indexer->writer, path, (const char *const *)named, error);
}
