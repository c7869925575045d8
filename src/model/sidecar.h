/* sidecar.h -- files that belong to others in their folder, known by their names alone
 *
 * Subtitles, lyrics and posters belong to the item whose name theirs begins with ("Film.zh.srt" and
 * "Film-poster.jpg" to "Film.mkv"); a cover ("folder.jpg") to all that lies in its folder; a
 * playlist or cue sheet to what it names. They are no items themselves. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Kept in media.db: append, never reorder. */
typedef enum {
    SIDECAR_SUBTITLE,
    SIDECAR_LYRICS,
    SIDECAR_COVER,
    SIDECAR_PLAYLIST,
    SIDECAR_POSTER,
    SIDECAR_N
} SidecarKind;

/* What a file of that name is; false when it stands for itself. */
bool        sidecar_kind(const char *name, SidecarKind *kind);
/* "subtitle", "lyrics", "cover", "playlist", "poster". */
const char *sidecar_kind_name(SidecarKind kind);
/* "srt", "ass", "vobsub", "lrc", "jpg", ...; of what sidecar_kind() knows. */
const char *sidecar_format(const char *name);

/* The part of an item's name that those of its sidecars begin with: its length in bytes. */
gsize       sidecar_stem(const char *item);
/* Does it belong to the item? *language: what its name says between the two, the caller's; NULL for
 * nothing. language may be NULL. */
bool        sidecar_belongs(const char *name, const char *item, char **language);
/* Is a folder of that name a disc of an album ("CD1", "Disc 2")? The album's cover is its own, too,
 * known as "../cover.jpg". */
bool        sidecar_is_disc(const char *folder);
/* Which of two covers comes first: less than 0 for a; the folder's own before the album's. */
int         sidecar_compare_covers(const char *a, const char *b);
/* Is a poster of that name the item's? *rank: of two, the lower comes first. */
bool        sidecar_is_poster_of(const char *name, const char *item, int *rank);
