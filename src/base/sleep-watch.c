/* sleep-watch.c -- see sleep-watch.h */
#include "base/sleep-watch.h"

#include <stdbool.h>

#define LOOK_MS (5 * 1000)
#define SLEPT_MS (10 * 1000) /* a busy machine is late, too */

struct SleepWatch {
    Clock *clock; /* borrowed */
    ClockFunc woke;
    gpointer data;
    int64_t looked_ms;
    guint timer;
};

static void
look(gpointer data)
{
    SleepWatch *watch = data;
    int64_t now_ms = clock_now_ms(watch->clock);
    bool has_slept = now_ms - watch->looked_ms > LOOK_MS + SLEPT_MS;

    watch->looked_ms = now_ms;
    watch->timer = clock_after(watch->clock, LOOK_MS, look, watch);
    if (has_slept)
        watch->woke(watch->data);
}

SleepWatch *
sleep_watch_new(Clock *clock, ClockFunc woke, gpointer data)
{
    SleepWatch *watch = g_new(SleepWatch, 1);

    *watch = (SleepWatch){ clock, woke, data, clock_now_ms(clock), 0 };
    watch->timer = clock_after(clock, LOOK_MS, look, watch);
    return watch;
}

void
sleep_watch_free(SleepWatch *watch)
{
    if (watch == NULL)
        return;
    clock_cancel(watch->clock, &watch->timer);
    g_free(watch);
}
