/* settings.c -- see settings.h; the format is GLib's key file (Desktop Entry Specification)
 *
 * Own line reader: GKeyFile does not tell the line of a key, and people need it. */
#include "base/settings.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define FILE_SIZE_MAX (1024 * 1024)

typedef struct {
    char *text;  /* NULL: not set */
    int64_t number;
    char **list; /* SETTING_LIST: never NULL */
    char *origin; /* NULL: built in */
} Value;

struct Settings {
    const SettingRow *rows; /* borrowed */
    guint row_count;
    Value *values; /* one a row */
    GPtrArray *warnings;
};

static void
value_clear(Value *value)
{
    g_free(value->text);
    g_strfreev(value->list);
    g_free(value->origin);
    *value = (Value){ 0 };
}

static void
values_free(Value *values, guint count)
{
    for (guint i = 0; i < count; i++)
        value_clear(&values[i]);
    g_free(values);
}

static bool
flag_from_text(const char *text, int64_t *flag)
{
    static const char *const words[2][5] = { { "false", "no", "off", "0", NULL },
                                             { "true", "yes", "on", "1", NULL } };

    for (int i = 0; i < 2; i++) {
        if (g_strv_contains(words[i], text)) {
            *flag = i;
            return true;
        }
    }
    return false;
}

static char **
list_from_text(const char *text)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit(text == NULL ? "" : text, ";", -1);

    for (char **part = parts; *part != NULL; part++) {
        g_strstrip(*part);
        if (**part != '\0')
            g_strv_builder_add(builder, *part);
    }
    return g_strv_builder_end(builder);
}

/* where names the place for people: "FILE:LINE" or an option; NULL: built in. */
static bool
value_parse(const SettingRow *row, const char *text, const char *where, Value *value,
            GError **error)
{
    Value parsed = { 0 };

    if (text != NULL && !g_utf8_validate(text, -1, NULL)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: %s is not UTF-8", where, row->key);
        return false;
    }
    if (row->type == SETTING_NUMBER && text != NULL &&
        !text_to_i64(text, row->min, row->max, &parsed.number)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "%s: %s=%s: a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                    " is needed", where, row->key, text, row->min, row->max);
        return false;
    }
    if (row->type == SETTING_FLAG && text != NULL && !flag_from_text(text, &parsed.number)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: %s=%s: true or false is needed",
                    where, row->key, text);
        return false;
    }
    parsed.text = g_strdup(text);
    parsed.origin = g_strdup(where);
    if (row->type == SETTING_LIST)
        parsed.list = list_from_text(text);
    value_clear(value);
    *value = parsed;
    return true;
}

static const SettingRow *
find_row(const Settings *settings, const char *group, const char *key)
{
    for (const SettingRow *row = settings->rows; row->group != NULL; row++)
        if (strcmp(row->group, group) == 0 && (key == NULL || strcmp(row->key, key) == 0))
            return row;
    return NULL;
}

Settings *
settings_new(const SettingRow *rows)
{
    Settings *settings = g_new0(Settings, 1);

    settings->rows = rows;
    while (rows[settings->row_count].group != NULL)
        settings->row_count++;
    settings->values = g_new0(Value, settings->row_count);
    for (guint i = 0; i < settings->row_count; i++) {
        bool is_good = value_parse(&rows[i], rows[i].fallback, NULL, &settings->values[i], NULL);
        g_assert(is_good);
    }
    settings->warnings = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(settings->warnings, NULL);
    return settings;
}

void
settings_free(Settings *settings)
{
    if (settings == NULL)
        return;
    values_free(settings->values, settings->row_count);
    g_ptr_array_unref(settings->warnings);
    g_free(settings);
}

static Value *
values_copy(const Settings *settings)
{
    Value *copy = g_new0(Value, settings->row_count);

    for (guint i = 0; i < settings->row_count; i++)
        copy[i] = (Value){ g_strdup(settings->values[i].text), settings->values[i].number,
                           g_strdupv(settings->values[i].list),
                           g_strdup(settings->values[i].origin) };
    return copy;
}

/* One line of the file; group is the one in force and may change. Warnings are added to
 * warnings. */
