/* av-transport-report.c -- what AVTransport tells: the Get actions and LastChange
 *
 * An event always holds every variable: what got lost on the way is right again with the next one.
 * Position is never evented (AVTransport:1, 2.2.24). */
#include "av/av-transport-room.h"
#include "base/text.h"
#include "wire/last-change.h"

/* A counter that is not kept (2.2.22). */
#define NO_COUNT 2147483647
#define NOT_IMPLEMENTED "NOT_IMPLEMENTED"

static const char *
state_name(TransportState state)
{
    switch (state) {
    case TRANSPORT_STOPPED:
        return "STOPPED";
    case TRANSPORT_PLAYING:
        return "PLAYING";
    case TRANSPORT_PAUSED:
        return "PAUSED_PLAYBACK";
    case TRANSPORT_TRANSITIONING:
        return "TRANSITIONING";
    default:
        return "NO_MEDIA_PRESENT";
    }
}

static const char *
status_name(const AvTransport *transport)
{
    return transport->screen->status.problem != NULL ? "ERROR_OCCURRED" : "OK";
}

static const char *
uri_of(const PlaybackMedia *media)
{
    return media != NULL ? media->uri : "";
}

static const char *
metadata_of(const PlaybackMedia *media)
{
    return media != NULL && media->metadata != NULL ? media->metadata : "";
}

static bool
is_screen_ours(const AvTransport *transport)
{
    return transport->media != NULL && !transport->is_waiting &&
           av_transport_state(transport) != TRANSPORT_STOPPED;
}

static char *
duration_text(const AvTransport *transport)
{
    const PlaybackStatus *status = &transport->screen->status;
    int64_t duration_ms = is_screen_ours(transport) ? status->duration_ms : 0;

    if (duration_ms == 0 && transport->media != NULL)
        duration_ms = transport->media->duration_ms;
    return text_from_duration_ms(duration_ms);
}

void
av_transport_get_transport_info(AvTransport *transport, ServiceCall *call)
{
    service_call_put_text(call, "CurrentTransportState", state_name(av_transport_state(transport)));
    service_call_put_text(call, "CurrentTransportStatus", status_name(transport));
    service_call_put_text(call, "CurrentSpeed", "1");
    service_call_return(call);
}

void
av_transport_get_position_info(AvTransport *transport, ServiceCall *call)
{
    int64_t position_ms =
        is_screen_ours(transport) ? screen_position_ms(transport->screen) : transport->start_ms;
    g_autofree char *position = text_from_duration_ms(position_ms);

    service_call_put_number(call, "Track", transport->media != NULL);
    service_call_take_text(call, "TrackDuration", duration_text(transport));
    service_call_put_text(call, "TrackMetaData", metadata_of(transport->media));
    service_call_put_text(call, "TrackURI", uri_of(transport->media));
    service_call_put_text(call, "RelTime", position);
    service_call_put_text(call, "AbsTime", position);
    service_call_put_number(call, "RelCount", NO_COUNT);
    service_call_put_number(call, "AbsCount", NO_COUNT);
    service_call_return(call);
}

void
av_transport_get_media_info(AvTransport *transport, ServiceCall *call)
{
    service_call_put_number(call, "NrTracks", transport->media != NULL);
    service_call_take_text(call, "MediaDuration", duration_text(transport));
    service_call_put_text(call, "CurrentURI", uri_of(transport->media));
    service_call_put_text(call, "CurrentURIMetaData", metadata_of(transport->media));
    service_call_put_text(call, "NextURI", uri_of(transport->next));
    service_call_put_text(call, "NextURIMetaData", metadata_of(transport->next));
    service_call_put_text(call, "PlayMedium", transport->media != NULL ? "NETWORK" : "NONE");
    service_call_put_text(call, "RecordMedium", NOT_IMPLEMENTED);
    service_call_put_text(call, "WriteStatus", NOT_IMPLEMENTED);
    service_call_return(call);
}

void
av_transport_get_transport_settings(AvTransport *transport, ServiceCall *call)
{
    service_call_put_text(call, "PlayMode", "NORMAL");
    service_call_put_text(call, "RecQualityMode", NOT_IMPLEMENTED);
    service_call_return(call);
}

void
av_transport_get_device_capabilities(AvTransport *transport, ServiceCall *call)
{
    service_call_put_text(call, "PlayMedia", "NETWORK");
    service_call_put_text(call, "RecMedia", NOT_IMPLEMENTED);
    service_call_put_text(call, "RecQualityModes", NOT_IMPLEMENTED);
    service_call_return(call);
}

void
av_transport_get_current_transport_actions(AvTransport *transport, ServiceCall *call)
{
    service_call_take_text(call, "Actions", av_transport_allowed_actions(transport));
    service_call_return(call);
}

char *
av_transport_last_change(const AvTransport *transport)
{
    bool has_media = transport->media != NULL;
    g_autofree char *duration = duration_text(transport);
    g_autofree char *actions = av_transport_allowed_actions(transport);
    const LastChangeValue values[] = {
        { "TransportState", NULL, state_name(av_transport_state(transport)) },
        { "TransportStatus", NULL, status_name(transport) },
        { "TransportPlaySpeed", NULL, "1" },
        { "CurrentPlayMode", NULL, "NORMAL" },
        { "CurrentTransportActions", NULL, actions },
        { "NumberOfTracks", NULL, has_media ? "1" : "0" },
        { "CurrentTrack", NULL, has_media ? "1" : "0" },
        { "CurrentTrackDuration", NULL, duration },
        { "CurrentMediaDuration", NULL, duration },
        { "CurrentTrackURI", NULL, uri_of(transport->media) },
        { "CurrentTrackMetaData", NULL, metadata_of(transport->media) },
        { "AVTransportURI", NULL, uri_of(transport->media) },
        { "AVTransportURIMetaData", NULL, metadata_of(transport->media) },
        { "NextAVTransportURI", NULL, uri_of(transport->next) },
        { "NextAVTransportURIMetaData", NULL, metadata_of(transport->next) },
        { "PlaybackStorageMedium", NULL, has_media ? "NETWORK" : "NONE" },
        { "PossiblePlaybackStorageMedia", NULL, "NETWORK" },
        { "RecordStorageMedium", NULL, NOT_IMPLEMENTED },
        { "PossibleRecordStorageMedia", NULL, NOT_IMPLEMENTED },
        { "RecordMediumWriteStatus", NULL, NOT_IMPLEMENTED },
        { "CurrentRecordQualityMode", NULL, NOT_IMPLEMENTED },
        { "PossibleRecordQualityModes", NULL, NOT_IMPLEMENTED },
    };

    return last_change_encode(LAST_CHANGE_TRANSPORT, values, G_N_ELEMENTS(values));
}
