/* options.c -- see options.h */
#include "daemon/options.h"

#include "appliance/library/library.h"
#include "base/error.h"
#include "base/log.h"
#include "base/program.h"
#include "daemon/choices.h"
#include "daemon/dialect-files.h"

#include <stdlib.h>
#include <string.h>

#define CONFIGURATION SYSCONFDIR "/duoping/duoping.conf"

static const SettingRow rows[] = {
    { "server", "name", SETTING_TEXT, NULL, 0, 0 },
    { "server", "state", SETTING_TEXT, NULL, 0, 0 },
    { "server", "http-port", SETTING_NUMBER, "8380", 0, 65535 },
    { "server", "https-port", SETTING_NUMBER, "8343", 0, 65535 },
    { "server", "certificate", SETTING_TEXT, NULL, 0, 0 },
    { "server", "key", SETTING_TEXT, NULL, 0, 0 },
    { "server", "interfaces", SETTING_LIST, NULL, 0, 0 },
    { "library", "folders", SETTING_LIST, "/srv/media", 0, 0 },
    { "library", "tag-charset", SETTING_TEXT, NULL, 0, 0 },
    { "library", "uploads", SETTING_TEXT, NULL, 0, 0 },
    { "uploads", "quota-mib", SETTING_NUMBER, "8192", 1, 1 << 30 },
    { "uploads", "expiry-hours", SETTING_NUMBER, "24", 1, 24 * 365 },
    { "delivery", "conversions", SETTING_NUMBER, "8", 1, 64 },
    { "delivery", "audio-languages", SETTING_LIST, NULL, 0, 0 },
    { "delivery", "subtitle-languages", SETTING_LIST, NULL, 0, 0 },
    { "delivery", "subtitles", SETTING_TEXT, "auto", 0, 0 },
    { "files", "read", SETTING_LIST, NULL, 0, 0 },
    { "files", "write", SETTING_LIST, NULL, 0, 0 },
    { "igrs", "port", SETTING_NUMBER, "3880", 0, 65535 },
    { "igrs", "repeat-iana", SETTING_FLAG, "no", 0, 0 },
    { "igrs", "repeat-ssdp", SETTING_FLAG, "no", 0, 0 },
    { "igrs", "kept-services", SETTING_LIST, NULL, 0, 0 },
    { NULL, NULL, SETTING_TEXT, NULL, 0, 0 },
};

/* The command line as it is given: NULL stands for an option that is not. */
typedef struct {
    char *file, *state, *http_port, *https_port, *igrs_port, *name, *log_level;
    char **folders, **interfaces;
    gboolean is_scan_only;
} Given;

static void
given_clear(Given *given)
{
    g_free(given->file);
    g_free(given->state);
    g_free(given->http_port);
    g_free(given->https_port);
    g_free(given->igrs_port);
    g_free(given->name);
    g_free(given->log_level);
    g_strfreev(given->folders);
    g_strfreev(given->interfaces);
}

static bool
read_command_line(Given *given, int argc, char **argv, int *exit_code)
{
    const GOptionEntry entries[] = {
        { "config", 'c', 0, G_OPTION_ARG_FILENAME, &given->file,
          "Configuration file (" CONFIGURATION ")", "FILE" },
        { "library", 'l', 0, G_OPTION_ARG_FILENAME_ARRAY, &given->folders,
          "Folder with media; may be repeated", "DIR" },
        { "state", 's', 0, G_OPTION_ARG_FILENAME, &given->state,
          "Where index and identity are kept", "DIR" },
        { "http-port", 0, 0, G_OPTION_ARG_STRING, &given->http_port, "Port of page and API (8380)",
          "N" },
        { "https-port", 0, 0, G_OPTION_ARG_STRING, &given->https_port,
          "Port of the same inside TLS (8343); 0: no TLS", "N" },
        { "igrs-port", 0, 0, G_OPTION_ARG_STRING, &given->igrs_port, "Port of IGRS (3880)", "N" },
        { "interface", 'i', 0, G_OPTION_ARG_STRING_ARRAY, &given->interfaces,
          "Network interface; may be repeated", "IFACE" },
        { "name", 0, 0, G_OPTION_ARG_STRING, &given->name, "What others call this server", "NAME" },
        { "scan-only", 0, 0, G_OPTION_ARG_NONE, &given->is_scan_only,
          "Index once, print the totals and end", NULL },
        { "log-level", 0, 0, G_OPTION_ARG_STRING, &given->log_level,
          "error, warning, message, info or debug", "LEVEL" },
        G_OPTION_ENTRY_NULL,
    };

    return program_options(argc, argv, entries,
                           "Serves media of this computer to the screens of the home.",
                           exit_code);
}

