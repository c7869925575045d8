/* bytes.h -- a cursor over bytes that nobody trusts
 *
 * Each reader takes a value and moves on, or returns false and stays; it never reads past the end.
 * The bytes are borrowed and outlive the cursor. Writers append to a GByteArray the same forms.
 * Numbers are big-endian unless the name ends in _le. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const uint8_t *data; /* borrowed */
    size_t size;
    size_t position;
} Bytes;

void   bytes_init(Bytes *bytes, const void *data, size_t size);
size_t bytes_left(const Bytes *bytes);
bool   bytes_skip(Bytes *bytes, size_t count);
bool   bytes_seek(Bytes *bytes, size_t position);
bool   bytes_u8(Bytes *bytes, uint8_t *value);
bool   bytes_u16(Bytes *bytes, uint16_t *value);
bool   bytes_u32(Bytes *bytes, uint32_t *value);
bool   bytes_u64(Bytes *bytes, uint64_t *value);
bool   bytes_u16_le(Bytes *bytes, uint16_t *value);
bool   bytes_u32_le(Bytes *bytes, uint32_t *value);

/* count bytes, still borrowed from the cursor's own. */
bool   bytes_take(Bytes *bytes, size_t count, const uint8_t **data);

/* Text written by bytes_put_text(): a u32 length, the bytes, a NUL; NULL comes back as NULL.
 * The text is borrowed; false when it is cut short, lacks its NUL or holds one inside. */
bool   bytes_text(Bytes *bytes, const char **text);

void   bytes_put_u8(GByteArray *out, uint8_t value);
void   bytes_put_u32(GByteArray *out, uint32_t value);
void   bytes_put_u64(GByteArray *out, uint64_t value);
void   bytes_put_text(GByteArray *out, const char *text);
