/* fuzz-hls-list.c -- lists of HLS of any bytes: every part is whole, and its header is there */
#include "tests/fuzz/fuzz.h"
#include "wire/hls-list.h"

FUZZ_TARGET("hls-list")
{
    g_autoptr(HlsList) list = hls_list_decode((const char *)data, size, NULL);

    if (list == NULL)
        return;
    const HlsVariant *variant = hls_list_choose(list);
    g_assert_true(variant == NULL || (variant->uri != NULL && !variant->is_mute));
    g_assert_cmpuint(list->parts->len, <=, HLS_LIST_PARTS_MAX);
    for (guint i = 0; i < list->parts->len; i++) {
        const HlsPart *part = list->parts->pdata[i];
        g_assert_nonnull(part->place.uri);
        g_assert_cmpint(part->place.length, >=, -1);
        g_assert_cmpint(part->header, <, (int)list->headers->len);
        g_assert_cmpint(part->duration_ms, >=, 0);
    }
}
