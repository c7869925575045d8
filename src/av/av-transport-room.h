/* av-transport-room.h -- the object behind av-transport.c (what it does),
 * av-transport-report.c (what it tells) and av-transport-table.c (how it is described) */
#pragma once

#include "av/moderator.h"
#include "av/screen-media.h"

/* TransportState (AVTransport:1, 2.2.1), as bits so that a rule can name several. */
typedef enum {
    TRANSPORT_NO_MEDIA = 1 << 0,
    TRANSPORT_STOPPED = 1 << 1,
    TRANSPORT_PLAYING = 1 << 2,
    TRANSPORT_PAUSED = 1 << 3,
    TRANSPORT_TRANSITIONING = 1 << 4,
} TransportState;

typedef struct {
    Service base;
    Screen *screen;       /* borrowed */
    PlaybackMedia *media; /* AVTransportURI; NULL: none. Outlives a stop of the screen */
    PlaybackMedia *next;  /* NextAVTransportURI */
    int64_t start_ms;     /* where Play begins from STOPPED */
    bool is_waiting;      /* media is set, and the screen was not told of it yet */
    Moderator moderator;
    char *told; /* the LastChange subscribers know */
    guint observer;
} AvTransport;

TransportState av_transport_state(const AvTransport *transport);
/* "Play,Stop,..." as the rules allow now; the caller's. */
char          *av_transport_allowed_actions(const AvTransport *transport);

/* Get actions: each answers the call. */
void  av_transport_get_transport_info(AvTransport *transport, ServiceCall *call);
void  av_transport_get_position_info(AvTransport *transport, ServiceCall *call);
void  av_transport_get_media_info(AvTransport *transport, ServiceCall *call);
void  av_transport_get_transport_settings(AvTransport *transport, ServiceCall *call);
void  av_transport_get_device_capabilities(AvTransport *transport, ServiceCall *call);
void  av_transport_get_current_transport_actions(AvTransport *transport, ServiceCall *call);
/* LastChange with everything in it; the caller's. */
char *av_transport_last_change(const AvTransport *transport);

/* The service's description; every action of it goes through av_transport_invoke(). */
extern const ServiceVariable av_transport_variables[];
extern const ServiceAction av_transport_actions[];
void  av_transport_invoke(Service *service, ServiceCall *call);
