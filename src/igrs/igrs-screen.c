/* igrs-screen.c -- see igrs-screen.h
 *
 * What is true is what the device says: commands change nothing here but what is remembered of the
 * media we sent, since the device gives back an address and perhaps a title. */
#include "igrs/screen-command.h"

#include "base/error.h"
#include "igrs/node.h"

#include <string.h>

#define POLL_MS 1000
#define POLL_AWAY_MS 5000

static void poll_after(IgrsScreen *screen, int64_t delay_ms);

/* -- Status ------------------------------------------------------------------------------------ */

/* Nothing plays where there is nothing to play. */
static void
set_status(IgrsScreen *screen, PlaybackStatus *status)
{
    if (status->state == PLAYBACK_IDLE || status->state == PLAYBACK_OFFLINE) {
        g_clear_pointer(&status->media, playback_media_free);
        g_clear_pointer(&status->next, playback_media_free);
        status->position_ms = status->duration_ms = 0;
        status->is_seekable = false;
    }
    screen_set_status(&screen->screen, status);
    if (screen->screen.status.state == PLAYBACK_PLAYING && screen->poll_timer == 0 &&
        !screen->is_polling)
        poll_after(screen, POLL_MS);
}

static void
set_offline(IgrsScreen *screen)
{
    PlaybackStatus status = { .state = PLAYBACK_OFFLINE, .volume = screen->screen.status.volume,
                              .is_muted = screen->screen.status.is_muted };

    set_status(screen, &status);
}

static void
take_event(IgrsScreen *screen, const char *name, const char *value)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LastChange) change = NULL;
    PlaybackStatus status = { 0 };
    PlaybackState before = screen->screen.status.state;

    if (strcmp(name, "LastChange") != 0)
        return;
    change = last_change_decode(value, &error);
    if (change == NULL) {
        g_info("%s sent a LastChange that cannot be read: %s", screen->screen.name, error->message);
        return;
    }
    screen->is_overtaken = true;
    playback_status_copy(&status, &screen->screen.status);
    av_screen_take_change(&screen->screen, &screen->peer, change, &status);
    set_status(screen, &status);
    if (screen->screen.status.state == PLAYBACK_PAUSED && before != PLAYBACK_PAUSED)
        poll_after(screen, 0); /* where exactly it stands */
}

/* -- Asking ------------------------------------------------------------------------------------ */

/* A question with no arguments to speak of. */
static void
ask(IgrsScreen *screen, const char *service, const char *action, SoapAnswered answered)
{
    igrs_client_invoke(screen->client, screen->device_id, service,
                       av_screen_action(action, &screen->peer, NULL, NULL), 0, screen->cancellable,
                       answered, screen);
}

/* Polls while it plays, because a position is never told; while no events come, or one seems to be
 * lost; while it does not answer, though its device is not gone; and once more where something
 * happened meanwhile. */
static void
poll_again(IgrsScreen *screen)
{
    PlaybackState state = screen->screen.status.state;

    screen->is_polling = false;
    if (igrs_node_find_device(screen->node, screen->device_id) == NULL)
        return;
    if (state == PLAYBACK_OFFLINE)
        poll_after(screen, POLL_AWAY_MS);
    else if (screen->is_overtaken)
        poll_after(screen, 0);
    else if (state == PLAYBACK_PLAYING || screen->is_in_doubt ||
             !igrs_subscription_is_active(screen->transport_events))
        poll_after(screen, POLL_MS);
}

/* True when the answer may be looked at: what it says was not overtaken by an event or a command
 * that was done while it was on its way. */
static bool
check_answer(IgrsScreen *screen, const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return false; /* the screen may be gone */
    if (error == NULL && !screen->is_overtaken)
        return true;
    if (g_error_matches(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE) ||
        g_error_matches(error, DUO_ERROR, DUO_ERROR_TIMEOUT))
        set_offline(screen);
    poll_again(screen);
    return false;
}

/* True when the answer is ahead of the event that says what has become of the state: a new track's
 * title must not show beside the old one's "playing". Of a screen of which nothing is known, since
 * its first event was lost, any answer is news, and so is one whose event does not come. */
static bool
is_other_track(const IgrsScreen *screen, const char *uri)
{
    const PlaybackMedia *media = screen->screen.status.media;

    return igrs_subscription_is_active(screen->transport_events) && !screen->is_asked_all &&
           uri != NULL && media != NULL && g_strcmp0(media->uri, uri) != 0;
}

