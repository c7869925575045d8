/* screens.c -- see screens.h */
#include "appliance/screens/screens.h"

#include "appliance/library/naming.h"

#include <string.h>

struct Screens {
    GPtrArray *list;   /* Screen, owned */
    GPtrArray *beside; /* the same, those that play beside one of the list */
    Observers *observers;
};

Screens *
screens_new(void)
{
    Screens *screens = g_new0(Screens, 1);

    screens->list = g_ptr_array_new();
    screens->beside = g_ptr_array_new();
    screens->observers = observers_new();
    return screens;
}

static void
free_each(gpointer screen, gpointer user_data G_GNUC_UNUSED)
{
    screen_free(screen);
}

void
screens_free(Screens *screens)
{
    if (screens == NULL)
        return;
    g_ptr_array_foreach(screens->list, free_each, NULL);
    g_ptr_array_foreach(screens->beside, free_each, NULL);
    g_ptr_array_unref(screens->list);
    g_ptr_array_unref(screens->beside);
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
find_in(const GPtrArray *list, const char *id)
{
    for (guint i = 0; i < list->len; i++) {
        Screen *screen = list->pdata[i];
        if (strcmp(screen->id, id) == 0)
            return screen;
    }
    return NULL;
}

static Screen *
find_by_id(const Screens *screens, const char *id)
{
    Screen *screen = find_in(screens->list, id);

    return screen != NULL ? screen : find_in(screens->beside, id);
}

static GPtrArray *
list_of(const Screens *screens, const Screen *screen)
{
    return screen->is_beside ? screens->beside : screens->list;
}

/* When the commands of the one that goes are answered, the one that comes is there. */
void
screens_add(Screens *screens, Screen *screen)
{
    Screen *before = find_by_id(screens, screen->id);

    if (before != NULL)
        g_ptr_array_remove(list_of(screens, before), before);
    g_ptr_array_add(list_of(screens, screen), screen);
    observers_add(screen->observers, on_screen_changed, screens);
    if (before != NULL)
        tell(screens, SCREENS_REMOVED, before);
    tell(screens, SCREENS_ADDED, screen);
    screen_free(before);
}

void
screens_remove(Screens *screens, const char *id)
{
    Screen *screen = find_by_id(screens, id);

    if (screen == NULL)
        return;
    g_ptr_array_remove(list_of(screens, screen), screen);
    tell(screens, SCREENS_REMOVED, screen);
    screen_free(screen);
}

const GPtrArray *
screens_list(const Screens *screens)
{
    return screens->list;
}

static void
show_name(gconstpointer thing, const char **id, const char **name)
{
    const Screen *screen = thing;

    *id = screen->id;
    *name = screen->name;
}

Screen *
screens_find(const Screens *screens, const char *name, GError **error)
{
    static const Naming naming = {
        show_name, "screen", "start duoping-tv on a television or another computer of this network",
    };

    Screen *beside = name != NULL ? find_in(screens->beside, name) : NULL;
    return beside != NULL ? beside : naming_find(&naming, screens->list, name, error);
}

Screen *
screens_beside(const Screens *screens, const Screen *screen)
{
    g_autofree char *id = screen != NULL ? g_strconcat(screen->id, SCREEN_MUSIC, NULL) : NULL;

    return id != NULL ? find_in(screens->beside, id) : NULL;
}

Observers *
screens_observers(Screens *screens)
{
    return screens->observers;
}
