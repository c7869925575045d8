/* playback.c -- see playback.h */
#include "model/playback.h"

static const char *const state_names[] = { "offline", "idle",   "loading",
                                           "playing", "paused", "stopped" };
G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == PLAYBACK_STATE_N);

const char *
playback_state_name(PlaybackState state)
{
    g_assert(state < PLAYBACK_STATE_N);
    return state_names[state];
}

PlaybackMedia *
playback_media_copy(const PlaybackMedia *media)
{
    if (media == NULL)
        return NULL;
    PlaybackMedia *copy = g_memdup2(media, sizeof *media);
    copy->uri = g_strdup(media->uri);
    copy->mime = g_strdup(media->mime);
    copy->protocol_info = g_strdup(media->protocol_info);
    copy->metadata = g_strdup(media->metadata);
    copy->title = g_strdup(media->title);
    copy->subtitle = g_strdup(media->subtitle);
    copy->item_id = g_strdup(media->item_id);
    copy->server_id = g_strdup(media->server_id);
    copy->other = playback_media_copy(media->other);
    return copy;
}

void
playback_media_free(PlaybackMedia *media)
{
    if (media == NULL)
        return;
    g_free(media->uri);
    g_free(media->mime);
    g_free(media->protocol_info);
    g_free(media->metadata);
    g_free(media->title);
    g_free(media->subtitle);
    g_free(media->item_id);
    g_free(media->server_id);
    playback_media_free(media->other);
    g_free(media);
}

static bool
media_equal(const PlaybackMedia *a, const PlaybackMedia *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return g_strcmp0(a->uri, b->uri) == 0 && g_strcmp0(a->metadata, b->metadata) == 0 &&
           g_strcmp0(a->title, b->title) == 0 && g_strcmp0(a->subtitle, b->subtitle) == 0 &&
           g_strcmp0(a->item_id, b->item_id) == 0 &&
           g_strcmp0(a->server_id, b->server_id) == 0;
}

void
playback_status_clear(PlaybackStatus *status)
{
    playback_media_free(status->media);
    playback_media_free(status->next);
    g_free(status->problem);
    *status = (PlaybackStatus){ 0 };
}

void
playback_status_copy(PlaybackStatus *to, const PlaybackStatus *from)
{
    PlaybackStatus copy = *from;

    copy.media = playback_media_copy(from->media);
    copy.next = playback_media_copy(from->next);
    copy.problem = g_strdup(from->problem);
    playback_status_clear(to);
    *to = copy;
}

bool
playback_status_equal(const PlaybackStatus *a, const PlaybackStatus *b)
{
    return a->state == b->state && a->position_ms == b->position_ms &&
           a->duration_ms == b->duration_ms && a->is_seekable == b->is_seekable &&
           a->volume == b->volume && a->is_muted == b->is_muted &&
           media_equal(a->media, b->media) && media_equal(a->next, b->next) &&
           g_strcmp0(a->problem, b->problem) == 0;
}
