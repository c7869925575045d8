/* segments.c -- see segments.h */
#include "appliance/delivery/segments.h"

#include "appliance/delivery/segment-run.h"
#include "base/error.h"
#include "pipelines/worker-errands.h"
#include "pipelines/worker-process.h"
#include "wire/hls.h"

#include <gio/gio.h>
#include <string.h>

#define IDLE_MS 5000
#define TICK_MS 1000
#define FILMS_MAX 32 /* whose cuts are remembered */
#define RUNS_MAX 4   /* of one film, while nobody waits for them */
#define NEAR 2       /* so much further than it is a run is waited for */
#define INDEX_MS 30000
#define INDEX_WAITING_MAX 16
#define INDEX_SIZE_MAX (4 * 1024 * 1024)

struct Segments {
    SegmentsParts parts;
    WorkerErrands *errands; /* that read the indexes of films */
    GCancellable *cancellable;
    GQueue films; /* Film, the one that was asked for last first */
    guint tick;
};

/* One in one form. */
typedef struct {
    Segments *segments;        /* borrowed; not looked at once cancelled */
    GCancellable *cancellable; /* theirs */
    char *key, *item_id;
    StreamWish wish; /* item_id is the one above */
    int64_t duration_ms;
    GArray *cuts; /* NULL: its index is being read */
    GBytes *header; /* NULL: nobody made it yet */
    GPtrArray *runs; /* Run */
    GArray *waiters; /* Waiter */
} Film;

typedef struct {
    Film *film; /* borrowed */
    SegmentRun *made;
    int64_t asked_ms; /* last */
} Run;

typedef struct {
    guint number; /* of a segment, HLS_HEADER or LIST */
    char *folder; /* of a list; NULL: of none */
    const Run *run; /* borrowed; that makes it; NULL: none yet */
    SegmentsReady ready;
    gpointer user_data;
} Waiter;

#define LIST (HLS_HEADER - 1)

static void
run_free(gpointer data)
{
    Run *run = data;

    segment_run_free(run->made);
    g_free(run);
}

/* Tells one that waited, which is forgotten. */
static void
answer(Waiter *waiter, GBytes *octets, const GError *error)
{
    waiter->ready(octets, error, waiter->user_data);
    g_free(waiter->folder);
}

static void
answer_all(Film *film, const GError *error)
{
    for (guint i = 0; i < film->waiters->len; i++)
        answer(&g_array_index(film->waiters, Waiter, i), NULL, error);
    g_array_set_size(film->waiters, 0);
}

static void
film_free(gpointer data)
{
    Film *film = data;

    g_ptr_array_unref(film->runs);
    g_array_unref(film->waiters);
    g_clear_pointer(&film->cuts, g_array_unref);
    g_clear_pointer(&film->header, g_bytes_unref);
    g_object_unref(film->cancellable);
    g_free(film->key);
    g_free(film->item_id);
    g_free(film);
}

/* -- Runs -------------------------------------------------------------------------------------- */

static bool
is_waited_for(const Film *film, const Run *run)
{
    for (guint i = 0; i < film->waiters->len; i++)
        if (g_array_index(film->waiters, Waiter, i).run == run)
            return true;
    return false;
}

static void
on_tick(gpointer data)
{
    Segments *segments = data;
    int64_t now_ms = clock_now_ms(segments->parts.clock);
    bool is_busy = false;

    segments->tick = 0;
    for (GList *link = segments->films.head; link != NULL; link = link->next) {
        Film *film = link->data;
        for (guint i = film->runs->len; i > 0; i--) {
            Run *run = film->runs->pdata[i - 1];
            if (now_ms - run->asked_ms >= IDLE_MS && !is_waited_for(film, run))
                g_ptr_array_remove_index(film->runs, i - 1);
        }
        is_busy |= film->runs->len > 0;
    }
    if (is_busy)
        segments->tick = clock_after(segments->parts.clock, TICK_MS, on_tick, segments);
}

