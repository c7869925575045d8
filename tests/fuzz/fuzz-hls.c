/* fuzz-hls.c -- the index of a film, and what a worker makes of it: cuts ascend, boxes go on */
#include "tests/fuzz/fuzz.h"
#include "wire/hls.h"

FUZZ_TARGET("hls")
{
    const int64_t duration_ms = 100000;
    g_autoptr(GArray) cuts = hls_cut_at_keys((const char *)data, size, duration_ms);
    uint64_t box = 1;
    bool is_begin;

    for (guint i = 1; cuts != NULL && i < cuts->len; i++)
        g_assert_cmpint(g_array_index(cuts, int64_t, i), >, g_array_index(cuts, int64_t, i - 1));
    for (size_t at = 0; at < size && box > 0; at += (size_t)MIN(box, size - at))
        if (!hls_box(data + at, size - at, &box, &is_begin))
            break;
    g_autofree char *name = g_strndup((const char *)data, size);
    guint number;
    if (hls_part_decode(name, &number))
        g_assert_true(number < HLS_SEGMENTS_MAX || number == HLS_HEADER);
}
