/* screen.h -- port: something that plays
 *
 * Implemented by igrs/igrs-screen, upnp/upnp-screen, the local player (pipelines/play) and groups;
 * used by appliance/cast, av/av-transport and api. Main loop only. Commands are answered later, by
 * a function that is called exactly once; what then is true shows in the status, whose changes are
 * told to observers. */
#pragma once

#include "base/observers.h"
#include "model/playback.h"

#include <gio/gio.h>

typedef struct Screen Screen;

typedef enum {
    SCREEN_OPEN,     /* load media and play it, from position_ms on */
    SCREEN_SET_NEXT, /* play media when the present one ends; NULL: nothing */
    SCREEN_PLAY,
    SCREEN_PAUSE,
    SCREEN_STOP,
    SCREEN_SEEK, /* to position_ms */
    SCREEN_NEXT, /* to what SET_NEXT gave. DUO_ERROR_CONFLICT when there is none */
    SCREEN_PREVIOUS,
    SCREEN_VOLUME, /* to volume */
    SCREEN_MUTE,   /* to is_muted */
    SCREEN_VERB_N
} ScreenVerb;

/* What an offer gave (screen_offer()); of what state says, media and position_ms of the command
 * hold instead. */
typedef struct {
    const char *token, *state;
} ScreenHanding;

typedef struct {
    ScreenVerb verb;
    const PlaybackMedia *media; /* borrowed for the call */
    int64_t position_ms;
    int volume; /* 0..100 */
    bool is_muted;
    /* Of a screen that screen_hands_over(): OPEN takes over what was offered, and is done when its
     * first picture is out; STOP lets go of it. Borrowed for the call; NULL: neither. */
    const ScreenHanding *handing;
} ScreenCommand;

/* error is NULL when it was done; borrowed. */
typedef void (*ScreenDone)(Screen *screen, const GError *error, gpointer user_data);
/* offer is NULL when error is set; both borrowed. The screen may be gone. */
typedef void (*ScreenOffered)(const ScreenHanding *offer, const GError *error, gpointer user_data);

/* Something that was learnt of screens of its model: what it is about, and the word for it. Both
 * are ours and stay. */
typedef struct {
    const char *about, *word;
} ScreenLesson;

typedef struct {
    /* Implementations may count on: a verb that fits the table above, a volume in range, a position
     * of 0 or more. cancellable may be NULL. */
    void (*command)(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
                    ScreenDone done, gpointer user_data);
    void (*free)(Screen *screen);
    /* Asks the device how it is, now rather than when its turn comes; NULL: the status is always
     * new. */
    void (*look)(Screen *screen);
    /* Where exactly what plays stands, of a player in this process; NULL: as the status says. */
    int64_t (*position_ms)(Screen *screen);
    /* See screen_lesson(); NULL: nothing is learnt. */
    bool (*lesson)(const Screen *screen, guint index, ScreenLesson *lesson);
    /* See screen_hands_over() and screen_offer(); both NULL: it does not. */
    bool (*hands_over)(const Screen *screen);
    void (*offer)(Screen *screen, GCancellable *cancellable, ScreenOffered offered,
                  gpointer user_data);
} ScreenClass;

#define SCREEN_MUSIC "-music"

/* Implementations embed this first and fill it with screen_init(). */
struct Screen {
    const ScreenClass *class;
    char *id;   /* stable over restarts, URL-safe */
    char *name; /* for people */
    const char *kind; /* "igrs", "upnp", "local", "group", "web" */
    bool is_beside;   /* it plays music beside another screen, as a part of that: its id is that
                         one's with SCREEN_MUSIC after it, and people see one screen */
    /* where it is on the network, as numbers (%ZONE too); NULL: here, or not known */
    char *address;
    char *model; /* maker, name and number, in its own words; NULL: not known */
    char *sink_protocols; /* what it takes: comma list of protocolInfo; NULL: not known yet */
    PlaybackStatus status;
    Observers *observers; /* event is the Screen */
};

void screen_init(Screen *screen, const ScreenClass *class, const char *id, const char *name,
                 const char *kind);
void screen_clear(Screen *screen); /* for implementations: what screen_init() made */
void screen_free(Screen *screen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Screen, screen_free)

void screen_command(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
                    ScreenDone done, gpointer user_data);

/* Whether what plays moves from and to it by an offer (Handover of PROFILE section 7). */
bool screen_hands_over(const Screen *screen);
/* Of one that does: it offers what it plays, and plays on. Called exactly once. */
void screen_offer(Screen *screen, GCancellable *cancellable, ScreenOffered offered,
                  gpointer user_data);

/* The lessons of a screen, each in its turn; false: there are no more. */
bool screen_lesson(const Screen *screen, guint index, ScreenLesson *lesson);

/* For whoever waits for a change: the status is told soon. */
void    screen_look(Screen *screen);
/* Where it stands, as exactly as can be had at once. */
int64_t screen_position_ms(Screen *screen);

/* For implementations: what a device's refusal, a SERVICE_ERROR with a number of AVTransport, means
 * to whoever commanded; other errors are as they are. The caller's. */
GError *screen_refusal(const GError *error);

/* For implementations: takes status over (it is cleared) and tells the observers if it differs. */
void screen_set_status(Screen *screen, PlaybackStatus *status);
