/* state.h -- the folder of what the server keeps: media.db, identity, groups, queues/, uploads/,
 * keys/, people, cache/ */
#pragma once

#include <glib.h>

typedef struct {
    char *uuid;      /* of the device, from identity */
    char *device_id; /* the URN of it */
    char *cache;     /* folder; may be emptied at any time */
    char *keys;      /* folder of pairing keys */
    char *people;    /* file of who lives here and visits */
    char *groups;    /* file of the groups that we are in */
    char *uploads;   /* folder of what is pushed to us */
    char *queues;    /* folder of what screens are to play */
    int lock;        /* of the folder, held while it is open: one server a folder; 0: not held */
} State;

/* Makes the folder and what is missing in it. Errors name the folder and the way out. */
gboolean state_open(State *state, const char *folder, GError **error);
void     state_clear(State *state);
