/* clock.h -- time, and things to do later
 *
 * Everything that waits takes a Clock, so that a test turns the hands itself and never sleeps. The
 * real clock's timers run on the main context that was the thread default when it was made. */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct Clock Clock;
typedef void (*ClockFunc)(gpointer data);

Clock  *clock_new(void);
/* A clock that stands still at 1000 s until clock_advance(). */
Clock  *clock_new_fake(void);
void    clock_free(Clock *clock); /* forgets every timer */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clock, clock_free)

/* Milliseconds since an arbitrary start; goes on while the machine sleeps, is never set back. */
int64_t clock_now_ms(Clock *clock);

/* Calls func(data) once, delay_ms from now, on the loop. Returns an id, never 0. */
guint   clock_after(Clock *clock, int64_t delay_ms, ClockFunc func, gpointer data);
/* Cancels what has not run yet and sets *id to 0; a *id of 0 is ignored. */
void    clock_cancel(Clock *clock, guint *id);

/* Fake clocks only: moves the hands, running what falls due on the way, in order. */
void    clock_advance(Clock *clock, int64_t by_ms);
/* Fake clocks only: the machine is suspended. The hands move, the timers stand still. */
void    clock_suspend(Clock *clock, int64_t by_ms);
