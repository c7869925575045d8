/* asker.h -- in which dialect the peer behind a request is spoken to (wire/dialect.h) */
#pragma once

#include "net/http-router.h"
#include "wire/dialect.h"

/* By the words of its heads; never NULL. dialects may be NULL. Any thread. */
const Dialect *upnp_asker_dialect(const Dialects *dialects, const HttpExchange *exchange);
