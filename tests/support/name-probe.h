/* name-probe.h -- test support: a Probe that reads no media but the file's first bytes
 *
 * The facts are the file's own text: "title=...\nartist=...\n" by the names of media_fields[]; a
 * file that begins with "broken" is unreadable. It counts what it was asked, and answers in
 * turn. */
#pragma once

#include "media-db/walker.h"
#include "model/probe.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    Probe probe;
    GQueue waiting; /* char *path, gpointer tag, in turn */
    char *text;
} NameProbe;

static gint name_probe_count; /* files asked for, of all probes */

static bool
name_probe_submit(Probe *probe, const char *path, gpointer tag)
{
    NameProbe *self = (NameProbe *)probe;

    if (g_queue_get_length(&self->waiting) >= 64)
        return false;
    g_queue_push_tail(&self->waiting, g_strdup(path));
    g_queue_push_tail(&self->waiting, tag);
    return true;
}

static bool
name_probe_collect(Probe *probe, int timeout_ms, ProbeResult *result)
{
    NameProbe *self = (NameProbe *)probe;
    g_autofree char *path = g_queue_pop_head(&self->waiting);
    MediaFacts facts = { .kind = MEDIA_AUDIO, .mime = "application/x-test" };

    if (path == NULL)
        return false;
    g_atomic_int_inc(&name_probe_count);
    *result = (ProbeResult){ .tag = g_queue_pop_head(&self->waiting) };
    g_clear_pointer(&self->text, g_free);
    if (!g_file_get_contents(path, &self->text, NULL, NULL) ||
        g_str_has_prefix(self->text, "broken")) {
        result->reason = "broken on purpose";
        return true;
    }
    walker_kind(path, &facts.kind);
    for (char *line = strtok(self->text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *value = strchr(line, '=');
        if (value == NULL)
            continue;
        *value++ = '\0';
        for (const MediaField *field = media_fields; field->name != NULL; field++) {
            if (strcmp(field->name, line) != 0)
                continue;
            if (field->type == MEDIA_FIELD_TEXT)
                media_field_set_text(&facts, field, value);
            else
                media_field_set_number(&facts, field, atoll(value));
        }
    }
    result->is_readable = true;
    result->facts = facts;
    return true;
}

static void
name_probe_free(Probe *probe)
{
    NameProbe *self = (NameProbe *)probe;

    g_assert_true(g_queue_is_empty(&self->waiting));
    g_free(self->text);
    g_free(self);
}

static Probe *
name_probe_new(gpointer data, GError **error)
{
    static const ProbeClass class = { name_probe_submit, name_probe_collect, name_probe_free };
    NameProbe *self = g_new0(NameProbe, 1);

    self->probe.class = &class;
    return &self->probe;
}