static bool
read_line(const Settings *settings, char *line, const char *where, char **group, Value *values,
          GPtrArray *warnings, GError **error)
{
    g_strstrip(line);
    size_t length = strlen(line);
    if (length == 0 || *line == '#')
        return true;
    if (*line == '[' && line[length - 1] == ']') {
        g_free(*group);
        *group = g_strndup(line + 1, length - 2);
        if (find_row(settings, *group, NULL) == NULL)
            g_ptr_array_add(warnings, g_strdup_printf("%s: unknown group [%s]", where, *group));
        return true;
    }
    char *equals = strchr(line, '=');
    if (equals == NULL || *group == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: expected %s", where,
                    equals == NULL ? "key=value" : "a [group] before the first key");
        return false;
    }
    *equals = '\0';
    const char *key = g_strchomp(line), *text = g_strchug(equals + 1);
    const SettingRow *row = find_row(settings, *group, key);
    if (row == NULL) {
        if (find_row(settings, *group, NULL) != NULL)
            g_ptr_array_add(warnings,
                            g_strdup_printf("%s: unknown key %s in [%s]", where, key, *group));
        return true;
    }
    return value_parse(row, text, where, &values[row - settings->rows], error);
}

bool
settings_read(Settings *settings, const char *text, size_t size, const char *name, GError **error)
{
    if (size > FILE_SIZE_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "%s: larger than 1 MiB", name);
        return false;
    }
    if (memchr(text, '\0', size) != NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: holds a NUL byte", name);
        return false;
    }
    g_autofree char *copy = g_strndup(text, size);
    g_autofree char *utf8 = g_utf8_make_valid(name, -1);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    g_autofree char *group = NULL;
    g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
    Value *values = values_copy(settings);

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *where = g_strdup_printf("%s:%u", utf8, i + 1);
        if (!read_line(settings, lines[i], where, &group, values, warnings, error)) {
            values_free(values, settings->row_count);
            return false;
        }
    }
    values_free(settings->values, settings->row_count);
    settings->values = values;
    g_ptr_array_set_size(settings->warnings, (gint)settings->warnings->len - 1);
    g_ptr_array_extend_and_steal(settings->warnings, g_steal_pointer(&warnings));
    g_ptr_array_add(settings->warnings, NULL);
    return true;
}

bool
settings_load(Settings *settings, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize size;

    return g_file_get_contents(path, &text, &size, error) &&
           settings_read(settings, text, size, path, error);
}

bool
settings_set(Settings *settings, const char *group, const char *key, const char *value,
             const char *origin, GError **error)
{
    const SettingRow *row = find_row(settings, group, key);

    g_assert(row != NULL);
    return value_parse(row, value, origin, &settings->values[row - settings->rows], error);
}

const char *const *
settings_warnings(const Settings *settings)
{
    return (const char *const *)settings->warnings->pdata;
}

static const Value *
find_value(const Settings *settings, const char *group, const char *key)
{
    const SettingRow *row = find_row(settings, group, key);

    g_assert(row != NULL);
    return &settings->values[row - settings->rows];
}

const char *
settings_origin(const Settings *settings, const char *group, const char *key)
{
    return find_value(settings, group, key)->origin;
}

const char *
settings_written(const Settings *settings, const char *group, const char *key)
{
    return find_value(settings, group, key)->text;
}

static const Value *
get(const Settings *settings, const char *group, const char *key, SettingType type)
{
    const SettingRow *row = find_row(settings, group, key);

    g_assert(row != NULL && row->type == type);
    return &settings->values[row - settings->rows];
}

const char *
settings_text(const Settings *settings, const char *group, const char *key)
{
    return get(settings, group, key, SETTING_TEXT)->text;
}

int64_t
settings_number(const Settings *settings, const char *group, const char *key)
{
    return get(settings, group, key, SETTING_NUMBER)->number;
}

bool
settings_flag(const Settings *settings, const char *group, const char *key)
{
    return get(settings, group, key, SETTING_FLAG)->number != 0;
}

const char *const *
settings_list(const Settings *settings, const char *group, const char *key)
{
    return (const char *const *)get(settings, group, key, SETTING_LIST)->list;
}
