/* test-time-seek.c -- TimeSeekRange.dlna.org as players send it */
#include "wire/time-seek.h"

#include <glib.h>

#define FILM_MS 3600500

static void
test_decode(void)
{
    static const struct {
        const char *text;
        int64_t duration_ms;
        TimeSeekKind kind;
        TimeSeek seek;
    } cases[] = {
        { "npt=0-", FILM_MS, TIME_SEEK_STRETCH, { 0, -1 } },
        { "npt=0.000-", 0, TIME_SEEK_STRETCH, { 0, -1 } },
        { "npt=335.11-336.08", FILM_MS, TIME_SEEK_STRETCH, { 335110, 336080 } },
        { "npt=00:05:35.3-00:05:37.5", FILM_MS, TIME_SEEK_STRETCH, { 335300, 337500 } },
        { " NPT=10-20/*", FILM_MS, TIME_SEEK_STRETCH, { 10000, 20000 } },
        { "npt=10-20 bytes=5-6", FILM_MS, TIME_SEEK_STRETCH, { 10000, 20000 } },
        { "npt=10-9999", FILM_MS, TIME_SEEK_STRETCH, { 10000, -1 } },
        { "npt=4000-", FILM_MS, TIME_SEEK_OUTSIDE, { 0, 0 } },
        { "npt=4000-", 0, TIME_SEEK_STRETCH, { 4000000, -1 } },
        { "npt=20-10", FILM_MS, TIME_SEEK_MALFORMED, { 0, 0 } },
        { "npt=10-10", FILM_MS, TIME_SEEK_MALFORMED, { 0, 0 } },
        { "npt=", FILM_MS, TIME_SEEK_MALFORMED, { 0, 0 } },
        { "npt=-10", FILM_MS, TIME_SEEK_MALFORMED, { 0, 0 } },
        { "npt=10", FILM_MS, TIME_SEEK_MALFORMED, { 0, 0 } },
        { "npt=ten-", FILM_MS, TIME_SEEK_MALFORMED, { 0, 0 } },
        { "npt=1:99:00-", FILM_MS, TIME_SEEK_MALFORMED, { 0, 0 } },
        { "bytes=0-", FILM_MS, TIME_SEEK_MALFORMED, { 0, 0 } },
        { "", FILM_MS, TIME_SEEK_MALFORMED, { 0, 0 } },
        { "npt=111111111111111111111111111111111111111-", 0, TIME_SEEK_MALFORMED, { 0, 0 } },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        TimeSeek seek = { 0, 0 };
        g_assert_cmpint(time_seek_decode(cases[i].text, cases[i].duration_ms, &seek), ==,
                        cases[i].kind);
        g_assert_cmpint(seek.start_ms, ==, cases[i].seek.start_ms);
        g_assert_cmpint(seek.end_ms, ==, cases[i].seek.end_ms);
    }
}

static void
test_encode(void)
{
    static const struct {
        TimeSeek seek;
        int64_t duration_ms;
        uint64_t size;
        const char *text;
    } cases[] = {
        { { 0, -1 }, FILM_MS, 1000, "npt=0.000-3600.500/3600.500 bytes=0-999/1000" },
        { { 10250, 20000 }, FILM_MS, 0, "npt=10.250-20.000/3600.500" },
        { { 10250, -1 }, 0, 0, "npt=10.250-/*" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = time_seek_encode(&cases[i].seek, cases[i].duration_ms, 0,
                                                 cases[i].size - 1, cases[i].size);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/time-seek/decode", test_decode);
    g_test_add_func("/wire/time-seek/encode", test_encode);
    return g_test_run();
}
