/* views.h -- the fixed containers, the classes, and the groups an item is shown in
 *
 * A position is compared as bytes. In a folder: folders, then files, by file name. In an album:
 * disc, track, title. In an artist: albums by date, then titles without one. In a month, a day, a
 * camera, a place: time. In a season: episode, title. In a playlist: as it says. Years, months and
 * days: newest first. Everywhere else: title. */
#pragma once

#include "media-db/text-keys.h"
#include "model/media.h"

enum {
    VIEW_ROOT,
    VIEW_FOLDERS,
    VIEW_MUSIC,
    VIEW_ARTISTS,
    VIEW_ALBUMS,
    VIEW_GENRES,
    VIEW_TRACKS,
    VIEW_VIDEOS,
    VIEW_PICTURES,
    VIEW_PHOTOS,
    VIEW_MUSIC_RECENT,
    VIEW_MUSIC_OFTEN,
    VIEW_VIDEO_RECENT,
    VIEW_UNFINISHED,
    VIEW_ALL_VIDEOS,
    VIEW_ALBUM_ARTISTS,
    VIEW_COMPOSERS,
    VIEW_YEARS,
    VIEW_PLAYLISTS,
    VIEW_FILMS,
    VIEW_SERIES,
    VIEW_DAYS,
    VIEW_CAMERAS,
    VIEW_PLACES,
    VIEW_UNREADABLE,
    VIEW_MUSIC_FOLDERS,
    VIEW_VIDEO_FOLDERS,
    VIEW_PICTURE_FOLDERS,
    VIEW_N,
    VIEW_OWN = 1000 /* ids from here on are of what the household has */
};

/* A folder as it looks for one kind of items has an id of its own: the folder's, marked with the
 * kind. What it shows is found when it is asked for; see queries/kind-children.sql. */
#define KIND_SHIFT 56

/* The id of a folder for a kind; MEDIA_CONTAINER: as it is. VIEW_FOLDERS has views for each. */
int64_t     view_for_kind(int64_t folder, MediaKind kind);
/* The other way: the folder, and the kind; of any other id that itself and MEDIA_CONTAINER. */
int64_t     view_folder(int64_t id, MediaKind *kind);

/* Object ids as text: "0", "folders", ..., else decimal digits, of a folder for a kind followed by
 * "-audio", "-video" or "-image". */
bool        view_id_decode(const char *text, int64_t *id);
/* Into buffer of VIEW_ID_SIZE, or a constant; -1 is "-1". */
#define VIEW_ID_SIZE 32
const char *view_id_encode(int64_t id, char *buffer);

/* The container that shows every item of a kind. */
int64_t     view_of_kind(MediaKind kind);

typedef enum {
    MEDIA_CLASS_CONTAINER,
    MEDIA_CLASS_FOLDER,
    MEDIA_CLASS_ARTIST,
    MEDIA_CLASS_ALBUM,
    MEDIA_CLASS_GENRE,
    MEDIA_CLASS_PHOTO_ALBUM,
    MEDIA_CLASS_TRACK,
    MEDIA_CLASS_VIDEO,
    MEDIA_CLASS_PHOTO,
    MEDIA_CLASS_SERIES,
    MEDIA_CLASS_PLAYLIST,
    MEDIA_CLASS_N
} MediaClass;

/* upnp:class by the number that media.db holds: append, never reorder. */
extern const char *const media_classes[MEDIA_CLASS_N];
MediaClass  media_class_of_kind(MediaKind kind);
/* Is name base itself or below it: "object.item.audioItem" derives from "object.item". */
bool        media_class_derives(const char *name, const char *base);
