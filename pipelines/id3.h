/* id3.h -- what libavformat does not tell of an ID3v2 tag: in what its texts are written, and stars
 *
 * ID3v2.2, 2.3 and 2.4 (id3.org). It reads heads of frames and the beginning of those that matter,
 * with pread(), and believes no length. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    bool has_octets; /* a text says it is Latin-1, and is not ASCII: it may be any charset */
    int rating;      /* the popularimeter's, 1 to 100; 0: none */
} Id3Look;

/* The length of the tag that a file begins with; 0: there is none. */
int64_t id3_size(const uint8_t *head, size_t size);
/* Looks at the tag that file begins with; all 0 when there is none. */
void    id3_look(int file, Id3Look *look);
