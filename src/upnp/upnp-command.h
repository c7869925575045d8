/* upnp-command.h -- the inside of a UPnP screen: its parts, how its commands run, what follows
 *
 * Private to upnp-screen.c, which knows what the set does, upnp-command.c, which tells it what to
 * do, and upnp-next.c, which goes on when something is over. */
#pragma once

#include "upnp/invoke.h"
#include "upnp/upnp-screen.h"
#include "wire/av-screen.h"

typedef struct {
    Screen screen; /* first */
    UpnpScreenParts parts;
    UpnpRemote *remote;
    bool is_gone;
    GCancellable *cancellable; /* of all our questions: cancelled when it goes */
    UpnpSubscription *transport_events, *rendering_events; /* NULL while it is gone */
    AvPeer peer;
    bool has_next; /* it lists SetNextAVTransportURI */

    guint poll_timer;
    unsigned questions;  /* of the present look that are not answered */
    unsigned silences;   /* looks in a row that nobody answered */
    unsigned inquiries;  /* how often it was asked what it plays */
    bool is_overtaken;   /* an event came since the present look began */
    PlaybackStatus seen; /* what the present look has found */
    int64_t seen_ms;     /* when the status was told its position */

    int volume_muted;    /* how loud it was when it was muted; 0: nothing is to be put back */

    GQueue commands; /* those not answered yet, in their order */
    bool was_told_to_stop;
    bool has_played;   /* since it was last told to play */
    bool is_due;       /* what plays was near its end when it was seen playing last */
    bool is_next_sent; /* the set knows peer.next, and said yes */
    bool is_going_on;  /* from what has ended to what follows: a rest meanwhile is no rest */
    guint next_timer;  /* how long it has to do so by itself */
} UpnpScreen;

/* Asks the set how it is, at once. */
void upnp_screen_look(UpnpScreen *screen);
/* Asks the named service of the set for call, which is taken over. */
void upnp_screen_ask(UpnpScreen *screen, const char *service, SoapCall *call, SoapAnswered answered,
                     gpointer user_data);

/* Something is loaded, and not at rest. */
bool upnp_screen_is_busy(const UpnpScreen *screen);

/* Answers those under way with error: the screen goes. */
void upnp_command_abandon(UpnpScreen *screen, const GError *error);
/* True while something is being opened. */
bool upnp_command_is_opening(const UpnpScreen *screen);
/* ScreenClass.command */
void upnp_command_run(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
                      ScreenDone done, gpointer user_data);

/* Notes whether what plays is about to be over, as far as one can see: a stop then is its end, else
 * somebody's wish. */
void upnp_next_watch(UpnpScreen *screen);
/* Before status is told, which the set says now: between two things it is loading. True when what
 * played has just ended and something follows. */
bool upnp_next_bridge(UpnpScreen *screen, PlaybackStatus *status);
/* After it; has_ended: what that gave. */
void upnp_next_follow(UpnpScreen *screen, bool has_ended);
/* True when the set may be told of what follows. */
bool upnp_next_may_be_told(const UpnpScreen *screen);
/* Nothing follows any more. */
void upnp_next_forget(UpnpScreen *screen);
