/* hls-relay.h -- what a list of HLS elsewhere names, part after part, as one stream
 *
 * Most sets play no lists. Each list and each part is asked for by the relays, and so by their
 * rules; a list that grows is looked at again. Who reads holds it back: nothing is kept but a ring.
 * Main loop only, but for the stream. */
#pragma once

#include "appliance/delivery/relays-room.h"

typedef struct HlsRelay HlsRelay;

/* Called when it is over by itself, and by hls_relay_free() of one that is not; who hears it while
 * it lasts frees it. */
typedef void (*HlsRelayOver)(HlsRelay *relay, gpointer relays);

/* found: a list; its stream is taken over. opened: as of relays_fetch(); relays outlives it. */
HlsRelay *hls_relay_new(Relays *relays, const RelayFound *found, HlsRelayOver over,
                        RelayOpened opened, gpointer user_data);
/* Whoever waits is answered with G_IO_ERROR_CANCELLED, who reads comes to an end. */
void      hls_relay_free(HlsRelay *relay);
