/* open-policy.h -- what a device may not do that did not prove a key (PROFILE section 4)
 *
 * An open pipe may do everything but write to FileAccess, upload, set PowerManagement, and use what
 * the owner kept for people. Pure. */
#pragma once

#include "wire/soap.h"

/* True when an open pipe may run call of the service with that name (of its table); call NULL:
 * enter a session with it. kept: names of whole services that it may not, ends with NULL; may be
 * NULL. */
bool igrs_open_policy_allows(const char *service, const SoapCall *call, const char *const *kept);
