/* test-sleep-watch.c -- a sleep is noticed once, a slow machine is no sleep */
#include "base/sleep-watch.h"

static void
count(gpointer data)
{
    ++*(guint *)data;
}

static void
test_sleep(void)
{
    g_autoptr(Clock) clock = clock_new_fake();
    guint woke = 0;
    g_autoptr(SleepWatch) watch = sleep_watch_new(clock, count, &woke);

    clock_advance(clock, 10 * 60 * 1000);
    g_assert_cmpuint(woke, ==, 0);
    clock_suspend(clock, 5000); /* so late a timer may come */
    clock_advance(clock, 60 * 1000);
    g_assert_cmpuint(woke, ==, 0);
    clock_suspend(clock, 60 * 60 * 1000);
    clock_advance(clock, 30 * 1000);
    g_assert_cmpuint(woke, ==, 1);
    clock_advance(clock, 10 * 60 * 1000);
    g_assert_cmpuint(woke, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sleep-watch", test_sleep);
    return g_test_run();
}
