/* handover-room.h -- the inside of Handover: handover.c begins moves and watches their screens,
 * handover-steps.c goes through the steps of a move */
#pragma once

#include "appliance/session/handover.h"
#include "appliance/session/progress.h"
#include "base/error.h"

typedef enum {
    MOVE_OFFERING,  /* the old screen offers what it plays, where both know how to */
    MOVE_TUNING,    /* the new screen gets the volume of the old one */
    MOVE_OPENING,   /* it is asked to play */
    MOVE_AWAITING,  /* its first picture is awaited */
    MOVE_HOLDING,   /* it is paused, as the old one was */
    MOVE_RELEASING, /* the old one is stopped */
    MOVE_OVER,
} MoveState;

typedef enum {
    MOVE_DONE,    /* the step was done */
    MOVE_REFUSED, /* or not */
    MOVE_SHOWS,   /* the new screen plays, and moves on */
    MOVE_LOST,    /* it went away, or broke off */
    MOVE_LATE,
} MoveEvent;

typedef struct {
    Handover *handover; /* borrowed: the owner */
    guint number;
    MoveState state;
    char *from, *to; /* screens; they may go at any time */
    HandoverMoved moved;
    gpointer user_data;
    GError *error; /* why it failed */
    guint late, look;
    bool was_paused;
    int old_volume; /* of the new screen */
    bool was_muted, is_tuned;
    char *token, *offer; /* what the old one gave: a token and a state; NULL: it goes without */
    /* Once it is opened: */
    char *uri;
    char *old_problem;
    int64_t opened_ms, start_ms;
    int64_t first_ms; /* the position that it showed first; -1: none yet */
    int64_t playing_since_ms; /* 0: it does not yet */
    bool was_seen;
} Move;

struct Handover {
    Screens *screens; /* borrowed, as are the next three */
    Casts *casts;
    Queues *queues;
    Clock *clock;
    GPtrArray *moves; /* Move, owned, under way */
    Progress *progress; /* owned */
    guint last_number;
    guint observer;
    GCancellable *cancellable; /* of the screens' answers */
};

/* The first step. */
void move_begin(Move *move);
/* What follows event, by the table; that may be the end of the move, which is freed then. */
void move_happen(Move *move, MoveEvent event);
/* Notes why it fails, in words that go on from the new screen's name; the first reason is the
 * reason. */
void move_fail(Move *move, DuoError code, const char *what);
/* Takes it off the list, answers it and frees it. */
void move_end(Move *move);
void move_free(gpointer move); /* a GDestroyNotify */

/* Looks whether the new screen shows it, or has gone away. */
void handover_look_at(Move *move, const Screen *to);
