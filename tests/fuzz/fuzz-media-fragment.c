/* fuzz-media-fragment.c -- a part that an address names has a beginning, and an end after it or
 * none */
#include "tests/fuzz/fuzz.h"
#include "wire/media-fragment.h"

FUZZ_TARGET("media-fragment")
{
    g_autofree char *uri = g_strndup(size > 0 ? (const char *)data : "", size);
    g_autofree char *plain = media_fragment_strip(uri);
    int64_t start_ms = -1, end_ms = -1;

    if (media_fragment_decode(uri, &start_ms, &end_ms))
        g_assert_true(start_ms >= 0 && (end_ms == 0 || end_ms > start_ms));
    else
        g_assert_true(start_ms == -1 && end_ms == -1);
    g_assert_false(media_fragment_decode(plain, &start_ms, &end_ms));
}
