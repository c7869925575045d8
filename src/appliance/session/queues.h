/* queues.h -- every screen's queue, played
 *
 * Follows the screens: when what a queue gave one is over, it gives it the next; where the screen
 * goes on by itself (gapless), it is told what follows while the last still plays. A picture is
 * shown for a while. Somebody who stops the screen, or plays something else on it, stops the queue,
 * which stays as it is. Queues belong to the server and are kept in its state folder: the phone
 * that made one may leave, and the server may be started again. Main loop only. */
#pragma once

#include "appliance/session/casts.h"
#include "appliance/session/queue.h"
#include "base/clock.h"

typedef struct Queues Queues;

typedef struct {
    const char *screen_id;
    const Queue *queue;
    bool is_playing; /* the screen plays what is current in it */
} QueuesEvent;

/* folder is made when it is missing, and what was kept there is read. Everything else is borrowed
 * and outlives the Queues, but casts, which must be freed after them. */
Queues *queues_new(Screens *screens, Casts *casts, Catalog *catalog, const char *folder,
                   Clock *clock);
void         queues_free(Queues *queues);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Queues, queues_free)

/* Of the screen with that id; an empty one when it has none. Borrowed until the loop runs. */
const Queue *queues_get(Queues *queues, const char *screen_id);
bool         queues_has(const Queues *queues, const char *screen_id); /* one that is not empty */
bool         queues_is_playing(const Queues *queues, const char *screen_id);
/* It plays, or its next entry is on its way. */
bool         queues_is_busy(const Queues *queues, const char *screen_id);
/* Event: a QueuesEvent, when a queue has changed, or whether it plays. */
Observers   *queues_observers(Queues *queues);

/* -- Changing; the screen is told what follows from it ------------------------------------------ */

/* Adds an item of our library, or all items of a container in their order: the first one's entry.
 * 0: DUO_ERROR_NOT_FOUND, DUO_ERROR_UNSUPPORTED (nothing to play in it), DUO_ERROR_BUSY (no room
 * for all). The caller says queues_edited(). */
uint32_t     queues_add(Queues *queues, const char *screen_id, const char *object_id, bool is_next,
                        GError **error);
/* For people's changes of a queue: edit, then say so. */
Queue       *queues_edit(Queues *queues, const char *screen_id);
void         queues_edited(Queues *queues, const char *screen_id);

/* -- Playing; started is told as by casts_start() ------------------------------------------------ */

/* When what is put into a queue begins to play. */
typedef enum {
    QUEUES_IN_ITS_TURN,
    QUEUES_IF_IDLE, /* at once where the screen has nothing else to do */
    QUEUES_AT_ONCE,
} QueuesBegin;

/* wish->when NOW: the queue is this alone, once the screen has taken it (begin is of no meaning).
 * NEXT and LATER: it is put into the queue. */
void queues_cast(Queues *queues, const CastWish *wish, QueuesBegin begin, CastStarted started,
                 gpointer user_data);
/* An entry, from where it was left. DUO_ERROR_NOT_FOUND. */
void         queues_play(Queues *queues, const char *screen_id, uint32_t entry, CastStarted started,
                         gpointer user_data);
/* DUO_ERROR_CONFLICT: nothing is there to go to. */
void         queues_step(Queues *queues, const char *screen_id, QueueStep step, CastStarted started,
                         gpointer user_data);
/* What of our library plays on a screen once more, from where it is, with another sound or other
 * subtitles (as of a CastWish; NULL: as they are). The queue goes on after it. DUO_ERROR_NOT_FOUND,
 * DUO_ERROR_CONFLICT: nothing such plays there. */
void         queues_retune(Queues *queues, const char *screen, const char *sound,
                           const char *subtitle, CastStarted started, gpointer user_data);
/* The screen is about to be stopped because somebody wants so: that is no end. */
void         queues_hold(Queues *queues, const char *screen_id);
/* What is known of media, the item item_id of ours, that plays on a screen: for whom, and which
 * tracks were insisted on. Texts in wish are borrowed until the loop runs. */
void         queues_recall(Queues *queues, const char *screen_id, const PlaybackMedia *media,
                           const char *item_id, CastWish *wish);
/* What the screen would be given of an entry; the caller's. NULL: nothing that could be told at
 * once. */
PlaybackMedia *queues_media(Queues *queues, const char *screen_id, const QueueEntry *entry);
/* What `from` has, `to` has from now on, and plays it. */
void         queues_hand_over(Queues *queues, const char *from, const char *to);
