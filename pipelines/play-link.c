/* play-link.c -- see play-link.h
 *
 * about-to-finish wants the next URI at once and on a media thread: it is left as object data of
 * the pipeline, which GObject guards. Errors are caught as sync messages, before GstPlay hears of
 * them. The link is counted, since a media thread may be within it when the player is freed. */
#include "pipelines/play-link.h"

#include "base/error.h"
#include "base/post.h"

#include <gst/pbutils/pbutils.h>

#define NEXT_URI "duoping-next-uri"     /* what about-to-finish may take */
#define START "duoping-start"           /* where in it the next address begins: seconds, a text */
#define HANDED_URI "duoping-handed-uri" /* what it took */

struct PlayLink {
    gatomicrefcount references;
    GstElement *speaker; /* the pipeline, for media threads: borrowed, it outlives what they say */
    /* The main loop alone: */
    GstElement *pipeline; /* owned until freed, NULL then */
    const PlayLinkEvents *events;
    gpointer user_data;
};

/* A letter to the loop. */
typedef struct {
    PlayLink *link;
    char *uri;
    GError *error;
} Trouble;

static PlayLink *
link_ref(PlayLink *link)
{
    g_atomic_ref_count_inc(&link->references);
    return link;
}

static void
link_unref(PlayLink *link)
{
    if (g_atomic_ref_count_dec(&link->references))
        g_free(link);
}

/* -- on media threads -- */

static void
on_about_to_finish(GstElement *pipeline, gpointer user_data)
{
    char *uri = g_object_steal_data(G_OBJECT(pipeline), NEXT_URI);

    if (uri == NULL)
        return;
    g_object_set(pipeline, "uri", uri, NULL);
    g_object_set_data_full(G_OBJECT(pipeline), HANDED_URI, uri, g_free);
}

/* playbin made a source for the address. */
static void
on_source(GstElement *pipeline, GstElement *source, gpointer user_data)
{
    g_autofree char *start = g_object_steal_data(G_OBJECT(pipeline), START);

    if (start == NULL ||
        g_object_class_find_property(G_OBJECT_GET_CLASS(source), "extra-headers") == NULL)
        return;
    g_autofree char *range = g_strdup_printf("npt=%s-", start);
    g_autoptr(GstStructure) heads = gst_structure_new(
        "heads", "TimeSeekRange.dlna.org", G_TYPE_STRING, range, NULL);
    g_object_set(source, "extra-headers", heads, NULL);
}

static void
deliver_stream_start(gpointer data)
{
    PlayLink *link = data;

    if (link->pipeline != NULL) {
        g_autofree char *uri = g_object_steal_data(G_OBJECT(link->pipeline), HANDED_URI);
        if (uri != NULL)
            link->events->next_began(uri, link->user_data);
    }
    link_unref(link);
}

static void
on_stream_start(GstBus *bus, GstMessage *message, gpointer user_data)
{
    post(NULL, deliver_stream_start, link_ref(user_data));
}

static void
deliver_trouble(gpointer data)
{
    Trouble *trouble = data;

    if (trouble->link->pipeline != NULL)
        trouble->link->events->trouble(trouble->uri, trouble->error, trouble->link->user_data);
    link_unref(trouble->link);
    g_free(trouble->uri);
    g_error_free(trouble->error);
    g_free(trouble);
}

/* Takes words over. The last words of an older media may come when the next is open already: the
 * playbin's address, which changes once its threads are at rest, tells whose they are. */
static void
tell_trouble(PlayLink *link, DuoError code, char *words)
{
    Trouble *trouble = g_new(Trouble, 1);

    *trouble = (Trouble){ link_ref(link), NULL, g_error_new_literal(DUO_ERROR, (gint)code, words) };
    g_object_get(link->speaker, "current-uri", &trouble->uri, NULL);
    post(NULL, deliver_trouble, trouble);
    g_free(words);
}

static void
on_element_message(GstBus *bus, GstMessage *message, gpointer user_data)
{
    if (!gst_is_missing_plugin_message(message))
        return;
    g_autofree char *what = gst_missing_plugin_message_get_description(message);
    tell_trouble(user_data, DUO_ERROR_UNSUPPORTED,
                 g_strdup_printf("it cannot be decoded here: %s is missing", what));
}

static void
on_error_message(GstBus *bus, GstMessage *message, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    const GstStructure *details = NULL;
    guint status = 0;

    gst_message_parse_error(message, &error, NULL);
    gst_message_parse_error_details(message, &details);
    if (details != NULL && gst_structure_get_uint(details, "http-status-code", &status))
        tell_trouble(user_data, status / 100 == 4 ? DUO_ERROR_NOT_FOUND : DUO_ERROR_UNAVAILABLE,
                     g_strdup_printf("its server answered with HTTP status %u (%s)", status,
                                     error->message));
    else if (GST_OBJECT_FLAG_IS_SET(GST_MESSAGE_SRC(message), GST_ELEMENT_FLAG_SOURCE) &&
             error->domain == GST_STREAM_ERROR) /* all souphttpsrc says of a refused connection */
        tell_trouble(user_data, DUO_ERROR_UNAVAILABLE,
                     g_strdup("its server cannot be reached, or broke off"));
    else
        tell_trouble(user_data, DUO_ERROR_FAILED, g_strdup(error->message));
}

/* -- on the loop -- */

static void
on_listener_gone(gpointer data, GClosure *closure)
{
    link_unref(data);
}

static void
listen_on(GstBus *bus, const char *signal, GCallback handler, PlayLink *link)
{
    g_signal_connect_data(bus, signal, handler, link_ref(link), on_listener_gone, 0);
}

PlayLink *
play_link_new(GstElement *pipeline, const PlayLinkEvents *events, gpointer user_data)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
    PlayLink *link = g_new0(PlayLink, 1);

    *link = (PlayLink){ .speaker = pipeline, .pipeline = gst_object_ref(pipeline),
                        .events = events, .user_data = user_data };
    g_atomic_ref_count_init(&link->references);
    g_signal_connect(pipeline, "about-to-finish", G_CALLBACK(on_about_to_finish), NULL);
    g_signal_connect(pipeline, "source-setup", G_CALLBACK(on_source), NULL);
    listen_on(bus, "message::stream-start", G_CALLBACK(on_stream_start), link);
    gst_bus_enable_sync_message_emission(bus);
    listen_on(bus, "sync-message::element", G_CALLBACK(on_element_message), link);
    listen_on(bus, "sync-message::error", G_CALLBACK(on_error_message), link);
    return link;
}

void
play_link_free(PlayLink *link)
{
    if (link == NULL)
        return;
    gst_clear_object(&link->pipeline);
    link_unref(link);
}

void
play_link_offer_next(PlayLink *link, const char *uri)
{
    g_object_set_data_full(G_OBJECT(link->pipeline), NEXT_URI, g_strdup(uri), g_free);
}

void
play_link_forget(PlayLink *link)
{
    g_object_set_data(G_OBJECT(link->pipeline), HANDED_URI, NULL);
}

void
play_link_begin_at(PlayLink *link, int64_t start_ms)
{
    char *start = start_ms > 0 ? g_strdup_printf("%" G_GINT64_FORMAT ".%03d", start_ms / 1000,
                                                 (int)(start_ms % 1000))
                               : NULL;

    g_object_set_data_full(G_OBJECT(link->pipeline), START, start, g_free);
}
