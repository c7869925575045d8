/* screen.c -- what every screen has in common; see screen.h */
#include "model/screen.h"

void
screen_init(Screen *screen, const ScreenClass *class, const char *id, const char *name,
            const char *kind)
{
    *screen = (Screen){ .class = class, .id = g_strdup(id), .name = g_strdup(name), .kind = kind };
    screen->observers = observers_new();
}

void
screen_clear(Screen *screen)
{
    g_free(screen->id);
    g_free(screen->name);
    g_free(screen->address);
    g_free(screen->sink_protocols);
    playback_status_clear(&screen->status);
    observers_free(screen->observers);
}

void
screen_free(Screen *screen)
{
    if (screen != NULL)
        screen->class->free(screen);
}

void
screen_command(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
               ScreenDone done, gpointer user_data)
{
    g_assert(command->verb < SCREEN_VERB_N && command->position_ms >= 0);
    g_assert(command->verb != SCREEN_VOLUME || (command->volume >= 0 && command->volume <= 100));
    g_assert(command->verb != SCREEN_OPEN || command->media != NULL);
    screen->class->command(screen, command, cancellable, done, user_data);
}

void
screen_set_status(Screen *screen, PlaybackStatus *status)
{
    bool is_changed = !playback_status_equal(&screen->status, status);

    playback_status_clear(&screen->status);
    screen->status = *status;
    *status = (PlaybackStatus){ 0 };
    if (is_changed)
        observers_notify(screen->observers, screen);
}
