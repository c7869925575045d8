/* views.c -- see views.h */
#include "media-db/views.h"

#include "base/text.h"

#include <string.h>

static const char *const view_names[VIEW_N] = {
    "0",      "folders", "music",  "artists",  "albums",
    "genres", "tracks",  "videos", "pictures", "photos",
    "music-recent", "music-often", "video-recent", "unfinished", "all-videos",
    "album-artists", "composers", "years", "playlists", "films", "series", "days", "cameras", "places",
    "unreadable",
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

bool
view_id_decode(const char *text, int64_t *id)
{
    for (int i = 0; i < VIEW_N; i++) {
        if (strcmp(text, view_names[i]) == 0) {
            *id = i;
            return true;
        }
    }
    return text[0] != '0' && text_to_i64(text, VIEW_OWN, INT64_MAX, id);
}

const char *
view_id_encode(int64_t id, char *buffer)
{
    if (id >= 0 && id < VIEW_N)
        return view_names[id];
    g_snprintf(buffer, VIEW_ID_SIZE, "%" G_GINT64_FORMAT, (gint64)id);
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