static bool
set_text(Settings *settings, const char *group, const char *key, const char *value,
         const char *option, GError **error)
{
    return value == NULL || settings_set(settings, group, key, value, option, error);
}

static bool
set_list(Settings *settings, const char *group, const char *key, char **values, const char *option,
         GError **error)
{
    g_autofree char *text = values != NULL ? g_strjoinv(";", values) : NULL;

    for (guint i = 0; values != NULL && values[i] != NULL; i++) {
        if (strchr(values[i], ';') != NULL) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s %s: a ';' cannot stand in it",
                        option, values[i]);
            return false;
        }
    }
    return set_text(settings, group, key, text, option, error);
}

static bool
read_file(Settings *settings, const Given *given, GError **error)
{
    g_autoptr(GError) file_error = NULL;
    const char *path = given->file != NULL ? given->file : CONFIGURATION;

    if (settings_load(settings, path, &file_error))
        return true;
    if (given->file == NULL && g_error_matches(file_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return true; /* nothing was configured */
    g_propagate_error(error, g_steal_pointer(&file_error));
    return false;
}

/* The command line stands above every file. */
static bool
set_given(Settings *settings, const Given *given, GError **error)
{
    return set_text(settings, "server", "name", given->name, "--name", error) &&
           set_text(settings, "server", "state", given->state, "--state", error) &&
           set_text(settings, "server", "http-port", given->http_port, "--http-port", error) &&
           set_text(settings, "server", "https-port", given->https_port, "--https-port", error) &&
           set_text(settings, "igrs", "port", given->igrs_port, "--igrs-port", error) &&
           set_list(settings, "server", "interfaces", given->interfaces, "--interface", error) &&
           set_list(settings, "library", "folders", given->folders, "--library", error);
}

static char *
state_folder(const Settings *settings)
{
    const char *state = settings_text(settings, "server", "state");

    return state != NULL ? g_canonicalize_filename(state, NULL) : program_state_folder("duoping");
}

/* What was chosen in the page lies in the state folder, which file and command line name. choices:
 * to be read in its place; NULL: as it lies there. One that is spoilt keeps no server from
 * starting. */
static bool
read_choices(Settings *settings, const char *choices, GError **error)
{
    g_autofree char *state = state_folder(settings);
    g_autofree char *path = choices_path(state);
    g_autoptr(GError) problem = NULL;

    if (choices != NULL)
        return settings_read(settings, choices, strlen(choices), "settings", error);
    if (!settings_load(settings, path, &problem) &&
        !g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_warning("what was chosen in the page is not taken: %s", problem->message);
    return true;
}

static bool
fill_settings(Settings *settings, const Given *given, const char *choices, GError **error)
{
    return read_file(settings, given, error) && set_given(settings, given, error) &&
           read_choices(settings, choices, error) && set_given(settings, given, error);
}

/* Absolute and without links where the folder is there, so that a path has one spelling. */
static char *
whole_path(const char *path)
{
    char *real = realpath(path, NULL);
    char *whole = real != NULL ? g_strdup(real) : g_canonicalize_filename(path, NULL);

    free(real);
    return whole;
}

/* The folder for uploads is one of the library's, whether or not it is named there. */
static void
add_uploads(GStrvBuilder *folders, const char *const *named, const char *uploads)
{
    for (; *named != NULL; named++) {
        g_autofree char *path = whole_path(*named);
        size_t length = strlen(path);
        if (strncmp(uploads, path, length) == 0 &&
            (uploads[length] == '/' || uploads[length] == '\0'))
            return;
    }
    g_strv_builder_add(folders, uploads);
}

/* NULL where nothing is said. */
static char *
path_of(const char *text)
{
    return text != NULL && *text != '\0' ? g_canonicalize_filename(text, NULL) : NULL;
}

static void
take_settings(Options *options, const Given *given)
{
    const Settings *settings = options->settings;
    const char *name = settings_text(settings, "server", "name");
    const char *const *folders = settings_list(settings, "library", "folders");
    g_autoptr(GStrvBuilder) whole = g_strv_builder_new();

    for (; *folders != NULL; folders++) {
        g_autofree char *path = whole_path(*folders);
        g_strv_builder_add(whole, path);
    }
    const char *uploads = settings_text(settings, "library", "uploads");
    options->uploads = uploads != NULL && *uploads != '\0' ? whole_path(uploads) : NULL;
    if (options->uploads != NULL)
        add_uploads(whole, settings_list(settings, "library", "folders"), options->uploads);
    options->folders = g_strv_builder_end(whole);
    options->file = g_strdup(given->file != NULL ? given->file : CONFIGURATION);
    options->push_quota_bytes = (uint64_t)settings_number(settings, "uploads", "quota-mib") << 20;
    options->push_life_s = settings_number(settings, "uploads", "expiry-hours") * 3600;
    options->state = state_folder(settings);
    options->conversions = (unsigned)settings_number(settings, "delivery", "conversions");
    options->taste.audio = settings_list(settings, "delivery", "audio-languages");
    options->taste.subtitles = settings_list(settings, "delivery", "subtitle-languages");
    options->tag_charset = g_strdup(settings_text(settings, "library", "tag-charset"));
    options->name = g_strdup(name != NULL && *name != '\0' ? name : g_get_host_name());
    options->interfaces = g_strdupv((char **)settings_list(settings, "server", "interfaces"));
    options->http_port = (uint16_t)settings_number(settings, "server", "http-port");
    options->https_port = (uint16_t)settings_number(settings, "server", "https-port");
    options->certificate = path_of(settings_text(settings, "server", "certificate"));
    options->key = path_of(settings_text(settings, "server", "key"));
    options->igrs_port = (uint16_t)settings_number(settings, "igrs", "port");
    options->repeats_iana = settings_flag(settings, "igrs", "repeat-iana");
    options->repeats_ssdp = settings_flag(settings, "igrs", "repeat-ssdp");
    options->kept_services = g_strdupv((char **)settings_list(settings, "igrs", "kept-services"));
    options->is_scan_only = given->is_scan_only;
    options->log_level = g_strdup(given->log_level != NULL ? given->log_level : "message");
}

static bool
check_charset(const Settings *settings, GError **error)
{
    const char *charset = settings_text(settings, "library", "tag-charset");

    if (charset == NULL || library_knows_charset(charset))
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                "[library] tag-charset=%s: there is no such charset; GBK, Big5, Shift_JIS, EUC-KR, "
                "windows-1251 and windows-1252 are some", charset);
    return false;
}

static bool
check_subtitles(Options *options, GError **error)
{
    const char *habit = settings_text(options->settings, "delivery", "subtitles");

    if (subtitle_habit_from_name(habit, &options->taste.habit))
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                "[delivery] subtitles=%s: must be auto, always or never", habit);
    return false;
}

static bool
check_certificate(const Settings *settings, GError **error)
{
    g_autofree char *certificate = path_of(settings_text(settings, "server", "certificate"));
    g_autofree char *key = path_of(settings_text(settings, "server", "key"));

    if ((certificate != NULL) == (key != NULL))
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                "[server] %s= is there and %s= is not: a certificate goes with its key",
                certificate != NULL ? "certificate" : "key",
                certificate != NULL ? "key" : "certificate");
    return false;
}

