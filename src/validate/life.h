/* life.h -- the beginning and the end of a device, which its operator brings about */
#pragma once

#include "validate/tester.h"

/* Listens until a device, or the one that is wanted (URL, name, DeviceId; NULL: any), announces
 * itself. Its LOCATION, the caller's; NULL: none within a minute, which was told. */
char *life_await_start(Tester *t, const char *wanted);
/* Until nobody answers at its LOCATION, a minute at most. */
void  life_await_stop(Tester *t);
