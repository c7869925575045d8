/* upnp-screen.c -- see upnp-screen.h
 *
 * A look is a few questions, answered in any order; when the last is answered the status is told.
 * An event that comes meanwhile is newer than some of the answers: then the set is looked at once
 * more. */
#include "upnp/upnp-command.h"

#include "base/error.h"
#include "wire/upnp-scpd.h"

#include <string.h>

#define LOOK_BUSY_MS 1000
#define LOOK_IDLE_MS 5000
#define LOOK_FOLLOWED_MS 10000 /* idle, and it sends events: whether it is still there */
#define LOOK_AGAIN_MS 200
#define SILENCES_MAX 3    /* one lost answer is no absence */
#define INQUIRIES_MAX 10  /* what it plays, of a set that does not say */
#define ANSWER_MS 10000

#define AVT "AVTransport"
#define RCS "RenderingControl"
#define CMS "ConnectionManager"

bool
upnp_screen_fits(const UpnpRemote *remote)
{
    return upnp_remote_service(remote, AVT) != NULL;
}

bool
upnp_screen_is_busy(const UpnpScreen *screen)
{
    PlaybackState state = screen->screen.status.state;

    return state == PLAYBACK_PLAYING || state == PLAYBACK_LOADING || state == PLAYBACK_PAUSED;
}

void
upnp_screen_ask(UpnpScreen *screen, const char *service, SoapCall *call, SoapAnswered answered,
                gpointer user_data)
{
    const UpnpRemoteService *there = upnp_remote_service(screen->remote, service);
    g_autoptr(GError) error = NULL;

    if (there != NULL && !screen->is_gone) {
        upnp_invoke(screen->parts.client, there, call, screen->cancellable, answered, user_data);
        return;
    }
    if (screen->is_gone)
        g_set_error(&error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s has left the network",
                    screen->screen.name);
    else
        g_set_error(&error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "%s has no %s", screen->screen.name,
                    service);
    soap_call_free(call);
    answered(NULL, error, user_data);
}

/* -- Status ------------------------------------------------------------------------------------ */

/* What does not play has no place in it, and a set that is away is not what it was. What we let
 * follow the set need not know. */
static void
tidy(const UpnpScreen *screen, PlaybackStatus *seen)
{
    bool is_nothing = seen->state == PLAYBACK_IDLE || seen->state == PLAYBACK_OFFLINE;

    if (is_nothing) {
        g_clear_pointer(&seen->media, playback_media_free);
        seen->duration_ms = 0;
    }
    if (is_nothing || screen->peer.next != NULL) {
        playback_media_free(seen->next);
        seen->next = is_nothing ? NULL : playback_media_copy(screen->peer.next);
    }
    if (seen->duration_ms == 0 && seen->media != NULL)
        seen->duration_ms = seen->media->duration_ms;
    if (is_nothing || seen->state == PLAYBACK_STOPPED)
        seen->position_ms = 0;
    seen->is_seekable = seen->duration_ms > 0;
}

/* Takes status over. */
static void
set_status(UpnpScreen *screen, PlaybackStatus *status)
{
    bool was_busy = upnp_screen_is_busy(screen);
    bool has_ended = upnp_next_bridge(screen, status);

    tidy(screen, status);
    screen_set_status(&screen->screen, status);
    if (!was_busy && upnp_screen_is_busy(screen))
        screen->was_told_to_stop = false;
    if (screen->screen.status.state == PLAYBACK_PLAYING)
        screen->has_played = true;
    upnp_next_watch(screen);
    upnp_next_follow(screen, has_ended);
}

/* -- Looking ----------------------------------------------------------------------------------- */

static bool
is_followed(const UpnpSubscription *events)
{
    return events != NULL && upnp_subscription_is_active(events);
}

static void
on_look_due(gpointer data)
{
    UpnpScreen *screen = data;

    screen->poll_timer = 0;
    upnp_screen_look(screen);
}

static void
look_after(UpnpScreen *screen, int64_t delay_ms)
{
    clock_cancel(screen->parts.clock, &screen->poll_timer);
    screen->poll_timer = clock_after(screen->parts.clock, delay_ms, on_look_due, screen);
}

static void
look_later(UpnpScreen *screen)
{
    look_after(screen, upnp_screen_is_busy(screen)             ? LOOK_BUSY_MS
                       : is_followed(screen->transport_events) ? LOOK_FOLLOWED_MS
                                                               : LOOK_IDLE_MS);
}

