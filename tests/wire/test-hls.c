/* test-hls.c -- where a film is cut, the list that says so, and what a worker makes taken apart */
#include "wire/hls.h"

#include <string.h>

static const struct {
    const char *keys; /* NULL: it is cut evenly */
    int64_t duration_ms;
    const char *cuts; /* NULL: not at all */
} cuts[] = {
    { NULL, 12000, "0 4000 8000" },
    { NULL, 13900, "0 4000 8000" },       /* a short end belongs to what is before it */
    { NULL, 14000, "0 4000 8000 12000" },
    { NULL, 1, "0" },
    { NULL, 0, NULL },
    { NULL, INT64_MAX, NULL },
    { "0\n2000\n4000\n6000\n8000\n10000\n", 12000, "0 4000 8000" },
    { "40\n3600\n7300\n", 12000, "0 3600 7300" }, /* a little early will do */
    { "0\n10000\n", 25000, "0 10000" },
    { "0\n10000\n", 45000, NULL },        /* what is left is too much to hold */
    { "0\n31000\n", 40000, NULL },
    { "words\n-4000\n4000\n\n9999999999999999999999\n", 9000, "0 4000" },
    { "", 12000, "0" },
};

static void
test_cuts(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cuts); i++) {
        const char *keys = cuts[i].keys;
        g_autoptr(GArray) found =
            keys == NULL ? hls_cut_evenly(cuts[i].duration_ms)
                         : hls_cut_at_keys(keys, strlen(keys), cuts[i].duration_ms);
        g_autofree char *text =
            found != NULL ? hls_print_cuts(found, 0, HLS_SEGMENTS_MAX) : NULL;
        g_assert_cmpstr(text, ==, cuts[i].cuts);
    }
    g_autoptr(GArray) three = hls_cut_evenly(12000);
    g_autofree char *later = hls_print_cuts(three, 1, 1), *none = hls_print_cuts(three, 3, 9);
    g_assert_cmpstr(later, ==, "4000");
    g_assert_cmpstr(none, ==, "");
}

static void
test_list(void)
{
    g_autoptr(GArray) found = hls_cut_at_keys("4100\n8000\n", 10, 12050);
    g_autoptr(GString) list = hls_print_list(found, 12050, "/stream/x/part");

    g_assert_cmpstr(list->str, ==,
                    "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:5\n"
                    "#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n"
                    "#EXT-X-INDEPENDENT-SEGMENTS\n"
                    "#EXT-X-MAP:URI=\"/stream/x/part/init.mp4\"\n"
                    "#EXTINF:4.100,\n/stream/x/part/0.m4s\n"
                    "#EXTINF:3.900,\n/stream/x/part/1.m4s\n"
                    "#EXTINF:4.050,\n/stream/x/part/2.m4s\n#EXT-X-ENDLIST\n");
}

static void
test_parts(void)
{
    static const struct { const char *name; bool ok; guint number; } parts[] = {
        { "init.mp4", true, HLS_HEADER }, { "0.m4s", true, 0 },  { "5999.m4s", true, 5999 },
        { "6000.m4s", false, 0 },         { ".m4s", false, 0 },  { "-1.m4s", false, 0 },
        { "0.mp4", false, 0 },            { "0.m4s.", false, 0 }, { "", false, 0 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        guint number = 0;
        g_assert_true(hls_part_decode(parts[i].name, &number) == parts[i].ok);
        g_assert_cmpuint(number, ==, parts[i].number);
    }
}

static void
test_boxes(void)
{
    static const struct { const char *octets; size_t size; bool ok; uint64_t box; bool begins; }
    boxes[] = {
        { "\0\0\0\x18styp", 8, true, 24, true },
        { "\0\0\1\0moof", 8, true, 256, false },
        { "\0\0\0\1mdat\0\0\0\1\0\0\0\0", 16, true, 1ull << 32, false },
        { "\0\0\0\1mdat\0\0\0\1", 12, true, 0, false }, /* its size is still to come */
        { "\0\0\0\1mdat\0\0\0\0\0\0\0\x0f", 16, false, 0, false },
        { "\0\0\0\7styp", 8, false, 0, false },
        { "\0\0\0\0mdat", 8, false, 0, false },
        { "\0\0\0", 3, true, 0, false },
        { "", 0, true, 0, false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(boxes); i++) {
        uint64_t size;
        bool is_begin = false;
        g_assert_true(hls_box((const uint8_t *)boxes[i].octets, boxes[i].size, &size, &is_begin) ==
                      boxes[i].ok);
        g_assert_cmpuint(size, ==, boxes[i].box);
        g_assert_true(is_begin == boxes[i].begins);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/hls/cuts", test_cuts);
    g_test_add_func("/wire/hls/list", test_list);
    g_test_add_func("/wire/hls/parts", test_parts);
    g_test_add_func("/wire/hls/boxes", test_boxes);
    return g_test_run();
}
