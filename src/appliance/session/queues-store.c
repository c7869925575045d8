/* queues-store.c -- queues over a restart: a file each, named by its screen, written when it
 * changes */
#include "appliance/session/queues-room.h"

#include "base/text.h"

#include <errno.h>
#include <glib/gstdio.h>

#define KEPT_MAX 256            /* screens */
#define FILE_MAX_OCTETS (8 << 20)

QueueRun *
queues_run(Queues *queues, const char *screen_id)
{
    QueueRun *run = g_hash_table_lookup(queues->runs, screen_id);

    if (run != NULL)
        return run;
    run = g_new0(QueueRun, 1);
    run->queues = queues;
    run->screen_id = g_strdup(screen_id);
    run->queue = queue_new(g_random_int());
    g_hash_table_insert(queues->runs, run->screen_id, run);
    return run;
}

void
queues_run_free(gpointer data)
{
    QueueRun *run = data;

    clock_cancel(run->queues->clock, &run->picture_timer);
    clock_cancel(run->queues->clock, &run->patience);
    queue_free(run->queue);
    g_free(run->old_problem);
    g_free(run->shown);
    g_free(run->screen_id);
    g_free(run);
}

static char *
path_of(const QueueRun *run)
{
    g_autofree char *name = text_percent_encode(run->screen_id); /* "..", too, is no way out: */
    g_autofree char *file = g_strconcat(name, ".queue", NULL);

    return g_build_filename(run->queues->folder, file, NULL);
}

void
queues_save(const QueueRun *run)
{
    g_autofree char *path = path_of(run);
    g_autofree char *text = queue_encode(run->queue);
    g_autoptr(GError) error = NULL;

    if (queue_length(run->queue) == 0)
        g_unlink(path);
    else if (!g_file_set_contents(path, text, -1, &error))
        g_warning("the queue of a screen is not kept: %s", error->message);
}

static void
load(Queues *queues, const char *name)
{
    g_autofree char *path = g_build_filename(queues->folder, name, NULL);
    g_autofree char *encoded = g_strndup(name, strlen(name) - strlen(".queue"));
    g_autofree char *screen_id = text_percent_decode(encoded);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    GStatBuf status;

    if (screen_id == NULL || g_stat(path, &status) != 0 || status.st_size > FILE_MAX_OCTETS)
        return;
    Queue *queue = g_file_get_contents(path, &text, NULL, &error)
                       ? queue_decode(text, g_random_int(), &error) : NULL;
    if (queue == NULL) {
        g_warning("%s is left alone: %s", path, error->message);
        return;
    }
    QueueRun *run = queues_run(queues, screen_id);
    queue_free(run->queue);
    run->queue = queue;
    run->state = queue_current(queue) != NULL ? RUN_LOST : RUN_IDLE;
}

void
queues_load(Queues *queues)
{
    g_autoptr(GDir) folder = NULL;
    const char *name;

    if (g_mkdir_with_parents(queues->folder, 0700) != 0)
        g_warning("queues are not kept: %s: %s", queues->folder, g_strerror(errno));
    folder = g_dir_open(queues->folder, 0, NULL);
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL &&
           g_hash_table_size(queues->runs) < KEPT_MAX)
        if (g_str_has_suffix(name, ".queue"))
            load(queues, name);
}
