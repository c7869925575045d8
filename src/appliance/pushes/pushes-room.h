/* pushes-room.h -- what pushes.c (the shelf) and pushes-keep.c (into the library) share */
#pragma once

#include "appliance/pushes/pushes.h"

struct Pushes {
    char *folder, *library;
    uint64_t quota_bytes;
    int64_t life_s;
    Clock *clock;
    guint timer;
    GMutex lock;
    GPtrArray *list; /* Push, each a reference, the oldest first */
};

/* Of an upload in the folder; the caller's. */
char *pushes_path(const Pushes *pushes, const char *id, const char *extension);
