/* test-http-range.c -- every form of Range, and the limits against greed */
#include "wire/http-range.h"

#define SIZE 1000
#define WHOLE { { 0 } }, 0
#define HUGE_SIZE (UINT64_C(1) << 33)

static void
test_decode(void)
{
    static const struct {
        const char *text;
        HttpRangeKind kind;
        HttpRange parts[3];
        guint count;
    } cases[] = {
        { NULL, HTTP_RANGE_WHOLE, WHOLE },
        { "", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes= , ,", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=-", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=abc", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=10-5", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=1-2-3", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=1 - 2", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=+1-2", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=--5", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes =0-1", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=0-1;2-3", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=0-1 2-3", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=0-1,x", HTTP_RANGE_WHOLE, WHOLE },
        { "lines=0-1", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=0-0", HTTP_RANGE_PARTS, { { 0, 0 } }, 1 },
        { "BYTES=0-0", HTTP_RANGE_PARTS, { { 0, 0 } }, 1 },
        { "bytes=0-499", HTTP_RANGE_PARTS, { { 0, 499 } }, 1 },
        { "bytes=500-", HTTP_RANGE_PARTS, { { 500, 999 } }, 1 },
        { "bytes=0-", HTTP_RANGE_PARTS, { { 0, 999 } }, 1 },
        { "bytes=999-", HTTP_RANGE_PARTS, { { 999, 999 } }, 1 },
        { "bytes=-500", HTTP_RANGE_PARTS, { { 500, 999 } }, 1 },
        { "bytes=-1", HTTP_RANGE_PARTS, { { 999, 999 } }, 1 },
        { "bytes=-5000", HTTP_RANGE_PARTS, { { 0, 999 } }, 1 },
        { "bytes=900-99999999999999999999999", HTTP_RANGE_PARTS, { { 900, 999 } }, 1 },
        { "bytes=0-9,20-29", HTTP_RANGE_PARTS, { { 0, 9 }, { 20, 29 } }, 2 },
        { "bytes=\t20-29 , ,0-9,", HTTP_RANGE_PARTS, { { 20, 29 }, { 0, 9 } }, 2 },
        { "bytes=0-9,5000-,-1", HTTP_RANGE_PARTS, { { 0, 9 }, { 999, 999 } }, 2 },
        { "bytes=0-9,5-14", HTTP_RANGE_PARTS, { { 0, 9 }, { 5, 14 } }, 2 },
        { "bytes=0-,0-0", HTTP_RANGE_WHOLE, WHOLE },  /* more than there is */
        { "bytes=0-,-1,0-", HTTP_RANGE_WHOLE, WHOLE },
        { "bytes=1000-", HTTP_RANGE_OUTSIDE, WHOLE },
        { "bytes=99999999999-", HTTP_RANGE_OUTSIDE, WHOLE },
        { "bytes=99999999999999999999999-", HTTP_RANGE_OUTSIDE, WHOLE },
        { "bytes=1000-1001,2000-", HTTP_RANGE_OUTSIDE, WHOLE },
        { "bytes=-0", HTTP_RANGE_OUTSIDE, WHOLE },
        { "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16",
          HTTP_RANGE_WHOLE, WHOLE },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        HttpRange parts[HTTP_RANGES_MAX];
        guint count = 0;
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(http_range_decode(cases[i].text, SIZE, parts, &count), ==, cases[i].kind);
        g_assert_cmpuint(count, ==, cases[i].count);
        for (guint k = 0; k < count; k++) {
            g_assert_cmpuint(parts[k].first, ==, cases[i].parts[k].first);
            g_assert_cmpuint(parts[k].last, ==, cases[i].parts[k].last);
        }
    }
}

static void
test_sizes(void)
{
    HttpRange parts[HTTP_RANGES_MAX];
    guint count = 0;

    g_assert_cmpint(http_range_decode("bytes=0-", 0, parts, &count), ==, HTTP_RANGE_OUTSIDE);
    g_assert_cmpint(http_range_decode("bytes=-5", 0, parts, &count), ==, HTTP_RANGE_OUTSIDE);
    g_assert_cmpint(http_range_decode("bytes=4294967296-", HUGE_SIZE, parts, &count), ==,
                    HTTP_RANGE_PARTS);
    g_assert_cmpuint(parts[0].first, ==, UINT64_C(4294967296));
    g_assert_cmpuint(parts[0].last, ==, HUGE_SIZE - 1);
}

static void
test_encode(void)
{
    const HttpRange asked[] = { { 0, 9 }, { 20, 29 } };
    HttpRange parts[HTTP_RANGES_MAX];
    guint count = 0;
    g_autofree char *text = http_range_encode(asked, 2);
    g_autofree char *inside = http_content_range_encode(&asked[1], SIZE);
    g_autofree char *outside = http_content_range_encode(NULL, SIZE);

    g_assert_cmpint(http_range_decode(text, SIZE, parts, &count), ==, HTTP_RANGE_PARTS);
    g_assert_cmpmem(parts, count * sizeof *parts, asked, sizeof asked);
    g_assert_cmpstr(inside, ==, "bytes 20-29/1000");
    g_assert_cmpstr(outside, ==, "bytes */1000");
}

static void
test_content_range(void)
{
    static const struct {
        const char *text;
        bool is_read;
        uint64_t first, last, size;
    } cases[] = {
        { "bytes 0-4/10", true, 0, 4, 10 },
        { "Bytes  5-9/10", true, 5, 9, 10 },
        { "bytes 5-9/*", true, 5, 9, UINT64_MAX },
        { "bytes 5-10/10", false, 0, 0, 0 },
        { "bytes 5-4/10", false, 0, 0, 0 },
        { "bytes 5-/10", false, 0, 0, 0 },
        { "bytes -5/10", false, 0, 0, 0 },
        { "bytes */10", false, 0, 0, 0 },
        { "bytes 0-4", false, 0, 0, 0 },
        { "bytes 0-4/10 ", false, 0, 0, 0 },
        { "bytes 0-4/10, 5-6/10", false, 0, 0, 0 },
        { "bytes=0-4/10", false, 0, 0, 0 },
        { "bytes 0-99999999999999999999/*", false, 0, 0, 0 },
        { "", false, 0, 0, 0 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        HttpRange part = { 0, 0 };
        uint64_t size = 0;
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(http_content_range_decode(cases[i].text, &part, &size), ==,
                        cases[i].is_read);
        g_assert_cmpuint(part.first, ==, cases[i].first);
        g_assert_cmpuint(part.last, ==, cases[i].last);
        g_assert_cmpuint(size, ==, cases[i].size);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/http-range/decode", test_decode);
    g_test_add_func("/wire/http-range/sizes", test_sizes);
    g_test_add_func("/wire/http-range/encode", test_encode);
    g_test_add_func("/wire/http-range/content-range", test_content_range);
    return g_test_run();
}
