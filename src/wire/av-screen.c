/* av-screen.c -- see av-screen.h */
#include "wire/av-screen.h"

#include "base/text.h"
#include "wire/didl.h"

#include <string.h>

/* -- Commands ---------------------------------------------------------------------------------- */

/* The in-arguments of what a Screen needs; an action that is not here has InstanceID alone. */
static const struct {
    const char *action;
    const char *arguments[4];
} actions[] = {
    { "GetProtocolInfo", { NULL } }, /* a ConnectionManager knows no instances */
    { "SetAVTransportURI", { "InstanceID", "CurrentURI", "CurrentURIMetaData" } },
    { "SetNextAVTransportURI", { "InstanceID", "NextURI", "NextURIMetaData" } },
    { "Play", { "InstanceID", "Speed" } },
    { "Seek", { "InstanceID", "Unit", "Target" } },
    { "GetVolume", { "InstanceID", "Channel" } },
    { "SetVolume", { "InstanceID", "Channel", "DesiredVolume" } },
    { "GetMute", { "InstanceID", "Channel" } },
    { "SetMute", { "InstanceID", "Channel", "DesiredMute" } },
};

static char *
print_uri(const AvPeer *peer, const ScreenCommand *command)
{
    return g_strdup(command->media != NULL ? command->media->uri : "");
}

static char *
print_position(const AvPeer *peer, const ScreenCommand *command)
{
    char *text = text_from_duration_ms(command->position_ms);

    if (command->position_ms % 1000 == 0) /* many devices cannot read a fraction */
        *strchr(text, '.') = '\0';
    return text;
}

static char *
print_unit(const AvPeer *peer, const ScreenCommand *command)
{
    return g_strdup(peer->seeks_from_zero ? "ABS_TIME" : "REL_TIME");
}

static int
loudest(const AvPeer *peer)
{
    return peer->volume_max > 0 ? peer->volume_max : 100;
}

static char *
print_volume(const AvPeer *peer, const ScreenCommand *command)
{
    return g_strdup_printf("%d", (command->volume * loudest(peer) + 50) / 100);
}

static char *
print_mute(const AvPeer *peer, const ScreenCommand *command)
{
    return g_strdup(command->is_muted ? "1" : "0");
}

/* A value is always the same, or printed; one with neither is the metadata. */
static const struct {
    const char *argument, *constant;
    char *(*print)(const AvPeer *peer, const ScreenCommand *command);
} values[] = {
    { "InstanceID", "0", NULL },           { "Speed", "1", NULL },
    { "Unit", NULL, print_unit },          { "Channel", "Master", NULL },
    { "CurrentURI", NULL, print_uri },     { "NextURI", NULL, print_uri },
    { "Target", NULL, print_position },    { "DesiredVolume", NULL, print_volume },
    { "DesiredMute", NULL, print_mute },
};

static void
add_value(SoapCall *call, const char *argument, const AvPeer *peer, const ScreenCommand *command,
          const char *metadata)
{
    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        if (strcmp(values[i].argument, argument) == 0) {
            soap_call_take(call, argument,
                           values[i].print != NULL ? values[i].print(peer, command)
                                                   : g_strdup(values[i].constant));
            return;
        }
    soap_call_add(call, argument, metadata);
}

SoapCall *
av_screen_action(const char *action, const AvPeer *peer, const ScreenCommand *command,
                 const char *metadata)
{
    static const char *const instance_alone[] = { "InstanceID", NULL };
    SoapCall *call = soap_call_new(NULL, action);
    const char *const *arguments = instance_alone;

    for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
        if (strcmp(actions[i].action, action) == 0)
            arguments = actions[i].arguments;
    for (; *arguments != NULL; arguments++)
        add_value(call, *arguments, peer, command, metadata);
    return call;
}

/* -- What we sent ------------------------------------------------------------------------------ */

static void
replace(PlaybackMedia **media, PlaybackMedia *with)
{
    playback_media_free(*media);
    *media = with;
}

void
av_peer_remember(AvPeer *peer, const ScreenCommand *command)
{
    if (command->verb == SCREEN_OPEN)
        replace(&peer->opened, playback_media_copy(command->media));
    else if (command->verb == SCREEN_SET_NEXT)
        replace(&peer->next, playback_media_copy(command->media));
}

void
av_peer_clear(AvPeer *peer)
{
    replace(&peer->opened, NULL);
    replace(&peer->next, NULL);
}

/* -- Status ------------------------------------------------------------------------------------ */

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
take_state(const Screen *screen, const AvPeer *peer, PlaybackStatus *status, const char *text)
{
    for (guint i = 0; i < G_N_ELEMENTS(transport_states); i++)
        if (strcmp(transport_states[i].name, text) == 0)
            status->state = transport_states[i].state;
    if (status->state == PLAYBACK_IDLE || status->state == PLAYBACK_STOPPED)
        status->position_ms = 0;
}

static void
take_health(const Screen *screen, const AvPeer *peer, PlaybackStatus *status, const char *text)
{
    g_free(status->problem);
    status->problem = strcmp(text, "ERROR_OCCURRED") == 0
                          ? g_strdup_printf("%s could not play it", screen->name)
                          : NULL;
}

