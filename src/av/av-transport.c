/* av-transport.c -- AVTransport:1 over the Screen port
 *
 * A Screen plays what it is given; AVTransport first takes a URI and plays it later, and keeps it
 * when playing stops. That difference lives here: media is what the controller set, is_waiting that
 * the screen does not know it yet. The rest of the state is the screen's own, so that whoever else
 * plays something on it is told of truthfully. One row per action says in which states it is
 * allowed (AVTransport:1, 2.4 and figure 1). */
#include "av/av-transport-room.h"

#include "base/text.h"
#include "wire/didl.h"
#include "wire/igrs-names.h"

#include <string.h>

#define LAST_CHANGE_INTERVAL_MS 200 /* 2.2.24 */

TransportState
av_transport_state(const AvTransport *transport)
{
    static const TransportState states[] = {
        [PLAYBACK_OFFLINE] = TRANSPORT_STOPPED,   [PLAYBACK_IDLE] = TRANSPORT_STOPPED,
        [PLAYBACK_LOADING] = TRANSPORT_TRANSITIONING, [PLAYBACK_PLAYING] = TRANSPORT_PLAYING,
        [PLAYBACK_PAUSED] = TRANSPORT_PAUSED,     [PLAYBACK_STOPPED] = TRANSPORT_STOPPED,
    };

    if (transport->media == NULL)
        return TRANSPORT_NO_MEDIA;
    return transport->is_waiting ? TRANSPORT_STOPPED : states[transport->screen->status.state];
}

/* -- Commands to the screen -------------------------------------------------------------------- */

static void
on_done(Screen *screen, const GError *error, gpointer data)
{
    ServiceCall *call = data;
    const char *action = service_call_action(call)->name;

    if (error == NULL) {
        service_call_return(call);
        return;
    }
    int code = av_screen_code(error);
    if (code == TRANSITION_NOT_AVAILABLE &&
        (strcmp(action, "Next") == 0 || strcmp(action, "Previous") == 0))
        code = ILLEGAL_SEEK_TARGET;
    service_call_fail(call, code, "%s", error->message);
}

static void
command(AvTransport *transport, ScreenVerb verb, int64_t position_ms, ServiceCall *call)
{
    ScreenCommand command = { .verb = verb, .position_ms = position_ms };

    screen_command(transport->screen, &command, NULL, on_done, call);
}

static void
ignore_done(Screen *screen, const GError *error, gpointer data)
{
    if (error != NULL)
        g_warning("%s: what follows cannot be prepared: %s", screen->name, error->message);
}

/* Gives the screen the media to play, and then what follows it. */
static void
open_media(AvTransport *transport, ServiceCall *call)
{
    g_autoptr(PlaybackMedia) media = playback_media_copy(transport->media);
    ScreenCommand open = {
        .verb = SCREEN_OPEN, .media = media, .position_ms = transport->start_ms,
    };
    ScreenCommand set_next = { .verb = SCREEN_SET_NEXT, .media = transport->next };

    transport->is_waiting = false;
    transport->start_ms = 0;
    screen_command(transport->screen, &open, NULL, on_done, call);
    if (transport->next != NULL)
        screen_command(transport->screen, &set_next, NULL, ignore_done, NULL);
}

/* -- Actions ----------------------------------------------------------------------------------- */

/* "" takes the media away. While something plays, the new takes its place at once; otherwise it
 * waits for Play. */
static void
set_uri(AvTransport *transport, ServiceCall *call)
{
    const char *uri = service_call_text(call, "CurrentURI");
    TransportState state = av_transport_state(transport);
    g_autoptr(PlaybackMedia) media =
        *uri == '\0' ? NULL : didl_to_playback(uri, service_call_text(call, "CurrentURIMetaData"));

    if (media != NULL && !av_screen_takes(transport->screen, media, call))
        return;
    playback_media_free(transport->media);
    transport->media = g_steal_pointer(&media);
    g_clear_pointer(&transport->next, playback_media_free);
    transport->start_ms = 0;
    transport->is_waiting = transport->media != NULL;
    moderator_poke(&transport->moderator);
    if (state == TRANSPORT_NO_MEDIA || state == TRANSPORT_STOPPED)
        service_call_return(call);
    else if (state == TRANSPORT_PAUSED || transport->media == NULL)
        command(transport, SCREEN_STOP, 0, call);
    else
        open_media(transport, call);
}

