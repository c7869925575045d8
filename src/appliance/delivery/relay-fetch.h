/* relay-fetch.h -- one question to a server elsewhere, its answer passed on while it comes
 *
 * On a thread of its own, which the slowest reader holds back: nothing is kept but a ring of half a
 * mebioctet. It connects to the address that was judged, whatever the name has come to mean. */
#pragma once

#include "base/stream-hub.h"

#include <gio/gio.h>
#include <stdbool.h>

typedef struct RelayFetch RelayFetch;

typedef struct {
    const char *url; /* http or https */
    GInetSocketAddress *address;
    uint64_t offset; /* from there on */
} RelayQuestion;

/* What its server says before the first octet. */
typedef struct {
    unsigned status;
    char *location, *mime, *etag; /* NULL: none was named; etag: strong, without quotes */
    int64_t length;               /* of the whole; -1: not known */
    bool has_parts;               /* it can be had from any place on */
    GError *error;                /* NULL: it answered */
} RelayFacts;

/* Called once on the loop, unless it is freed first; facts are borrowed until then. */
typedef void (*RelayTold)(const RelayFacts *facts, gpointer user_data);

/* told may be NULL. */
RelayFetch *relay_fetch_new(const RelayQuestion *question, RelayTold told, gpointer user_data);
/* Any thread, but on the loop while told may yet be called; waits for its thread, which ends
 * soon. */
void        relay_fetch_free(RelayFetch *fetch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RelayFetch, relay_fetch_free)

/* The octets from the offset on; they end with an error where they are not all. The caller's. */
HubReader  *relay_fetch_reader(RelayFetch *fetch);
