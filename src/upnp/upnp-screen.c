/* upnp-screen.c -- see upnp-screen.h
 *
 * A look is three questions, answered in any order; when the last is answered the status is
 * told. */
#include "upnp/upnp-command.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/didl.h"

#include <string.h>

#define LOOK_BUSY_MS 1000
#define LOOK_IDLE_MS 5000
#define SILENCES_MAX 3 /* one lost answer is no absence */
#define ARGUMENTS_MAX 8

bool
upnp_screen_fits(const UpnpRemote *remote)
{
    return upnp_remote_service(remote, "AVTransport") != NULL;
}

void
upnp_screen_ask(UpnpScreen *screen, const char *service, const char *action,
                const UpnpArgument *arguments, UpnpAnswered answered, gpointer user_data)
{
    const UpnpRemoteService *there = upnp_remote_service(screen->remote, service);
    UpnpArgument all[ARGUMENTS_MAX] = { { "InstanceID", "0" } };
    guint first = strcmp(service, "ConnectionManager") == 0 ? 1 : 0; /* knows no instances */

    for (guint i = 0; arguments != NULL && arguments[i].name != NULL && i + 2 < ARGUMENTS_MAX; i++)
        all[i + 1] = arguments[i];
    if (there == NULL) {
        g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s has no %s",
                                              screen->screen.name, service);
        answered(NULL, error, user_data);
        return;
    }
    upnp_invoke(screen->client, there, action, all + first, screen->cancellable, answered,
                user_data);
}

/* -- Looking ----------------------------------------------------------------------------------- */

static bool
was_cancelled(const GError *error)
{
    return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* TransportState of AVTransport:1 (2.2.1). */
static const struct {
    const char *name;
    PlaybackState state;
} transport_states[] = {
    { "STOPPED", PLAYBACK_STOPPED },        { "PLAYING", PLAYBACK_PLAYING },
    { "TRANSITIONING", PLAYBACK_LOADING },  { "PAUSED_PLAYBACK", PLAYBACK_PAUSED },
    { "NO_MEDIA_PRESENT", PLAYBACK_IDLE },  { "RECORDING", PLAYBACK_PLAYING },
    { "PAUSED_RECORDING", PLAYBACK_PAUSED },
};

static void
on_look_due(gpointer data)
{
    UpnpScreen *screen = data;

    screen->poll_timer = 0;
    upnp_screen_look(screen);
}

static void
look_later(UpnpScreen *screen)
{
    PlaybackState state = screen->screen.status.state;
    bool is_busy =
        state == PLAYBACK_PLAYING || state == PLAYBACK_LOADING || state == PLAYBACK_PAUSED;

    clock_cancel(screen->clock, &screen->poll_timer);
    screen->poll_timer = clock_after(screen->clock, is_busy ? LOOK_BUSY_MS : LOOK_IDLE_MS,
                                     on_look_due, screen);
}

/* What does not play has no place in it, and a set that is away is not what it was. */
static void
tidy(PlaybackStatus *seen)
{
    if (seen->state == PLAYBACK_IDLE || seen->state == PLAYBACK_OFFLINE) {
        g_clear_pointer(&seen->media, playback_media_free);
        seen->duration_ms = 0;
    }
    if (seen->state == PLAYBACK_IDLE || seen->state == PLAYBACK_OFFLINE ||
        seen->state == PLAYBACK_STOPPED)
        seen->position_ms = 0;
    seen->is_seekable = seen->duration_ms > 0;
}

static void
finish_question(UpnpScreen *screen)
{
    if (--screen->questions > 0)
        return;
    if (screen->silences >= SILENCES_MAX)
        screen->seen.state = PLAYBACK_OFFLINE;
    tidy(&screen->seen);
    screen_set_status(&screen->screen, &screen->seen);
    look_later(screen);
}

static void
on_transport_info(const SoapCall *answer, const GError *error, gpointer user_data)
{
    UpnpScreen *screen = user_data;
    const char *state = answer != NULL ? soap_call_value(answer, "CurrentTransportState") : NULL;
    const char *health = answer != NULL ? soap_call_value(answer, "CurrentTransportStatus") : NULL;

    if (was_cancelled(error))
        return;
    screen->silences = answer != NULL || error->domain == SERVICE_ERROR ? 0 : screen->silences + 1;
    for (guint i = 0; state != NULL && i < G_N_ELEMENTS(transport_states); i++)
        if (strcmp(transport_states[i].name, state) == 0)
            screen->seen.state = transport_states[i].state;
    if (health != NULL) {
        g_free(screen->seen.problem);
        screen->seen.problem = strcmp(health, "ERROR_OCCURRED") == 0
                                   ? g_strdup_printf("%s could not play it", screen->screen.name)
                                   : NULL;
    }
    finish_question(screen);
}

static void
take_time(int64_t *time_ms, const char *text)
{
    int64_t value_ms;

    if (text != NULL && text_to_duration_ms(text, &value_ms))
        *time_ms = value_ms;
}

/* What we opened ourselves is known better than its address tells. */
static void
take_media(UpnpScreen *screen, const char *uri, const char *metadata)
{
    const PlaybackMedia *known[] = { screen->opened, screen->seen.media };
    PlaybackMedia *media = NULL;

    if (uri == NULL)
        return;
    for (guint i = 0; media == NULL && i < G_N_ELEMENTS(known); i++)
        if (known[i] != NULL && g_strcmp0(known[i]->uri, uri) == 0)
            media = playback_media_copy(known[i]);
    if (media == NULL && *uri != '\0')
        media = didl_to_playback(uri, metadata);
    playback_media_free(screen->seen.media);
    screen->seen.media = media;
}

static void
on_position_info(const SoapCall *answer, const GError *error, gpointer user_data)
{
    UpnpScreen *screen = user_data;

    if (was_cancelled(error))
        return;
    if (answer != NULL) {
        take_media(screen, soap_call_value(answer, "TrackURI"),
                   soap_call_value(answer, "TrackMetaData"));
        take_time(&screen->seen.position_ms, soap_call_value(answer, "RelTime"));
        take_time(&screen->seen.duration_ms, soap_call_value(answer, "TrackDuration"));
        if (screen->seen.duration_ms == 0 && screen->seen.media != NULL)
            screen->seen.duration_ms = screen->seen.media->duration_ms;
    }
    finish_question(screen);
}

static void
on_volume(const SoapCall *answer, const GError *error, gpointer user_data)
{
    UpnpScreen *screen = user_data;
    const char *text = answer != NULL ? soap_call_value(answer, "CurrentVolume") : NULL;
    uint32_t volume;

    if (was_cancelled(error))
        return;
    if (text != NULL && text_to_u32(text, 0, UINT16_MAX, &volume))
        screen->seen.volume = (int)MIN(volume, 100);
    finish_question(screen);
}

static void
on_mute(const SoapCall *answer, const GError *error, gpointer user_data)
{
    UpnpScreen *screen = user_data;
    const char *text = answer != NULL ? soap_call_value(answer, "CurrentMute") : NULL;

    if (was_cancelled(error))
        return;
    if (text != NULL)
        screen->seen.is_muted = strcmp(text, "1") == 0 || g_ascii_strcasecmp(text, "true") == 0;
    finish_question(screen);
}

void
upnp_screen_look(UpnpScreen *screen)
{
    static const UpnpArgument master[] = { { "Channel", "Master" }, { NULL, NULL } };
    static const struct {
        const char *service, *action;
        const UpnpArgument *arguments;
        UpnpAnswered answered;
    } questions[] = {
        { "AVTransport", "GetTransportInfo", NULL, on_transport_info },
        { "AVTransport", "GetPositionInfo", NULL, on_position_info },
        { "RenderingControl", "GetVolume", master, on_volume },
        { "RenderingControl", "GetMute", master, on_mute },
    };

    if (screen->questions > 0)
        return;
    clock_cancel(screen->clock, &screen->poll_timer);
    playback_status_copy(&screen->seen, &screen->screen.status);
    screen->questions = G_N_ELEMENTS(questions);
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++)
        upnp_screen_ask(screen, questions[i].service, questions[i].action, questions[i].arguments,
                        questions[i].answered, screen);
}

