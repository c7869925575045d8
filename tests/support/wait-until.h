/* wait-until.h -- the loop is turned until something is so; a minute at most, then the test
 * fails */
#pragma once

#include <glib.h>
#include <stdbool.h>

static inline gboolean
wait_until_late(gpointer is_late)
{
    *(bool *)is_late = true;
    return G_SOURCE_CONTINUE;
}

static inline gboolean
wait_until_tick(gpointer data)
{
    return G_SOURCE_CONTINUE;
}

/* is_so is looked at after every turn, and every few milliseconds: other threads may make it so. */
#define WAIT_UNTIL(is_so)                                                                 \
    G_STMT_START                                                                          \
    {                                                                                     \
        bool is_late_ = false, has_come_ = false;                                         \
        guint alarm_ = g_timeout_add_seconds(60, wait_until_late, &is_late_);             \
        guint tick_ = g_timeout_add(5, wait_until_tick, NULL);                            \
        while (!(has_come_ = (is_so)) && !is_late_)                                       \
            g_main_context_iteration(NULL, TRUE);                                         \
        g_source_remove(alarm_);                                                          \
        g_source_remove(tick_);                                                           \
        if (!has_come_)                                                                   \
            g_assertion_message_expr(G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, #is_so); \
    }                                                                                     \
    G_STMT_END
