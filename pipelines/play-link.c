/* play-link.c -- see play-link.h
 *
 * about-to-finish wants the next URI at once and on a media thread: it is left under a lock. Errors
 * are caught as sync messages, before GstPlay hears of them, and so are the beginnings of streams:
 * in the order in which they are heard. The link is counted, since a media thread may be within it
 * when the player is freed. */
#include "pipelines/play-link.h"

#include "base/error.h"
#include "base/post.h"

#include <gst/pbutils/pbutils.h>

/* What is made while it is sent waits for what it is made of: an upload that goes on after a break.
 * To ask for the rest of it on a new connection would be in vain. */
#define SILENCE_S 60u

struct PlayLink {
    gatomicrefcount references;
    GstElement *speaker; /* the pipeline, for media threads: borrowed, it outlives what they say */
    GMutex lock;
    /* Under the lock; owned, or NULL: */
    char *next;       /* what about-to-finish may take */
    char *handed;     /* what it took, until it begins */
    char *start;      /* where in it the next address begins: seconds */
    bool is_own_due;  /* the address that was loaded has not begun */
    bool is_held;     /* nothing may be taken */
    /* The main loop alone: */
    GstElement *pipeline; /* owned until freed, NULL then */
    const PlayLinkEvents *events;
    gpointer user_data;
};

/* A letter to the loop. */
typedef struct {
    PlayLink *link;
    char *uri;
    GError *error; /* NULL: it has begun */
} Letter;

static PlayLink *
link_ref(PlayLink *link)
{
    g_atomic_ref_count_inc(&link->references);
    return link;
}

static void
link_unref(PlayLink *link)
{
    if (!g_atomic_ref_count_dec(&link->references))
        return;
    g_mutex_clear(&link->lock);
    g_free(link->next);
    g_free(link->handed);
    g_free(link->start);
    g_free(link);
}

static void
deliver(gpointer data)
{
    Letter *letter = data;
    PlayLink *link = letter->link;

    if (link->pipeline != NULL && letter->error == NULL)
        link->events->next_began(letter->uri, link->user_data);
    else if (link->pipeline != NULL)
        link->events->trouble(letter->uri, letter->error, link->user_data);
    link_unref(link);
    g_free(letter->uri);
    g_clear_error(&letter->error);
    g_free(letter);
}

/* Takes uri and error over. */
static void
send(PlayLink *link, char *uri, GError *error)
{
    Letter *letter = g_new(Letter, 1);

    *letter = (Letter){ link_ref(link), uri, error };
    post(NULL, deliver, letter);
}

/* -- on media threads -- */

static void
on_about_to_finish(GstElement *pipeline, gpointer user_data)
{
    PlayLink *link = user_data;
    g_autofree char *uri = NULL;

    g_mutex_lock(&link->lock);
    if (!link->is_held && link->next != NULL) {
        uri = g_steal_pointer(&link->next);
        g_free(link->handed);
        link->handed = g_strdup(uri);
    }
    g_mutex_unlock(&link->lock);
    if (uri != NULL)
        g_object_set(pipeline, "uri", uri, NULL);
}

/* playbin made a source for an address: the one that was handed, or one that was loaded. */
static void
on_source(GstElement *pipeline, GstElement *source, gpointer user_data)
{
    PlayLink *link = user_data;

    g_mutex_lock(&link->lock);
    if (link->handed == NULL)
        link->is_own_due = true;
    g_autofree char *start = g_steal_pointer(&link->start);
    g_mutex_unlock(&link->lock);
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(source), "extra-headers") == NULL)
        return;
    g_object_set(source, "timeout", SILENCE_S, NULL);
    if (start == NULL)
        return;
    g_autofree char *range = g_strdup_printf("npt=%s-", start);
    g_autoptr(GstStructure) heads = gst_structure_new(
        "heads", "TimeSeekRange.dlna.org", G_TYPE_STRING, range, NULL);
    g_object_set(source, "extra-headers", heads, NULL);
}

/* The source of the one that was handed is made before the one before it has been heard to its
 * end; and what is short has been read to its end before it is heard. */
static void
on_stream_start(GstBus *bus, GstMessage *message, gpointer user_data)
{
    PlayLink *link = user_data;
    char *uri = NULL;

    g_mutex_lock(&link->lock);
    if (link->is_own_due)
        link->is_own_due = false;
    else
        uri = g_steal_pointer(&link->handed);
    g_mutex_unlock(&link->lock);
    if (uri != NULL)
        send(link, uri, NULL);
}

/* Takes words over. The last words of an older media may come when the next is open already: the
 * playbin's address, which changes once its threads are at rest, tells whose they are. */
static void
tell_trouble(PlayLink *link, DuoError code, char *words)
{
    char *uri = NULL;

    g_object_get(link->speaker, "current-uri", &uri, NULL);
    send(link, uri, g_error_new_literal(DUO_ERROR, (gint)code, words));
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
listen_on(gpointer speaker, const char *signal, GCallback handler, PlayLink *link)
{
    g_signal_connect_data(speaker, signal, handler, link_ref(link), on_listener_gone, 0);
}

PlayLink *
play_link_new(GstElement *pipeline, const PlayLinkEvents *events, gpointer user_data)
{
    g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
    PlayLink *link = g_new0(PlayLink, 1);

    *link = (PlayLink){ .speaker = pipeline, .pipeline = gst_object_ref(pipeline),
                        .events = events, .user_data = user_data };
    g_atomic_ref_count_init(&link->references);
    g_mutex_init(&link->lock);
    listen_on(pipeline, "about-to-finish", G_CALLBACK(on_about_to_finish), link);
    listen_on(pipeline, "source-setup", G_CALLBACK(on_source), link);
    gst_bus_enable_sync_message_emission(bus);
    listen_on(bus, "sync-message::stream-start", G_CALLBACK(on_stream_start), link);
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
    g_mutex_lock(&link->lock);
    g_free(link->next);
    link->next = g_strdup(uri);
    g_mutex_unlock(&link->lock);
}

bool
play_link_hold(PlayLink *link)
{
    g_mutex_lock(&link->lock);
    link->is_held = link->handed == NULL;
    bool is_held = link->is_held;
    g_mutex_unlock(&link->lock);
    return is_held;
}

void
play_link_let_go(PlayLink *link)
{
    g_mutex_lock(&link->lock);
    link->is_held = false;
    g_mutex_unlock(&link->lock);
}

void
play_link_begin(PlayLink *link, int64_t start_ms)
{
    g_mutex_lock(&link->lock);
    g_clear_pointer(&link->next, g_free);
    g_clear_pointer(&link->handed, g_free);
    g_clear_pointer(&link->start, g_free);
    if (start_ms > 0)
        link->start = g_strdup_printf("%" G_GINT64_FORMAT ".%03d", start_ms / 1000,
                                      (int)(start_ms % 1000));
    link->is_held = false;
    g_mutex_unlock(&link->lock);
}
