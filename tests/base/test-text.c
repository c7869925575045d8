/* test-text.c -- numbers, durations and encodings, good and bad */
#include "base/text.h"

static void
test_numbers(void)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } cases[] = {
        { "0", true, 0 },        { "-7", true, -7 },    { "007", true, 7 },
        { "9223372036854775807", true, INT64_MAX },     { "9223372036854775808", false, 0 },
        { "", false, 0 },        { "-", false, 0 },     { "+1", false, 0 },
        { " 1", false, 0 },      { "1 ", false, 0 },    { "0x1", false, 0 },
        { "--1", false, 0 },     { "1e3", false, 0 },   { "99999999999999999999", false, 0 },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t value = 42;
        g_test_message("%s", cases[i].text);
        g_assert_true(text_to_i64(cases[i].text, INT64_MIN, INT64_MAX, &value) == cases[i].ok);
        g_assert_cmpint(value, ==, cases[i].ok ? cases[i].value : 42);
    }
    uint32_t id;
    g_assert_false(text_to_u32("4294967296", 1, UINT32_MAX, &id));
    g_assert_false(text_to_u32("0", 1, UINT32_MAX, &id));
    g_assert_false(text_to_u32(NULL, 1, UINT32_MAX, &id));
    g_assert_true(text_to_u32("4294967295", 1, UINT32_MAX, &id) && id == UINT32_MAX);
}

static void
test_durations(void)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t ms;
    } cases[] = {
        { "0:00:00", true, 0 },        { "1:02:03.456", true, 3723456 }, { "00:00:03.0", true, 3000 },
        { "12:34", true, 754000 },     { "90", true, 90000 },            { "1.5", true, 1500 },
        { "0:00:01.1239", true, 1123 },{ "", false, 0 },                 { ":", false, 0 },
        { "1:60:00", false, 0 },       { "1:2:3:4", false, 0 },          { "-1:00", false, 0 },
        { "1.", false, 0 },            { "1.x", false, 0 },              { "99999999999", false, 0 },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t ms = -1;
        g_test_message("%s", cases[i].text);
        g_assert_true(text_to_duration_ms(cases[i].text, &ms) == cases[i].ok);
        g_assert_cmpint(ms, ==, cases[i].ok ? cases[i].ms : -1);
    }
    g_autofree char *text = text_from_duration_ms(3723456);
    g_assert_cmpstr(text, ==, "1:02:03.456");
}

static void
test_encodings(void)
{
    g_autofree char *encoded = text_percent_encode("多屏 1/2");
    g_autofree char *decoded = text_percent_decode(encoded);

    g_assert_cmpstr(encoded, ==, "%E5%A4%9A%E5%B1%8F%201%2F2");
    g_assert_cmpstr(decoded, ==, "多屏 1/2");
    g_assert_null(text_percent_decode("%00"));
    g_assert_null(text_percent_decode("%zz"));
    g_assert_null(text_percent_decode("%ff"));

    g_autofree char *clean = text_clean("a\tb\x01" "c\xff" "d\n");
    g_assert_cmpstr(clean, ==, "a bc\xef\xbf\xbd" "d ");
    g_assert_null(text_clean(NULL));
}

static void
test_secrets(void)
{
    g_assert_true(text_equal_secret("abc", "abc"));
    g_assert_false(text_equal_secret("abc", "abd"));
    g_assert_false(text_equal_secret("abc", "abcabc"));
    g_assert_false(text_equal_secret("abc", ""));
    g_assert_true(text_equal_secret("", ""));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/text/numbers", test_numbers);
    g_test_add_func("/base/text/durations", test_durations);
    g_test_add_func("/base/text/encodings", test_encodings);
    g_test_add_func("/base/text/secrets", test_secrets);
    return g_test_run();
}
