/* test-live-delay.c -- the delay of what is live, of screens that count finely, in seconds, and not
 * what they are sent */
#include "model/live-delay.h"

/* What is shown delay_ms after it happened, asked every 990 ms and a little; grain_ms: as the
 * screen counts. */
static LiveDelay
watch(int64_t delay_ms, int64_t grain_ms)
{
    LiveDelay delay = { 0 };

    for (int64_t now = 5000 + delay_ms; now < 17000 + delay_ms; now += 990) {
        int64_t place = (now - 5000 - delay_ms) / grain_ms * grain_ms;
        live_delay_take(&delay, now + now % 7, 5000, place);
        live_delay_take(&delay, now + 300, 5000, place); /* of something else that it told */
    }
    return delay;
}

static void
test_kinds(void)
{
    static const struct {
        int64_t delay_ms, grain_ms, within_ms;
    } cases[] = { { 130, 1, 50 }, { 0, 1, 50 }, { 2300, 1000, 500 }, { 12000, 1000, 500 } };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        LiveDelay delay = watch(cases[i].delay_ms, cases[i].grain_ms);
        int64_t found, within;
        g_assert_true(live_delay_is_known(&delay, &found, &within));
        g_assert_cmpint(within, ==, cases[i].within_ms);
        g_assert_cmpint(ABS(found - cases[i].delay_ms), <=, within);
        g_assert_false(live_delay_is_untold(&delay));
    }
}

static void
test_it_begins_anew(void)
{
    LiveDelay delay = watch(4000, 1);
    int64_t found, within;

    live_delay_take(&delay, 30000, 29500, 400);
    g_assert_false(live_delay_is_known(&delay, &found, &within));
    live_delay_take(&delay, 30100, 30050, 500); /* somebody else fetches it as well */
    live_delay_take(&delay, 30200, 30050, 600);
    g_assert_true(live_delay_is_known(&delay, &found, &within));
    g_assert_cmpint(found, ==, 100);
}

/* One counts from its own beginning, one from that of the programme. */
static void
test_other_places(void)
{
    int64_t found, within;

    for (int64_t offset = -900000; offset <= 900000; offset += 1800000) {
        LiveDelay delay = { 0 };
        for (int64_t now = 1000000; now < 1005000; now += 1000)
            live_delay_take(&delay, now, 100, now + offset);
        g_assert_true(live_delay_is_untold(&delay));
        g_assert_false(live_delay_is_known(&delay, &found, &within));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/live-delay/kinds", test_kinds);
    g_test_add_func("/model/live-delay/anew", test_it_begins_anew);
    g_test_add_func("/model/live-delay/others", test_other_places);
    return g_test_run();
}
