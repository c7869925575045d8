/* wait.h -- the loop runs until something is so; what never comes ends the test */
#pragma once

#include <glib.h>

static inline gboolean
on_out_of_patience(gpointer data)
{
    g_test_message("not in time: %s", (const char *)data);
    g_assert_not_reached();
    return G_SOURCE_REMOVE;
}

#define WAIT_FOR(condition)                                                            \
    do {                                                                               \
        guint timer = g_timeout_add_seconds(60, on_out_of_patience, (char *)#condition); \
        while (!(condition))                                                           \
            g_main_context_iteration(NULL, TRUE);                                      \
        g_source_remove(timer);                                                        \
    } while (false)
