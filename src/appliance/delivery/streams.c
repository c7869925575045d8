/* streams.c -- see streams.h */
#include "appliance/delivery/streams.h"

#include "base/error.h"
#include "pipelines/conversion.h"
#include "pipelines/worker-spare.h"
#include "wire/didl.h"
#include "wire/subtitles.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#define RUNNING_MAX 8 /* unless told otherwise */
#define RING_SIZE (8 * 1024 * 1024)
#define TICK_MS 1000
#define IDLE_MS 5000

struct Streams {
    StreamsParts parts;
    GPtrArray *running; /* Running */
    GHashTable *fallen; /* key without its place -> rung that it has fallen to */
    Observers *observers;
    guint tick;
    WorkerSpare *spare;
    int64_t spare_since_ms; /* when it was last of use, or expected to be */
};

#define FALLEN_MAX 256

/* Somebody who waits for the first octets. */
typedef struct {
    StreamOpened opened;
    gpointer user_data;
} Waiter;

/* Who waits for the words of a film; whom they are for may have gone. */
typedef struct {
    struct Running *running; /* borrowed; NULL: gone */
    bool is_asking;          /* the answer may come before the question returns: */
    bool has_answer, is_fine;
    GError **error;          /* borrowed while it asks */
} WordsLetter;

typedef struct Running {
    Streams *streams; /* borrowed */
    char *key;        /* what is made, and from where on */
    char *kind;       /* what is made */
    MediaObject *object;
    Delivery delivery;
    int audio_track; /* as it was asked for */
    WordsLetter *letter; /* words are under way; NULL: none */
    GBytes *words;       /* that go into the picture; NULL: none, or not there yet */
    int64_t start_ms;
    char *cuts; /* NULL: it is not cut */
    unsigned rung;
    StreamHub *hub;
    Conversion *conversion;
    GArray *waiters; /* Waiter, until it has begun */
    bool has_begun, has_ended, has_failed;
    int64_t idle_since_ms;
} Running;

/* -- Waiters ----------------------------------------------------------------------------------- */

/* One reader of the graph for each of those who wait. */
static void
serve_waiters(Running *running)
{
    g_autoptr(GArray) waiters = g_steal_pointer(&running->waiters);

    running->waiters = g_array_new(FALSE, FALSE, sizeof(Waiter));
    for (guint i = 0; i < waiters->len; i++) {
        const Waiter *waiter = &g_array_index(waiters, Waiter, i);
        HubReader *reader = hub_reader_new(running->hub, HUB_FILE);
        waiter->opened(stream_new_hub(reader, running->delivery.profile->mime), NULL,
                       waiter->user_data);
    }
}

static void
refuse_waiters(Running *running, const GError *error)
{
    g_autoptr(GArray) waiters = g_steal_pointer(&running->waiters);

    running->waiters = g_array_new(FALSE, FALSE, sizeof(Waiter));
    for (guint i = 0; i < waiters->len; i++) {
        const Waiter *waiter = &g_array_index(waiters, Waiter, i);
        waiter->opened(NULL, error, waiter->user_data);
    }
}

/* -- A graph's life ---------------------------------------------------------------------------- */

static void
running_free(gpointer data)
{
    Running *running = data;
    g_autoptr(GError) error =
        g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the server stops");

    if (running->waiters != NULL) {
        refuse_waiters(running, error);
        g_array_unref(running->waiters);
    }
    if (running->letter != NULL)
        running->letter->running = NULL;
    g_clear_pointer(&running->words, g_bytes_unref);
    conversion_free(running->conversion);
    stream_hub_unref(running->hub);
    delivery_clear(&running->delivery);
    media_object_free(running->object);
    g_free(running->key);
    g_free(running->kind);
    g_free(running->cuts);
    g_free(running);
}

static bool start(Running *running, GError **error);
static void keep_spare(Streams *streams, int64_t now_ms);

static void
on_begun(gpointer user_data)
{
    Running *running = user_data;

    running->has_begun = true;
    running->idle_since_ms = clock_now_ms(running->streams->parts.clock);
    serve_waiters(running);
    keep_spare(running->streams, running->idle_since_ms);
}

/* What failed once is tried lower at once next time. */
static void
remember_fall(Running *running)
{
    GHashTable *fallen = running->streams->fallen;

    if (running->rung + 1 >= DELIVERY_RUNGS)
        return;
    if (g_hash_table_size(fallen) >= FALLEN_MAX)
        g_hash_table_remove_all(fallen);
    g_hash_table_insert(fallen, g_strdup(running->kind), GUINT_TO_POINTER(running->rung + 1));
}

