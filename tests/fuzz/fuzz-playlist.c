/* fuzz-playlist.c -- lists of any bytes: every entry is whole, and means a place or none; the first
 * byte tells the format */
#include "tests/fuzz/fuzz.h"
#include "wire/playlist.h"

#include <string.h>

FUZZ_TARGET("playlist")
{
    if (size == 0)
        return;
    PlaylistFormat format = (PlaylistFormat)(data[0] % (PLAYLIST_CUE + 1));
    g_autoptr(GPtrArray) entries =
        playlist_decode(format, (const char *)data + 1, size - 1);

    g_assert_cmpuint(entries->len, <=, PLAYLIST_ENTRIES_MAX);
    for (guint i = 0; i < entries->len; i++) {
        const PlaylistEntry *entry = entries->pdata[i];
        g_autofree char *path = playlist_resolve(entry->path, "/srv/media");
        g_assert_cmpuint(strlen(entry->path), >, 0);
        g_assert_true(path == NULL || path[0] == '/');
        g_assert_true(entry->title == NULL || g_utf8_validate(entry->title, -1, NULL));
        g_assert_cmpint(entry->start_ms, >=, 0);
        g_assert_true(entry->album == NULL || g_utf8_validate(entry->album, -1, NULL));
        g_assert_true(format != PLAYLIST_CUE || (entry->track > 0 && entry->track < 1000));
    }
}
