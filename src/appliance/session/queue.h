/* queue.h -- what a screen is to play, one thing after the other
 *
 * Pure: a list, where in it the screen is, and what comes next by which rule. It knows no screen,
 * clock or file; appliance/session/queues plays it. What was played stays in it, so that people can
 * go back. */
#pragma once

#include "model/media.h"

#define QUEUE_MAX 2000 /* entries */

typedef struct Queue Queue;

/* One thing to play: an item of a library, or an address. */
typedef struct {
    uint32_t id;     /* in its queue, never given twice; 0: not in one yet */
    char *item_id;   /* this, */
    char *server_id; /* of that server; NULL: of our library; */
    char *url;       /* or this, */
    char *upload_id; /* or this: something that was pushed to us */
    char *title;     /* for people; may be NULL */
    char *person;    /* for whom; NULL: for nobody in particular */
    char *sound, *subtitle; /* which were insisted on, as a CastWish says them; NULL: none */
    MediaKind kind;  /* MEDIA_ANY: not known */
    int64_t duration_ms;
} QueueEntry;

void queue_entry_clear(QueueEntry *entry);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(QueueEntry, queue_entry_clear)

typedef enum { QUEUE_REPEAT_OFF, QUEUE_REPEAT_ONE, QUEUE_REPEAT_ALL, QUEUE_REPEAT_N } QueueRepeat;

/* "off", "one", "all" */
const char *queue_repeat_name(QueueRepeat repeat);
bool        queue_repeat_from_name(const char *name, QueueRepeat *repeat);

/* What makes it go on. */
typedef enum {
    QUEUE_END,      /* what played is over */
    QUEUE_NEXT,     /* a person does not want it any longer */
    QUEUE_PREVIOUS, /* a person wants back */
    QUEUE_STEP_N
} QueueStep;

Queue *queue_new(uint32_t seed); /* of its shuffling */
void   queue_free(Queue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Queue, queue_free)

guint             queue_length(const Queue *queue);
/* borrowed; NULL: beyond the end */
const QueueEntry *queue_entry(const Queue *queue, guint index);
const QueueEntry *queue_find(const Queue *queue, uint32_t id);    /* NULL: none */
/* Where the screen is; NULL: nowhere in it, or what it plays was taken out. */
const QueueEntry *queue_current(const Queue *queue);
guint             queue_index(const Queue *queue, uint32_t id);   /* queue_length(): none */

/* A copy of entry (its id is not looked at) at the end, or right after the current one also when
 * the order is shuffled; its id. 0: the queue is full. */
uint32_t queue_add(Queue *queue, const QueueEntry *entry, bool is_next);
/* False: there is none of that id. */
bool     queue_remove(Queue *queue, uint32_t id);
/* Which of its tracks are insisted on. False: there is none of that id, or it has these already. */
bool     queue_set_tracks(Queue *queue, uint32_t id, const char *sound, const char *subtitle);
bool     queue_move(Queue *queue, uint32_t id, guint index); /* to index, or the end */
bool     queue_go(Queue *queue, uint32_t id);                /* it becomes the current one */
void     queue_clear(Queue *queue);

QueueRepeat queue_repeat(const Queue *queue);
void        queue_set_repeat(Queue *queue, QueueRepeat repeat);
/* Shuffled: in an order of chance that holds until it is turned on anew; the list stays as it
 * is. */
bool        queue_is_shuffled(const Queue *queue);
void        queue_set_shuffled(Queue *queue, bool is_shuffled);
/* How long a picture is shown. */
int64_t     queue_picture_ms(const Queue *queue);
void        queue_set_picture_ms(Queue *queue, int64_t picture_ms);

/* What a step would lead to; NULL: nowhere. */
const QueueEntry *queue_peek(const Queue *queue, QueueStep step);

/* As a text to keep; the caller's. */
char  *queue_encode(const Queue *queue);
/* DUO_ERROR_INVALID. */
Queue *queue_decode(const char *text, uint32_t seed, GError **error);
