/* settings.h -- a key file, read against a table of what may stand in it
 *
 * A program states its keys as rows. Reading checks every value against its row; a value out of
 * range is an error that names file, line and key; an unknown group or key becomes a warning with
 * its line and is otherwise ignored. Values given on the command line are set on top. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    SETTING_TEXT,
    SETTING_NUMBER, /* decimal, from min to max */
    SETTING_FLAG,   /* true, false, yes, no, on, off, 1, 0 */
    SETTING_LIST,   /* texts separated by ';' */
} SettingType;

typedef struct {
    const char *group;
    const char *key;
    SettingType type;
    const char *fallback; /* as it would stand in the file; NULL: not set */
    int64_t min, max;     /* SETTING_NUMBER */
} SettingRow;

typedef struct Settings Settings;

/* rows are borrowed and end with a group of NULL. */
Settings          *settings_new(const SettingRow *rows);
void               settings_free(Settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

/* Reads text as the file called name. On error nothing has changed. Errors: DUO_ERROR_INVALID,
 * DUO_ERROR_TOO_LARGE (beyond 1 MiB). */
bool settings_read(Settings *settings, const char *text, size_t size, const char *name,
                   GError **error);
/* The same from a file. Also: errors of g_file_get_contents(). */
bool               settings_load(Settings *settings, const char *path, GError **error);
/* Sets one value as if it stood last in a file called origin, e.g. "--http-port". */
bool               settings_set(Settings *settings, const char *group, const char *key,
                                const char *value, const char *origin, GError **error);
/* Warnings of what was read so far, each a sentence for people; borrowed. */
const char *const *settings_warnings(const Settings *settings);

/* Where a value comes from, for people: "FILE:LINE" or an origin; NULL: it is built in. */
const char        *settings_origin(const Settings *settings, const char *group, const char *key);
/* The value of whatever type as it would stand in a file; NULL: not set. */
const char        *settings_written(const Settings *settings, const char *group, const char *key);
/* The value; asking for a key that has no row, or with the wrong type, is a mistake of ours. */
const char        *settings_text(const Settings *settings, const char *group, const char *key);
int64_t            settings_number(const Settings *settings, const char *group, const char *key);
bool               settings_flag(const Settings *settings, const char *group, const char *key);
const char *const *settings_list(const Settings *settings, const char *group, const char *key);