static void
finish_question(UpnpScreen *screen)
{
    if (--screen->questions > 0)
        return;
    if (screen->is_overtaken && screen->silences == 0) {
        playback_status_clear(&screen->seen);
        look_after(screen, LOOK_AGAIN_MS);
        return;
    }
    if (screen->silences >= SILENCES_MAX)
        screen->seen.state = PLAYBACK_OFFLINE;
    screen->seen_ms = clock_now_ms(screen->parts.clock);
    set_status(screen, &screen->seen);
    look_later(screen);
}

/* True when the answer is of a screen that is still there: it goes into what the look has seen. */
static bool
take_answer(UpnpScreen *screen, const SoapCall *answer, const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return false;
    if (answer != NULL)
        av_screen_take_answer(&screen->screen, &screen->peer, answer, &screen->seen);
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

static void
on_protocol_info(const SoapCall *answer, const GError *error, gpointer user_data)
{
    UpnpScreen *screen = user_data;
    const char *sink = answer != NULL ? soap_call_value(answer, "Sink") : NULL;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (sink != NULL && *sink != '\0') {
        g_free(screen->screen.sink_protocols);
        screen->screen.sink_protocols = g_strdup(sink);
        observers_notify(screen->screen.observers, &screen->screen);
    }
    finish_question(screen);
}

/* Its first event may have left them out. */
static bool
tells_no_rendering(const UpnpScreen *screen)
{
    return !upnp_screen_is_busy(screen) || !is_followed(screen->rendering_events);
}

static bool
takes_unknown(const UpnpScreen *screen)
{
    return screen->screen.sink_protocols == NULL && screen->inquiries < INQUIRIES_MAX;
}

static const struct {
    const char *service, *action;
    bool (*is_needed)(const UpnpScreen *screen); /* NULL: always */
    SoapAnswered answered;
} questions[] = {
    { AVT, "GetTransportInfo", NULL, on_transport_info },
    { AVT, "GetPositionInfo", NULL, on_answered },
    { RCS, "GetVolume", tells_no_rendering, on_answered },
    { RCS, "GetMute", tells_no_rendering, on_answered },
    { CMS, "GetProtocolInfo", takes_unknown, on_protocol_info },
};

void
upnp_screen_look(UpnpScreen *screen)
{
    bool is_needed[G_N_ELEMENTS(questions)];

    if (screen->questions > 0 || screen->is_gone)
        return;
    clock_cancel(screen->parts.clock, &screen->poll_timer);
    playback_status_copy(&screen->seen, &screen->screen.status);
    screen->is_overtaken = false;
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
        is_needed[i] = questions[i].is_needed == NULL || questions[i].is_needed(screen);
        screen->questions += is_needed[i];
    }
    screen->inquiries += takes_unknown(screen);
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++)
        if (is_needed[i])
            upnp_screen_ask(screen, questions[i].service,
                            av_screen_action(questions[i].action, &screen->peer, NULL, NULL),
                            questions[i].answered, screen);
}

/* -- Events ------------------------------------------------------------------------------------ */

static void
on_event(const char *name, const char *value, gpointer user_data)
{
    UpnpScreen *screen = user_data;
    g_autoptr(GError) error = NULL;
    PlaybackStatus status = { 0 };

    if (name == NULL) {
        look_after(screen, 0);
        return;
    }
    if (strcmp(name, "LastChange") != 0)
        return;
    g_autoptr(LastChange) change = last_change_decode(value, &error);
    if (change == NULL) {
        g_info("%s sent a LastChange that cannot be read: %s", screen->screen.name, error->message);
        return;
    }
    PlaybackState before = screen->screen.status.state;
    screen->is_overtaken = true;
    playback_status_copy(&status, &screen->screen.status);
    av_screen_take_change(&screen->screen, &screen->peer, change, &status);
    set_status(screen, &status);
    if (screen->questions == 0 && screen->screen.status.state != before)
        look_after(screen, LOOK_AGAIN_MS); /* where exactly it stands */
}

/* -- What it can ------------------------------------------------------------------------------- */

static void
ask_scpd(UpnpScreen *screen, const char *service, HttpReplied replied)
{
    const UpnpRemoteService *there = upnp_remote_service(screen->remote, service);

    if (there != NULL && there->scpd_url != NULL)
        http_client_send(screen->parts.client,
                         &(HttpRequest){ .method = "GET", .url = there->scpd_url,
                                         .timeout_ms = ANSWER_MS,
                                         .body_max = UPNP_SCPD_SIZE_MAX },
                         screen->cancellable, replied, screen);
}

/* NULL: it has none that can be read. The caller's. */
static XmlDocument *
read_scpd(const HttpReply *reply)
{
    GBytes *body = reply != NULL && http_reply_status(reply) == 200 ? http_reply_body(reply) : NULL;

    return body != NULL ? xml_parse(g_bytes_get_data(body, NULL), g_bytes_get_size(body), NULL)
                        : NULL;
}

