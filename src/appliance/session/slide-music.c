/* slide-music.c -- see slide-music.h */
#include "appliance/session/slide-music.h"

#include <string.h>

struct SlideMusic {
    Screens *screens; /* borrowed, as is the next */
    Queues *queues;
    GHashTable *begun; /* a set of ids of screens whose pictures have had their music begun */
    guint screen_observer, queue_observer;
};

static void
ignore_done(Screen *screen G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
            gpointer user_data G_GNUC_UNUSED)
{
}

static void
on_begun(const Cast *cast G_GNUC_UNUSED, const GError *error, gpointer user_data G_GNUC_UNUSED)
{
    if (error != NULL)
        g_message("pictures go without their music: %s", error->message);
}

/* Where it was left, or from the beginning; one that outlived the server goes on. */
static void
begin(SlideMusic *music, const Screen *screen, const Screen *beside)
{
    const Queue *queue = queues_get(music->queues, beside->id);
    const QueueEntry *entry = queue_current(queue) != NULL ? queue_current(queue)
                                                           : queue_peek(queue, QUEUE_NEXT);

    if (entry == NULL)
        return;
    g_hash_table_add(music->begun, g_strdup(screen->id));
    if (!queues_is_busy(music->queues, beside->id))
        queues_play(music->queues, beside->id, entry->id, on_begun, NULL);
}

static void
end(SlideMusic *music, const Screen *screen, Screen *beside)
{
    if (!g_hash_table_remove(music->begun, screen->id))
        return;
    queues_hold(music->queues, beside->id);
    screen_command(beside, &(ScreenCommand){ .verb = SCREEN_STOP }, NULL, ignore_done, NULL);
}

static void
tell(Screen *beside, PlaybackState when, ScreenVerb verb)
{
    if (beside->status.state == when)
        screen_command(beside, &(ScreenCommand){ .verb = verb }, NULL, ignore_done, NULL);
}

/* Between two pictures nothing is shown for a moment: the queue knows that it goes on. */
static void
look(SlideMusic *music, const Screen *screen)
{
    Screen *beside = screens_beside(music->screens, screen);
    const QueueEntry *entry = queue_current(queues_get(music->queues, screen->id));

    if (beside == NULL)
        return;
    bool is_shown = queues_is_busy(music->queues, screen->id) && entry != NULL &&
                    entry->kind == MEDIA_IMAGE;
    bool is_begun = g_hash_table_contains(music->begun, screen->id);
    if (!is_shown)
        end(music, screen, beside);
    else if (!is_begun)
        begin(music, screen, beside);
    else if (screen->status.state == PLAYBACK_PAUSED)
        tell(beside, PLAYBACK_PLAYING, SCREEN_PAUSE);
    else if (screen->status.state == PLAYBACK_PLAYING)
        tell(beside, PLAYBACK_PAUSED, SCREEN_PLAY);
}

static void
on_screens_event(gconstpointer data, gpointer user_data)
{
    const ScreensEvent *event = data;
    SlideMusic *music = user_data;

    if (event->change == SCREENS_REMOVED)
        g_hash_table_remove(music->begun, event->screen->id);
    else if (!event->screen->is_beside)
        look(music, event->screen);
}

/* Of the pictures' queue, or of the music's. */
static void
on_queues_event(gconstpointer data, gpointer user_data)
{
    const QueuesEvent *event = data;
    SlideMusic *music = user_data;
    g_autofree char *id = g_strdup(event->screen_id);

    if (g_str_has_suffix(id, SCREEN_MUSIC))
        id[strlen(id) - strlen(SCREEN_MUSIC)] = '\0';
    const Screen *screen = screens_find(music->screens, id, NULL);
    if (screen != NULL)
        look(music, screen);
}

SlideMusic *
slide_music_new(Screens *screens, Queues *queues)
{
    SlideMusic *music = g_new(SlideMusic, 1);

    *music = (SlideMusic){ screens, queues, g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                                  NULL), 0, 0 };
    music->screen_observer =
        observers_add(screens_observers(screens), on_screens_event, music);
    music->queue_observer = observers_add(queues_observers(queues), on_queues_event, music);
    return music;
}

void
slide_music_free(SlideMusic *music)
{
    if (music == NULL)
        return;
    observers_remove(screens_observers(music->screens), music->screen_observer);
    observers_remove(queues_observers(music->queues), music->queue_observer);
    g_hash_table_unref(music->begun);
    g_free(music);
}
