/* indexer-playlists.c -- playlists and cue sheets are read when they come and when they change */
#include "media-db/indexer-room.h"

#include "wire/playlist.h"

#include <fcntl.h>
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

/* What the playlist of that name names (PlaylistEntry), by absolute paths. */
static GPtrArray *
named_by(const char *folder, const char *path)
{
    g_autoptr(GBytes) bytes = read_file(path);
    PlaylistFormat format;
    gsize size = 0;

    if (bytes == NULL || !playlist_format(path, &format))
        return g_ptr_array_new();
    const char *text = g_bytes_get_data(bytes, &size);
    GPtrArray *entries = playlist_decode(format, text, size);
    for (guint i = 0; i < entries->len;) {
        PlaylistEntry *entry = entries->pdata[i];
        char *place = playlist_resolve(entry->path, folder);
        if (place == NULL) {
            g_ptr_array_remove_index(entries, i);
            continue;
        }
        g_free(entry->path);
        entry->path = place;
        i++;
    }
    return entries;
}

bool
playlist_put(Indexer *indexer, const DiskEntry *entry, bool is_there, GError **error)
{
    g_autofree char *folder = writer_folder_path(indexer->writer, entry->parent, NULL, error);

    if (folder == NULL)
        return error == NULL || *error == NULL; /* gone meanwhile */
    g_autofree char *path = g_build_filename(folder, entry->name, NULL);
    g_autoptr(GPtrArray) named = is_there ? named_by(folder, path) : NULL;
    return writer_put_playlist(indexer->writer, path, named, error);
}