/* A name that is misspelt would leave open what was meant to be kept. */
static bool
check_kept_services(const Settings *settings, GError **error)
{
    static const char *const names[] = { "AVContentDirectory", "AVConnectionManager", "FileAccess",
                                         NULL };
    const char *const *name = settings_list(settings, "igrs", "kept-services");

    for (; *name != NULL; name++) {
        if (g_strv_contains(names, *name))
            continue;
        g_autofree char *known = g_strjoinv(", ", (char **)names);
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "[igrs] kept-services=%s: there is no such service; there are %s", *name,
                    known);
        return false;
    }
    return true;
}

/* choices: as for read_choices(). exit_code is PROGRAM_USAGE with error set, or what the command
 * line alone decided. */
static bool
read_all(Options *options, int argc, char **argv, const char *choices, int *exit_code,
         GError **error)
{
    Given given = { 0 };
    bool is_read = read_command_line(&given, argc, argv, exit_code);

    if (is_read) {
        *exit_code = PROGRAM_USAGE;
        options->settings = settings_new(rows);
        is_read = fill_settings(options->settings, &given, choices, error) &&
                  check_charset(options->settings, error) &&
                  check_kept_services(options->settings, error) &&
                  check_subtitles(options, error) &&
                  check_certificate(options->settings, error) &&
                  (options->file_roots = file_roots_new(
                       settings_list(options->settings, "files", "read"),
                       settings_list(options->settings, "files", "write"), error)) != NULL &&
                  (options->dialects = dialect_files_read(
                       given.file != NULL ? given.file : CONFIGURATION, error)) != NULL;
    }
    if (is_read) {
        *exit_code = PROGRAM_OK;
        take_settings(options, &given);
        options->argc = argc;
        options->argv = argv;
    }
    given_clear(&given);
    return is_read;
}

