/* feed-form.c -- see feed-form.h */
#include "appliance/pushes/feed-form.h"

#include "model/stream-pump.h"
#include "pipelines/conversion.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RING_SIZE (256 * 1024) /* half of it may wait for the screen: half a second */
#define SENT_AHEAD (64 * 1024) /* between us and the worker */

struct FeedForm {
    char *mime;
    StreamHub *hub;
    HubReader *reader; /* NULL: it was taken */
    Conversion *conversion;
    int link; /* to the worker */
    StreamPump *pump;
};

/* -- To the worker ----------------------------------------------------------------------------- */

static bool
hand_over(const void *octets, size_t count, gpointer user_data, GError **error G_GNUC_UNUSED)
{
    const FeedForm *form = user_data;
    const uint8_t *left = octets;

    while (count > 0) {
        ssize_t sent = send(form->link, left, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        left += sent;
        count -= (size_t)sent;
    }
    return true;
}

static void
on_source_over(bool is_whole G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED, gpointer user_data)
{
    shutdown(((FeedForm *)user_data)->link, SHUT_WR);
}

static const StreamPumpSink to_worker = { hand_over, on_source_over };

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
    form->hub = stream_hub_new(RING_SIZE);
    form->reader = hub_reader_new(form->hub, HUB_FILE);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        ends[0] = ends[1] = -1; /* the worker then says that it cannot read */
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    form->link = ends[0];
    form->conversion = conversion_start(
        &(ConversionParts){ .program = parts->worker, .name = parts->title, .file = ends[1],
                            .hub = form->hub },
        parts->order, &events, form);
    form->pump = stream_pump_new(source, &to_worker, form);
    return form;
}

void
feed_form_free(FeedForm *form)
{
    if (form == NULL)
        return;
    shutdown(form->link, SHUT_RDWR); /* nothing is waited for any more */
    stream_pump_free(form->pump);
    conversion_free(form->conversion);
    if (form->link >= 0)
        close(form->link);
    hub_reader_free(form->reader);
    stream_hub_unref(form->hub);
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
