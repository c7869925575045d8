/* media-url.h -- the item an address of our server stands for */
#pragma once

#include "net/interfaces.h"

#include <stdint.h>

/* The item's id in an address of ours that didl_append_media_url() made, the caller's; NULL: not of
 * that form, or on another host or port: another server's items have other ids. */
char *media_url_item(const char *url, const NetInterfaces *interfaces, uint16_t port);
