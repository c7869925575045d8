/* feeds.c -- see feeds.h; the list of feeds is under the lock, all else is the loop's */
#include "appliance/pushes/feeds.h"

#include "appliance/pushes/feed-form.h"
#include "base/error.h"
#include "base/text.h"
#include "wire/didl.h"

#include <string.h>

#define TICK_MS 1000 /* a second: silence is counted by it */
#define ID_LENGTH 32
static const char token_prefix[] = "feed-";

struct Feeds {
    char *worker;
    Clock *clock;
    guint tick;
    GMutex lock;
    GPtrArray *list;  /* Feed, each a reference, the oldest first */
    GPtrArray *forms; /* FeedForm */
};

/* -- Addresses --------------------------------------------------------------------------------- */

bool
feeds_is_token(const char *token)
{
    return g_str_has_prefix(token, token_prefix);
}

static bool
is_id(const char *text, size_t length)
{
    return length == ID_LENGTH && strspn(text, "0123456789abcdef") >= ID_LENGTH;
}

char *
feed_id_of_url(const char *url)
{
    g_autofree char *begin = g_strconcat("/stream/", token_prefix, NULL);
    const char *at = strstr(url, begin);
    const char *id = at != NULL ? at + strlen(begin) : "";

    return is_id(id, strcspn(id, "/.")) ? g_strndup(id, ID_LENGTH) : NULL;
}

void
feed_append_url(GString *out, const char *base_url, const FeedFacts *facts, const Profile *profile)
{
    const char *extension =
        profile != NULL ? profile->extension : mime_extension(facts->mime);

    g_string_append_printf(out, "%s/stream/%s%s%s%s/live.%s", base_url, token_prefix, facts->id,
                           profile != NULL ? "." : "", profile != NULL ? profile->name : "",
                           extension != NULL ? extension : "bin");
}

/* The feed of a token, a reference; *profile NULL: as it is. */
static Feed *
find_token(Feeds *feeds, const char *token, const Profile **profile, GError **error)
{
    const char *id = token + strlen(token_prefix);
    size_t length = strcspn(id, ".");
    g_autofree char *alone = g_strndup(id, length);

    *profile = id[length] == '.' ? profile_find(id + length + 1) : NULL;
    if (id[length] == '.' && *profile == NULL) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no such form");
        return NULL;
    }
    return feeds_find(feeds, alone, error);
}

/* -- The list ---------------------------------------------------------------------------------- */

static gpointer
ref_feed(gconstpointer feed, gpointer user_data G_GNUC_UNUSED)
{
    return feed_ref((Feed *)feed);
}

static void
unref_feed(gpointer feed)
{
    feed_unref(feed);
}

static void
free_form(gpointer form)
{
    feed_form_free(form);
}

Feed *
feeds_create(Feeds *feeds, const char *said, const char *mime, GError **error)
{
    g_autofree char *title = text_clean(said);
    Feed *feed = NULL;

    g_mutex_lock(&feeds->lock);
    if (feeds->list->len >= FEEDS_MAX)
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "%d send something live already", FEEDS_MAX);
    else
        feed = feed_new(title, mime, error);
    if (feed != NULL)
        g_ptr_array_add(feeds->list, feed_ref(feed));
    g_mutex_unlock(&feeds->lock);
    return feed;
}

Feed *
feeds_find(Feeds *feeds, const char *id, GError **error)
{
    Feed *found = NULL;

    g_mutex_lock(&feeds->lock);
    for (guint i = 0; i < feeds->list->len && found == NULL; i++) {
        g_auto(FeedFacts) facts = { 0 };
        feed_read_facts(feeds->list->pdata[i], &facts);
        if (text_equal_secret(facts.id, id))
            found = feed_ref(feeds->list->pdata[i]);
    }
    g_mutex_unlock(&feeds->lock);
    if (found == NULL)
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                            "nothing such is sent live, or it is over");
    return found;
}

void
feeds_remove(Feeds *feeds, Feed *feed)
{
    feed_end(feed);
    g_mutex_lock(&feeds->lock);
    g_ptr_array_remove(feeds->list, feed);
    g_mutex_unlock(&feeds->lock);
}

void
feeds_each(Feeds *feeds, FeedVisit visit, gpointer user_data)
{
    g_mutex_lock(&feeds->lock);
    g_autoptr(GPtrArray) list = g_ptr_array_copy(feeds->list, ref_feed, NULL);
    g_mutex_unlock(&feeds->lock);
    g_ptr_array_set_free_func(list, unref_feed);
    for (guint i = 0; i < list->len; i++)
        visit(list->pdata[i], user_data);
}

/* -- What is over ------------------------------------------------------------------------------ */

