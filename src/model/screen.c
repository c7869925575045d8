/* screen.c -- what every screen has in common; see screen.h */
#include "model/screen.h"

#include "base/error.h"
#include "model/service.h"

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
    g_free(screen->model);
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

bool
screen_hands_over(const Screen *screen)
{
    return screen->class->hands_over != NULL && screen->class->hands_over(screen);
}

void
screen_offer(Screen *screen, GCancellable *cancellable, ScreenOffered offered, gpointer user_data)
{
    screen->class->offer(screen, cancellable, offered, user_data);
}

void
screen_look(Screen *screen)
{
    if (screen->class->look != NULL)
        screen->class->look(screen);
}

int64_t
screen_position_ms(Screen *screen)
{
    return screen->class->position_ms != NULL ? screen->class->position_ms(screen)
                                              : screen->status.position_ms;
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

/* What a device's refusal means to whoever commanded (AVTransport:1, 2.4). */
static const struct {
    int code;
    DuoError error;
} refusals[] = {
    { 701, DUO_ERROR_CONFLICT },    /* transition not available */
    { 702, DUO_ERROR_NOT_FOUND },   /* no contents */
    { 703, DUO_ERROR_INVALID },     /* read error */
    { 704, DUO_ERROR_UNSUPPORTED }, /* format */
    { 705, DUO_ERROR_BUSY },        /* locked */
    { 710, DUO_ERROR_UNSUPPORTED }, /* seek mode */
    { 711, DUO_ERROR_INVALID },     /* seek target */
    { 714, DUO_ERROR_UNSUPPORTED }, /* MIME type */
    { 715, DUO_ERROR_BUSY },        /* content busy */
    { 716, DUO_ERROR_NOT_FOUND },   /* resource not found */
};

GError *
screen_refusal(const GError *error)
{
    if (error->domain != SERVICE_ERROR)
        return g_error_copy(error);
    for (guint i = 0; i < G_N_ELEMENTS(refusals); i++)
        if (refusals[i].code == error->code)
            return g_error_new_literal(DUO_ERROR, refusals[i].error, error->message);
    return g_error_new_literal(DUO_ERROR, DUO_ERROR_FAILED, error->message);
}

bool
screen_lesson(const Screen *screen, guint index, ScreenLesson *lesson)
{
    return screen->class->lesson != NULL && screen->class->lesson(screen, index, lesson);
}