/* What waiter wants, as far as it is there; borrowed. */
static GBytes *
find(const Film *film, const Waiter *waiter)
{
    if (waiter->number == HLS_HEADER)
        return film->header;
    for (guint i = 0; i < film->runs->len; i++) {
        Run *run = film->runs->pdata[i];
        GBytes *octets = segment_run_get(run->made, waiter->number);
        if (octets != NULL) {
            run->asked_ms = clock_now_ms(film->segments->parts.clock);
            segment_run_want(run->made, waiter->number);
            return octets;
        }
    }
    return NULL;
}

/* Whom a run that has ended leaves without an answer. */
static void
refuse(const Film *film, Waiter *waiter, const SegmentRun *made)
{
    g_autoptr(GError) none = NULL;

    if (segment_run_error(made) == NULL)
        g_set_error(&none, DUO_ERROR, DUO_ERROR_NOT_FOUND, "the film ends before segment %u of %u",
                    waiter->number, film->cuts->len);
    answer(waiter, NULL, none != NULL ? none : segment_run_error(made));
}

static void
on_news(SegmentRun *made, gpointer user_data)
{
    Run *run = user_data;
    Film *film = run->film;

    if (film->header == NULL && segment_run_header(made) != NULL)
        film->header = g_bytes_ref(segment_run_header(made));
    for (guint i = film->waiters->len; i > 0; i--) {
        Waiter waiter = g_array_index(film->waiters, Waiter, i - 1);
        GBytes *octets = waiter.run == run ? find(film, &waiter) : NULL;
        if (octets == NULL && (waiter.run != run || !segment_run_has_ended(made)))
            continue;
        g_array_remove_index(film->waiters, i - 1);
        if (octets != NULL)
            answer(&waiter, octets, NULL);
        else
            refuse(film, &waiter, made);
    }
    if (segment_run_error(made) != NULL)
        g_ptr_array_remove(film->runs, run);
}

/* The one that nobody has asked the longest goes. */
static void
make_room(Film *film)
{
    Run *oldest = NULL;

    for (guint i = 0; i < film->runs->len; i++) {
        Run *run = film->runs->pdata[i];
        if (!is_waited_for(film, run) && (oldest == NULL || run->asked_ms < oldest->asked_ms))
            oldest = run;
    }
    if (film->runs->len >= RUNS_MAX && oldest != NULL)
        g_ptr_array_remove(film->runs, oldest);
}

static Run *
begin_run(Film *film, guint number)
{
    Segments *segments = film->segments;
    g_autofree char *cuts = hls_print_cuts(film->cuts, number + 1, HLS_SEGMENTS_MAX);
    StreamWish wish = film->wish;
    Run *run = g_new0(Run, 1);

    make_room(film);
    wish.cuts = cuts;
    wish.start_ms = g_array_index(film->cuts, int64_t, number);
    run->film = film;
    run->made = segment_run_new(segments->parts.streams, &wish, number, on_news, run);
    g_ptr_array_add(film->runs, run);
    if (segments->tick == 0)
        segments->tick = clock_after(segments->parts.clock, TICK_MS, on_tick, segments);
    return run;
}

/* The run that makes it next, or is there soon. */
static Run *
run_for(Film *film, guint number)
{
    for (guint i = 0; i < film->runs->len; i++) {
        Run *run = film->runs->pdata[i];
        guint next = segment_run_next(run->made);
        if (!segment_run_has_ended(run->made) &&
            (number == HLS_HEADER || (number >= next && number <= next + NEAR)))
            return run;
    }
    return begin_run(film, number == HLS_HEADER ? 0 : number);
}

/* -- Questions --------------------------------------------------------------------------------- */

static void
answer_list(const Film *film, Waiter *waiter)
{
    g_autoptr(GBytes) list = g_string_free_to_bytes(
        hls_print_list(film->cuts, film->duration_ms, waiter->folder));

    answer(waiter, list, NULL);
}

