/* http-range.h -- which parts of a representation a peer asks for (RFC 9110 clause 14) */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define HTTP_RANGES_MAX 16 /* a Range of more is ignored (RFC 9110, 14.2) */

typedef struct {
    uint64_t first, last; /* both belong to it */
} HttpRange;

typedef enum {
    /* no Range, one that is malformed, of another unit, or greedier than the whole */
    HTTP_RANGE_WHOLE,
    HTTP_RANGE_PARTS,
    HTTP_RANGE_OUTSIDE, /* well-formed, and no part of it lies inside: 416 */
} HttpRangeKind;

/* Reads the value of Range against a representation of size octets. Parts keep the order they were
 * asked in; those that lie outside are left out. text may be NULL. *count is set for PARTS only. */
HttpRangeKind http_range_decode(const char *text, uint64_t size, HttpRange parts[HTTP_RANGES_MAX],
                                guint *count);
/* The value of Range that asks for parts; the caller's. */
char         *http_range_encode(const HttpRange *parts, guint count);
/* Reads the value of Content-Range of a request that sends part of a file (RFC 9110, 14.5). size:
 * UINT64_MAX where it says "*". False: malformed, or the part does not lie inside. */
bool          http_content_range_decode(const char *text, HttpRange *part, uint64_t *size);
/* The value of Content-Range; part NULL: the form for 416. The caller's. */
char         *http_content_range_encode(const HttpRange *part, uint64_t size);
