/* stream-address.c -- the addresses of streams; see streams.h */
#include "appliance/delivery/streams.h"

#include "base/text.h"
#include "wire/didl.h"

#include <string.h>

#define USUAL_SOUND "a"
#define STREAM_FOLDER "/stream/"

void
stream_append_url(GString *out, const char *base_url, const Dialect *dialect,
                  const StreamWish *wish, const MediaObject *object)
{
    didl_append_stream_url(out, base_url, dialect, object,
                           &(DidlStream){ wish->profile->name, wish->profile->extension,
                                          wish->audio_track, wish->subtitle });
}

bool
stream_token_decode(const char *token, StreamWish *wish)
{
    const char *sound = strchr(token, '.');
    const char *item = sound != NULL ? strchr(sound + 1, '.') : NULL;
    uint32_t track = 0, subtitle = 0;

    if (item == NULL || item[1] == '\0')
        return false;
    g_autofree char *name = g_strndup(token, (gsize)(sound - token));
    g_autofree char *number = g_strndup(sound + 1, (gsize)(item - sound - 1));
    char *words = strchr(number, 's');
    bool has_words = words != NULL;
    if (has_words)
        *words++ = '\0';
    const Profile *profile = profile_find(name);
    bool is_usual = strcmp(number, USUAL_SOUND) == 0;
    if (profile == NULL || number[0] != 'a' ||
        (!is_usual && !text_to_u32(number + 1, 0, 255, &track)) ||
        (has_words && !text_to_u32(words, 0, 255, &subtitle)))
        return false;
    *wish = (StreamWish){ .profile = profile, .audio_track = is_usual ? -1 : (int)track,
                          .subtitle = has_words ? (int)subtitle + 1 : 0, .item_id = item + 1 };
    return true;
}

bool
stream_url_fits(const char *url, const StreamWish *wish)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    const char *path = uri != NULL ? g_uri_get_path(uri) : NULL;
    StreamWish named;

    if (path == NULL || !g_str_has_prefix(path, STREAM_FOLDER))
        return false;
    const char *place = path + strlen(STREAM_FOLDER);
    g_autofree char *encoded = g_strndup(place, strcspn(place, "/"));
    g_autofree char *token = text_percent_decode(encoded);
    return token != NULL && stream_token_decode(token, &named) && named.profile == wish->profile &&
           named.audio_track == wish->audio_track && named.subtitle == wish->subtitle;
}
