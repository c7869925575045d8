/* relay-fetch.c -- see relay-fetch.h */
#include "appliance/delivery/relay-fetch.h"

#include "base/error.h"
#include "base/post.h"
#include "net/http-client.h"
#include "wire/http-range.h"

#include <string.h>

#define RING_SIZE (1024 * 1024)
#define SILENCE_S 30 /* longer than that nobody waits for an octet */

struct RelayFetch {
    gatomicrefcount references; /* the owner's, and that of what is posted */
    char *url;
    GInetSocketAddress *address;
    uint64_t offset;
    StreamHub *hub;
    HubReader *reader; /* made at first, so that nothing is lost; NULL: it was taken */
    GCancellable *cancellable;
    GThread *thread;
    RelayTold told; /* the loop's; NULL: nobody waits */
    gpointer user_data;
    /* The thread's, and the loop's once they are posted: */
    RelayFacts facts;
    bool is_told;
    GMainLoop *loop;
    GError *error;     /* why the octets end early */
    gint64 heard_at_us;
};

static void
fetch_unref(RelayFetch *fetch)
{
    if (!g_atomic_ref_count_dec(&fetch->references))
        return;
    hub_reader_free(fetch->reader);
    stream_hub_unref(fetch->hub);
    g_object_unref(fetch->address);
    g_object_unref(fetch->cancellable);
    g_clear_error(&fetch->facts.error);
    g_clear_error(&fetch->error);
    g_free(fetch->facts.location);
    g_free(fetch->facts.mime);
    g_free(fetch->facts.etag);
    g_free(fetch->url);
    g_free(fetch);
}

/* -- In the thread ----------------------------------------------------------------------------- */

static void
on_facts(gpointer data)
{
    RelayFetch *fetch = data;
    RelayTold told = fetch->told;

    fetch->told = NULL;
    if (told != NULL)
        told(&fetch->facts, fetch->user_data);
    fetch_unref(fetch);
}

static void
tell(RelayFetch *fetch)
{
    if (fetch->is_told)
        return;
    fetch->is_told = true;
    g_atomic_ref_count_inc(&fetch->references);
    post(NULL, on_facts, fetch);
}

static void
read_length(RelayFacts *facts, const HttpReply *reply)
{
    const char *length = http_reply_head(reply, "Content-Length");
    const char *range = http_reply_head(reply, "Content-Range");
    HttpRange part;
    uint64_t size = UINT64_MAX;

    facts->length = -1;
    if (facts->status == 206 && range != NULL && http_content_range_decode(range, &part, &size))
        facts->length = size < INT64_MAX ? (int64_t)size : -1;
    else if (facts->status == 200 && length != NULL && g_ascii_isdigit(*length))
        facts->length = g_ascii_strtoll(length, NULL, 10);
    facts->has_parts = facts->status == 206 && facts->length >= 0;
}

static void
read_facts(RelayFetch *fetch, const HttpReply *reply)
{
    RelayFacts *facts = &fetch->facts;
    const char *etag = http_reply_head(reply, "ETag");
    size_t size = etag != NULL ? strlen(etag) : 0;

    facts->status = http_reply_status(reply);
    facts->location = g_strdup(http_reply_head(reply, "Location"));
    facts->mime = g_strdup(http_reply_head(reply, "Content-Type"));
    if (size > 2 && etag[0] == '"' && etag[size - 1] == '"')
        facts->etag = g_strndup(etag + 1, size - 2);
    read_length(facts, reply);
}

static void
give_up(RelayFetch *fetch, GError *error)
{
    if (fetch->error == NULL)
        fetch->error = error;
    else
        g_error_free(error);
    g_cancellable_cancel(fetch->cancellable);
}

/* Who answers another place than it was asked for would be taken for the right one. */
static void
on_began(const HttpReply *reply, gpointer user_data)
{
    RelayFetch *fetch = user_data;

    read_facts(fetch, reply);
    if (fetch->offset > 0 && !fetch->facts.has_parts)
        give_up(fetch, g_error_new(DUO_ERROR, DUO_ERROR_UNAVAILABLE,
                                   "its server does not give parts any more"));
    fetch->heard_at_us = g_get_monotonic_time();
    tell(fetch);
}

