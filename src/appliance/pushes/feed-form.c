/* feed-form.c -- see feed-form.h */
#include "appliance/pushes/feed-form.h"

#include "pipelines/conversion.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RING_SIZE (256 * 1024) /* half of it may wait for the screen: half a second */
#define SENT_AHEAD (64 * 1024) /* between us and the worker */
#define BLOCK (32 * 1024)

struct FeedForm {
    char *mime;
    Stream *source;
    StreamHub *hub;
    HubReader *reader; /* NULL: it was taken */
    Conversion *conversion;
    int link; /* to the worker */
    GThread *thread;
    GMutex lock;
    GCond woken;
    bool is_woken, is_over; /* under the lock */
};

/* -- To the worker ----------------------------------------------------------------------------- */

static void
on_source_woken(gpointer data)
{
    FeedForm *form = data;

    g_mutex_lock(&form->lock);
    form->is_woken = true;
    g_cond_signal(&form->woken);
    g_mutex_unlock(&form->lock);
}

/* False: it is over. */
static bool
await_source(FeedForm *form)
{
    form->source->class->wait(form->source, on_source_woken, form);
    g_mutex_lock(&form->lock);
    while (!form->is_woken && !form->is_over)
        g_cond_wait(&form->woken, &form->lock);
    form->is_woken = false;
    bool is_over = form->is_over;
    g_mutex_unlock(&form->lock);
    return !is_over;
}

static bool
hand_over(int link, const uint8_t *octets, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(link, octets, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        octets += sent;
        count -= (size_t)sent;
    }
    return true;
}

static gpointer
run(gpointer data)
{
    FeedForm *form = data;
    g_autofree uint8_t *block = g_malloc(BLOCK);

    for (;;) {
        gssize count = stream_read(form->source, 0, block, BLOCK, NULL);
        if (count == STREAM_NOT_YET) {
            if (!await_source(form))
                break;
        } else if (count <= 0 || !hand_over(form->link, block, (size_t)count)) {
            break;
        }
    }
    shutdown(form->link, SHUT_WR);
    return NULL;
}

/* -- The object -------------------------------------------------------------------------------- */

/* Whoever reads hears of it by the hub. */
static void
on_begun(gpointer user_data)
{
}

static void
on_ended(const GError *error, gpointer user_data)
{
    if (error != NULL && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info("%s of something live: %s", ((FeedForm *)user_data)->mime, error->message);
}

static const ConversionEvents events = { on_begun, on_ended };

FeedForm *
feed_form_new(Stream *source, const FeedFormParts *parts)
{
    FeedForm *form = g_new0(FeedForm, 1);
    int ends[2], room = SENT_AHEAD;

    form->mime = g_strdup(parts->mime);
    form->source = source;
    form->hub = stream_hub_new(RING_SIZE);
    form->reader = hub_reader_new(form->hub, HUB_FILE);
    g_mutex_init(&form->lock);
    g_cond_init(&form->woken);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        ends[0] = ends[1] = -1; /* the worker then says that it cannot read */
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    form->link = ends[0];
    form->conversion = conversion_start(
        &(ConversionParts){ .program = parts->worker, .name = parts->title, .file = ends[1],
                            .hub = form->hub },
        parts->order, &events, form);
    form->thread = g_thread_new("feed", run, form);
    return form;
}

void
feed_form_free(FeedForm *form)
{
    if (form == NULL)
        return;
    g_mutex_lock(&form->lock);
    form->is_over = true;
    g_cond_signal(&form->woken);
    g_mutex_unlock(&form->lock);
    shutdown(form->link, SHUT_RDWR);
    g_thread_join(form->thread);
    conversion_free(form->conversion);
    if (form->link >= 0)
        close(form->link);
    hub_reader_free(form->reader);
    stream_hub_unref(form->hub);
    stream_free(form->source);
    g_cond_clear(&form->woken);
    g_mutex_clear(&form->lock);
    g_free(form->mime);
    g_free(form);
}

Stream *
feed_form_stream(FeedForm *form)
{
    return stream_new_hub(g_steal_pointer(&form->reader), form->mime);
}

bool
feed_form_is_left(FeedForm *form)
{
    return form->reader == NULL && stream_hub_readers(form->hub) == 0;
}