/* -- What it takes ----------------------------------------------------------------------------- */

static void
on_protocol_info(const SoapCall *answer, const GError *error, gpointer user_data)
{
    UpnpScreen *screen = user_data;
    const char *sink = answer != NULL ? soap_call_value(answer, "Sink") : NULL;

    if (was_cancelled(error) || sink == NULL || *sink == '\0')
        return;
    g_free(screen->screen.sink_protocols);
    screen->screen.sink_protocols = g_strdup(sink);
}

/* -- Beginning and end ------------------------------------------------------------------------- */

static void
upnp_screen_free(Screen *base)
{
    UpnpScreen *screen = (UpnpScreen *)base;

    clock_cancel(screen->clock, &screen->poll_timer);
    upnp_command_abandon(screen);
    g_cancellable_cancel(screen->cancellable);
    g_object_unref(screen->cancellable);
    g_hash_table_unref(screen->commands);
    playback_status_clear(&screen->seen);
    playback_media_free(screen->opened);
    upnp_remote_free(screen->remote);
    screen_clear(base);
    g_free(screen);
}

static const ScreenClass screen_class = { upnp_command_run, upnp_screen_free };

Screen *
upnp_screen_new(HttpClient *client, Clock *clock, UpnpLadder *ladder, const UpnpRemote *remote)
{
    UpnpScreen *screen = g_new0(UpnpScreen, 1);

    screen_init(&screen->screen, &screen_class, remote->uuid, remote->name, "upnp");
    screen->screen.address = g_strdup(remote->host);
    screen->client = client;
    screen->clock = clock;
    screen->ladder = ladder;
    screen->remote = upnp_remote_copy(remote);
    screen->cancellable = g_cancellable_new();
    screen->commands = g_hash_table_new(NULL, NULL);
    upnp_screen_ask(screen, "ConnectionManager", "GetProtocolInfo", NULL, on_protocol_info, screen);
    upnp_screen_look(screen);
    return &screen->screen;
}
