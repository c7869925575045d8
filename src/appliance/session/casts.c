/* casts.c -- see casts.h; how one starts is in casts-start.c */
#include "appliance/session/casts-room.h"

#include "appliance/delivery/media-url.h"
#include "base/error.h"

#include <string.h>

static const char *const state_names[] = { "starting", "queued", "running", "ended", "failed" };
G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == CAST_STATE_N);

const char *
cast_state_name(CastState state)
{
    g_assert(state < CAST_STATE_N);
    return state_names[state];
}

static void
cast_free(gpointer data)
{
    Cast *cast = data;

    g_free(cast->id);
    g_free(cast->screen_id);
    playback_media_free(cast->media);
    g_free(cast->reason);
    g_free(cast->person);
    g_free(cast->sound);
    g_free(cast->subtitle);
    g_free(cast->problem);
    g_free(((KeptCast *)data)->trouble);
    g_free(data);
}

void
cast_set_state(Casts *casts, Cast *cast, CastState state)
{
    if (cast->state == state)
        return;
    cast->state = state;
    observers_notify(casts->observers, cast);
}

void
cast_fail(Casts *casts, Cast *cast, const char *problem)
{
    g_free(cast->problem);
    cast->problem = g_strdup(problem);
    cast_set_state(casts, cast, CAST_FAILED);
}

bool
cast_is_over(const Cast *cast)
{
    return cast->state == CAST_ENDED || cast->state == CAST_FAILED;
}

/* -- Following the screens --------------------------------------------------------------------- */

/* In whichever form. */
static bool
is_media(const PlaybackMedia *media, const PlaybackMedia *shown)
{
    while (media != NULL && g_strcmp0(media->uri, shown->uri) != 0)
        media = media->other;
    return media != NULL;
}

static bool
shows(const Screen *screen, const Cast *cast)
{
    const PlaybackStatus *status = &screen->status;

    return status->media != NULL && is_media(cast->media, status->media) &&
           (status->state == PLAYBACK_PLAYING || status->state == PLAYBACK_PAUSED ||
            status->state == PLAYBACK_LOADING);
}

/* The screen does not show it any more. What broke off is worth another try, from where the screen
 * was on: what failed is then made a rung lower (streams.h). */
static void
is_over(Casts *casts, KeptCast *kept, Screen *screen)
{
    const PlaybackStatus *status = &screen->status;
    bool has_stopped = status->state == PLAYBACK_STOPPED || status->state == PLAYBACK_IDLE;
    const char *problem = kept->trouble != NULL ? kept->trouble : status->problem;

    if (!has_stopped || kept->is_held || problem == NULL) {
        cast_set_state(casts, &kept->cast, CAST_ENDED);
    } else if (kept->trouble != NULL && !kept->was_mended) {
        g_info("cast %s: once more, from %" G_GINT64_FORMAT " ms on", kept->cast.id, kept->seen_ms);
        kept->was_mended = true;
        kept->was_seen = false;
        g_clear_pointer(&kept->trouble, g_free);
        kept->cast.position_ms = MAX(kept->seen_ms, kept->cast.position_ms);
        casts_open_again(casts, &kept->cast, screen);
    } else {
        cast_fail(casts, &kept->cast, problem);
    }
}

/* An offline screen may still be playing: it tells when it is back. */
void
casts_follow(Casts *casts, KeptCast *kept, Screen *screen)
{
    if (shows(screen, &kept->cast)) {
        kept->was_seen = true;
        if (screen->status.position_ms > 0) /* of a screen that is stopping it is told first */
            kept->seen_ms = screen->status.position_ms;
        if (kept->cast.state == CAST_QUEUED)
            cast_set_state(casts, &kept->cast, CAST_RUNNING);
    } else if (kept->cast.state == CAST_RUNNING && kept->was_seen &&
               screen->status.state != PLAYBACK_OFFLINE) {
        is_over(casts, kept, screen);
    }
}

void
casts_hold(Casts *casts, const char *screen_id)
{
    for (guint i = 0; i < casts->list->len; i++) {
        KeptCast *kept = casts->list->pdata[i];
        if (strcmp(kept->cast.screen_id, screen_id) == 0)
            kept->is_held = true;
    }
}

