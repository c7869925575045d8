/* segment-run.c -- see segment-run.h
 *
 * What a worker makes is a header and segments, each of which begins with a box of its own
 * (wire/hls.h). It is read on the loop, some of it a turn; where there is nothing to read a thread
 * posts when there is, to a letter that outlives the run. */
#include "appliance/delivery/segment-run.h"

#include "base/error.h"
#include "base/post.h"
#include "wire/hls.h"

#define AHEAD 2                           /* segments that are made before they are asked for */
#define AHEAD_SIZE_MAX (32 * 1024 * 1024) /* unless as much is kept already */
#define KEPT_MAX (AHEAD + 2)
#define SEGMENT_SIZE_MAX (128 * 1024 * 1024)
#define TURN_SIZE (1024 * 1024)
#define BLOCK_SIZE (256 * 1024)

/* To a run that may be gone. */
typedef struct {
    gatomicrefcount references;
    GMainContext *context;
    SegmentRun *run; /* the loop's; NULL: it is gone */
} Letter;

struct SegmentRun {
    Letter *letter;
    Stream *stream; /* NULL: it is not open yet, or has ended */
    SegmentRunNews news;
    gpointer user_data;
    GByteArray *pending; /* read, but not whole yet */
    uint64_t looked_at;  /* octets of pending whose boxes are known */
    GBytes *header;
    GQueue kept; /* GBytes; the last is the one before next */
    gsize kept_size;
    guint next, wanted;
    bool has_begun; /* the box that begins next was seen */
    bool is_waiting; /* a letter will come */
    bool has_ended;
    GError *error;
};

static void
letter_unref(Letter *letter)
{
    if (!g_atomic_ref_count_dec(&letter->references))
        return;
    g_main_context_unref(letter->context);
    g_free(letter);
}

/* -- Taking apart ------------------------------------------------------------------------------ */

static void
end(SegmentRun *run, GError *error)
{
    run->has_ended = true;
    run->error = error;
    g_clear_pointer(&run->stream, stream_free);
}

/* All that is pending before what was looked at last is one piece. */
static void
keep_piece(SegmentRun *run)
{
    gsize size = (gsize)run->looked_at;
    GBytes *piece = g_bytes_new(run->pending->data, size);

    g_byte_array_remove_range(run->pending, 0, (guint)size);
    run->looked_at = 0;
    if (!run->has_begun) {
        run->header = piece;
        return;
    }
    g_queue_push_tail(&run->kept, piece);
    run->kept_size += size;
    run->next++;
    while (run->kept.length > KEPT_MAX) {
        GBytes *oldest = g_queue_pop_head(&run->kept);
        run->kept_size -= g_bytes_get_size(oldest);
        g_bytes_unref(oldest);
    }
}

/* False: it is no MP4, or a segment is too large. */
static bool
take_apart(SegmentRun *run)
{
    uint64_t size = 0;
    bool is_begin = false;

    while (run->looked_at < run->pending->len) {
        if (!hls_box(run->pending->data + run->looked_at,
                     (size_t)(run->pending->len - run->looked_at), &size, &is_begin) ||
            size > SEGMENT_SIZE_MAX)
            return false;
        if (size == 0)
            break;
        if (is_begin) {
            if (run->looked_at > 0)
                keep_piece(run);
            run->has_begun = true;
        }
        run->looked_at += size;
    }
    return run->pending->len <= SEGMENT_SIZE_MAX;
}

/* -- Reading ----------------------------------------------------------------------------------- */

static bool
is_more_wanted(const SegmentRun *run)
{
    return run->stream != NULL && !run->is_waiting &&
           (run->next <= run->wanted ||
            (run->next <= run->wanted + AHEAD && run->kept_size < AHEAD_SIZE_MAX));
}

static void go_on(SegmentRun *run);

static void
on_letter(gpointer data)
{
    Letter *letter = data;

    if (letter->run != NULL) {
        letter->run->is_waiting = false;
        go_on(letter->run);
    }
    letter_unref(letter);
}

/* On any thread, while the run is there. */
static void
send_letter(gpointer user_data)
{
    Letter *letter = user_data;

    g_atomic_ref_count_inc(&letter->references);
    post(letter->context, on_letter, letter);
}

