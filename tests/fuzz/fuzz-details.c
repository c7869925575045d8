/* fuzz-details.c -- lists that can be read are the same when written and read again */
#include "model/media-details.h"
#include "tests/fuzz/fuzz.h"

FUZZ_TARGET("details")
{
    g_autoptr(MediaDetails) details = media_details_decode(data, size);
    g_autoptr(GByteArray) written = g_byte_array_new(), again = g_byte_array_new();

    if (details == NULL)
        return;
    media_details_encode(details, written);
    g_assert_cmpuint(written->len, <=, 88 * 1024);
    g_autoptr(MediaDetails) copy = media_details_decode(written->data, written->len);
    g_assert_nonnull(copy);
    media_details_encode(copy, again);
    g_assert_cmpmem(written->data, written->len, again->data, again->len);
}
