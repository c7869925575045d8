/* upnp-command.h -- the inside of a UPnP screen: its parts, and how its commands run
 *
 * Private to upnp-screen.c, which knows what the set does, and upnp-command.c, which tells it what
 * to do. */
#pragma once

#include "upnp/invoke.h"
#include "upnp/upnp-screen.h"
#include "wire/av-screen.h"

typedef struct {
    Screen screen;      /* first */
    HttpClient *client; /* borrowed, as are the next two */
    Clock *clock;
    UpnpLadder *ladder;
    UpnpRemote *remote;
    GCancellable *cancellable; /* of all our questions: cancelled when freed */
    guint poll_timer;
    unsigned questions;   /* of the present look that are not answered */
    unsigned silences;    /* looks in a row that nobody answered */
    PlaybackStatus seen;  /* what the present look has found */
    GHashTable *commands; /* a set of those under way */
    AvSent sent;
} UpnpScreen;

/* Asks the set how it is, at once. */
void upnp_screen_look(UpnpScreen *screen);
/* Asks the named service of the set for call, which is taken over. */
void upnp_screen_ask(UpnpScreen *screen, const char *service, SoapCall *call, SoapAnswered answered,
                     gpointer user_data);
/* Answers those under way: the screen goes. */
void upnp_command_abandon(UpnpScreen *screen);
/* ScreenClass.command */
void upnp_command_run(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
                      ScreenDone done, gpointer user_data);
