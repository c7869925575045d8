/* subtitle-tracks.c -- see subtitle-tracks.h */
#include "appliance/delivery/subtitle-tracks.h"

#include "base/error.h"
#include "pipelines/worker-errands.h"
#include "pipelines/worker-process.h"
#include "wire/didl.h"
#include "wire/subtitles.h"

#define TIMEOUT_MS (10 * 60 * 1000) /* 60 GB of a slow disk */
#define WAITING_MAX 16
#define KEPT_MAX 256
#define KEPT_SIZE_MAX (16 * 1024 * 1024)

struct SubtitleTracks {
    WorkerErrands *errands;
    GQueue kept; /* Track, the one that was asked for last first */
    gsize size;  /* of their texts */
    GCancellable *cancellable;
};

/* One that is being made, has been made, or cannot be. */
typedef struct {
    SubtitleTracks *tracks;    /* not looked at once cancelled */
    GCancellable *cancellable; /* theirs */
    char *key;                 /* content and number */
    GBytes *text;
    GError *error;
    GArray *waiters; /* Waiter; NULL: it is there */
} Track;

typedef struct {
    SubtitleTrackReady ready;
    gpointer user_data;
} Waiter;

static void
track_free(gpointer data)
{
    Track *track = data;

    g_object_unref(track->cancellable);
    g_free(track->key);
    g_clear_pointer(&track->text, g_bytes_unref);
    g_clear_error(&track->error);
    g_clear_pointer(&track->waiters, g_array_unref);
    g_free(track);
}

static void
answer(Track *track)
{
    g_autoptr(GArray) waiters = g_steal_pointer(&track->waiters);

    for (guint i = 0; i < waiters->len; i++) {
        const Waiter *waiter = &g_array_index(waiters, Waiter, i);
        waiter->ready(track->text, track->error, waiter->user_data);
    }
}

static gsize
size_of(const Track *track)
{
    return track->text != NULL ? g_bytes_get_size(track->text) : 0;
}

static void
drop(SubtitleTracks *tracks, Track *track)
{
    g_queue_remove(&tracks->kept, track);
    tracks->size -= size_of(track);
    track_free(track);
}

/* What was not asked for the longest goes, but for what is being made. */
static void
drop_oldest(SubtitleTracks *tracks)
{
    GList *link = tracks->kept.tail;

    while (link != NULL && (tracks->size > KEPT_SIZE_MAX || tracks->kept.length > KEPT_MAX)) {
        Track *track = link->data;
        link = link->prev;
        if (track->waiters == NULL)
            drop(tracks, track);
    }
}

/* What is said of the file itself stays true as long as its content. */
static bool
is_lasting(const Track *track)
{
    return track->text != NULL || g_error_matches(track->error, DUO_ERROR, DUO_ERROR_FAILED) ||
           g_error_matches(track->error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
}

static void
on_made(GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
    Track *track = user_data;

    track->text = worker_errands_finish(result, &track->error);
    if (g_cancellable_is_cancelled(track->cancellable)) {
        answer(track);
        track_free(track);
        return;
    }
    SubtitleTracks *tracks = track->tracks;
    tracks->size += size_of(track);
    answer(track);
    if (is_lasting(track))
        drop_oldest(tracks);
    else
        drop(tracks, track);
}

static Track *
find(SubtitleTracks *tracks, const char *key)
{
    for (GList *link = tracks->kept.head; link != NULL; link = link->next) {
        Track *track = link->data;
        if (g_str_equal(track->key, key)) {
            g_queue_unlink(&tracks->kept, link);
            g_queue_push_head_link(&tracks->kept, link);
            return track;
        }
    }
    return NULL;
}

static Track *
make(SubtitleTracks *tracks, const MediaObject *object, int64_t number, const char *key)
{
    Track *track = g_new0(Track, 1);

    *track = (Track){ .tracks = tracks, .cancellable = g_object_ref(tracks->cancellable),
                      .key = g_strdup(key), .waiters = g_array_new(FALSE, FALSE, sizeof(Waiter)) };
    g_queue_push_head(&tracks->kept, track);
    worker_errands_run(tracks->errands, object->path, NULL,
                       &(WorkerJob){ .kind = WORKER_SUBTITLES, .media = MEDIA_VIDEO,
                                     .track = (uint32_t)number - 1 },
                       tracks->cancellable, on_made, track);
    return track;
}

void
subtitle_tracks_get(SubtitleTracks *tracks, const MediaObject *object, int64_t track,
                    SubtitleTrackReady ready, gpointer user_data)
{
    g_autofree char *key = g_strdup_printf("%s %" G_GINT64_FORMAT, object->content_digest, track);
    Waiter waiter = { ready, user_data };
    Track *found = find(tracks, key);

    if (found == NULL)
        found = make(tracks, object, track, key);
    if (found->waiters != NULL)
        g_array_append_val(found->waiters, waiter);
    else
        ready(found->text, found->error, user_data);
}

static GBytes *
read_all(Stream *stream, GError **error)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    uint8_t block[16 * 1024];
    gssize got = 1;

    while (got > 0 && all->len <= SUBTITLES_SIZE_MAX) {
        got = stream_read(stream, all->len, block, sizeof block, error);
        if (got > 0)
            g_byte_array_append(all, block, (guint)got);
    }
    return got == 0 ? g_byte_array_free_to_bytes(g_steal_pointer(&all)) : NULL;
}

void
subtitle_tracks_read(SubtitleTracks *tracks, Library *library, const MediaObject *object,
                     const MediaSidecar *subtitle, SubtitleTrackReady ready, gpointer user_data)
{
    char name[DIDL_SIDECAR_NAME_MAX];
    g_autoptr(GError) error = NULL;

    if (subtitle->track != 0) {
        subtitle_tracks_get(tracks, object, subtitle->track, ready, user_data);
        return;
    }
    MediaSidecar srt = didl_subtitle_as_srt(subtitle, name);
    g_autoptr(Stream) stream = library_open_sidecar(library, object->id, srt.name, &error);
    g_autoptr(GBytes) text = stream != NULL ? read_all(stream, &error) : NULL;
    if (text == NULL && error == NULL)
        g_set_error(&error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "%s is too large", srt.name);
    ready(text, error, user_data);
}

SubtitleTracks *
subtitle_tracks_new(const char *worker)
{
    SubtitleTracks *tracks = g_new0(SubtitleTracks, 1);

    tracks->errands = worker_errands_new(&(WorkerErrandsKind){
        .role = WORKER_ROLE_REMUX, .noun = "subtitles", .timeout_ms = TIMEOUT_MS,
        .waiting_max = WAITING_MAX, .size_max = SUBTITLES_SIZE_MAX, .program = worker });
    tracks->cancellable = g_cancellable_new();
    return tracks;
}

/* What is being made is freed by its own answer. */
void
subtitle_tracks_free(SubtitleTracks *tracks)
{
    Track *track;

    if (tracks == NULL)
        return;
    g_cancellable_cancel(tracks->cancellable);
    worker_errands_free(tracks->errands);
    while ((track = g_queue_pop_head(&tracks->kept)) != NULL)
        if (track->waiters == NULL)
            track_free(track);
    g_object_unref(tracks->cancellable);
    g_free(tracks);
}
