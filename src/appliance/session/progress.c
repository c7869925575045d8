/* progress.c -- see progress.h */
#include "appliance/session/progress.h"

#define LEAD_MS 400 /* of a screen not seen before */
#define LEAD_MAX_MS 5000

/* What a screen said last, and when. */
typedef struct {
    PlaybackState state;
    int64_t position_ms, seen_ms;
    int64_t lead_ms;
} Seen;

struct Progress {
    Clock *clock;
    GHashTable *seen; /* screen id -> Seen */
};

Progress *
progress_new(Clock *clock)
{
    Progress *progress = g_new(Progress, 1);

    *progress = (Progress){ clock,
                            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };
    return progress;
}

void
progress_free(Progress *progress)
{
    if (progress == NULL)
        return;
    g_hash_table_unref(progress->seen);
    g_free(progress);
}

static Seen *
seen_of(Progress *progress, const Screen *screen)
{
    Seen *seen = g_hash_table_lookup(progress->seen, screen->id);

    if (seen == NULL) {
        seen = g_new0(Seen, 1);
        seen->lead_ms = LEAD_MS;
        g_hash_table_insert(progress->seen, g_strdup(screen->id), seen);
    }
    return seen;
}

void
progress_take_notice(Progress *progress, const Screen *screen)
{
    Seen *seen = seen_of(progress, screen);
    const PlaybackStatus *status = &screen->status;

    if (seen->state == status->state && seen->position_ms == status->position_ms)
        return;
    seen->state = status->state;
    seen->position_ms = status->position_ms;
    seen->seen_ms = clock_now_ms(progress->clock);
}

int64_t
progress_position_ms(Progress *progress, const Screen *screen)
{
    const Seen *seen = seen_of(progress, screen);
    bool is_moving = screen->status.state == PLAYBACK_PLAYING && seen->seen_ms != 0;
    int64_t gone_ms = is_moving ? clock_now_ms(progress->clock) - seen->seen_ms : 0;
    int64_t position_ms = screen->status.position_ms + gone_ms;

    return screen->status.duration_ms > 0 ? MIN(position_ms, screen->status.duration_ms)
                                          : position_ms;
}

int64_t
progress_lead_ms(Progress *progress, const Screen *screen)
{
    return seen_of(progress, screen)->lead_ms;
}

void
progress_learn_lead(Progress *progress, const Screen *screen, int64_t lead_ms)
{
    Seen *seen = seen_of(progress, screen);

    seen->lead_ms = CLAMP((seen->lead_ms + lead_ms) / 2, 0, LEAD_MAX_MS);
}
