/* fetches.h -- who has fetched what from us, lately
 *
 * A set that refuses a file with "not found" may have looked at it and not liked it, or never have
 * come: which of the two is what people need to know (FIELD-NOTES C5). Noted on the http threads,
 * asked on the loop; one lock. */
#pragma once

#include "net/http-server.h"

typedef struct Fetches Fetches;

Fetches *fetches_new(void);
void     fetches_free(Fetches *fetches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fetches, fetches_free)

/* Somebody asks for a file; any thread. */
void     fetches_note(Fetches *fetches, const HttpExchange *exchange);
/* What is "now" for fetches_saw(). */
int64_t  fetches_now_ms(void);
/* True when peer (numbers) has asked for the path of url since then, as far as that is
 * remembered. */
bool     fetches_saw(Fetches *fetches, const char *url, const char *peer, int64_t since_ms);
