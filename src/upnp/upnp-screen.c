/* upnp-screen.c -- see upnp-screen.h
 *
 * A look is four questions, answered in any order; when the last is answered the status is
 * told. */
#include "upnp/upnp-command.h"

#include "base/error.h"

#include <string.h>

#define LOOK_BUSY_MS 1000
#define LOOK_IDLE_MS 5000
#define SILENCES_MAX 3 /* one lost answer is no absence */

bool
upnp_screen_fits(const UpnpRemote *remote)
{
    return upnp_remote_service(remote, "AVTransport") != NULL;
}

void
upnp_screen_ask(UpnpScreen *screen, const char *service, SoapCall *call, SoapAnswered answered,
                gpointer user_data)
{
    const UpnpRemoteService *there = upnp_remote_service(screen->remote, service);

    if (there != NULL) {
        upnp_invoke(screen->client, there, call, screen->cancellable, answered, user_data);
        return;
    }
    g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s has no %s",
                                          screen->screen.name, service);
    soap_call_free(call);
    answered(NULL, error, user_data);
}

/* -- Looking ----------------------------------------------------------------------------------- */

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
    if (seen->duration_ms == 0 && seen->media != NULL)
        seen->duration_ms = seen->media->duration_ms;
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

/* True when the answer is of a screen that is still there: it goes into what the look has seen. */
static bool
take_answer(UpnpScreen *screen, const SoapCall *answer, const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return false;
    if (answer != NULL)
        av_screen_take_answer(&screen->screen, &screen->sent, answer, &screen->seen);
    return true;
}

static void
on_transport_info(const SoapCall *answer, const GError *error, gpointer user_data)
{
    UpnpScreen *screen = user_data;

    if (!take_answer(screen, answer, error))
        return;
    screen->silences = answer != NULL || error->domain == SERVICE_ERROR ? 0 : screen->silences + 1;
    finish_question(screen);
}

static void
on_answered(const SoapCall *answer, const GError *error, gpointer user_data)
{
    if (take_answer(user_data, answer, error))
        finish_question(user_data);
}

void
upnp_screen_look(UpnpScreen *screen)
{
    static const struct {
        const char *service, *action;
        SoapAnswered answered;
    } questions[] = {
        { "AVTransport", "GetTransportInfo", on_transport_info },
        { "AVTransport", "GetPositionInfo", on_answered },
        { "RenderingControl", "GetVolume", on_answered },
        { "RenderingControl", "GetMute", on_answered },
    };

    if (screen->questions > 0)
        return;
    clock_cancel(screen->clock, &screen->poll_timer);
    playback_status_copy(&screen->seen, &screen->screen.status);
    screen->questions = G_N_ELEMENTS(questions);
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++)
        upnp_screen_ask(screen, questions[i].service,
                        av_screen_action(questions[i].action, NULL, NULL), questions[i].answered,
                        screen);
}

/* -- What it takes ----------------------------------------------------------------------------- */

static void
on_protocol_info(const SoapCall *answer, const GError *error, gpointer user_data)
{
    UpnpScreen *screen = user_data;
    const char *sink = answer != NULL ? soap_call_value(answer, "Sink") : NULL;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || sink == NULL || *sink == '\0')
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
    av_sent_clear(&screen->sent);
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
    screen->screen.model = g_strdup(remote->model);
    screen->client = client;
    screen->clock = clock;
    screen->ladder = ladder;
    screen->remote = upnp_remote_copy(remote);
    screen->cancellable = g_cancellable_new();
    screen->commands = g_hash_table_new(NULL, NULL);
    upnp_screen_ask(screen, "ConnectionManager", av_screen_action("GetProtocolInfo", NULL, NULL),
                    on_protocol_info, screen);
    upnp_screen_look(screen);
    return &screen->screen;
}
