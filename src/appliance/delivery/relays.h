/* relays.h -- what lies elsewhere, fetched by us for a screen that cannot
 *
 * Many sets speak no TLS, or know no names. A cast of an address may name one of ours instead,
 * behind which we fetch the other while the screen reads. Before anything is fetched the name is
 * resolved once, what it leads to is judged (relay-rules.h), also after each redirect, and nothing
 * but that address is connected to from then on. Addresses of ours last as long as the server runs,
 * the newest of them. Main loop only, but for streams. */
#pragma once

#include "model/stream.h"
#include "net/interfaces.h"

typedef struct Relays Relays;

typedef struct {
    const NetInterfaces *interfaces; /* borrowed, like data */
    /* Whether a device that was discovered has that address (in numbers): of private networks
     * others are not asked. */
    bool (*is_device)(const char *address, gpointer data);
    gpointer data;
} RelaysParts;

Relays *relays_new(const RelaysParts *parts);
/* Those who wait are answered with G_IO_ERROR_CANCELLED; streams must have been freed. */
void    relays_free(Relays *relays);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Relays, relays_free)

/* Our address for url (http or https), "BASE/relay/TOKEN/NAME"; the same as long as it is known.
 * The caller's. */
char       *relays_url(Relays *relays, const char *base_url, const char *url);
/* What url, one of ours, stands for; borrowed; NULL: it is none, or was forgotten. */
const char *relays_original(const Relays *relays, const char *url);

/* Called once, perhaps before relays_open() returns; stream is the callee's; error is borrowed:
 * DUO_ERROR_NOT_FOUND (no such token, or its server has it not), DUO_ERROR_DENIED (where we do not
 * fetch), DUO_ERROR_UNSUPPORTED (no media), DUO_ERROR_BUSY, DUO_ERROR_UNAVAILABLE,
 * DUO_ERROR_TIMEOUT. */
typedef void (*RelayOpened)(Stream *stream, const GError *error, gpointer user_data);
/* The same of any address; of a list of HLS what it names. */
void        relays_fetch(Relays *relays, const char *url, RelayOpened opened, gpointer user_data);
void        relays_open(Relays *relays, const char *token, RelayOpened opened, gpointer user_data);