static void
set_next_uri(AvTransport *transport, ServiceCall *call)
{
    const char *uri = service_call_text(call, "NextURI");
    g_autoptr(PlaybackMedia) media =
        *uri == '\0' ? NULL : didl_to_playback(uri, service_call_text(call, "NextURIMetaData"));

    if (media != NULL && !av_screen_takes(transport->screen, media, call))
        return;
    playback_media_free(transport->next);
    transport->next = g_steal_pointer(&media);
    moderator_poke(&transport->moderator);
    if (av_transport_state(transport) & (TRANSPORT_NO_MEDIA | TRANSPORT_STOPPED)) {
        service_call_return(call); /* told to the screen when it plays */
    } else {
        ScreenCommand set_next = { .verb = SCREEN_SET_NEXT, .media = transport->next };
        screen_command(transport->screen, &set_next, NULL, on_done, call);
    }
}

static void
play(AvTransport *transport, ServiceCall *call)
{
    switch (av_transport_state(transport)) {
    case TRANSPORT_STOPPED:
        open_media(transport, call);
        break;
    case TRANSPORT_PAUSED:
    case TRANSPORT_TRANSITIONING: /* perhaps on its way to a pause: it was paused, and sought */
        command(transport, SCREEN_PLAY, 0, call);
        break;
    default:
        service_call_return(call); /* it plays */
    }
}

static void
pause_playing(AvTransport *transport, ServiceCall *call)
{
    command(transport, SCREEN_PAUSE, 0, call);
}

static void
stop(AvTransport *transport, ServiceCall *call)
{
    transport->start_ms = 0;
    if (av_transport_state(transport) == TRANSPORT_STOPPED)
        service_call_return(call);
    else
        command(transport, SCREEN_STOP, 0, call);
}

/* False when the target is no place in the media. */
static bool
read_seek_target(const AvTransport *transport, ServiceCall *call, int64_t *position_ms)
{
    const char *target = service_call_text(call, "Target");
    int64_t duration_ms = transport->is_waiting ? transport->media->duration_ms
                                                : transport->screen->status.duration_ms;

    if (strcmp(service_call_text(call, "Unit"), "TRACK_NR") == 0) {
        *position_ms = 0;
        return strcmp(target, "1") == 0; /* the only one there is */
    }
    return text_to_duration_ms(target, position_ms) &&
           (duration_ms == 0 || *position_ms <= duration_ms);
}

static void
seek(AvTransport *transport, ServiceCall *call)
{
    int64_t position_ms = 0;

    if (!read_seek_target(transport, call, &position_ms)) {
        service_call_fail(call, ILLEGAL_SEEK_TARGET, "there is no place %.40s in it",
                          service_call_text(call, "Target"));
    } else if (av_transport_state(transport) == TRANSPORT_STOPPED) {
        transport->start_ms = position_ms;
        service_call_return(call);
    } else if (!transport->screen->status.is_seekable) {
        service_call_fail(call, SEEK_MODE_NOT_SUPPORTED, "one cannot seek in this");
    } else {
        command(transport, SCREEN_SEEK, position_ms, call);
    }
}

static void
next(AvTransport *transport, ServiceCall *call)
{
    if (transport->next == NULL) {
        service_call_fail(call, ILLEGAL_SEEK_TARGET, "nothing follows");
    } else if (av_transport_state(transport) == TRANSPORT_STOPPED) {
        playback_media_free(transport->media);
        transport->media = g_steal_pointer(&transport->next);
        transport->start_ms = 0;
        transport->is_waiting = true;
        moderator_poke(&transport->moderator);
        service_call_return(call);
    } else {
        command(transport, SCREEN_NEXT, 0, call);
    }
}

static void
previous(AvTransport *transport, ServiceCall *call)
{
    if (av_transport_state(transport) == TRANSPORT_STOPPED)
        service_call_fail(call, ILLEGAL_SEEK_TARGET, "nothing came before");
    else
        command(transport, SCREEN_PREVIOUS, 0, call);
}

/* Only NORMAL is in the table of allowed values. */
static void
set_play_mode(AvTransport *transport, ServiceCall *call)
{
    service_call_return(call);
}

/* -- Rules ------------------------------------------------------------------------------------- */

#define ANY (TRANSPORT_NO_MEDIA | LOADED)
#define LOADED (TRANSPORT_STOPPED | TRANSPORT_PLAYING | TRANSPORT_PAUSED | TRANSPORT_TRANSITIONING)

static const struct {
    const char *action;
    unsigned states; /* where it is allowed */
    void (*act)(AvTransport *transport, ServiceCall *call);
    bool is_transport_action; /* listed by GetCurrentTransportActions (2.2.26) */
} rules[] = {
    { "SetAVTransportURI", ANY, set_uri, false },
    { "SetNextAVTransportURI", ANY, set_next_uri, false },
    { "Play", LOADED, play, true },
    { "Stop", LOADED, stop, true },
    /* Who presses while it waits for more to come means it, too: the screen knows whether it
     * can. */
    { "Pause", TRANSPORT_PLAYING | TRANSPORT_TRANSITIONING, pause_playing, true },
    { "Seek", LOADED, seek, true },
    { "Next", LOADED, next, true },
    { "Previous", LOADED, previous, true },
    { "SetPlayMode", ANY, set_play_mode, false },
    { "GetTransportInfo", ANY, av_transport_get_transport_info, false },
    { "GetPositionInfo", ANY, av_transport_get_position_info, false },
    { "GetMediaInfo", ANY, av_transport_get_media_info, false },
    { "GetTransportSettings", ANY, av_transport_get_transport_settings, false },
    { "GetDeviceCapabilities", ANY, av_transport_get_device_capabilities, false },
    { "GetCurrentTransportActions", ANY, av_transport_get_current_transport_actions, false },
};

