/* media-url.h -- our server's address as a peer reaches it, and the item an address stands for */
#pragma once

#include "net/interfaces.h"

#include <stdint.h>

/* The item's id in an address of ours that didl_append_media_url() made, the caller's; NULL: not of
 * that form, or on another host or port: another server's items have other ids. */
char *media_url_item(const char *url, const NetInterfaces *interfaces, uint16_t port);
/* "http://ADDRESS:PORT" with the address of ours that peer (numbers, with "%ZONE" when it is known by
 * a link-local address) reaches: on its own link where there is one. The caller's; NULL: we have no
 * address at all yet. */
char *media_url_base(const NetInterfaces *interfaces, const char *peer, uint16_t port);