static void
warn(const Options *options)
{
    for (const char *const *warning = settings_warnings(options->settings); *warning != NULL;
         warning++)
        g_warning("%s", *warning);
}

bool
options_read(Options *options, int argc, char **argv, int *exit_code)
{
    g_autoptr(GError) error = NULL;
    bool is_read = read_all(options, argc, argv, NULL, exit_code, &error);

    if (is_read && !log_start(options->log_level)) {
        *exit_code = PROGRAM_USAGE;
        g_set_error(&error, DUO_ERROR, DUO_ERROR_INVALID, "--log-level %s: must be one of %s",
                    options->log_level, log_levels());
    }
    if (error != NULL)
        program_complain(error, *exit_code);
    if (!is_read || error != NULL)
        return false;
    warn(options);
    return true;
}

bool
options_read_again(const Options *options, Options *fresh)
{
    g_autoptr(GError) error = NULL;
    int exit_code;

    if (!read_all(fresh, options->argc, options->argv, NULL, &exit_code, &error)) {
        g_warning("the configuration is not taken: %s", error != NULL ? error->message : "");
        options_clear(fresh);
        return false;
    }
    warn(fresh);
    return true;
}

bool
options_try(const Options *options, const char *choices, GError **error)
{
    Options fresh = { 0 };
    int exit_code;
    bool is_good = read_all(&fresh, options->argc, options->argv, choices, &exit_code, error);

    options_clear(&fresh);
    return is_good;
}

bool
options_equal(const Options *a, const Options *b)
{
    return a->http_port == b->http_port && a->igrs_port == b->igrs_port &&
           a->https_port == b->https_port && g_strcmp0(a->certificate, b->certificate) == 0 &&
           g_strcmp0(a->key, b->key) == 0 &&
           a->taste.habit == b->taste.habit &&
           g_strv_equal(a->taste.audio, b->taste.audio) &&
           g_strv_equal(a->taste.subtitles, b->taste.subtitles) &&
           a->repeats_iana == b->repeats_iana && a->repeats_ssdp == b->repeats_ssdp &&
           strcmp(a->state, b->state) == 0 && strcmp(a->name, b->name) == 0 &&
           g_strcmp0(a->tag_charset, b->tag_charset) == 0 &&
           g_strcmp0(a->uploads, b->uploads) == 0 &&
           a->conversions == b->conversions && a->push_quota_bytes == b->push_quota_bytes && a->push_life_s == b->push_life_s &&
           file_roots_equal(a->file_roots, b->file_roots) &&
           dialects_equal(a->dialects, b->dialects) &&
           g_strv_equal((const char *const *)a->kept_services,
                        (const char *const *)b->kept_services) &&
           g_strv_equal((const char *const *)a->folders, (const char *const *)b->folders) &&
           g_strv_equal((const char *const *)a->interfaces, (const char *const *)b->interfaces);
}

void
options_clear(Options *options)
{
    settings_free(options->settings);
    g_free(options->file);
    g_free(options->state);
    g_free(options->name);
    g_free(options->tag_charset);
    g_free(options->log_level);
    g_strfreev(options->kept_services);
    g_strfreev(options->folders);
    g_strfreev(options->interfaces);
    file_roots_free(options->file_roots);
    dialects_free(options->dialects);
    g_free(options->uploads);
    g_free(options->certificate);
    g_free(options->key);
    *options = (Options){ 0 };
}