static bool
start_lower(Running *running)
{
    if (running->has_begun || running->rung + 1 >= DELIVERY_RUNGS)
        return false;
    running->rung++;
    g_clear_pointer(&running->conversion, conversion_free);
    g_clear_pointer(&running->hub, stream_hub_unref);
    return start(running, NULL);
}

/* Whoever reads it is not the only one who wants to know why. Who read all there was has left by
 * now; what nobody has read for a while does not run any more. */
static void
tell_failure(const Running *running, const GError *error)
{
    StreamWish wish = { .profile = running->delivery.profile, .audio_track = running->audio_track,
                        .subtitle = running->delivery.subtitle,
                        .item_id = running->object->id, .start_ms = running->start_ms };

    observers_notify(running->streams->observers, &(StreamFailure){ &wish, error });
}

static void
on_ended(const GError *error, gpointer user_data)
{
    Running *running = user_data;
    g_autoptr(GError) problem = error != NULL ? g_error_copy(error) : NULL;

    if (problem != NULL) {
        g_warning("“%s” as %s from %" G_GINT64_FORMAT " s on: %s", running->object->title,
                  running->delivery.profile->name, running->start_ms / 1000, problem->message);
        remember_fall(running);
        if (start_lower(running))
            return;
    }
    running->has_ended = true;
    running->has_failed = problem != NULL;
    running->idle_since_ms = clock_now_ms(running->streams->parts.clock);
    if (problem == NULL && !running->has_begun)
        g_set_error_literal(&problem, DUO_ERROR, DUO_ERROR_FAILED, "nothing came out of it");
    if (problem != NULL)
        tell_failure(running, problem);
    if (!running->has_begun)
        refuse_waiters(running, problem);
}

static const ConversionEvents events = { on_begun, on_ended };

/* They begin where the stream does; NULL: nothing is said from there on. */
static GBytes *
words_from(GBytes *text, int64_t start_ms, GError **error)
{
    gsize size;
    const char *octets = g_bytes_get_data(text, &size);
    g_autoptr(Subtitles) subtitles = subtitles_decode(octets, size, "srt", error);

    if (subtitles == NULL)
        return NULL;
    subtitles_bring_forward(subtitles, start_ms);
    return g_string_free_to_bytes(subtitles_encode(subtitles, "srt"));
}

static bool
take_words(Running *running, GBytes *text, const GError *problem, GError **error)
{
    int64_t start_ms = running->object->facts.start_ms + running->start_ms;

    if (problem != NULL)
        g_propagate_error(error, g_error_copy(problem));
    else
        running->words = words_from(text, start_ms, error);
    return running->words != NULL && start(running, error);
}

static void
on_words(GBytes *text, const GError *error, gpointer user_data)
{
    WordsLetter *letter = user_data;
    Running *running = letter->running;
    g_autoptr(GError) problem = NULL;

    if (letter->is_asking) {
        letter->has_answer = true;
        letter->is_fine = take_words(running, text, error, letter->error);
        return;
    }
    g_free(letter);
    if (running == NULL)
        return;
    running->letter = NULL;
    if (!take_words(running, text, error, &problem)) {
        running->rung = DELIVERY_RUNGS; /* another try would meet the same */
        on_ended(problem, running);
    }
}

/* Once they are there it starts. */
static bool
fetch_words(Running *running, GError **error)
{
    const StreamsParts *parts = &running->streams->parts;
    const MediaSidecar *subtitle =
        didl_subtitle(running->object->details, (guint)running->delivery.subtitle - 1);

    if (subtitle == NULL || parts->subtitle_tracks == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "“%s” has no such subtitles",
                    running->object->title);
        return false;
    }
    WordsLetter *letter = g_new(WordsLetter, 1);
    *letter = (WordsLetter){ .running = running, .is_asking = true, .error = error };
    subtitle_tracks_read(parts->subtitle_tracks, parts->library, running->object, subtitle,
                         on_words, letter);
    letter->is_asking = false;
    if (!letter->has_answer) {
        running->letter = letter;
        return true;
    }
    bool is_fine = letter->is_fine;
    g_free(letter);
    return is_fine;
}

static bool
is_push(const StreamsParts *parts, const char *id)
{
    return parts->pushes != NULL && pushes_is_token(id);
}