static void
end_silent(Feed *feed, gpointer user_data)
{
    g_auto(FeedFacts) facts = { 0 };

    feed_read_facts(feed, &facts);
    guint most = facts.has_begun ? FEED_SILENCE_S : FEED_PATIENCE_S;
    if (!facts.is_over && feed_count_silence(feed) <= most)
        return;
    g_info("“%s” is over: %s", facts.title, facts.is_over ? "it makes no sense" : "it fell silent");
    feeds_remove(user_data, feed);
}

static void
on_tick(gpointer user_data)
{
    Feeds *feeds = user_data;

    feeds->tick = clock_after(feeds->clock, TICK_MS, on_tick, feeds);
    for (guint i = feeds->forms->len; i > 0; i--)
        if (feed_form_is_left(feeds->forms->pdata[i - 1]))
            g_ptr_array_remove_index(feeds->forms, i - 1);
    feeds_each(feeds, end_silent, feeds);
}

/* -- Reaching a screen ------------------------------------------------------------------------- */

static MediaObject
object_of(const FeedFacts *facts)
{
    return (MediaObject){ .id = facts->id, .title = facts->title, .kind = mime_kind(facts->mime),
                          .facts = { .kind = mime_kind(facts->mime), .mime = facts->mime,
                                     .video_codec = (char *)facts->video,
                                     .audio_codec = (char *)facts->audio } };
}

bool
feed_decide(Delivery *delivery, const FeedFacts *facts, const char *screen, const char *sinks,
            GError **error)
{
    MediaObject object = object_of(facts);
    g_autofree char *info = g_strdup_printf("http-get:*:%s:%s", facts->mime, DLNA_LIVE);
    DeliveryWish wish = { .name = screen, .sinks = sinks, .direct_info = info, .audio_track = -1 };

    if (!facts->has_begun) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT, "nothing of “%s” has come yet",
                    facts->title);
        return false;
    }
    if (!delivery_decide(delivery, &object, &wish, error))
        return false;
    if (delivery->how == DELIVERY_REMUX)
        delivery->how = DELIVERY_TRANSCODE;
    return true;
}

static Stream *
open_form(Feeds *feeds, Feed *feed, const Profile *profile, GError **error)
{
    g_auto(FeedFacts) facts = { 0 };
    g_auto(Delivery) delivery = { 0 };

    if (feeds->forms->len >= FEED_FORMS_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "%d live streams are being converted already",
                    FEED_FORMS_MAX);
        return NULL;
    }
    feed_read_facts(feed, &facts);
    MediaObject object = object_of(&facts);
    DeliveryWish wish = { .name = profile->name, .profile = profile, .audio_track = -1,
                          .is_never_direct = true };
    if (!delivery_decide(&delivery, &object, &wish, error))
        return NULL;
    ConversionOrder order = delivery_order(&delivery, &object, 0, 0);
    order.is_remux = 0;
    order.is_live = 1;
    Stream *source = feed_open(feed, error);
    if (source == NULL)
        return NULL;
    FeedForm *form = feed_form_new(source, &(FeedFormParts){ feeds->worker, facts.title,
                                                             profile->mime, &order });
    g_ptr_array_add(feeds->forms, form);
    return feed_form_stream(form);
}

Stream *
feeds_open(Feeds *feeds, const char *token, GError **error)
{
    const Profile *profile;
    g_autoptr(Feed) feed = find_token(feeds, token, &profile, error);

    if (feed == NULL)
        return NULL;
    return profile == NULL ? feed_open(feed, error) : open_form(feeds, feed, profile, error);
}

char *
feeds_mime(Feeds *feeds, const char *token, GError **error)
{
    const Profile *profile;
    g_auto(FeedFacts) facts = { 0 };
    g_autoptr(Feed) feed = find_token(feeds, token, &profile, error);

    if (feed == NULL)
        return NULL;
    feed_read_facts(feed, &facts);
    return g_strdup(profile != NULL ? profile->mime : facts.mime);
}

/* -- The object -------------------------------------------------------------------------------- */

Feeds *
feeds_new(const char *worker, Clock *clock)
{
    Feeds *feeds = g_new0(Feeds, 1);

    feeds->worker = g_strdup(worker);
    feeds->clock = clock;
    feeds->list = g_ptr_array_new_with_free_func(unref_feed);
    feeds->forms = g_ptr_array_new_with_free_func(free_form);
    g_mutex_init(&feeds->lock);
    feeds->tick = clock_after(clock, TICK_MS, on_tick, feeds);
    return feeds;
}

static void
end_feed(Feed *feed, gpointer user_data G_GNUC_UNUSED)
{
    feed_end(feed);
}

void
feeds_free(Feeds *feeds)
{
    if (feeds == NULL)
        return;
    clock_cancel(feeds->clock, &feeds->tick);
    feeds_each(feeds, end_feed, NULL);
    g_ptr_array_unref(feeds->forms);
    g_ptr_array_unref(feeds->list);
    g_mutex_clear(&feeds->lock);
    g_free(feeds->worker);
    g_free(feeds);
}
