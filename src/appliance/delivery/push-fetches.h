/* push-fetches.h -- what lies at an address elsewhere, brought here as if somebody had pushed it
 *
 * Then another form can be made of it while it comes, as of any upload: it counts into their quota
 * and is kept as long. What may be fetched is the relays' business. Main loop only. */
#pragma once

#include "appliance/delivery/relays.h"
#include "appliance/pushes/pushes.h"

typedef struct PushFetches PushFetches;

/* Both are borrowed and outlive it. */
PushFetches *push_fetches_new(Pushes *pushes, Relays *relays);
/* What is still coming is given up; who waits is told G_IO_ERROR_CANCELLED. */
void         push_fetches_free(PushFetches *fetches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PushFetches, push_fetches_free)

/* Called once, perhaps before the question returns, when it begins to come: with its id, borrowed,
 * or an error: those of relays_open() and of pushes_create(). */
typedef void (*PushFetched)(const char *upload, const GError *error, gpointer user_data);
/* name: as people say it, with its extension. What was brought already is not brought again. */
void         push_fetches_start(PushFetches *fetches, const char *url, const char *name,
                                PushFetched fetched, gpointer user_data);

/* Where the upload of that id came from; borrowed; NULL: somebody pushed it. */
const char  *push_fetches_origin(const PushFetches *fetches, const char *upload);
