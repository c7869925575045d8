/* choices.c -- see choices.h */
#include "daemon/choices.h"

#include "base/error.h"
#include "daemon/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_MAX_LETTERS 64

const SettingRow choices_rows[] = {
    { "server", "name", SETTING_TEXT, NULL, 0, 0 },
    { "server", "interfaces", SETTING_LIST, NULL, 0, 0 },
    { "library", "folders", SETTING_LIST, NULL, 0, 0 },
    { "library", "tag-charset", SETTING_TEXT, NULL, 0, 0 },
    { "library", "uploads", SETTING_TEXT, NULL, 0, 0 },
    { "uploads", "quota-mib", SETTING_NUMBER, NULL, 1, 1 << 30 },
    { "uploads", "expiry-hours", SETTING_NUMBER, NULL, 1, 24 * 365 },
    { "delivery", "conversions", SETTING_NUMBER, NULL, 1, 64 },
    { NULL, NULL, SETTING_TEXT, NULL, 0, 0 },
};

char *
choices_path(const char *state)
{
    return g_build_filename(state, "settings", NULL);
}

/* -- What a page may not ask for, though whoever may write duoping.conf can -------------------- */

static bool
is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* The system's own folders hold no media, and what is ours is nobody else's. */
static bool
check_folder(const char *path, const char *state, GError **error)
{
    static const char *const kept[] = { "/etc", "/proc", "/sys", "/dev", "/run", "/boot", "/usr" };
    char *real = g_path_is_absolute(path) ? realpath(path, NULL) : NULL;
    g_autofree char *whole = g_strdup(real != NULL ? real : path);
    const char *why = NULL;

    free(real);
    if (!g_path_is_absolute(path))
        why = "a whole path is needed, from / on";
    else if (strcmp(whole, "/") == 0 || is_below(state, whole) || is_below(whole, state))
        why = "this server keeps its own files there";
    else if (!g_file_test(whole, G_FILE_TEST_IS_DIR))
        why = "there is no such folder";
    else if (access(whole, R_OK | X_OK) != 0)
        why = "this server may not read it";
    for (guint i = 0; why == NULL && i < G_N_ELEMENTS(kept); i++)
        if (is_below(whole, kept[i]))
            why = "that belongs to the system";
    if (why != NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: %s", path, why);
    return why == NULL;
}

static bool
check_folders(const char *value, const char *state, GError **error)
{
    g_auto(GStrv) paths = g_strsplit(value, ";", -1);

    for (guint i = 0; paths[i] != NULL; i++)
        if (*g_strstrip(paths[i]) != '\0' && !check_folder(paths[i], state, error))
            return false;
    return true;
}

static bool
check_name(const char *value, const char *state, GError **error)
{
    if (g_utf8_strlen(value, -1) <= NAME_MAX_LETTERS)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "a name has %d letters at most",
                NAME_MAX_LETTERS);
    return false;
}

static const struct {
    const char *group, *key;
    bool (*check)(const char *value, const char *state, GError **error);
} checks[] = {
    { "server", "name", check_name },
    { "library", "folders", check_folders },
    { "library", "uploads", check_folders },
};

static bool
check_value(const SettingRow *row, const char *value, const char *state, GError **error)
{
    for (const char *letter = value; *letter != '\0'; letter++) {
        if ((unsigned char)*letter < ' ') {
            g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "it must be one line");
            return false;
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(checks); i++)
        if (strcmp(checks[i].group, row->group) == 0 && strcmp(checks[i].key, row->key) == 0)
            return checks[i].check(value, state, error);
    return true;
}

/* -- Changing ---------------------------------------------------------------------------------- */

/* "group.key" */
static const SettingRow *
find_row(const char *name)
{
    const char *point = strchr(name, '.');

    for (const SettingRow *row = choices_rows; row->group != NULL && point != NULL; row++)
        if (strncmp(name, row->group, (size_t)(point - name)) == 0 &&
            row->group[point - name] == '\0' && strcmp(point + 1, row->key) == 0)
            return row;
    return NULL;
}

static bool
change_one(const Options *options, GKeyFile *file, const char *name, const char *value,
           GError **error)
{
    const SettingRow *row = find_row(name);

    if (row == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s cannot be chosen here", name);
        return false;
    }
    const char *origin = settings_origin(options->settings, row->group, row->key);
    if (origin != NULL && g_str_has_prefix(origin, "--")) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT,
                    "the server was started with %s, which stands above this", origin);
        return false;
    }
    if (!check_value(row, value, options->state, error))
        return false;
    if (*value != '\0')
        g_key_file_set_value(file, row->group, row->key, value);
    else
        g_key_file_remove_key(file, row->group, row->key, NULL);
    return true;
}

bool
choices_change(const Options *options, const char *const *texts, const char **field, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = choices_path(options->state);

    if (*texts == NULL)
        return true;
    g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL); /* a spoilt one is made anew */
    for (; *texts != NULL; texts += 2) {
        *field = texts[0];
        if (!change_one(options, file, texts[0], texts[1], error))
            return false;
        g_autofree char *choices = g_key_file_to_data(file, NULL, NULL);
        if (!options_try(options, choices, error))
            return false;
    }
    *field = NULL;
    return g_key_file_save_to_file(file, path, error);
}