static void
on_transport_scpd(const HttpReply *reply, const GError *error, gpointer user_data)
{
    g_autoptr(XmlDocument) scpd = read_scpd(reply);

    if (scpd != NULL)
        ((UpnpScreen *)user_data)->has_next = upnp_scpd_has_action(scpd, "SetNextAVTransportURI");
}

static void
on_rendering_scpd(const HttpReply *reply, const GError *error, gpointer user_data)
{
    g_autoptr(XmlDocument) scpd = read_scpd(reply);

    if (scpd != NULL)
        ((UpnpScreen *)user_data)->peer.volume_max = (int)upnp_scpd_maximum(scpd, "Volume", 100);
}

/* -- Here and gone ----------------------------------------------------------------------------- */

static UpnpSubscription *
subscribe(UpnpScreen *screen, const char *service)
{
    const UpnpRemoteService *there = upnp_remote_service(screen->remote, service);

    return there != NULL ? upnp_ear_subscribe(screen->parts.ear, there, screen->remote->host,
                                              on_event, screen) : NULL;
}

/* Whatever is under way is not heard any more. */
static void
hang_up(UpnpScreen *screen)
{
    clock_cancel(screen->parts.clock, &screen->poll_timer);
    g_clear_pointer(&screen->transport_events, upnp_subscription_free);
    g_clear_pointer(&screen->rendering_events, upnp_subscription_free);
    g_cancellable_cancel(screen->cancellable);
    g_clear_object(&screen->cancellable);
    screen->questions = screen->silences = screen->inquiries = 0;
}

void
upnp_screen_set_remote(Screen *base, const UpnpRemote *remote)
{
    UpnpScreen *screen = (UpnpScreen *)base;
    g_autoptr(GError) error =
        g_error_new(DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s is being started", base->name);
    UpnpRemote *copy = upnp_remote_copy(remote);

    upnp_command_abandon(screen, error);
    hang_up(screen);
    upnp_remote_free(screen->remote);
    screen->remote = copy;
    screen->is_gone = false;
    screen->cancellable = g_cancellable_new();
    g_free(base->name);
    base->name = g_strdup(remote->name);
    g_free(base->address);
    base->address = g_strdup(remote->host);
    g_free(base->model);
    base->model = g_strdup(remote->model);
    g_clear_pointer(&base->sink_protocols, g_free);
    ask_scpd(screen, AVT, on_transport_scpd);
    ask_scpd(screen, RCS, on_rendering_scpd);
    screen->transport_events = subscribe(screen, AVT);
    screen->rendering_events = subscribe(screen, RCS);
    observers_notify(base->observers, base);
    upnp_screen_look(screen);
}

void
upnp_screen_set_gone(Screen *base)
{
    UpnpScreen *screen = (UpnpScreen *)base;
    g_autoptr(GError) error =
        g_error_new(DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s has left the network", base->name);
    PlaybackStatus away = { .state = PLAYBACK_OFFLINE, .volume = base->status.volume,
                            .is_muted = base->status.is_muted };

    screen->is_gone = true;
    upnp_next_forget(screen);
    hang_up(screen);
    set_status(screen, &away);
    upnp_command_abandon(screen, error);
}

static void
upnp_screen_free(Screen *base)
{
    UpnpScreen *screen = (UpnpScreen *)base;
    g_autoptr(GError) error = g_error_new(G_IO_ERROR, G_IO_ERROR_CANCELLED, "the screen is gone");

    upnp_command_abandon(screen, error);
    hang_up(screen);
    upnp_next_forget(screen);
    playback_status_clear(&screen->seen);
    av_peer_clear(&screen->peer);
    upnp_remote_free(screen->remote);
    screen_clear(base);
    g_free(screen);
}

static void
look(Screen *screen)
{
    upnp_screen_look((UpnpScreen *)screen);
}

static bool
lesson(const Screen *screen, guint index, ScreenLesson *out)
{
    const UpnpScreen *own = (const UpnpScreen *)screen;

    return upnp_ladder_lesson(own->parts.ladder, own->remote->model, index, out);
}

static const ScreenClass screen_class = {
    .command = upnp_command_run, .free = upnp_screen_free, .look = look,
    .lesson = lesson,
};

Screen *
upnp_screen_new(const UpnpScreenParts *parts, const UpnpRemote *remote)
{
    UpnpScreen *screen = g_new0(UpnpScreen, 1);
    g_autofree char *id = upnp_remote_id(remote);

    screen_init(&screen->screen, &screen_class, id, remote->name, "upnp");
    screen->parts = *parts;
    g_queue_init(&screen->commands);
    upnp_screen_set_remote(&screen->screen, remote);
    return &screen->screen;
}