/* Of a film whose cuts are known; takes what waiter holds. */
static void
serve(Film *film, Waiter *waiter)
{
    g_autoptr(GError) error = NULL;

    if (waiter->number == LIST) {
        answer_list(film, waiter);
        return;
    }
    if (waiter->number != HLS_HEADER && waiter->number >= film->cuts->len) {
        g_set_error(&error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "it has %u segments",
                    film->cuts->len);
        answer(waiter, NULL, error);
        return;
    }
    GBytes *octets = find(film, waiter);
    if (octets != NULL) {
        answer(waiter, octets, NULL);
        return;
    }
    Run *run = run_for(film, waiter->number);
    run->asked_ms = clock_now_ms(film->segments->parts.clock);
    if (waiter->number != HLS_HEADER)
        segment_run_want(run->made, waiter->number);
    waiter->run = run;
    g_array_append_val(film->waiters, *waiter);
}

/* -- Where a film is cut ----------------------------------------------------------------------- */

static void
serve_all(Film *film)
{
    g_autoptr(GArray) waiters = film->waiters;

    film->waiters = g_array_new(FALSE, FALSE, sizeof(Waiter));
    for (guint i = 0; i < waiters->len; i++)
        serve(film, &g_array_index(waiters, Waiter, i));
}

static void
on_index(GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
    Film *film = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) keys = worker_errands_finish(result, &error);
    gsize size = 0;

    if (g_cancellable_is_cancelled(film->cancellable)) {
        answer_all(film, error);
        film_free(film);
        return;
    }
    const char *text = keys != NULL ? g_bytes_get_data(keys, &size) : NULL;
    film->cuts = text != NULL ? hls_cut_at_keys(text, size, film->duration_ms) : NULL;
    film->wish.is_picture_anew = film->cuts == NULL;
    if (film->cuts == NULL)
        film->cuts = hls_cut_evenly(film->duration_ms);
    serve_all(film);
}

/* Whether its picture can be copied: then its key frames are looked for. */
static bool
plan(Film *film, const MediaObject *object, GError **error)
{
    DeliveryWish asked = { .name = film->wish.profile->name, .profile = film->wish.profile,
                           .audio_track = film->wish.audio_track,
                           .subtitle = film->wish.subtitle, .burns = true,
                           .is_never_direct = true };
    g_auto(Delivery) delivery = { 0 };
    g_autoptr(GArray) even = hls_cut_evenly(object->facts.duration_ms);

    if (object->kind != MEDIA_VIDEO || object->unreadable != NULL || even == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED,
                    "“%s” %s, so there is no list of its segments", object->title,
                    object->kind != MEDIA_VIDEO || object->unreadable != NULL
                        ? "is no film that can be played"
                        : "has no length that is known, or a very great one");
        return false;
    }
    if (!delivery_decide(&delivery, object, &asked, error))
        return false;
    if (delivery.copies_video && !object->is_offline)
        worker_errands_run(film->segments->errands, object->path, NULL,
                           &(WorkerJob){ .kind = WORKER_KEYS, .media = MEDIA_VIDEO },
                           film->cancellable, on_index, film);
    else
        film->cuts = g_steal_pointer(&even);
    return true;
}

/* Those that nobody asks for are forgotten, the oldest first. */
static void
forget_some(Segments *segments)
{
    GList *link = segments->films.tail;

    while (link != NULL && segments->films.length > FILMS_MAX) {
        Film *film = link->data;
        GList *before = link->prev;
        if (film->cuts != NULL && film->runs->len == 0 && film->waiters->len == 0) {
            g_queue_delete_link(&segments->films, link);
            film_free(film);
        }
        link = before;
    }
}