/* The last segment ends with the stream. */
static void
finish(SegmentRun *run, GError *error)
{
    if (error == NULL && run->has_begun && run->looked_at > 0 &&
        run->looked_at == run->pending->len)
        keep_piece(run);
    end(run, error);
}

/* Reads some; false when there is nothing to read now, or ever. */
static bool
read_some(SegmentRun *run)
{
    guint before = run->pending->len;
    GError *error = NULL;

    g_byte_array_set_size(run->pending, before + BLOCK_SIZE);
    gssize got = stream_read(run->stream, 0, run->pending->data + before, BLOCK_SIZE, &error);
    g_byte_array_set_size(run->pending, before + (got > 0 ? (guint)got : 0));
    if (got == STREAM_NOT_YET) {
        run->is_waiting = true;
        run->stream->class->wait(run->stream, send_letter, run->letter);
        return false;
    }
    if (got <= 0) {
        finish(run, error);
        return false;
    }
    if (take_apart(run))
        return true;
    end(run, g_error_new_literal(DUO_ERROR, DUO_ERROR_FAILED, "its segments are too large"));
    return false;
}

static void
go_on(SegmentRun *run)
{
    guint before = run->next;
    bool had_header = run->header != NULL;
    gsize turn = 0;

    while (is_more_wanted(run) && turn < TURN_SIZE && read_some(run))
        turn += BLOCK_SIZE;
    if (is_more_wanted(run)) { /* others have their turn first */
        run->is_waiting = true;
        send_letter(run->letter);
    }
    if (run->next != before || run->has_ended || had_header != (run->header != NULL))
        run->news(run, run->user_data);
}

/* -- The object -------------------------------------------------------------------------------- */

static void
on_opened(Stream *stream, const GError *error, gpointer user_data)
{
    Letter *letter = user_data;
    SegmentRun *run = letter->run;

    if (run == NULL) {
        stream_free(stream);
    } else {
        run->stream = stream;
        if (stream == NULL)
            end(run, g_error_copy(error));
        send_letter(letter); /* whose answer it is may not have asked yet */
    }
    letter_unref(letter);
}

SegmentRun *
segment_run_new(Streams *streams, const StreamWish *wish, guint first, SegmentRunNews news,
                gpointer user_data)
{
    SegmentRun *run = g_new0(SegmentRun, 1);

    run->letter = g_new0(Letter, 1);
    g_atomic_ref_count_init(&run->letter->references);
    run->letter->context = g_main_context_ref_thread_default();
    run->letter->run = run;
    run->news = news;
    run->user_data = user_data;
    run->pending = g_byte_array_new();
    run->next = run->wanted = first;
    run->is_waiting = true;
    g_atomic_ref_count_inc(&run->letter->references); /* who opens it answers once */
    streams_open(streams, wish, on_opened, run->letter);
    return run;
}

void
segment_run_free(SegmentRun *run)
{
    if (run == NULL)
        return;
    run->letter->run = NULL;
    stream_free(run->stream); /* nobody sends letters any more */
    letter_unref(run->letter);
    g_byte_array_unref(run->pending);
    g_clear_pointer(&run->header, g_bytes_unref);
    g_queue_clear_full(&run->kept, (GDestroyNotify)g_bytes_unref);
    g_clear_error(&run->error);
    g_free(run);
}

void
segment_run_want(SegmentRun *run, guint number)
{
    run->wanted = MAX(run->wanted, number);
    if (is_more_wanted(run)) { /* who asks is not told before he has asked */
        run->is_waiting = true;
        send_letter(run->letter);
    }
}

GBytes *
segment_run_get(const SegmentRun *run, guint number)
{
    if (number >= run->next || run->next - number > run->kept.length)
        return NULL;
    return g_queue_peek_nth((GQueue *)&run->kept, run->kept.length - (run->next - number));
}

GBytes *
segment_run_header(const SegmentRun *run)
{
    return run->header;
}

guint
segment_run_next(const SegmentRun *run)
{
    return run->next;
}

bool
segment_run_has_ended(const SegmentRun *run)
{
    return run->has_ended;
}

const GError *
segment_run_error(const SegmentRun *run)
{
    return run->error;
}
