/* media-fragment.h -- "#t=12.5,40" at the end of an address: a part of what lies there
 *
 * W3C Media Fragments URI 1.0 (basic), 4.2.1: the temporal dimension, in normal play time. A
 * fragment is the player's business: it is never sent to the server. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

void  media_fragment_append(GString *uri, int64_t start_ms, int64_t end_ms);
/* Where the part begins and ends; *end_ms is 0 for "at the end". False, and neither touched, when
 * uri names no part. */
bool  media_fragment_decode(const char *uri, int64_t *start_ms, int64_t *end_ms);
/* The address without its fragment; the caller's. */
char *media_fragment_strip(const char *uri);
