/* relay-stream.h -- what lies at an address elsewhere, as a Stream: read from any place on where
 * its server gives parts */
#pragma once

#include "appliance/delivery/relay-fetch.h"
#include "model/stream.h"

#define RELAY_STREAMS_MAX 16 /* at once, of one count */

/* Adopts fetch, which began at 0 and has told facts; question is where it asked (its strings are
 * copied). streams: how many there are, atomic; outlives the stream. */
Stream *relay_stream_new(RelayFetch *fetch, const RelayFacts *facts, const RelayQuestion *question,
                         gint *streams);

/* Of whole, which is taken over, so many octets from offset on; length: -1: all that follow. */
Stream *relay_stream_part(Stream *whole, uint64_t offset, int64_t length);
