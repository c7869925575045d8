/* moderator.c -- see moderator.h */
#include "av/moderator.h"

void
moderator_init(Moderator *moderator, Clock *clock, int64_t interval_ms, ClockFunc tell,
               gpointer data)
{
    *moderator = (Moderator){
        .clock = clock, .interval_ms = interval_ms, .tell = tell, .data = data,
    };
}

void
moderator_clear(Moderator *moderator)
{
    clock_cancel(moderator->clock, &moderator->timer);
}

static void
tell(gpointer data)
{
    Moderator *moderator = data;

    moderator->timer = 0;
    moderator->quiet_until_ms = clock_now_ms(moderator->clock) + moderator->interval_ms;
    moderator->tell(moderator->data);
}

void
moderator_poke(Moderator *moderator)
{
    int64_t wait_ms = moderator->quiet_until_ms - clock_now_ms(moderator->clock);

    if (moderator->timer != 0)
        return;
    if (wait_ms <= 0)
        tell(moderator);
    else
        moderator->timer = clock_after(moderator->clock, wait_ms, tell, moderator);
}