bool
casts_is_mending(const Casts *casts, const char *screen_id)
{
    for (guint i = 0; i < casts->list->len; i++) {
        const KeptCast *kept = casts->list->pdata[i];
        if (kept->was_mended && kept->cast.state == CAST_STARTING &&
            strcmp(kept->cast.screen_id, screen_id) == 0)
            return true;
    }
    return false;
}

/* The screen still plays what it has of it: what follows from that is seen when it stops. */
static void
on_stream_failure(gconstpointer data, gpointer user_data)
{
    const StreamFailure *failure = data;
    Casts *casts = user_data;

    for (guint i = 0; i < casts->list->len; i++) {
        KeptCast *kept = casts->list->pdata[i];
        if ((kept->cast.state != CAST_STARTING && kept->cast.state != CAST_RUNNING) ||
            kept->cast.media->server_id != NULL ||
            g_strcmp0(kept->cast.media->item_id, failure->wish->item_id) != 0 ||
            !stream_url_fits(kept->cast.media->uri, failure->wish))
            continue;
        g_free(kept->trouble);
        kept->trouble = g_strdup_printf("what is made of it for the screen broke off: %s",
                                        failure->error->message);
    }
}

/* What runs on a screen ends, but for one. */
void
casts_end_running(Casts *casts, const char *screen_id, const Cast *but)
{
    for (guint i = 0; i < casts->list->len; i++) {
        Cast *cast = casts->list->pdata[i];
        if (cast != but && cast->state == CAST_RUNNING && strcmp(cast->screen_id, screen_id) == 0)
            cast_set_state(casts, cast, CAST_ENDED);
    }
}

void
casts_end_queued(Casts *casts, const char *screen_id,
                 bool (*is_wanted)(const PlaybackMedia *media, gpointer user_data),
                 gpointer user_data)
{
    for (guint i = 0; i < casts->list->len; i++) {
        Cast *cast = casts->list->pdata[i];
        if (cast->state == CAST_QUEUED && strcmp(cast->screen_id, screen_id) == 0 &&
            !is_wanted(cast->media, user_data))
            cast_set_state(casts, cast, CAST_ENDED);
    }
}

static bool
nothing_is_wanted(const PlaybackMedia *media G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
    return false;
}

static void
on_screen_event(gconstpointer data, gpointer user_data)
{
    const ScreensEvent *event = data;
    Casts *casts = user_data;

    if (event->change == SCREENS_REMOVED) {
        casts_end_running(casts, event->screen->id, NULL);
        casts_end_queued(casts, event->screen->id, nothing_is_wanted, NULL);
        return;
    }
    for (guint i = 0; i < casts->list->len; i++) {
        KeptCast *kept = casts->list->pdata[i];
        if (strcmp(kept->cast.screen_id, event->screen->id) == 0)
            casts_follow(casts, kept, event->screen);
    }
}

/* -- The object -------------------------------------------------------------------------------- */

static bool
is_address_of_screen(const char *address, gpointer screens)
{
    const GPtrArray *list = screens_list(screens);

    for (guint i = 0; i < list->len; i++)
        if (g_strcmp0(((const Screen *)list->pdata[i])->address, address) == 0)
            return true;
    return false;
}

Casts *
casts_new(Screens *screens, Servers *servers, Catalog *catalog, const NetInterfaces *interfaces)
{
    Casts *casts = g_new0(Casts, 1);

    casts->screens = screens;
    casts->servers = servers;
    casts->sources.catalog = catalog;
    casts->sources.interfaces = interfaces;
    casts->sources.relays = relays_new(&(RelaysParts){
        .interfaces = interfaces, .is_device = is_address_of_screen, .data = screens });
    casts->list = g_ptr_array_new_with_free_func(cast_free);
    casts->observers = observers_new();
    casts->cancellable = g_cancellable_new();
    casts->observer = observers_add(screens_observers(screens), on_screen_event, casts);
    return casts;
}

void
casts_set_pushes(Casts *casts, Pushes *pushes)
{
    g_clear_pointer(&casts->brought, push_fetches_free);
    casts->sources.pushes = pushes;
    if (pushes != NULL)
        casts->brought = push_fetches_new(pushes, casts->sources.relays);
}

void
casts_set_feeds(Casts *casts, Feeds *feeds)
{
    casts->sources.feeds = feeds;
}