/* Its file, the caller's, and what hangs up when that is whole; -1: none. */
static int
open_file(const StreamsParts *parts, const char *id, int *more, int64_t *whole_size, GError **error)
{
    *more = -1;
    if (is_push(parts, id)) {
        g_autoptr(Push) push = pushes_find_token(parts->pushes, id, error);
        g_auto(PushFacts) facts = { 0 };
        if (push == NULL)
            return -1;
        push_read_facts(push, &facts);
        *whole_size = MAX(facts.size, 0);
        return push_open_file(push, more, error);
    }
    g_autoptr(Stream) stream = library_open_stream(parts->library, id, error);
    int file = stream != NULL ? stream->fd : -1;
    if (stream != NULL)
        stream->fd = -1;
    return file;
}

static bool
start(Running *running, GError **error)
{
    if (running->delivery.subtitle > 0 && running->delivery.drawn == 0 && running->words == NULL)
        return fetch_words(running, error);
    const StreamsParts *parts = &running->streams->parts;
    ConversionOrder order =
        delivery_order(&running->delivery, running->object, running->start_ms, running->rung);
    int more, file = open_file(parts, running->object->id, &more, &order.whole_size, error);

    if (file < 0)
        return false;
    order.cuts = running->cuts;
    order.has_words = running->words != NULL && g_bytes_get_size(running->words) > 0;
    order.is_growing = more >= 0;
    running->hub = stream_hub_new(RING_SIZE);
    running->conversion = conversion_start(
        &(ConversionParts){ .program = parts->worker, .name = running->object->title,
                            .file = file, .more = more, .hub = running->hub,
                            .words = order.has_words ? running->words : NULL,
                            /* a change of container has a worker of its own kind, soon there */
                            .spare = order.is_remux ? NULL : running->streams->spare },
        &order, &events, running);
    g_info("“%s” as %s from %" G_GINT64_FORMAT " s on, rung %u: %s", running->object->title,
           running->delivery.profile->name, running->start_ms / 1000, running->rung,
           running->delivery.reason);
    return true;
}

/* -- Those that nobody reads ------------------------------------------------------------------- */

static void on_tick(gpointer data);

static void
tick_later(Streams *streams)
{
    if (streams->tick == 0)
        streams->tick = clock_after(streams->parts.clock, TICK_MS, on_tick, streams);
}

/* Whoever watches one may want it from another place at any moment. */
static bool
is_spare_wanted(const Streams *streams, int64_t now_ms)
{
    bool is_watched = false;

    for (guint i = 0; i < streams->running->len; i++) {
        const Running *running = streams->running->pdata[i];
        is_watched |= running->has_begun && running->delivery.how == DELIVERY_TRANSCODE &&
                      running->delivery.profile->kind != MEDIA_IMAGE;
    }
    return is_watched || now_ms - streams->spare_since_ms < IDLE_MS;
}

static void
keep_spare(Streams *streams, int64_t now_ms)
{
    if (is_spare_wanted(streams, now_ms))
        worker_spare_prepare(streams->spare);
    else
        worker_spare_dismiss(streams->spare);
}

void
streams_expect(Streams *streams)
{
    streams->spare_since_ms = clock_now_ms(streams->parts.clock);
    worker_spare_prepare(streams->spare);
    tick_later(streams);
}

static void
on_tick(gpointer data)
{
    Streams *streams = data;
    int64_t now_ms = clock_now_ms(streams->parts.clock);

    streams->tick = 0;
    for (guint i = streams->running->len; i > 0; i--) {
        Running *running = streams->running->pdata[i - 1];
        if (running->waiters->len > 0 || stream_hub_readers(running->hub) > 0)
            running->idle_since_ms = now_ms;
        else if (now_ms - running->idle_since_ms >= IDLE_MS)
            g_ptr_array_remove_index(streams->running, i - 1);
    }
    keep_spare(streams, now_ms);
    if (streams->running->len > 0 || worker_spare_waits(streams->spare))
        tick_later(streams);
}

/* Room for one more: where there is none, one goes that nobody reads. */
static bool
make_room(Streams *streams, GError **error)
{
    guint most = streams->parts.running_max > 0 ? streams->parts.running_max : RUNNING_MAX;

    for (guint i = 0; i < streams->running->len && streams->running->len >= most; i++) {
        Running *running = streams->running->pdata[i];
        if (running->waiters->len == 0 && stream_hub_readers(running->hub) == 0)
            g_ptr_array_remove_index(streams->running, i--);
    }
    if (streams->running->len < most)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY,
                "as many streams are being converted as may be at once, %u: one has to end first",
                most);
    return false;
}

/* -- Opening ----------------------------------------------------------------------------------- */

