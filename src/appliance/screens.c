/* screens.c -- see screens.h */
#include "appliance/screens.h"

#include "base/error.h"

#include <string.h>

#define NAMES_IN_MESSAGE_MAX 8

struct Screens {
    GPtrArray *list; /* Screen, owned */
    Observers *observers;
};

Screens *
screens_new(void)
{
    Screens *screens = g_new0(Screens, 1);

    screens->list = g_ptr_array_new();
    screens->observers = observers_new();
    return screens;
}

void
screens_free(Screens *screens)
{
    if (screens == NULL)
        return;
    for (guint i = 0; i < screens->list->len; i++)
        screen_free(screens->list->pdata[i]);
    g_ptr_array_unref(screens->list);
    observers_free(screens->observers);
    g_free(screens);
}

static void
tell(Screens *screens, ScreensChange change, Screen *screen)
{
    observers_notify(screens->observers, &(ScreensEvent){ change, screen });
}

static void
on_screen_changed(gconstpointer event, gpointer user_data)
{
    tell(user_data, SCREENS_CHANGED, (Screen *)event);
}

static Screen *
find_by_id(const Screens *screens, const char *id)
{
    for (guint i = 0; i < screens->list->len; i++) {
        Screen *screen = screens->list->pdata[i];
        if (strcmp(screen->id, id) == 0)
            return screen;
    }
    return NULL;
}

void
screens_add(Screens *screens, Screen *screen)
{
    screens_remove(screens, screen->id);
    g_ptr_array_add(screens->list, screen);
    observers_add(screen->observers, on_screen_changed, screens);
    tell(screens, SCREENS_ADDED, screen);
}

void
screens_remove(Screens *screens, const char *id)
{
    Screen *screen = find_by_id(screens, id);

    if (screen == NULL)
        return;
    g_ptr_array_remove(screens->list, screen);
    tell(screens, SCREENS_REMOVED, screen);
    screen_free(screen);
}

const GPtrArray *
screens_list(const Screens *screens)
{
    return screens->list;
}

/* How well wanted (case folded) fits a screen's name. */
static int
fit(const Screen *screen, const char *wanted)
{
    g_autofree char *name = g_utf8_casefold(screen->name, -1);

    if (strcmp(name, wanted) == 0)
        return 2;
    return strstr(name, wanted) != NULL ? 1 : 0;
}

static char *
join_names(const GPtrArray *list)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < list->len && i < NAMES_IN_MESSAGE_MAX; i++) {
        const Screen *screen = list->pdata[i];
        g_string_append_printf(names, "%s“%s” (%s)", i == 0 ? "" : ", ", screen->name, screen->id);
    }
    if (list->len > NAMES_IN_MESSAGE_MAX)
        g_string_append_printf(names, " and %u more", list->len - NAMES_IN_MESSAGE_MAX);
    return g_string_free(g_steal_pointer(&names), FALSE);
}

static Screen *
refuse(const Screens *screens, const char *name, const GPtrArray *fitting, GError **error)
{
    if (fitting->len > 1) {
        g_autofree char *names = join_names(fitting);
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "“%s” could be any of %s: say more of the name, or the id", name, names);
    } else if (screens->list->len == 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                    "there is no screen “%s”, nor any other: start duoping-tv on a television or "
                    "another computer of this network", name);
    } else {
        g_autofree char *names = join_names(screens->list);
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no screen “%s”; there is %s",
                    name, names);
    }
    return NULL;
}

Screen *
screens_find(const Screens *screens, const char *name, GError **error)
{
    g_autofree char *wanted = g_utf8_casefold(name, -1);
    g_autoptr(GPtrArray) fitting = g_ptr_array_new();
    Screen *screen = find_by_id(screens, name);
    int best = 1;

    if (screen != NULL)
        return screen;
    for (guint i = 0; i < screens->list->len && *wanted != '\0'; i++) {
        int how_well = fit(screens->list->pdata[i], wanted);
        if (how_well > best)
            g_ptr_array_set_size(fitting, 0);
        best = MAX(best, how_well);
        if (how_well == best)
            g_ptr_array_add(fitting, screens->list->pdata[i]);
    }
    return fitting->len == 1 ? fitting->pdata[0] : refuse(screens, name, fitting, error);
}

Observers *
screens_observers(Screens *screens)
{
    return screens->observers;
}
