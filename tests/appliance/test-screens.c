/* test-screens.c -- what finds a screen, and what is said when nothing does */
#include "appliance/screens/screens.h"

#include "base/error.h"

#include <string.h>

static void
plain_free(Screen *screen)
{
    screen_clear(screen);
    g_free(screen);
}

static const ScreenClass plain_class = { .free = plain_free };

static Screen *
plain_new(const char *id, const char *name)
{
    Screen *screen = g_new0(Screen, 1);

    screen_init(screen, &plain_class, id, name, "local");
    return screen;
}

static void
test_find(void)
{
    static const struct {
        const char *wanted, *id; /* NULL: refused */
        int code;
    } cases[] = {
        { "a1", "a1", 0 },
        { "Living room", "a1", 0 },
        { "living ROOM", "a1", 0 },
        { "kit", "b2", 0 },
        { "客", "d4", 0 },
        { "Kitchen", "b2", 0 }, /* the whole name goes before "Kitchen radio" */
        { "room", NULL, DUO_ERROR_CONFLICT },
        { "attic", NULL, DUO_ERROR_NOT_FOUND },
        { "", NULL, DUO_ERROR_NOT_FOUND },
    };
    g_autoptr(Screens) screens = screens_new();

    screens_add(screens, plain_new("a1", "Living room"));
    screens_add(screens, plain_new("b2", "Kitchen"));
    screens_add(screens, plain_new("c3", "Bedroom"));
    screens_add(screens, plain_new("d4", "客厅"));
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        Screen *screen = screens_find(screens, cases[i].wanted, &error);
        if (cases[i].id != NULL) {
            g_assert_no_error(error);
            g_assert_cmpstr(screen->id, ==, cases[i].id);
        } else {
            g_assert_null(screen);
            g_assert_error(error, DUO_ERROR, cases[i].code);
            g_assert_nonnull(strstr(error->message, "Bedroom")); /* names what there is */
        }
    }
    screens_add(screens, plain_new("e5", "Kitchen radio"));
    g_assert_cmpstr(screens_find(screens, "kitchen", NULL)->id, ==, "b2");
    g_autoptr(GError) error = NULL;
    g_assert_null(screens_find(screens, "kitch", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
    g_assert_null(strstr(error->message, "Bedroom"));
}

static void
test_none(void)
{
    g_autoptr(Screens) screens = screens_new();
    g_autoptr(GError) error = NULL;

    g_assert_null(screens_find(screens, "tv", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "duoping-tv")); /* the way out */
}

static void
on_event(gconstpointer data, gpointer user_data)
{
    const ScreensEvent *event = data;

    g_string_append_printf(user_data, "%c%s ", "+~-"[event->change], event->screen->id);
}

static void
test_events(void)
{
    g_autoptr(Screens) screens = screens_new();
    g_autoptr(GString) told = g_string_new(NULL);

    observers_add(screens_observers(screens), on_event, told);
    screens_add(screens, plain_new("a", "A"));
    screens_add(screens, plain_new("b", "B"));
    screen_set_status(screens_find(screens, "a", NULL), &(PlaybackStatus){ .volume = 5 });
    screen_set_status(screens_find(screens, "a", NULL),
                      &(PlaybackStatus){ .volume = 5 }); /* the same */
    screens_remove(screens, "a");
    screens_remove(screens, "a");
    screens_add(screens, plain_new("b", "B again"));
    g_assert_cmpstr(told->str, ==, "+a +b ~a -a -b +b ");
    g_assert_cmpuint(screens_list(screens)->len, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/screens/find", test_find);
    g_test_add_func("/screens/none", test_none);
    g_test_add_func("/screens/events", test_events);
    return g_test_run();
}