static void
wait_for(Running *running, StreamOpened opened, gpointer user_data)
{
    Waiter waiter = { opened, user_data };

    g_array_append_val(running->waiters, waiter);
}

/* Joins a graph that makes the same, and of which nothing was lost yet. */
static bool
join(const Streams *streams, const char *key, StreamOpened opened, gpointer user_data)
{
    for (guint i = 0; i < streams->running->len; i++) {
        Running *running = streams->running->pdata[i];
        bool is_same = strcmp(running->key, key) == 0;
        if (is_same && !running->has_begun && !running->has_ended) {
            wait_for(running, opened, user_data);
            return true;
        }
        HubReader *reader = is_same && running->has_begun && !running->has_failed
                                ? hub_reader_new(running->hub, HUB_FILE)
                                : NULL;
        if (reader != NULL) {
            opened(stream_new_hub(reader, running->delivery.profile->mime), NULL, user_data);
            return true;
        }
    }
    return false;
}

static bool
decide(Delivery *delivery, const MediaObject *object, const StreamWish *wish, GError **error)
{
    DeliveryWish asked = { .name = wish->profile->name, .profile = wish->profile,
                           .audio_track = wish->audio_track, .subtitle = wish->subtitle,
                           .burns = true, .is_picture_anew = wish->is_picture_anew,
                           .is_never_direct = true };

    if (object->kind != MEDIA_CONTAINER && object->unreadable == NULL)
        return delivery_decide(delivery, object, &asked, error);
    g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "“%s” cannot be played", object->title);
    return false;
}

static MediaObject *
find_object(const StreamsParts *parts, const char *id, GError **error)
{
    return is_push(parts, id) ? pushes_find_object(parts->pushes, id, error)
                              : catalog_find(library_catalog(parts->library), id, error);
}

static Running *
begin(Streams *streams, const StreamWish *wish, const char *kind, const char *key, GError **error)
{
    g_autoptr(MediaObject) object = find_object(&streams->parts, wish->item_id, error);
    g_auto(Delivery) delivery = { 0 };

    if (object == NULL || !decide(&delivery, object, wish, error) || !make_room(streams, error))
        return NULL;
    Running *running = g_new0(Running, 1);
    *running = (Running){
        .streams = streams, .key = g_strdup(key), .kind = g_strdup(kind),
        .object = g_steal_pointer(&object), .delivery = delivery,
        .audio_track = wish->audio_track, .start_ms = wish->start_ms,
        .cuts = g_strdup(wish->cuts),
        .rung = GPOINTER_TO_UINT(g_hash_table_lookup(streams->fallen, kind)),
        .waiters = g_array_new(FALSE, FALSE, sizeof(Waiter)),
    };
    delivery = (Delivery){ 0 };
    if (!start(running, error)) {
        running_free(running);
        return NULL;
    }
    g_ptr_array_add(streams->running, running);
    tick_later(streams);
    return running;
}

void
streams_open(Streams *streams, const StreamWish *wish, StreamOpened opened, gpointer user_data)
{
    g_autofree char *kind = g_strdup_printf("%s.%d.%d.%s", wish->profile->name, wish->audio_track,
                                            wish->subtitle, wish->item_id);
    g_autofree char *key = g_strdup_printf("%s.%" G_GINT64_FORMAT, kind, wish->start_ms);
    g_autoptr(GError) error = NULL;

    if (join(streams, key, opened, user_data))
        return;
    Running *running = begin(streams, wish, kind, key, &error);
    if (running != NULL)
        wait_for(running, opened, user_data);
    else
        opened(NULL, error, user_data);
}

/* -- The object -------------------------------------------------------------------------------- */

Streams *
streams_new(const StreamsParts *parts)
{
    Streams *streams = g_new0(Streams, 1);

    streams->parts = *parts;
    streams->running = g_ptr_array_new_with_free_func(running_free);
    streams->spare = worker_spare_new(parts->worker);
    streams->spare_since_ms = -IDLE_MS;
    streams->fallen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    streams->observers = observers_new();
    return streams;
}

void
streams_free(Streams *streams)
{
    if (streams == NULL)
        return;
    clock_cancel(streams->parts.clock, &streams->tick);
    g_ptr_array_unref(streams->running);
    worker_spare_free(streams->spare);
    g_hash_table_unref(streams->fallen);
    observers_free(streams->observers);
    g_free(streams);
}

Observers *
streams_observers(Streams *streams)
{
    return streams->observers;
}

guint
streams_running(const Streams *streams)
{
    return streams->running->len;
}
