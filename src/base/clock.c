/* clock.c -- see clock.h
 *
 * CLOCK_BOOTTIME counts while the machine is suspended, so that who asks for the time after a sleep
 * sees that a peer's life ran out. The timers are GLib's and stand still meanwhile: they come late
 * after a sleep, never early. */
#include "base/clock.h"

#include <stdbool.h>
#include <time.h>

typedef struct {
    guint id;
    int64_t due_ms;
    ClockFunc func;
    gpointer data;
    GSource *source; /* real clocks only */
    Clock *clock;    /* borrowed */
} Timer;

struct Clock {
    bool is_fake;
    int64_t fake_now_ms;
    guint last_id;
    GHashTable *timers; /* id -> Timer, owned */
    GMainContext *context;
};

static void
timer_free(gpointer data)
{
    Timer *timer = data;

    if (timer->source != NULL) {
        g_source_destroy(timer->source);
        g_source_unref(timer->source);
    }
    g_free(timer);
}

Clock *
clock_new(void)
{
    Clock *clock = g_new0(Clock, 1);

    clock->timers = g_hash_table_new_full(NULL, NULL, NULL, timer_free);
    clock->context = g_main_context_ref_thread_default();
    return clock;
}

Clock *
clock_new_fake(void)
{
    Clock *clock = clock_new();

    clock->is_fake = true;
    clock->fake_now_ms = 1000 * 1000;
    return clock;
}

void
clock_free(Clock *clock)
{
    if (clock == NULL)
        return;
    g_hash_table_unref(clock->timers);
    g_main_context_unref(clock->context);
    g_free(clock);
}

int64_t
clock_now_ms(Clock *clock)
{
    struct timespec now;

    if (clock->is_fake)
        return clock->fake_now_ms;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Takes the timer out of the clock first: its function may free the clock's other timers. */
static void
timer_run(Clock *clock, Timer *timer)
{
    ClockFunc func = timer->func;
    gpointer data = timer->data;

    g_hash_table_remove(clock->timers, GUINT_TO_POINTER(timer->id));
    func(data);
}

static gboolean
on_timeout(gpointer data)
{
    Timer *timer = data;

    timer_run(timer->clock, timer);
    return G_SOURCE_REMOVE;
}

guint
clock_after(Clock *clock, int64_t delay_ms, ClockFunc func, gpointer data)
{
    Timer *timer = g_new0(Timer, 1);
    int64_t delay = CLAMP(delay_ms, 0, (int64_t)G_MAXINT32);

    if (++clock->last_id == 0)
        ++clock->last_id;
    *timer = (Timer){ .id = clock->last_id, .due_ms = clock_now_ms(clock) + delay, .func = func,
                      .data = data, .clock = clock };
    if (!clock->is_fake) {
        timer->source = g_timeout_source_new((guint)delay);
        g_source_set_callback(timer->source, on_timeout, timer, NULL);
        g_source_attach(timer->source, clock->context);
    }
    g_hash_table_insert(clock->timers, GUINT_TO_POINTER(timer->id), timer);
    return timer->id;
}

void
clock_cancel(Clock *clock, guint *id)
{
    if (*id != 0)
        g_hash_table_remove(clock->timers, GUINT_TO_POINTER(*id));
    *id = 0;
}

/* The timer that falls due first, the older of two at the same time; NULL when none by then. */
static Timer *
next_due(Clock *clock, int64_t by_ms)
{
    GHashTableIter iter;
    gpointer value;
    Timer *next = NULL;

    g_hash_table_iter_init(&iter, clock->timers);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Timer *timer = value;
        if (timer->due_ms <= by_ms &&
            (next == NULL || timer->due_ms < next->due_ms ||
             (timer->due_ms == next->due_ms && timer->id < next->id)))
            next = timer;
    }
    return next;
}

void
clock_advance(Clock *clock, int64_t by_ms)
{
    int64_t until_ms = clock->fake_now_ms + by_ms;
    Timer *timer;

    g_assert(clock->is_fake);
    while ((timer = next_due(clock, until_ms)) != NULL) {
        clock->fake_now_ms = MAX(clock->fake_now_ms, timer->due_ms);
        timer_run(clock, timer);
    }
    clock->fake_now_ms = until_ms;
}

void
clock_suspend(Clock *clock, int64_t by_ms)
{
    GHashTableIter iter;
    gpointer value;

    g_assert(clock->is_fake);
    clock->fake_now_ms += by_ms;
    g_hash_table_iter_init(&iter, clock->timers);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        ((Timer *)value)->due_ms += by_ms;
}
