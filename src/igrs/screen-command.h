/* screen-command.h -- the inside of an IgrsScreen: its parts, and how its commands run
 *
 * igrs-screen.c knows what the device does, screen-command.c tells it what to do. */
#pragma once

#include "igrs/igrs-screen.h"
#include "wire/av-screen.h"

typedef struct {
    Screen screen;      /* first */
    IgrsClient *client; /* borrowed */
    IgrsNode *node;     /* borrowed: the client's */
    Clock *clock;       /* borrowed */
    char *device_id;
    const char *transport; /* which of its services: "AVTransport", or that of music */
    GCancellable *cancellable; /* of all our questions: cancelled when freed */
    IgrsSubscription *transport_events, *rendering_events;
    guint device_observer;
    guint poll_timer;
    bool is_polling;
    bool is_in_doubt;  /* an event seems to be lost: next time it is asked for everything, */
    bool is_asked_all; /* as now */
    bool is_overtaken; /* what is being answered may be older than what we know */
    GHashTable *commands; /* a set of those under way */
    AvPeer peer;
} IgrsScreen;

#define IGRS_TRANSPORT "AVTransport"
/* Handover, where the device hosts it. */
#define IGRS_HANDOVER "Handover"
/* ScreenClass.hands_over and .offer */
bool igrs_screen_hands_over(const Screen *screen);
void igrs_screen_offer(Screen *screen, GCancellable *cancellable, ScreenOffered offered,
                       gpointer user_data);

/* Asks the device where it stands, soon. */
void igrs_screen_look(IgrsScreen *screen);

/* Answers those under way: the screen goes. */
void screen_command_abandon(IgrsScreen *screen);
/* ScreenClass.command */
void igrs_screen_command(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
                         ScreenDone done, gpointer user_data);
