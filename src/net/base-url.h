/* base-url.h -- our address as somebody reached it, in words that others can use */
#pragma once

#include <gio/gio.h>

/* "http://ADDRESS:PORT" of local, where a request came in. A link-local address of IPv6 is told by
 * a zone that each host names for itself, and what we tell is handed on to players: then it is our
 * IPv4 address on that link, else one of IPv6 that needs no zone, where there is one. Any thread.
 * The caller's. */
char *base_url_of(GInetSocketAddress *local);
