/* text.h -- small questions about text: numbers, times, percent-encoding */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* The whole text as a decimal number from min to max: digits alone, no sign (but one '-' for the
 * signed form), no blanks. False, and value untouched, for anything else. */
bool  text_to_u64(const char *text, uint64_t min, uint64_t max, uint64_t *value);
bool  text_to_u32(const char *text, uint32_t min, uint32_t max, uint32_t *value);
bool  text_to_i64(const char *text, int64_t min, int64_t max, int64_t *value);

/* UPnP AV duration, H+:MM:SS[.F+] (ContentDirectory:1, 2.8.9.2), in milliseconds. Also taken: bare
 * seconds, MM:SS. Fractions of a second beyond the millisecond are cut. */
bool  text_to_duration_ms(const char *text, int64_t *duration_ms);
/* H:MM:SS.mmm; the caller's. */
char *text_from_duration_ms(int64_t duration_ms);

/* RFC 3986 percent-encoding of everything but unreserved characters; the caller's. */
char *text_percent_encode(const char *text);
/* NULL when an escape is broken or decodes to NUL, or the result is not UTF-8. */
char *text_percent_decode(const char *text);

/* A copy that is valid UTF-8 without control characters (XML 1.0 could not say them); tabs and
 * line ends become blanks. NULL stays NULL. */
char *text_clean(const char *text);

/* True when a and b are the same octets; takes as long for a near miss as for a far one. */
bool  text_equal_secret(const char *a, const char *b);
