/* bytes.c -- the cursor and its writers; see bytes.h */
#include "base/bytes.h"

#include <string.h>

#define TEXT_IS_NULL UINT32_MAX /* the length that stands for NULL */

void
bytes_init(Bytes *bytes, const void *data, size_t size)
{
    *bytes = (Bytes){ .data = data, .size = size };
}

size_t
bytes_left(const Bytes *bytes)
{
    return bytes->size - bytes->position;
}

bool
bytes_skip(Bytes *bytes, size_t count)
{
    if (count > bytes_left(bytes))
        return false;
    bytes->position += count;
    return true;
}

bool
bytes_seek(Bytes *bytes, size_t position)
{
    if (position > bytes->size)
        return false;
    bytes->position = position;
    return true;
}

bool
bytes_take(Bytes *bytes, size_t count, const uint8_t **data)
{
    const uint8_t *at = bytes->data + bytes->position;

    if (!bytes_skip(bytes, count))
        return false;
    *data = at;
    return true;
}

/* The next count bytes as a number, the most significant first. */
static bool
take_number(Bytes *bytes, size_t count, uint64_t *value)
{
    const uint8_t *at;

    if (!bytes_take(bytes, count, &at))
        return false;
    *value = 0;
    for (size_t i = 0; i < count; i++)
        *value = *value << 8 | at[i];
    return true;
}

bool
bytes_u8(Bytes *bytes, uint8_t *value)
{
    uint64_t number;

    if (!take_number(bytes, 1, &number))
        return false;
    *value = (uint8_t)number;
    return true;
}

bool
bytes_u16(Bytes *bytes, uint16_t *value)
{
    uint64_t number;

    if (!take_number(bytes, 2, &number))
        return false;
    *value = (uint16_t)number;
    return true;
}

bool
bytes_u32(Bytes *bytes, uint32_t *value)
{
    uint64_t number;

    if (!take_number(bytes, 4, &number))
        return false;
    *value = (uint32_t)number;
    return true;
}

bool
bytes_u64(Bytes *bytes, uint64_t *value)
{
    return take_number(bytes, 8, value);
}

bool
bytes_u16_le(Bytes *bytes, uint16_t *value)
{
    uint16_t number;

    if (!bytes_u16(bytes, &number))
        return false;
    *value = GUINT16_SWAP_LE_BE(number);
    return true;
}

bool
bytes_u32_le(Bytes *bytes, uint32_t *value)
{
    uint32_t number;

    if (!bytes_u32(bytes, &number))
        return false;
    *value = GUINT32_SWAP_LE_BE(number);
    return true;
}

bool
bytes_text(Bytes *bytes, const char **text)
{
    Bytes ahead = *bytes;
    const uint8_t *at;
    uint32_t length;

    if (!bytes_u32(&ahead, &length))
        return false;
    if (length == TEXT_IS_NULL) {
        *text = NULL;
    } else {
        if (!bytes_take(&ahead, (size_t)length + 1, &at) ||
            memchr(at, '\0', (size_t)length + 1) != at + length)
            return false;
        *text = (const char *)at;
    }
    *bytes = ahead;
    return true;
}

void
bytes_put_u8(GByteArray *out, uint8_t value)
{
    g_byte_array_append(out, &value, 1);
}

void
bytes_put_u32(GByteArray *out, uint32_t value)
{
    uint32_t number = GUINT32_TO_BE(value);

    g_byte_array_append(out, (const guint8 *)&number, sizeof number);
}

void
bytes_put_u64(GByteArray *out, uint64_t value)
{
    uint64_t number = GUINT64_TO_BE(value);

    g_byte_array_append(out, (const guint8 *)&number, sizeof number);
}

void
bytes_put_text(GByteArray *out, const char *text)
{
    if (text == NULL) {
        bytes_put_u32(out, TEXT_IS_NULL);
        return;
    }
    size_t length = strlen(text);

    g_assert(length < TEXT_IS_NULL);
    bytes_put_u32(out, (uint32_t)length);
    g_byte_array_append(out, (const guint8 *)text, (guint)length + 1);
}
