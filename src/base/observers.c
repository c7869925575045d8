/* observers.c -- see observers.h */
#include "base/observers.h"

#include <stdbool.h>

typedef struct {
    guint id; /* 0 when removed while being told */
    ObserverFunc func;
    gpointer user_data;
} Observer;

struct Observers {
    GArray *list; /* Observer */
    guint last_id;
    guint depth; /* how many notifications are under way */
    bool has_gaps;
};

Observers *
observers_new(void)
{
    Observers *observers = g_new0(Observers, 1);

    observers->list = g_array_new(FALSE, FALSE, sizeof(Observer));
    return observers;
}

void
observers_free(Observers *observers)
{
    if (observers == NULL)
        return;
    g_assert(observers->depth == 0);
    g_array_unref(observers->list);
    g_free(observers);
}

guint
observers_add(Observers *observers, ObserverFunc func, gpointer user_data)
{
    Observer observer = { ++observers->last_id, func, user_data };

    g_array_append_val(observers->list, observer);
    return observer.id;
}

static void
close_gaps(Observers *observers)
{
    for (guint i = observers->list->len; i > 0; i--)
        if (g_array_index(observers->list, Observer, i - 1).id == 0)
            g_array_remove_index(observers->list, i - 1);
    observers->has_gaps = false;
}

void
observers_remove(Observers *observers, guint id)
{
    for (guint i = 0; id != 0 && i < observers->list->len; i++) {
        Observer *observer = &g_array_index(observers->list, Observer, i);
        if (observer->id == id) {
            observer->id = 0;
            observers->has_gaps = true;
            break;
        }
    }
    if (observers->has_gaps && observers->depth == 0)
        close_gaps(observers);
}

void
observers_notify(Observers *observers, gconstpointer event)
{
    guint count = observers->list->len; /* those added from here on hear the next one */

    observers->depth++;
    for (guint i = 0; i < count; i++) {
        Observer observer = g_array_index(observers->list, Observer, i);
        if (observer.id != 0)
            observer.func(event, observer.user_data);
    }
    observers->depth--;
    if (observers->has_gaps && observers->depth == 0)
        close_gaps(observers);
}
