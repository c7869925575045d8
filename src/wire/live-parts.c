/* live-parts.c -- see live-parts.h; the containers are in live-webm.c and live-mp4.c */
#include "wire/live-room.h"

#include "base/error.h"

#include <string.h>

void
live_part_clear(LivePart *part)
{
    g_clear_pointer(&part->octets, g_bytes_unref);
}

static void
part_free(gpointer data)
{
    live_part_clear(data);
    g_free(data);
}

/* -- What the containers ask for --------------------------------------------------------------- */

bool
live_head_add(LiveParts *parts, const void *octets, size_t count)
{
    if (parts->head != NULL || count > LIVE_HEAD_MAX - parts->header->len)
        return parts->head != NULL; /* one is enough */
    g_byte_array_append(parts->header, octets, (guint)count);
    return true;
}

void
live_head_end(LiveParts *parts)
{
    if (parts->head == NULL)
        parts->head = g_bytes_new(parts->header->data, parts->header->len);
}

void
live_part_add(LiveParts *parts, GByteArray *octets, bool is_entry, int64_t time_ms)
{
    LivePart *part = g_new(LivePart, 1);

    *part = (LivePart){ g_byte_array_free_to_bytes(octets), is_entry, time_ms };
    g_queue_push_tail(&parts->ready, part);
}

LiveTrack *
live_track_add(LiveParts *parts)
{
    return parts->track_count < LIVE_TRACKS_MAX ? &parts->tracks[parts->track_count++] : NULL;
}

LiveTrack *
live_track_find(LiveParts *parts, uint64_t number)
{
    for (guint i = 0; i < parts->track_count; i++)
        if (parts->tracks[i].number == number)
            return &parts->tracks[i];
    return NULL;
}

/* NULL: there is none of that kind. */
static const LiveTrack *
first_track(const LiveParts *parts, bool is_video)
{
    for (guint i = 0; i < parts->track_count; i++)
        if (parts->tracks[i].is_video == is_video)
            return &parts->tracks[i];
    return NULL;
}

bool
live_has_video(const LiveParts *parts)
{
    return first_track(parts, true) != NULL;
}

/* -- The object -------------------------------------------------------------------------------- */

LiveParts *
live_parts_new(const char *mime)
{
    static const struct {
        const char *mime;
        const LiveFormat *format;
    } formats[] = { { "video/webm", &live_webm }, { "audio/webm", &live_webm },
                    { "video/mp4", &live_mp4 },   { "audio/mp4", &live_mp4 } };
    size_t length = strcspn(mime, "; ");
    LiveParts *parts = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(formats) && parts == NULL; i++) {
        if (strlen(formats[i].mime) != length ||
            g_ascii_strncasecmp(formats[i].mime, mime, length) != 0)
            continue;
        parts = g_new0(LiveParts, 1);
        parts->format = formats[i].format;
        parts->waiting = g_byte_array_new();
        parts->header = g_byte_array_new();
        parts->scale_ns = 1000000;
    }
    return parts;
}

void
live_parts_free(LiveParts *parts)
{
    if (parts == NULL)
        return;
    g_byte_array_unref(parts->waiting);
    g_byte_array_unref(parts->header);
    g_clear_pointer(&parts->fragment, g_byte_array_unref);
    g_clear_pointer(&parts->head, g_bytes_unref);
    g_queue_clear_full(&parts->ready, part_free);
    g_free(parts);
}

/* How much of what waits was taken; -1: it makes no sense. */
static gssize
take_elements(LiveParts *parts)
{
    size_t at = 0;

    for (;;) {
        const uint8_t *octets = parts->waiting->data + at;
        gssize length =
            parts->format->measure(octets, parts->waiting->len - at, parts->header->len == 0);
        if (length < 0 || length > LIVE_PART_MAX)
            return -1;
        if (length == 0 || (size_t)length > parts->waiting->len - at)
            return (gssize)at;
        if (!parts->format->take(parts, octets, (size_t)length))
            return -1;
        at += (size_t)length;
    }
}

bool
live_parts_add(LiveParts *parts, const void *octets, size_t count, GError **error)
{
    const uint8_t *from = octets;

    while (count > 0 && !parts->is_spoiled) {
        size_t step = MIN(count, LIVE_PART_MAX);
        g_byte_array_append(parts->waiting, from, (guint)step);
        gssize taken = take_elements(parts);
        parts->is_spoiled = taken < 0;
        if (taken > 0)
            g_byte_array_remove_range(parts->waiting, 0, (guint)taken);
        from += step;
        count -= step;
    }
    if (parts->is_spoiled)
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID,
                            "it is not what a browser records: WebM, or MP4 in fragments");
    return !parts->is_spoiled;
}

bool
live_parts_next(LiveParts *parts, LivePart *part)
{
    g_autofree LivePart *first = g_queue_pop_head(&parts->ready);

    if (first != NULL)
        *part = *first;
    return first != NULL;
}

GBytes *
live_parts_head(const LiveParts *parts)
{
    return parts->head;
}

const char *
live_parts_video(const LiveParts *parts)
{
    const LiveTrack *track = first_track(parts, true);

    return track != NULL ? track->codec : NULL;
}

const char *
live_parts_audio(const LiveParts *parts)
{
    const LiveTrack *track = first_track(parts, false);

    return track != NULL ? track->codec : NULL;
}