static void
on_position(const SoapCall *answer, const GError *error, gpointer user_data)
{
    IgrsScreen *screen = user_data;
    PlaybackStatus status = { 0 };

    if (!check_answer(screen, error))
        return;
    if (is_other_track(screen, soap_call_value(answer, "TrackURI"))) {
        screen->is_in_doubt = true;
        poll_again(screen);
        return;
    }
    playback_status_copy(&status, &screen->screen.status);
    av_screen_take_answer(&screen->screen, &screen->peer, answer, &status);
    status.is_seekable = status.is_seekable || status.duration_ms > 0;
    screen->is_in_doubt |= status.state == PLAYBACK_PLAYING &&
                           status.position_ms == screen->screen.status.position_ms;
    set_status(screen, &status);
    poll_again(screen);
}

static void
ask_position(IgrsScreen *screen)
{
    ask(screen, screen->transport, "GetPositionInfo", on_position);
}

/* What no event has told yet, and perhaps none will: it may be back where it was before one is due.
 * So it is asked once more, and for its events anew. */
static void
on_transport(const SoapCall *answer, const GError *error, gpointer user_data)
{
    IgrsScreen *screen = user_data;
    PlaybackStatus status = { 0 };

    if (!check_answer(screen, error))
        return;
    playback_status_copy(&status, &screen->screen.status);
    av_screen_take_answer(&screen->screen, &screen->peer, answer, &status);
    PlaybackState state = status.state;
    bool is_news = state != screen->screen.status.state;
    screen->is_in_doubt = is_news || state == PLAYBACK_LOADING;
    if (is_news)
        igrs_subscription_renew(screen->transport_events, NULL);
    set_status(screen, &status);
    if (state == PLAYBACK_PLAYING || state == PLAYBACK_PAUSED)
        ask_position(screen);
    else
        poll_again(screen);
}

static void
on_poll_due(gpointer data)
{
    IgrsScreen *screen = data;

    screen->poll_timer = 0;
    screen->is_polling = true;
    screen->is_overtaken = false;
    screen->is_asked_all = screen->is_in_doubt ||
                           !igrs_subscription_is_active(screen->transport_events) ||
                           screen->screen.status.state == PLAYBACK_OFFLINE;
    if (screen->is_asked_all)
        ask(screen, screen->transport, "GetTransportInfo", on_transport);
    else
        ask_position(screen);
}

static void
poll_after(IgrsScreen *screen, int64_t delay_ms)
{
    if (screen->is_polling)
        return;
    clock_cancel(screen->clock, &screen->poll_timer);
    screen->poll_timer = clock_after(screen->clock, delay_ms, on_poll_due, screen);
}

void
igrs_screen_look(IgrsScreen *screen)
{
    if (screen->screen.status.state == PLAYBACK_OFFLINE)
        return;
    screen->is_overtaken = true;
    poll_after(screen, 0);
}

static void
on_protocols(const SoapCall *answer, const GError *error, gpointer user_data)
{
    IgrsScreen *screen = user_data;
    const char *sink = answer != NULL ? soap_call_value(answer, "Sink") : NULL;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (sink == NULL || g_strcmp0(sink, screen->screen.sink_protocols) == 0)
        return;
    g_free(screen->screen.sink_protocols);
    screen->screen.sink_protocols = g_strdup(sink);
    observers_notify(screen->screen.observers, &screen->screen);
}

/* -- Events ------------------------------------------------------------------------------------ */

/* With events the first one says everything; without them the device must be asked. */
static void
on_transport_event(const char *name, const char *value, gpointer user_data)
{
    IgrsScreen *screen = user_data;

    if (name != NULL)
        take_event(screen, name, value);
    else if (igrs_subscription_is_active(screen->transport_events))
        ask(screen, "AVConnectionManager", "GetProtocolInfo", on_protocols);
    else if (igrs_node_find_device(screen->node, screen->device_id) != NULL)
        poll_after(screen, 0);
}

static void
on_rendering_event(const char *name, const char *value, gpointer user_data)
{
    if (name != NULL)
        take_event(user_data, name, value);
}

