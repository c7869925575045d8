/* import.h -- fetches one thing by HTTP into a file, in a thread of its own
 *
 * The thread has its own main context and HTTP client, so that a slow disk holds the sender back
 * and not our loop. A source that stands still is given up. */
#pragma once

#include "appliance/files/file-write.h"
#include "net/interfaces.h"

typedef struct Import Import;

/* error: NULL when it is all there and has its name. On the loop that began it, once. */
typedef void (*ImportDone)(Import *import, const GError *error, gpointer user_data);

/* Takes write over. size_max: more is DUO_ERROR_TOO_LARGE. */
Import  *import_new(const char *url, FileWrite *write, uint64_t size_max, ImportDone done,
                    gpointer user_data);
void     import_stop(Import *import); /* done() is told G_IO_ERROR_CANCELLED, soon */
uint64_t import_done_bytes(const Import *import);
/* Stops it and waits for that; done() is not called any more. */
void     import_free(Import *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Import, import_free)

/* Whether a device may have us fetch url: http, an address in numbers, which is its own or is on a
 * link of ours together with it, and none of ours. Else we would open doors for it that are shut to
 * it. DUO_ERROR_DENIED, DUO_ERROR_INVALID. */
bool     import_allows(const NetInterfaces *interfaces, const char *url, const char *asker,
                       GError **error);
