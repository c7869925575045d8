/* log.h -- where the words of g_warning(), g_message(), g_info() and g_debug() go
 *
 * The journal when standard error is connected to it (sd_journal_stream), else standard error with
 * the time, the level and the room, which is the G_LOG_DOMAIN each room is compiled with. Whoever
 * handles an error logs it, once; base, model and wire never log. */
#pragma once

#include <stdbool.h>

#define LOG_RECENT_MAX 500

/* "error", "warning", "message" (the usual one), "info", "debug": what is less important than level
 * is dropped from here on. False when there is no such level. Called once, by main(). */
bool        log_start(const char *level);
/* The last LOG_RECENT_MAX lines that were not dropped, the oldest first, wherever they went:
 * "2026-01-31T18:00:00.250 warning net: what it is about". Ends with NULL; the caller's. Any
 * thread. */
char      **log_recent(void);
/* The names that log_start() takes, for a message to people. */
const char *log_levels(void);