static void
on_device_event(gconstpointer data, gpointer user_data)
{
    IgrsScreen *screen = user_data;
    const IgrsDeviceEvent *event = data;

    if (!igrs_device_id_equal(event->device->id, screen->device_id))
        return;
    if (event->change == IGRS_DEVICE_OFFLINE) {
        clock_cancel(screen->clock, &screen->poll_timer);
        set_offline(screen);
        return;
    }
    if (g_strcmp0(screen->screen.name, event->device->name) != 0) {
        g_free(screen->screen.name);
        screen->screen.name = g_strdup(event->device->name);
        observers_notify(screen->screen.observers, &screen->screen);
    }
    poll_after(screen, POLL_MS); /* should events stay away */
}

/* -- Making ------------------------------------------------------------------------------------ */

static void
igrs_screen_free(Screen *base)
{
    IgrsScreen *screen = (IgrsScreen *)base;

    clock_cancel(screen->clock, &screen->poll_timer);
    screen_command_abandon(screen);
    g_hash_table_unref(screen->commands);
    g_cancellable_cancel(screen->cancellable);
    g_object_unref(screen->cancellable);
    observers_remove(igrs_node_observers(screen->node), screen->device_observer);
    igrs_subscription_free(screen->transport_events);
    igrs_subscription_free(screen->rendering_events);
    av_peer_clear(&screen->peer);
    g_free(screen->device_id);
    screen_clear(base);
    g_free(screen);
}

static void
look(Screen *screen)
{
    igrs_screen_look((IgrsScreen *)screen);
}

static const ScreenClass igrs_screen_class = {
    .command = igrs_screen_command, .free = igrs_screen_free, .look = look,
    .hands_over = igrs_screen_hands_over, .offer = igrs_screen_offer,
};

static bool
hosts(const Device *device, const char *service)
{
    g_autofree char *type = igrs_service_type_new(service, 1);

    for (guint i = 0; i < device->services->len; i++)
        if (igrs_type_matches(type,
                              ((DeviceService *)g_ptr_array_index(device->services, i))->type))
            return true;
    return false;
}

bool
igrs_screen_fits(const Device *device)
{
    return hosts(device, IGRS_TRANSPORT);
}

bool
igrs_screen_hands_over(const Screen *screen)
{
    const IgrsScreen *here = (const IgrsScreen *)screen;
    const Device *device = igrs_node_find_device(here->node, here->device_id);

    return !screen->is_beside && device != NULL && hosts(device, IGRS_HANDOVER);
}

bool
igrs_screen_has_music(const Device *device)
{
    return hosts(device, IGRS_MUSIC_TRANSPORT);
}

static Screen *
screen_new(IgrsClient *client, Clock *clock, const Device *device, bool is_beside)
{
    IgrsScreen *screen = g_new0(IgrsScreen, 1);
    const char *uuid = igrs_device_id_uuid(device->id);
    g_autofree char *plain = g_ascii_strdown(uuid != NULL ? uuid : device->id, -1);
    g_autofree char *id = g_strconcat(plain, is_beside ? SCREEN_MUSIC : "", NULL);

    screen_init(&screen->screen, &igrs_screen_class, id, device->name, "igrs");
    screen->screen.is_beside = is_beside;
    screen->transport = is_beside ? IGRS_MUSIC_TRANSPORT : IGRS_TRANSPORT;
    screen->client = client;
    screen->node = igrs_client_node(client);
    screen->clock = clock;
    screen->device_id = g_strdup(device->id);
    screen->cancellable = g_cancellable_new();
    screen->commands = g_hash_table_new(NULL, NULL);
    screen->device_observer =
        observers_add(igrs_node_observers(screen->node), on_device_event, screen);
    screen->transport_events =
        igrs_client_subscribe(client, device->id, screen->transport, on_transport_event, screen);
    if (!is_beside) /* one knob for both */
        screen->rendering_events = igrs_client_subscribe(client, device->id, "AVRenderingControl",
                                                         on_rendering_event, screen);
    poll_after(screen, POLL_MS); /* should events stay away */
    return &screen->screen;
}

Screen *
igrs_screen_new(IgrsClient *client, Clock *clock, const Device *device)
{
    return screen_new(client, clock, device, false);
}

Screen *
igrs_screen_new_music(IgrsClient *client, Clock *clock, const Device *device)
{
    return screen_new(client, clock, device, true);
}
