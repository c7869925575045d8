/* post.c -- see post.h */
#include "base/post.h"

typedef struct {
    PostFunc func;
    gpointer data;
} Letter;

static gboolean
deliver(gpointer data)
{
    Letter *letter = data;

    letter->func(letter->data);
    return G_SOURCE_REMOVE;
}

void
post(GMainContext *context, PostFunc func, gpointer data)
{
    GSource *source = g_idle_source_new();
    Letter *letter = g_new(Letter, 1);

    *letter = (Letter){ func, data };
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, deliver, letter, g_free);
    g_source_attach(source, context);
    g_source_unref(source);
}