Relays *
casts_relays(Casts *casts)
{
    return casts->sources.relays;
}

void
casts_set_dialects(Casts *casts, const Dialects *dialects)
{
    casts->dialects = dialects;
}

void
casts_free(Casts *casts)
{
    if (casts == NULL)
        return;
    g_cancellable_cancel(casts->cancellable);
    g_object_unref(casts->cancellable);
    observers_remove(screens_observers(casts->screens), casts->observer);
    casts_set_streams(casts, NULL);
    g_ptr_array_unref(casts->list);
    observers_free(casts->observers);
    push_fetches_free(casts->brought);
    relays_free(casts->sources.relays);
    g_free(casts);
}

void
casts_set_fetches(Casts *casts, Fetches *fetches)
{
    casts->fetches = fetches;
}

void
casts_set_pass(Casts *casts, CastPass pass, gpointer user_data)
{
    casts->sources.pass = pass;
    casts->sources.pass_data = user_data;
}

void
casts_set_taste(Casts *casts, CastTaste taste, gpointer user_data)
{
    casts->sources.taste = taste;
    casts->sources.taste_data = user_data;
}

void
casts_set_streams(Casts *casts, Streams *streams)
{
    if (casts->streams != NULL)
        observers_remove(streams_observers(casts->streams), casts->stream_observer);
    casts->streams = streams;
    if (streams != NULL)
        casts->stream_observer =
            observers_add(streams_observers(streams), on_stream_failure, casts);
}

void
casts_set_port(Casts *casts, uint16_t port)
{
    casts->sources.port = port;
}

void
casts_set_left_at(Casts *casts, CastLeftAt left_at, gpointer user_data)
{
    casts->left_at = left_at;
    casts->left_at_data = user_data;
}

const Cast *
casts_on(const Casts *casts, const char *screen_id, const PlaybackMedia *media)
{
    for (guint i = 0; i < casts->list->len; i++) {
        const Cast *cast = casts->list->pdata[i];
        if (cast->state == CAST_RUNNING && strcmp(cast->screen_id, screen_id) == 0 &&
            is_media(cast->media, media))
            return cast;
    }
    return NULL;
}

const char *
casts_person(const Casts *casts, const char *screen_id, const char *item_id)
{
    for (guint i = 0; i < casts->list->len; i++) {
        const Cast *cast = casts->list->pdata[i];
        if ((cast->state == CAST_STARTING || cast->state == CAST_RUNNING) &&
            strcmp(cast->screen_id, screen_id) == 0 &&
            g_strcmp0(cast->media->item_id, item_id) == 0)
            return cast->person;
    }
    return NULL;
}

const Cast *
casts_last(const Casts *casts, const char *screen_id)
{
    for (guint i = 0; i < casts->list->len; i++) {
        const Cast *cast = casts->list->pdata[i];
        if (strcmp(cast->screen_id, screen_id) == 0)
            return cast;
    }
    return NULL;
}

const char *
casts_problem(const Casts *casts, const char *screen_id)
{
    const Cast *cast = casts_last(casts, screen_id);

    return cast != NULL && cast->state == CAST_FAILED ? cast->problem : NULL;
}

const GPtrArray *
casts_list(const Casts *casts)
{
    return casts->list;
}

const Cast *
casts_find(const Casts *casts, const char *id)
{
    for (guint i = 0; i < casts->list->len; i++) {
        const Cast *cast = casts->list->pdata[i];
        if (strcmp(cast->id, id) == 0)
            return cast;
    }
    return NULL;
}

char *
casts_own_item(const Casts *casts, const PlaybackMedia *media)
{
    if (media->item_id != NULL)
        return media->server_id == NULL ? g_strdup(media->item_id) : NULL;
    return media->uri != NULL
               ? media_url_item(media->uri, casts->sources.interfaces, casts->sources.port)
               : NULL;
}

const char *
casts_given_url(const Casts *casts, const char *url)
{
    const char *original = relays_original(casts->sources.relays, url);
    g_autofree char *upload = casts->brought != NULL ? push_id_of_url(url) : NULL;

    if (upload != NULL)
        original = push_fetches_origin(casts->brought, upload);
    return original != NULL ? original : url;
}

Observers *
casts_observers(Casts *casts)
{
    return casts->observers;
}