/* What is not known says so, or nothing: "NOT_IMPLEMENTED", "0:00:00". */
static void
take_position(const Screen *screen, const AvPeer *peer, PlaybackStatus *status, const char *text)
{
    int64_t position_ms;

    if (text_to_duration_ms(text, &position_ms))
        status->position_ms = position_ms;
}

static void
take_duration(const Screen *screen, const AvPeer *peer, PlaybackStatus *status, const char *text)
{
    int64_t duration_ms;

    if (text_to_duration_ms(text, &duration_ms))
        status->duration_ms = duration_ms;
}

bool
av_screen_lists_action(const char *list, const char *action)
{
    size_t length = strlen(action);

    for (const char *at = list; *at != '\0'; at += *at == ',') {
        at += strspn(at, " ");
        size_t size = strcspn(at, ", ");
        if (size == length && g_ascii_strncasecmp(at, action, length) == 0)
            return true;
        at += strcspn(at, ",");
    }
    return false;
}

static void
take_actions(const Screen *screen, const AvPeer *peer, PlaybackStatus *status, const char *text)
{
    status->is_seekable = av_screen_lists_action(text, "Seek");
}

static void
take_volume(const Screen *screen, const AvPeer *peer, PlaybackStatus *status, const char *text)
{
    uint32_t volume;

    if (text_to_u32(text, 0, UINT16_MAX, &volume))
        status->volume = MIN(((int)volume * 100 + loudest(peer) / 2) / loudest(peer), 100);
}

static void
take_mute(const Screen *screen, const AvPeer *peer, PlaybackStatus *status, const char *text)
{
    status->is_muted = strcmp(text, "1") == 0 || g_ascii_strcasecmp(text, "true") == 0;
}

/* A variable's name among the out-arguments of its Get action, and in LastChange. */
static const struct {
    const char *in_answer, *in_change;
    void (*take)(const Screen *screen, const AvPeer *peer, PlaybackStatus *status,
                 const char *text);
} variables[] = {
    { "CurrentTransportState", "TransportState", take_state },
    { "CurrentTransportStatus", "TransportStatus", take_health },
    { "Actions", "CurrentTransportActions", take_actions },
    { "AbsTime", "AbsoluteTimePosition", take_position }, /* some devices know only this one */
    { "RelTime", "RelativeTimePosition", take_position },
    { "TrackDuration", "CurrentTrackDuration", take_duration },
    { "CurrentVolume", "Volume", take_volume },
    { "CurrentMute", "Mute", take_mute },
};

static void
take_media(const PlaybackStatus *status, const AvPeer *peer, PlaybackMedia **media, const char *uri,
           const char *metadata)
{
    const PlaybackMedia *known[] = { peer->opened, peer->next, status->media };
    PlaybackMedia *taken = NULL;

    if (uri == NULL)
        return;
    for (guint i = 0; taken == NULL && i < G_N_ELEMENTS(known); i++)
        if (known[i] != NULL && g_strcmp0(known[i]->uri, uri) == 0)
            taken = playback_media_copy(known[i]);
    if (taken == NULL && *uri != '\0')
        taken = didl_to_playback(uri, metadata);
    replace(media, taken);
}

/* Of another track position and duration are told later: they are not those of the last one. */
static void
take_track(const AvPeer *peer, PlaybackStatus *status, const char *uri, const char *metadata)
{
    bool is_another = uri != NULL &&
                      g_strcmp0(status->media != NULL ? status->media->uri : "", uri) != 0;

    take_media(status, peer, &status->media, uri, metadata);
    if (!is_another)
        return;
    status->position_ms = 0;
    status->duration_ms = status->media != NULL ? status->media->duration_ms : 0;
}

void
av_screen_take_answer(const Screen *screen, const AvPeer *peer, const SoapCall *answer,
                      PlaybackStatus *status)
{
    take_track(peer, status, soap_call_value(answer, "TrackURI"),
               soap_call_value(answer, "TrackMetaData"));
    for (guint i = 0; i < G_N_ELEMENTS(variables); i++) {
        const char *text = soap_call_value(answer, variables[i].in_answer);
        if (text != NULL)
            variables[i].take(screen, peer, status, text);
    }
}

/* A device that does not tell of its track tells of what it was given. */
void
av_screen_take_change(const Screen *screen, const AvPeer *peer, const LastChange *change,
                      PlaybackStatus *status)
{
    const char *uri = last_change_value(change, "CurrentTrackURI");
    const char *metadata = last_change_value(change, "CurrentTrackMetaData");

    if (uri == NULL) {
        uri = last_change_value(change, "AVTransportURI");
        metadata = last_change_value(change, "AVTransportURIMetaData");
    }
    take_track(peer, status, uri, metadata);
    take_media(status, peer, &status->next, last_change_value(change, "NextAVTransportURI"),
               last_change_value(change, "NextAVTransportURIMetaData"));
    for (guint i = 0; i < G_N_ELEMENTS(variables); i++) {
        const char *text = last_change_value(change, variables[i].in_change);
        if (text != NULL)
            variables[i].take(screen, peer, status, text);
    }
}
