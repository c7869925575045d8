/* web-screens.h -- pages that are screens: a tab that shows a name and a code, and does as it is
 * told
 *
 * A tab comes with a secret that it made for itself, a name and the formats it plays, and then
 * listens. What its Screen is commanded becomes an order, which it answers; between orders it
 * reports how it does. Id and code are made of the secret, so a tab that is loaded anew, and one
 * that finds a server started anew, is the same screen, and goes on with what it played. A tab that
 * does not listen any more is offline, and after a while forgotten. Main loop only. */
#pragma once

#include "appliance/screens/screens.h"
#include "base/clock.h"

#define WEB_SCREENS_MAX 32
#define WEB_SCREEN_KIND "web" /* of its Screen */

typedef struct WebScreens WebScreens;

/* Both are borrowed. */
WebScreens *web_screens_new(Screens *screens, Clock *clock);
void        web_screens_free(WebScreens *home); /* and every tab's Screen; before the Screens */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebScreens, web_screens_free)

typedef struct WebScreen WebScreen;

/* What a tab says when it comes; borrowed for the call. */
typedef struct {
    const char *secret;       /* 16 to 64 of A-Z a-z 0-9 - _ */
    const char *name;         /* for people; NULL or "": "Screen CODE" */
    const char *const *mimes; /* what it plays, at most 64; ends with NULL */
    const char *address;      /* as in Screen; may be NULL */
} WebScreenWish;

/* The tab's screen, new or the one it was, borrowed. DUO_ERROR_INVALID; DUO_ERROR_BUSY: all of
 * WEB_SCREENS_MAX are listening. */
WebScreen  *web_screens_join(WebScreens *home, const WebScreenWish *wish, GError **error);
/* DUO_ERROR_NOT_FOUND: it has to join first. */
WebScreen  *web_screens_find(const WebScreens *home, const char *secret, GError **error);
/* For good; screen is freed. */
void        web_screens_leave(WebScreens *home, WebScreen *screen);

const Screen *web_screen_base(const WebScreen *screen);
/* Four digits that the tab shows, so that people know which it is. */
const char   *web_screen_code(const WebScreen *screen);
/* The same of any Screen; NULL: it is no tab. */
const char   *web_screens_code(const Screen *screen);

/* -- What the tab hears ------------------------------------------------------------------------ */

/* An order; borrowed for the call. */
typedef struct {
    uint32_t number; /* for the answer; of OPEN and SET_NEXT the name of its media, too; never 0 */
    const ScreenCommand *command;
    bool is_again; /* what was opened before the tab was loaded anew: it is not answered */
    bool is_paused; /* such a thing did not play */
} WebOrder;

typedef struct {
    void (*tell)(const WebOrder *order, gpointer user_data);
    /* Nobody is told any more: another listens in its place, or the screen left. */
    void (*ended)(bool is_replaced, gpointer user_data);
} WebListener;

/* The tab listens, in the place of whoever did. It is told at once what it had open. */
void web_screen_listen(WebScreen *screen, const WebListener *listener, gpointer user_data);
/* It does not any more; ended() is not called. Ignored when another has taken its place. */
void web_screen_deafen(WebScreen *screen, gpointer user_data);

/* -- What the tab says ------------------------------------------------------------------------- */

/* problem: why it could not be done, NULL: it was done. Who answers late, when nobody waits any
 * more, is not told so. DUO_ERROR_NOT_FOUND: there was no such order. */
bool web_screen_answer(WebScreen *screen, uint32_t number, const char *problem, GError **error);

/* How it is; borrowed for the call. */
typedef struct {
    PlaybackState state;
    uint32_t media;             /* number of the order that brought what is loaded; 0: nothing is */
    const PlaybackMedia *known; /* the same as the tab knows it, where we have forgotten; or NULL */
    int64_t position_ms, duration_ms;
    int volume;
    bool is_muted;
    const char *problem; /* NULL: none */
} WebReport;

void web_screen_report(WebScreen *screen, const WebReport *report);
