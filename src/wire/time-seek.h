/* time-seek.h -- which stretch of time of a recording a peer asks for (DLNA guidelines part 1,
 * 7.4.40: TimeSeekRange.dlna.org); pure */
#pragma once

#include <stdint.h>

typedef struct {
    int64_t start_ms;
    int64_t end_ms; /* -1: to the end */
} TimeSeek;

typedef enum {
    TIME_SEEK_STRETCH,
    TIME_SEEK_MALFORMED, /* or its end is not after its start: 400 */
    TIME_SEEK_OUTSIDE,   /* it begins beyond the end: 416 */
} TimeSeekKind;

/* Reads "npt=START-[END]", each in seconds or as H:MM:SS, with a fraction, against a length (0: not
 * known). An end beyond it is its end. *seek is set for a stretch alone. */
TimeSeekKind time_seek_decode(const char *text, int64_t duration_ms, TimeSeek *seek);

/* "npt=START-END/LENGTH bytes=FIRST-LAST/SIZE" of a stretch as it is sent; duration_ms 0: "*".
 * Without the part on bytes where size is 0: nobody knows. The caller's. */
char        *time_seek_encode(const TimeSeek *seek, int64_t duration_ms, uint64_t first,
                              uint64_t last, uint64_t size);
