/* test-observers.c -- the list may change while it is being told */
#include "base/observers.h"

typedef struct {
    Observers *observers;
    GString *trace;
    guint victim;
} Test;

static void
note(gconstpointer event, gpointer user_data)
{
    g_string_append(((Test *)user_data)->trace, event);
}

static void
note_and_change(gconstpointer event, gpointer user_data)
{
    Test *test = user_data;

    g_string_append_printf(test->trace, "(%s)", (const char *)event);
    observers_remove(test->observers, test->victim);
    observers_add(test->observers, note, test);
}

static void
test_change_while_told(void)
{
    g_autoptr(Observers) observers = observers_new();
    Test test = { observers, g_string_new(NULL), 0 };

    guint first = observers_add(observers, note_and_change, &test);
    test.victim = observers_add(observers, note, &test);
    observers_notify(observers, "1");
    g_assert_cmpstr(test.trace->str, ==, "(1)");
    observers_remove(observers, first);
    observers_notify(observers, "2");
    g_assert_cmpstr(test.trace->str, ==, "(1)2");
    observers_remove(observers, 0);
    observers_remove(observers, 999);
    g_string_free(test.trace, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/observers/change-while-told", test_change_while_told);
    return g_test_run();
}
