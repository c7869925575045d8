/* web-screens-room.h -- what one tab and the keeper of all tabs know of each other
 *
 * For web-screen.c, which is one tab, and web-screens.c, which takes tabs in and lets them go. */
#pragma once

#include "appliance/screens/web-screens.h"

struct WebScreens {
    Screens *screens; /* borrowed, as is the clock */
    Clock *clock;
    GHashTable *all; /* secret -> WebScreen; the registry owns them */
};

/* Something that the tab was given, by the number of the order that brought it. */
typedef struct {
    uint32_t number;
    PlaybackMedia *media;
} Loaded;

struct WebScreen {
    Screen base;
    WebScreens *home; /* borrowed */
    char *secret;
    char code[5];
    const WebListener *listener; /* NULL: nobody listens */
    gpointer listener_data;
    guint deaf_timer;
    int64_t deaf_since_ms; /* 0: it listens */
    bool was_paused; /* when it became offline */
    uint32_t last_number;
    GPtrArray *waiting; /* Waiting, owned */
    Loaded opened, next;
};

/* A tab that nobody listens to yet, without name or formats; screen_free() of its base. */
WebScreen *web_screen_new(WebScreens *home, const char *secret);
/* Name, address and formats as the wish says; observers are told by the caller. */
void       web_screen_dress(WebScreen *screen, const WebScreenWish *wish);
/* For a while; then it is offline, and later forgotten. */
void       web_screen_wait_for_listener(WebScreen *screen);
