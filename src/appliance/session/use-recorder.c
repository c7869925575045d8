/* use-recorder.c -- see use-recorder.h */
#include "appliance/session/use-recorder.h"

#include <string.h>

#define NOTE_EVERY_MS 60000           /* while it plays */
#define BEGUN_MS 30000                /* sooner nobody has begun */
#define LONG_MS (10 * 60 * 1000)      /* what is no film, but long, has a position too */
#define PLAYED_MS (4 * 60 * 1000)     /* it counts as played: so long, or half of it */

struct UseRecorder {
    Screens *screens;
    const Casts *casts;
    Library *library;
    GHashTable *plays; /* screen id -> Play */
    guint observer;
};

/* What plays on one screen. */
typedef struct {
    char *item_id;
    char *person; /* for whom it was cast; NULL: whoever */
    MediaKind kind;
    PlaybackState state;
    int64_t position_ms, noted_ms, duration_ms;
    bool is_counted, is_begun; /* as was noted last */
} Play;

static void
play_free(gpointer data)
{
    Play *play = data;

    g_free(play->item_id);
    g_free(play->person);
    g_free(play);
}

/* The item of the library that the screen has; the caller's, or NULL. */
static char *
item_on(const UseRecorder *recorder, const Screen *screen)
{
    const PlaybackMedia *media = screen->status.media;
    PlaybackState state = screen->status.state;

    if (media == NULL || media->kind == MEDIA_IMAGE ||
        (state != PLAYBACK_PLAYING && state != PLAYBACK_PAUSED && state != PLAYBACK_LOADING))
        return NULL;
    return casts_own_item(recorder->casts, media);
}

/* Where to go on with it: nowhere in a song, and not shortly after the beginning or at the end. */
static int64_t
kept_position(const Play *play)
{
    bool is_kept = play->kind == MEDIA_VIDEO || play->duration_ms >= LONG_MS;
    bool is_over = play->duration_ms > 0 &&
                   play->position_ms >= play->duration_ms - play->duration_ms / 20;

    return is_kept && play->position_ms >= BEGUN_MS && !is_over ? play->position_ms : 0;
}

static bool
is_played(const Play *play)
{
    return play->position_ms >= PLAYED_MS ||
           (play->duration_ms > 0 && play->position_ms >= play->duration_ms / 2);
}

static void
note(UseRecorder *recorder, Play *play, bool is_passing)
{
    LibraryUse use = LIBRARY_USE_NOTHING;
    bool was_begun = play->is_begun;

    use.person = play->person;
    use.position_ms = kept_position(play);
    play->is_begun = use.position_ms > 0;
    use.last_played_s = g_get_real_time() / G_USEC_PER_SEC;
    use.is_played_once_more = !play->is_counted && is_played(play);
    use.is_passing =
        is_passing && !use.is_played_once_more && was_begun == play->is_begun;
    play->is_counted = play->is_counted || use.is_played_once_more;
    play->noted_ms = play->position_ms;
    library_note_use(recorder->library, play->item_id, &use, NULL, NULL);
}

static void
end(UseRecorder *recorder, const char *screen_id)
{
    Play *play = g_hash_table_lookup(recorder->plays, screen_id);

    if (play == NULL)
        return;
    if (play->position_ms > 0)
        note(recorder, play, false);
    g_hash_table_remove(recorder->plays, screen_id);
}

static Play *
begin(UseRecorder *recorder, const char *screen_id, char *item_id)
{
    Play *play = g_new0(Play, 1);

    play->item_id = item_id;
    play->person = g_strdup(casts_person(recorder->casts, screen_id, item_id));
    g_hash_table_insert(recorder->plays, g_strdup(screen_id), play);
    return play;
}

static void
follow(UseRecorder *recorder, const Screen *screen)
{
    const PlaybackStatus *status = &screen->status;
    g_autofree char *item_id = item_on(recorder, screen);
    Play *play = g_hash_table_lookup(recorder->plays, screen->id);

    if (play != NULL && g_strcmp0(play->item_id, item_id) != 0) {
        end(recorder, screen->id);
        play = NULL;
    }
    if (item_id == NULL || status->state == PLAYBACK_LOADING)
        return; /* a position is not to be had of it */
    if (play == NULL)
        play = begin(recorder, screen->id, g_steal_pointer(&item_id));
    play->kind = status->media->kind;
    play->duration_ms = status->duration_ms != 0 ? status->duration_ms : status->media->duration_ms;
    play->position_ms = status->position_ms;
    bool is_paused = status->state == PLAYBACK_PAUSED && play->state == PLAYBACK_PLAYING;
    play->state = status->state;
    if (is_paused || (!play->is_counted && is_played(play)))
        note(recorder, play, false);
    else if (ABS(play->position_ms - play->noted_ms) >= NOTE_EVERY_MS)
        note(recorder, play, true);
}

static void
on_screen_event(gconstpointer data, gpointer user_data)
{
    const ScreensEvent *event = data;

    if (event->change == SCREENS_REMOVED)
        end(user_data, event->screen->id);
    else
        follow(user_data, event->screen);
}

UseRecorder *
use_recorder_new(Screens *screens, const Casts *casts, Library *library)
{
    UseRecorder *recorder = g_new(UseRecorder, 1);

    *recorder = (UseRecorder){
        .screens = screens,
        .casts = casts,
        .library = library,
        .plays = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, play_free),
    };
    recorder->observer = observers_add(screens_observers(screens), on_screen_event, recorder);
    return recorder;
}

void
use_recorder_free(UseRecorder *recorder)
{
    GHashTableIter iter;
    gpointer play;

    if (recorder == NULL)
        return;
    observers_remove(screens_observers(recorder->screens), recorder->observer);
    g_hash_table_iter_init(&iter, recorder->plays);
    while (g_hash_table_iter_next(&iter, NULL, &play))
        note(recorder, play, false);
    g_hash_table_unref(recorder->plays);
    g_free(recorder);
}