char *
av_transport_allowed_actions(const AvTransport *transport)
{
    TransportState state = av_transport_state(transport);
    bool can_seek = state == TRANSPORT_STOPPED || transport->screen->status.is_seekable;
    GString *list = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (!rules[i].is_transport_action || !(rules[i].states & state) ||
            (rules[i].act == seek && !can_seek) ||
            (rules[i].act == next && transport->next == NULL) ||
            (rules[i].act == previous && state == TRANSPORT_STOPPED))
            continue;
        g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", rules[i].action);
    }
    return g_string_free(list, FALSE);
}

/* Every action of the service comes here first. */
void
av_transport_invoke(Service *service, ServiceCall *call)
{
    AvTransport *transport = (AvTransport *)service;
    const char *name = service_call_action(call)->name;
    guint i = 0;

    while (strcmp(rules[i].action, name) != 0)
        i++;
    if (service_call_number(call, "InstanceID") != 0)
        service_call_fail(call, INVALID_INSTANCE, "there is no instance but 0");
    else if (!(rules[i].states & av_transport_state(transport)))
        service_call_fail(call, TRANSITION_NOT_AVAILABLE, "%s is not possible now", name);
    else
        rules[i].act(transport, call);
}

/* -- Changes ----------------------------------------------------------------------------------- */

/* What the screen plays may have become the next by itself, or something somebody else gave it.
 * What it merely still holds after a stop is no news. */
static void
on_screen(gconstpointer event, gpointer data)
{
    AvTransport *transport = data;
    const PlaybackStatus *status = &transport->screen->status;
    bool is_active = status->state == PLAYBACK_LOADING || status->state == PLAYBACK_PLAYING ||
                     status->state == PLAYBACK_PAUSED;

    if (is_active && !transport->is_waiting && status->media != NULL &&
        (transport->media == NULL || strcmp(transport->media->uri, status->media->uri) != 0)) {
        playback_media_free(transport->media);
        transport->media = playback_media_copy(status->media);
        if (transport->next != NULL && strcmp(transport->next->uri, status->media->uri) == 0)
            g_clear_pointer(&transport->next, playback_media_free);
    }
    moderator_poke(&transport->moderator);
}

static void
tell_change(gpointer data)
{
    AvTransport *transport = data;
    g_autofree char *now = av_transport_last_change(transport);

    if (g_strcmp0(now, transport->told) == 0)
        return; /* a position moved on */
    g_free(transport->told);
    transport->told = g_steal_pointer(&now);
    observers_notify(transport->base.observers, "LastChange");
}

static char *
value(Service *service, const char *variable)
{
    return av_transport_last_change((AvTransport *)service);
}

static void
av_transport_free(Service *service)
{
    AvTransport *transport = (AvTransport *)service;

    observers_remove(transport->screen->observers, transport->observer);
    moderator_clear(&transport->moderator);
    service_clear(service);
    playback_media_free(transport->media);
    playback_media_free(transport->next);
    g_free(transport->told);
    g_free(transport);
}

/* -- Making ------------------------------------------------------------------------------------ */

#define TABLE(called)                                                                              \
    {                                                                                              \
        .name = called, .version = 1, .variables = av_transport_variables,                         \
        .actions = av_transport_actions, .value = value, .free = av_transport_free,                \
    }

static const ServiceTable table = TABLE("AVTransport");
static const ServiceTable music_table = TABLE(IGRS_MUSIC_TRANSPORT);

static Service *
transport_new(const ServiceTable *named, Screen *screen, Clock *clock)
{
    AvTransport *transport = g_new0(AvTransport, 1);

    service_init(&transport->base, named);
    transport->screen = screen;
    transport->media = playback_media_copy(screen->status.media);
    moderator_init(&transport->moderator, clock, LAST_CHANGE_INTERVAL_MS, tell_change, transport);
    transport->observer = observers_add(screen->observers, on_screen, transport);
    transport->told = av_transport_last_change(transport);
    return &transport->base;
}

Service *
av_transport_new(Screen *screen, Clock *clock)
{
    return transport_new(&table, screen, clock);
}

Service *
music_transport_new(Screen *screen, Clock *clock)
{
    return transport_new(&music_table, screen, clock);
}
