/* queue-room.h -- what queue.c (what comes next) and queue-text.c (as a text to keep) share */
#pragma once

#include "appliance/session/queue.h"

#define QUEUE_PICTURE_MS 10000
#define QUEUE_NOTHING UINT32_MAX /* no entry has that id */

typedef struct {
    QueueEntry entry; /* first */
    uint32_t rank;
} QueueRanked;

struct Queue {
    GPtrArray *list; /* QueueRanked, owned, in the order that people see */
    uint32_t last_id;
    uint32_t current; /* an id; 0: none */
    uint32_t resume;  /* what follows where the current one was taken out, QUEUE_NOTHING: nothing;
                         0: it was not */
    QueueRepeat repeat;
    bool is_shuffled;
    int64_t picture_ms;
    GRand *chance;
};

/* The texts of an entry, and their names in what is kept. */
typedef struct {
    const char *name;
    size_t offset;
} QueueText;
extern const QueueText queue_texts[];
#define QUEUE_TEXTS 8
#define QUEUE_TEXT(entry, i) G_STRUCT_MEMBER(char *, entry, queue_texts[i].offset)

/* A copy without an id. */
QueueRanked *queue_ranked_new(const QueueEntry *entry);