static Film *
film_new(Segments *segments, const StreamWish *wish, const MediaObject *object, const char *key)
{
    Film *film = g_new0(Film, 1);

    film->segments = segments;
    film->cancellable = g_object_ref(segments->cancellable);
    film->key = g_strdup(key);
    film->item_id = g_strdup(object->id);
    film->wish = (StreamWish){ .profile = wish->profile, .audio_track = wish->audio_track,
                               .subtitle = wish->subtitle, .item_id = film->item_id };
    film->duration_ms = object->facts.duration_ms;
    film->runs = g_ptr_array_new_with_free_func(run_free);
    film->waiters = g_array_new(FALSE, FALSE, sizeof(Waiter));
    return film;
}

static Film *
find_film(Segments *segments, const StreamWish *wish, GError **error)
{
    g_autoptr(MediaObject) object =
        catalog_find(library_catalog(segments->parts.library), wish->item_id, error);

    if (object == NULL)
        return NULL;
    g_autofree char *key =
        g_strdup_printf("%s.%d.%d.%s.%s", wish->profile->name, wish->audio_track, wish->subtitle,
                        object->id, object->content_digest);
    for (GList *link = segments->films.head; link != NULL; link = link->next)
        if (strcmp(((Film *)link->data)->key, key) == 0) {
            g_queue_unlink(&segments->films, link);
            g_queue_push_head_link(&segments->films, link);
            return link->data;
        }
    Film *film = film_new(segments, wish, object, key);
    if (!plan(film, object, error)) {
        film_free(film);
        return NULL;
    }
    g_queue_push_head(&segments->films, film);
    forget_some(segments);
    return film;
}

static void
ask(Segments *segments, const StreamWish *wish, Waiter *waiter)
{
    g_autoptr(GError) error = NULL;
    Film *film = find_film(segments, wish, &error);

    if (film == NULL)
        answer(waiter, NULL, error);
    else if (film->cuts == NULL)
        g_array_append_val(film->waiters, *waiter);
    else
        serve(film, waiter);
}

void
segments_list(Segments *segments, const StreamWish *wish, const char *folder, SegmentsReady ready,
              gpointer user_data)
{
    Waiter waiter = { .number = LIST, .folder = g_strdup(folder), .ready = ready,
                      .user_data = user_data };

    streams_expect(segments->parts.streams);
    ask(segments, wish, &waiter);
}

void
segments_get(Segments *segments, const StreamWish *wish, guint number, SegmentsReady ready,
             gpointer user_data)
{
    Waiter waiter = { .number = number, .ready = ready, .user_data = user_data };

    ask(segments, wish, &waiter);
}

/* -- The object -------------------------------------------------------------------------------- */

Segments *
segments_new(const SegmentsParts *parts)
{
    Segments *segments = g_new0(Segments, 1);

    segments->parts = *parts;
    segments->cancellable = g_cancellable_new();
    segments->errands = worker_errands_new(&(WorkerErrandsKind){
        .role = WORKER_ROLE_REMUX, .noun = "index", .timeout_ms = INDEX_MS,
        .waiting_max = INDEX_WAITING_MAX, .size_max = INDEX_SIZE_MAX, .program = parts->worker });
    return segments;
}

/* A film whose index is being read is freed by its own answer. */
void
segments_free(Segments *segments)
{
    g_autoptr(GError) error =
        g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the server stops");
    Film *film;

    if (segments == NULL)
        return;
    clock_cancel(segments->parts.clock, &segments->tick);
    g_cancellable_cancel(segments->cancellable);
    worker_errands_free(segments->errands);
    while ((film = g_queue_pop_head(&segments->films)) != NULL) {
        if (film->cuts == NULL)
            continue;
        answer_all(film, error);
        film_free(film);
    }
    g_object_unref(segments->cancellable);
    g_free(segments);
}

guint
segments_running(const Segments *segments)
{
    guint count = 0;

    for (const GList *link = segments->films.head; link != NULL; link = link->next)
        count += ((const Film *)link->data)->runs->len;
    return count;
}
