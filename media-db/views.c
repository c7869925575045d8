/* views.c -- see views.h */
#include "media-db/views.h"

#include "base/text.h"

#include <string.h>

static const char *const view_names[VIEW_N] = {
    "0",      "folders", "music",  "artists",  "albums",
    "genres", "tracks",  "videos", "pictures", "photos",
    "music-recent", "music-often", "video-recent", "unfinished", "all-videos",
    "album-artists", "composers", "years", "playlists", "films", "series", "days", "cameras", "places",
    "unreadable", "music-folders", "video-folders", "picture-folders",
};

static const int64_t folder_views[MEDIA_KIND_N] = {
    [MEDIA_CONTAINER] = VIEW_FOLDERS,
    [MEDIA_AUDIO] = VIEW_MUSIC_FOLDERS,
    [MEDIA_VIDEO] = VIEW_VIDEO_FOLDERS,
    [MEDIA_IMAGE] = VIEW_PICTURE_FOLDERS,
};

const char *const media_classes[MEDIA_CLASS_N] = {
    "object.container",
    "object.container.storageFolder",
    "object.container.person.musicArtist",
    "object.container.album.musicAlbum",
    "object.container.genre.musicGenre",
    "object.container.album.photoAlbum",
    "object.item.audioItem.musicTrack",
    "object.item.videoItem",
    "object.item.imageItem.photo",
    "object.container.album.videoAlbum",
    "object.container.playlistContainer",
};

static const struct {
    MediaClass class;
    int64_t view;
} kinds[MEDIA_KIND_N] = {
    [MEDIA_CONTAINER] = { MEDIA_CLASS_FOLDER, VIEW_FOLDERS },
    [MEDIA_AUDIO] = { MEDIA_CLASS_TRACK, VIEW_TRACKS },
    [MEDIA_VIDEO] = { MEDIA_CLASS_VIDEO, VIEW_ALL_VIDEOS },
    [MEDIA_IMAGE] = { MEDIA_CLASS_PHOTO, VIEW_PHOTOS },
};

int64_t
view_for_kind(int64_t folder, MediaKind kind)
{
    return folder == VIEW_FOLDERS ? folder_views[kind] : folder | (int64_t)kind << KIND_SHIFT;
}

int64_t
view_folder(int64_t id, MediaKind *kind)
{
    *kind = MEDIA_CONTAINER;
    for (MediaKind i = MEDIA_AUDIO; i < MEDIA_KIND_N; i++) {
        if (id != folder_views[i])
            continue;
        *kind = i;
        return VIEW_FOLDERS;
    }
    if (id > 0)
        *kind = (MediaKind)(id >> KIND_SHIFT);
    return id > 0 ? id & (((int64_t)1 << KIND_SHIFT) - 1) : id;
}

/* "1234", and of a folder for a kind "1234-audio". */
static bool
decode_own(const char *text, int64_t *id)
{
    const char *dash = strchr(text, '-');
    g_autofree char *number = dash != NULL ? g_strndup(text, (gsize)(dash - text)) : g_strdup(text);
    MediaKind kind = MEDIA_CONTAINER;

    if (dash != NULL && (!media_kind_from_name(dash + 1, &kind) || kind == MEDIA_CONTAINER))
        return false;
    if (text[0] == '0' || !text_to_i64(number, VIEW_OWN, ((int64_t)1 << KIND_SHIFT) - 1, id))
        return false;
    *id = view_for_kind(*id, kind);
    return true;
}

bool
view_id_decode(const char *text, int64_t *id)
{
    for (int i = 0; i < VIEW_N; i++) {
        if (strcmp(text, view_names[i]) == 0) {
            *id = i;
            return true;
        }
    }
    return decode_own(text, id);
}

const char *
view_id_encode(int64_t id, char *buffer)
{
    if (id >= 0 && id < VIEW_N)
        return view_names[id];
    MediaKind kind;
    int64_t own = view_folder(id, &kind);
    if (kind == MEDIA_CONTAINER)
        g_snprintf(buffer, VIEW_ID_SIZE, "%" G_GINT64_FORMAT, (gint64)own);
    else
        g_snprintf(buffer, VIEW_ID_SIZE, "%" G_GINT64_FORMAT "-%s", (gint64)own,
                   media_kind_name(kind));
    return buffer;
}

int64_t
view_of_kind(MediaKind kind)
{
    return kinds[kind].view;
}

MediaClass
media_class_of_kind(MediaKind kind)
{
    return kinds[kind].class;
}

bool
media_class_derives(const char *name, const char *base)
{
    size_t length = strlen(base);

    return strncmp(name, base, length) == 0 && (name[length] == '\0' || name[length] == '.');
}
