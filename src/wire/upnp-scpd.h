/* upnp-scpd.h -- what another device's service description says of it (UDA 1.1, clause 2.5); pure
 *
 * The document is the whole SCPD; questions walk it. */
#pragma once

#include "wire/xml.h"

#define UPNP_SCPD_SIZE_MAX (256 * 1024)

bool    upnp_scpd_has_action(const XmlDocument *scpd, const char *name);
/* The end of the range that a state variable has; otherwise when it has none that makes sense. */
int64_t upnp_scpd_maximum(const XmlDocument *scpd, const char *variable, int64_t otherwise);
