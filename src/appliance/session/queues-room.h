/* queues-room.h -- what queues.c (the object), queue-run.c (playing) and queues-store.c
 * (keeping) share */
#pragma once

#include "appliance/session/queues.h"

typedef enum {
    RUN_IDLE,     /* the screen plays nothing of the queue */
    RUN_LOST,     /* it did when it was heard last: it, or we, were away */
    RUN_STARTING, /* it is asked to */
    RUN_AWAITING, /* it said yes, and does not show it yet */
    RUN_PLAYING,
} RunState;

/* A queue and its screen, which may be away. */
typedef struct {
    Queues *queues; /* borrowed: the owner */
    char *screen_id;
    Queue *queue;
    RunState state;
    uint32_t starting; /* the entry that the screen is asked to play */
    uint32_t prepared; /* the entry that it was told to go on with; 0: none */
    guint failures;    /* one after the other */
    bool is_held;      /* a stop was asked for */
    /* What the screen said last while it played: */
    int64_t position_ms, duration_ms, seen_at_ms;
    bool was_moving;
    char *shown; /* its address */
    char *old_problem; /* that it had before the entry was started */
    guint picture_timer, patience;
} QueueRun;

struct Queues {
    Screens *screens; /* borrowed, as are the next two */
    Casts *casts;
    Catalog *catalog;
    char *folder;
    Clock *clock; /* borrowed */
    GHashTable *runs; /* screen id -> QueueRun, owned */
    Observers *observers;
    guint observer, cast_observer;
};

/* -- queue-run.c ------------------------------------------------------------------------------- */

/* NULL: it is not there. */
Screen *queue_run_screen(const QueueRun *run);
void    queue_run_set_state(QueueRun *run, RunState state);
/* What is current was given to the screen. */
void    queue_run_await(QueueRun *run);
/* What has become of it, says the screen; or it is gone. */
void    queue_run_look(QueueRun *run, const Screen *screen);
void    queue_run_lose(QueueRun *run);
/* Plays an entry. started NULL: nobody asked for it, the queue goes on by itself. */
void    queue_run_start(QueueRun *run, uint32_t id, CastStarted started, gpointer user_data);
/* What is current, as wish says it. */
void    queue_run_again(QueueRun *run, const CastWish *wish, CastStarted started,
                        gpointer user_data);
/* Tells a screen that plays what it is to go on with. */
void    queue_run_prepare(QueueRun *run);
/* Is an entry that media? */
bool    queue_run_is(const QueueRun *run, const QueueEntry *entry, const PlaybackMedia *media);
/* run: a QueueRun; whether one of its entries is that media. */
bool    queue_run_has(const PlaybackMedia *media, gpointer run);
void    queue_run_tell(QueueRun *run); /* the observers */

/* -- queues-store.c ---------------------------------------------------------------------------- */

/* Made when there is none. */
QueueRun *queues_run(Queues *queues, const char *screen_id);
void      queues_run_free(gpointer run);
/* A queue that is empty is not kept. */
void      queues_save(const QueueRun *run);
void      queues_load(Queues *queues);
