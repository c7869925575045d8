/* test-clock.c -- timers run in order, once, and not after they are cancelled */
#include "base/clock.h"

typedef struct {
    Clock *clock;
    GString *trace;
    guint other;
} Test;

static void
note_a(gpointer data)
{
    g_string_append_c(((Test *)data)->trace, 'a');
}

static void
note_b_and_cancel(gpointer data)
{
    Test *test = data;

    g_string_append_c(test->trace, 'b');
    clock_cancel(test->clock, &test->other);
    clock_after(test->clock, 0, note_a, test);
}

/* Timers stand still while the machine sleeps, and come late by the clock. */
static void
test_suspend(void)
{
    g_autoptr(Clock) clock = clock_new_fake();
    Test test = { .clock = clock, .trace = g_string_new(NULL) };
    int64_t start_ms = clock_now_ms(clock);

    clock_after(clock, 100, note_a, &test);
    clock_suspend(clock, 5000);
    g_assert_cmpint(clock_now_ms(clock), ==, start_ms + 5000);
    clock_advance(clock, 99);
    g_assert_cmpstr(test.trace->str, ==, "");
    clock_advance(clock, 1);
    g_assert_cmpstr(test.trace->str, ==, "a");
    g_string_free(test.trace, TRUE);
}

static void
test_fake(void)
{
    g_autoptr(Clock) clock = clock_new_fake();
    Test test = { .clock = clock, .trace = g_string_new(NULL) };
    int64_t start_ms = clock_now_ms(clock);

    clock_after(clock, 200, note_b_and_cancel, &test);
    clock_after(clock, 100, note_a, &test);
    test.other = clock_after(clock, 300, note_a, &test);
    clock_advance(clock, 99);
    g_assert_cmpstr(test.trace->str, ==, "");
    clock_advance(clock, 1);
    g_assert_cmpstr(test.trace->str, ==, "a");
    clock_advance(clock, 1000);
    g_assert_cmpstr(test.trace->str, ==, "aba"); /* the one at 300 was cancelled */
    g_assert_cmpint(clock_now_ms(clock) - start_ms, ==, 1100);
    g_assert_cmpuint(test.other, ==, 0);
    g_string_free(test.trace, TRUE);
}

static void
quit(gpointer data)
{
    g_main_loop_quit(data);
}

static void
test_real(void)
{
    g_autoptr(Clock) clock = clock_new();
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    int64_t start_ms = clock_now_ms(clock);

    clock_after(clock, 5, quit, loop);
    g_main_loop_run(loop);
    g_assert_cmpint(clock_now_ms(clock) - start_ms, >=, 4);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/clock/fake", test_fake);
    g_test_add_func("/base/clock/suspend", test_suspend);
    g_test_add_func("/base/clock/real", test_real);
    return g_test_run();
}
