/* test-media-fragment.c -- parts of what lies at an address (W3C Media Fragments URI 1.0, 4.2.1) */
#include "wire/media-fragment.h"

static const struct {
    const char *uri;
    bool is_part;
    int64_t start_ms, end_ms;
} cases[] = {
    { "http://h/a.flac#t=12.5,40", true, 12500, 40000 },
    { "http://h/a.flac#t=0.000,61.040", true, 0, 61040 },
    { "http://h/a#t=npt:10,20", true, 10000, 20000 },
    { "http://h/a#t=10", true, 10000, 0 },
    { "http://h/a#t=,20", true, 0, 20000 },
    { "http://h/a#t=0:01:10,0:02:00.5", true, 70000, 120500 },
    { "http://h/a#track=2&t=1,2", true, 1000, 2000 },
    { "http://h/a#t=1,2&t=3,4", true, 3000, 4000 },
    { "http://h/a", false, 0, 0 },
    { "http://h/a#", false, 0, 0 },
    { "http://h/a#t=", false, 0, 0 },
    { "http://h/a#t=,", false, 0, 0 },
    { "http://h/a#t=20,10", false, 0, 0 },
    { "http://h/a#t=-1,10", false, 0, 0 },
    { "http://h/a#t=1,2,3", false, 0, 0 },
    { "http://h/a#t=x,y", false, 0, 0 },
    { "http://h/a#t=smpte:0:00:01", false, 0, 0 },
    { "http://h/a?t=1,2", false, 0, 0 },
};

static void
test_decode(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t start_ms = 0, end_ms = 0;
        g_test_message("%s", cases[i].uri);
        g_assert_true(media_fragment_decode(cases[i].uri, &start_ms, &end_ms) == cases[i].is_part);
        g_assert_cmpint(start_ms, ==, cases[i].start_ms);
        g_assert_cmpint(end_ms, ==, cases[i].end_ms);
    }
}

static void
test_append(void)
{
    g_autoptr(GString) uri = g_string_new("http://h/a.flac");
    int64_t start_ms = 0, end_ms = 0;

    media_fragment_append(uri, 61040, 3723004);
    g_assert_cmpstr(uri->str, ==, "http://h/a.flac#t=61.040,3723.004");
    g_assert_true(media_fragment_decode(uri->str, &start_ms, &end_ms));
    g_assert_cmpint(start_ms, ==, 61040);
    g_assert_cmpint(end_ms, ==, 3723004);
    g_autofree char *plain = media_fragment_strip(uri->str);
    g_assert_cmpstr(plain, ==, "http://h/a.flac");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/media-fragment/decode", test_decode);
    g_test_add_func("/wire/media-fragment/append", test_append);
    return g_test_run();
}
