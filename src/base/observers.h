/* observers.h -- who wants to know
 *
 * A list of functions that are told of each event, in the order they were added. An observer may
 * remove itself or others, or add some, while it is told; one added then hears from the next event
 * on. For the main loop only. */
#pragma once

#include <glib.h>

typedef struct Observers Observers;
typedef void (*ObserverFunc)(gconstpointer event, gpointer user_data);

Observers *observers_new(void);
void       observers_free(Observers *observers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Observers, observers_free)

/* Returns an id for observers_remove(), never 0; user_data is borrowed. */
guint      observers_add(Observers *observers, ObserverFunc func, gpointer user_data);
/* An id of 0, or one that is gone, is ignored. */
void       observers_remove(Observers *observers, guint id);
void       observers_notify(Observers *observers, gconstpointer event);
