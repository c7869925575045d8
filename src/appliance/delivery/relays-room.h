/* relays-room.h -- what relays.c and hls-relay.c lend each other */
#pragma once

#include "appliance/delivery/relays.h"

/* What an inquiry came to. */
typedef struct {
    Stream *stream;  /* the callee's */
    const char *url; /* where it was found, after all redirects */
    bool is_list;    /* of HLS */
} RelayFound;

/* As RelayOpened. */
typedef void (*RelayGot)(const RelayFound *found, const GError *error, gpointer user_data);
void relays_get(Relays *relays, const char *url, RelayGot got, gpointer user_data);
