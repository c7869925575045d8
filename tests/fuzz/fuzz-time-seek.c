/* fuzz-time-seek.c -- TimeSeekRange.dlna.org: what is taken for a stretch lies inside */
#include "tests/fuzz/fuzz.h"
#include "wire/time-seek.h"

FUZZ_TARGET("time-seek")
{
    g_autofree char *text = g_strndup((const char *)data, size);
    TimeSeek seek;

    if (time_seek_decode(text, 60000, &seek) != TIME_SEEK_STRETCH)
        return;
    g_assert_true(seek.start_ms >= 0 && seek.start_ms < 60000);
    g_assert_true(seek.end_ms == -1 || seek.end_ms > seek.start_ms);
    g_autofree char *again = time_seek_encode(&seek, 60000, 0, 9, 10);
}
