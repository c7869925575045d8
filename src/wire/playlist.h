/* playlist.h -- lists of what to play, as programs write them: M3U, PLS, XSPF, ASX, and cue sheets
 *
 * Nobody ever said what these are to look like, so what can be told apart is taken and the rest is
 * passed over. Pure. Limits: PLAYLIST_SIZE_MAX bytes, PLAYLIST_ENTRIES_MAX entries, paths of 4 KiB;
 * of a cue sheet 999 tracks, their texts of 1 KiB; what is beyond is left out. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define PLAYLIST_SIZE_MAX (8 << 20)
#define PLAYLIST_ENTRIES_MAX 10000

typedef enum { PLAYLIST_M3U, PLAYLIST_PLS, PLAYLIST_XSPF, PLAYLIST_ASX, PLAYLIST_CUE } PlaylistFormat;

typedef struct {
    char *path;       /* as it is written: absolute, relative, or an address; any bytes */
    char *title;      /* NULL: none */
    char *artist;     /* NULL: none */
    /* of a cue sheet: */
    char *album, *performer, *genre, *date; /* the sheet's own title, and so on; NULL: none */
    int64_t start_ms; /* of the track in its file */
    int track;        /* 0: none */
} PlaylistEntry;

/* By the end of its name, "x.m3u8"; false when it is none. */
bool       playlist_format(const char *name, PlaylistFormat *format);
/* PlaylistEntry, in order; the caller's. Of broken text what can be read. */
GPtrArray *playlist_decode(PlaylistFormat format, const char *text, gsize size);
/* The absolute path that an entry of a list in folder means, without dots; the caller's. NULL: it
 * is on the network, or nothing. */
char      *playlist_resolve(const char *path, const char *folder);
