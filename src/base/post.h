/* post.h -- the one way from another thread to the loop
 *
 * g_main_context_invoke() may run its function at once on the calling thread; post() never does. */
#pragma once

#include <glib.h>

typedef void (*PostFunc)(gpointer data);

/* Runs func(data) once on the thread that iterates context (NULL: the default one), after post()
 * has returned; posts of one thread run in order. Callable from any thread. */
void post(GMainContext *context, PostFunc func, gpointer data);
