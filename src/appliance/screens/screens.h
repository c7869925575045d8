/* screens.h -- every screen there is, whichever way it was found
 *
 * Finders (appliance/screens/igrs-finder and its like) add and remove; casts, the API and the
 * command line find. Main loop only. */
#pragma once

#include "model/screen.h"

typedef struct Screens Screens;

typedef enum { SCREENS_ADDED, SCREENS_CHANGED, SCREENS_REMOVED } ScreensChange;

/* What observers are told. A removed screen is freed after they have been told. */
typedef struct {
    ScreensChange change;
    Screen *screen;
} ScreensEvent;

Screens         *screens_new(void);
void             screens_free(Screens *screens); /* and every screen in it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Screens, screens_free)

/* Takes screen over. One with the same id is removed first. One that is_beside another is in no
 * list, and found by its id alone. */
void             screens_add(Screens *screens, Screen *screen);
/* An id that is not there is ignored. */
void             screens_remove(Screens *screens, const char *id);
/* Screen, in the order they came; borrowed until the loop runs again. */
const GPtrArray *screens_list(const Screens *screens);
/* By id, by whole name or by a part of the name that only one has, names without regard to case.
 * DUO_ERROR_NOT_FOUND, DUO_ERROR_CONFLICT (several fit); the message names those there are. */
Screen          *screens_find(const Screens *screens, const char *name, GError **error);
/* What plays music beside a screen (NULL: none); borrowed. NULL: it plays one thing at a time. */
Screen          *screens_beside(const Screens *screens, const Screen *screen);
/* Event: a ScreensEvent. */
Observers       *screens_observers(Screens *screens);
