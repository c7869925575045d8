/* log.c -- see log.h */
#include "base/log.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    GLogLevelFlags flag;
} levels[] = {
    { "error", G_LOG_LEVEL_CRITICAL },  { "warning", G_LOG_LEVEL_WARNING },
    { "message", G_LOG_LEVEL_MESSAGE }, { "info", G_LOG_LEVEL_INFO },
    { "debug", G_LOG_LEVEL_DEBUG },
};

/* Written once by log_start(), before any thread is there; GLib's log is global itself. */
static GLogLevelFlags least_flag = G_LOG_LEVEL_MESSAGE;
static bool to_journal;

/* For people who see no journal. Any thread logs; one lock. */
static struct {
    GMutex lock;
    char *lines[LOG_RECENT_MAX];
    guint count; /* of all that were ever kept */
} recent;

/* Takes line over. */
static void
keep(char *line)
{
    g_mutex_lock(&recent.lock);
    char **place = &recent.lines[recent.count++ % LOG_RECENT_MAX];
    char *former = g_steal_pointer(place);
    *place = line;
    g_mutex_unlock(&recent.lock);
    g_free(former);
}

char **
log_recent(void)
{
    g_autoptr(GStrvBuilder) lines = g_strv_builder_new();

    g_mutex_lock(&recent.lock);
    for (guint i = MAX(recent.count, LOG_RECENT_MAX) - LOG_RECENT_MAX; i < recent.count; i++)
        g_strv_builder_add(lines, recent.lines[i % LOG_RECENT_MAX]);
    g_mutex_unlock(&recent.lock);
    return g_strv_builder_end(lines);
}

static const char *
level_name(GLogLevelFlags flags)
{
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++)
        if (flags & levels[i].flag)
            return levels[i].name;
    return "error"; /* G_LOG_LEVEL_ERROR, which ends the program */
}

static const char *
field(const GLogField *fields, gsize count, const char *key)
{
    for (gsize i = 0; i < count; i++)
        if (strcmp(fields[i].key, key) == 0 && fields[i].length == -1)
            return fields[i].value;
    return NULL;
}

static GLogWriterOutput
write_log(GLogLevelFlags flags, const GLogField *fields, gsize count, gpointer data)
{
    /* GLib's levels grow as importance falls. */
    if ((flags & G_LOG_LEVEL_MASK) > least_flag)
        return G_LOG_WRITER_HANDLED;

    const char *room = field(fields, count, "GLIB_DOMAIN");
    const char *message = field(fields, count, "MESSAGE");
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *day = g_date_time_format(now, "%Y-%m-%dT");
    g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
    g_autofree char *line =
        g_strdup_printf("%s.%03d %-7s %s: %s", time, g_date_time_get_microsecond(now) / 1000,
                        level_name(flags), room != NULL ? room : "-",
                        message != NULL ? message : "");

    keep(g_strconcat(day, line, NULL));
    if (!to_journal || g_log_writer_journald(flags, fields, count, data) != G_LOG_WRITER_HANDLED)
        fprintf(stderr, "%s\n", line);
    return G_LOG_WRITER_HANDLED;
}

bool
log_start(const char *level)
{
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
        if (strcmp(levels[i].name, level) == 0) {
            least_flag = levels[i].flag;
            to_journal = g_log_writer_is_journald(fileno(stderr));
            g_log_set_writer_func(write_log, NULL, NULL);
            return true;
        }
    }
    return false;
}

const char *
log_levels(void)
{
    return "error, warning, message, info, debug";
}
