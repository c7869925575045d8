/* push-fetches.c -- see push-fetches.h; a pump writes each, since disks are slow */
#include "appliance/delivery/push-fetches.h"

#include "model/stream-pump.h"
#include "wire/protocol-info.h"

#include <gio/gio.h>
#include <string.h>

struct PushFetches {
    Pushes *pushes; /* borrowed, like the next */
    Relays *relays;
    GPtrArray *brought;   /* Bringing, as long as their uploads are there */
    GPtrArray *inquiries; /* Inquiry */
};

typedef struct {
    Pushes *pushes; /* borrowed */
    char *url, *id;
    Push *push;
    guint writer;
    StreamPump *pump;
} Bringing;

/* Somebody who waits until it begins to come. */
typedef struct {
    PushFetches *fetches; /* NULL: gone */
    char *url, *name;
    PushFetched fetched;
    gpointer user_data;
} Inquiry;

/* -- On the pump's thread ---------------------------------------------------------------------- */

static bool
take(const void *octets, size_t count, gpointer user_data, GError **error)
{
    const Bringing *bringing = user_data;

    return pushes_allow(bringing->pushes, count, error) &&
           push_write(bringing->push, bringing->writer, octets, count, error);
}

static void
on_over(bool is_whole, const GError *error, gpointer user_data)
{
    const Bringing *bringing = user_data;

    push_end(bringing->push, bringing->writer, is_whole);
    if (is_whole) {
        pushes_changed(bringing->pushes, bringing->push);
        return;
    }
    g_info("%s is not brought: %s", bringing->url,
           error != NULL ? error->message : "nobody waits for it");
    pushes_remove(bringing->pushes, bringing->push);
}

static const StreamPumpSink into_push = { take, on_over };

static void
bringing_free(gpointer data)
{
    Bringing *bringing = data;

    stream_pump_free(bringing->pump);
    push_unref(bringing->push);
    g_free(bringing->url);
    g_free(bringing->id);
    g_free(bringing);
}

/* -- The loop ---------------------------------------------------------------------------------- */

static void
inquiry_free(Inquiry *inquiry)
{
    g_free(inquiry->url);
    g_free(inquiry->name);
    g_free(inquiry);
}

/* A list is brought as what its parts are. The caller's. */
static char *
name_of(const Inquiry *inquiry, const Stream *stream)
{
    const char *dot = strrchr(inquiry->name, '.');
    const char *end = stream->mime != NULL ? mime_extension(stream->mime) : NULL;

    if (g_strcmp0(dot, ".m3u8") != 0 || end == NULL)
        return g_strdup(inquiry->name);
    return g_strdup_printf("%.*s.%s", (int)(dot - inquiry->name), inquiry->name, end);
}

/* An upload that waits for stream, which is taken over; NULL with an error. */
static Bringing *
bringing_new(const Inquiry *inquiry, Stream *stream, GError **error)
{
    Pushes *pushes = inquiry->fetches->pushes;
    g_autoptr(Stream) taken = stream;
    g_autofree char *name = name_of(inquiry, stream);
    g_autoptr(Push) push = pushes_create(pushes, name, stream->length, error);
    g_auto(PushFacts) facts = { 0 };
    guint writer = push != NULL ? push_begin(push, 0, stream->length, error) : 0;

    if (writer == 0)
        return NULL;
    push_read_facts(push, &facts);
    Bringing *bringing = g_new0(Bringing, 1);
    bringing->pushes = pushes;
    bringing->url = g_strdup(inquiry->url);
    bringing->id = g_steal_pointer(&facts.id);
    bringing->push = g_steal_pointer(&push);
    bringing->writer = writer;
    bringing->pump = stream_pump_new(g_steal_pointer(&taken), &into_push, bringing);
    return bringing;
}

static void
on_opened(Stream *stream, const GError *error, gpointer user_data)
{
    Inquiry *inquiry = user_data;
    PushFetches *fetches = inquiry->fetches;
    g_autoptr(GError) problem = error != NULL ? g_error_copy(error) : NULL;

    if (fetches == NULL) {
        stream_free(stream);
        inquiry_free(inquiry);
        return;
    }
    g_ptr_array_remove_fast(fetches->inquiries, inquiry);
    Bringing *bringing = stream != NULL ? bringing_new(inquiry, stream, &problem) : NULL;
    if (bringing != NULL)
        g_ptr_array_add(fetches->brought, bringing);
    inquiry->fetched(bringing != NULL ? bringing->id : NULL, problem, inquiry->user_data);
    inquiry_free(inquiry);
}

/* Those whose uploads are gone are forgotten. */
static void
forget_some(PushFetches *fetches)
{
    for (guint i = fetches->brought->len; i > 0; i--) {
        const Bringing *bringing = fetches->brought->pdata[i - 1];
        g_autoptr(Push) push = pushes_find(fetches->pushes, bringing->id, NULL);
        if (push == NULL)
            g_ptr_array_remove_index(fetches->brought, i - 1);
    }
}

void
push_fetches_start(PushFetches *fetches, const char *url, const char *name, PushFetched fetched,
                   gpointer user_data)
{
    forget_some(fetches);
    for (guint i = 0; i < fetches->brought->len; i++) {
        const Bringing *bringing = fetches->brought->pdata[i];
        if (strcmp(bringing->url, url) == 0) {
            fetched(bringing->id, NULL, user_data);
            return;
        }
    }
    Inquiry *inquiry = g_new(Inquiry, 1);
    *inquiry = (Inquiry){ fetches, g_strdup(url), g_strdup(name), fetched, user_data };
    g_ptr_array_add(fetches->inquiries, inquiry);
    relays_fetch(fetches->relays, url, on_opened, inquiry);
}

const char *
push_fetches_origin(const PushFetches *fetches, const char *upload)
{
    for (guint i = 0; i < fetches->brought->len; i++) {
        const Bringing *bringing = fetches->brought->pdata[i];
        if (strcmp(bringing->id, upload) == 0)
            return bringing->url;
    }
    return NULL;
}

PushFetches *
push_fetches_new(Pushes *pushes, Relays *relays)
{
    PushFetches *fetches = g_new(PushFetches, 1);

    *fetches = (PushFetches){ pushes, relays, g_ptr_array_new_with_free_func(bringing_free),
                              g_ptr_array_new() };
    return fetches;
}

void
push_fetches_free(PushFetches *fetches)
{
    if (fetches == NULL)
        return;
    g_autoptr(GError) error =
        g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the server stops");

    for (guint i = 0; i < fetches->inquiries->len; i++) { /* the relays answer them yet */
        Inquiry *inquiry = fetches->inquiries->pdata[i];
        inquiry->fetches = NULL;
        inquiry->fetched(NULL, error, inquiry->user_data);
    }
    g_ptr_array_unref(fetches->inquiries);
    g_ptr_array_unref(fetches->brought);
    g_free(fetches);
}
