/* http-pin.h -- a request is told to one peer alone: who shows the certificate that was named
 *
 * For src/net only. Names, dates and authorities mean nothing then. */
#pragma once

#include "net/http-client.h"

#include <libsoup/soup.h>

typedef struct {
    bool is_set;
    bool is_stranger; /* the peer is somebody else, and was told nothing */
    uint8_t fingerprint[HTTP_FINGERPRINT_SIZE];
    GCancellable *cancellable; /* borrowed: ends the request */
} HttpPin;

/* Before message is sent; the pin outlives it. */
void http_pin_set(HttpPin *pin, SoupMessage *message, const uint8_t *fingerprint,
                  GCancellable *cancellable);