static void
on_received(const void *data, size_t size, gpointer user_data)
{
    RelayFetch *fetch = user_data;
    const char *from = data;

    while (size > 0 && fetch->error == NULL) {
        size_t room;
        void *place = stream_hub_reserve(fetch->hub, &room);
        if (place == NULL) {
            give_up(fetch, g_error_new(G_IO_ERROR, G_IO_ERROR_CANCELLED, "nobody reads it"));
            return;
        }
        size_t count = MIN(room, size);
        memcpy(place, from, count);
        stream_hub_commit(fetch->hub, count, false);
        from += count;
        size -= count;
    }
    fetch->heard_at_us = g_get_monotonic_time(); /* a reader that pauses is no silence */
}

static void
on_replied(const HttpReply *reply, const GError *error, gpointer user_data)
{
    RelayFetch *fetch = user_data;

    if (error != NULL && fetch->error == NULL)
        fetch->error = g_error_copy(error);
    if (!fetch->is_told && reply != NULL)
        read_facts(fetch, reply);
    if (!fetch->is_told && fetch->error != NULL)
        fetch->facts.error = g_error_copy(fetch->error);
    tell(fetch);
    g_main_loop_quit(fetch->loop);
}

static gboolean
on_look(gpointer user_data)
{
    RelayFetch *fetch = user_data;

    if (g_get_monotonic_time() - fetch->heard_at_us > SILENCE_S * G_USEC_PER_SEC)
        give_up(fetch, g_error_new(DUO_ERROR, DUO_ERROR_TIMEOUT, "its server has fallen silent"));
    return G_SOURCE_CONTINUE;
}

static void
ask(RelayFetch *fetch, HttpClient *client)
{
    g_autofree char *range = g_strdup_printf("bytes=%" G_GUINT64_FORMAT "-", fetch->offset);
    const HttpHead heads[] = { { "Range", range },
                               { "Accept-Encoding", "identity" },
                               { NULL, NULL } };

    http_client_send(client,
                     &(HttpRequest){ .method = "GET", .url = fetch->url, .heads = heads,
                                     .received = on_received, .began = on_began },
                     fetch->cancellable, on_replied, fetch);
    g_main_loop_run(fetch->loop);
}

static gpointer
run(gpointer data)
{
    RelayFetch *fetch = data;
    g_autoptr(GMainContext) context = g_main_context_new();
    g_autoptr(GSource) look = g_timeout_source_new_seconds(SILENCE_S / 3);

    g_main_context_push_thread_default(context);
    fetch->heard_at_us = g_get_monotonic_time();
    fetch->loop = g_main_loop_new(context, FALSE);
    g_source_set_callback(look, on_look, fetch, NULL);
    g_source_attach(look, context);
    HttpClient *client = http_client_new_to("duoping", fetch->address);
    ask(fetch, client);
    stream_hub_end(fetch->hub, fetch->error);
    http_client_free(client);
    g_source_destroy(look);
    while (g_main_context_iteration(context, FALSE))
        continue; /* what libsoup still has to let go of */
    g_main_loop_unref(fetch->loop);
    g_main_context_pop_thread_default(context);
    return NULL;
}

/* -- The owner --------------------------------------------------------------------------------- */

RelayFetch *
relay_fetch_new(const RelayQuestion *question, RelayTold told, gpointer user_data)
{
    RelayFetch *fetch = g_new0(RelayFetch, 1);

    g_atomic_ref_count_init(&fetch->references);
    fetch->url = g_strdup(question->url);
    fetch->address = g_object_ref(question->address);
    fetch->offset = question->offset;
    fetch->hub = stream_hub_new(RING_SIZE);
    fetch->reader = hub_reader_new(fetch->hub, HUB_FILE);
    fetch->cancellable = g_cancellable_new();
    fetch->told = told;
    fetch->user_data = user_data;
    fetch->facts.length = -1;
    fetch->thread = g_thread_new("relay", run, fetch);
    return fetch;
}

void
relay_fetch_free(RelayFetch *fetch)
{
    if (fetch == NULL)
        return;
    fetch->told = NULL;
    g_cancellable_cancel(fetch->cancellable);
    stream_hub_close(fetch->hub);
    g_thread_join(fetch->thread);
    fetch_unref(fetch);
}

HubReader *
relay_fetch_reader(RelayFetch *fetch)
{
    return g_steal_pointer(&fetch->reader);
}
