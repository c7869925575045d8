/* service-manager.h -- what systemd hears of a program that it runs (sd_notify(3))
 *
 * Two sentences of a protocol that is promised to stay. libsystemd says them, too, but brings six
 * libraries for its journal into every process, a mebibyte of each. */
#pragma once

#include <glib.h>

/* Says "READY=1", "WATCHDOG=1", "STOPPING=1" to whoever runs us, if anybody does. */
void  service_manager_tell(const char *state);
/* How often it wants to hear that we live: half of the time after which it gives us up; 0:
 * never. */
guint service_manager_watchdog_ms(void);
