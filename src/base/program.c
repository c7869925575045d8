/* program.c -- see program.h */
#include "base/program.h"

#include "base/error.h"
#include "base/service-manager.h"
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define FILES_WANTED 8192

int
program_complain(const GError *error, int exit_code)
{
    fprintf(stderr, "%s: %s\n", g_get_prgname(), error->message);
    return exit_code;
}

/* Names are UTF-8 everywhere, also where a service is started without a locale. */
static void
use_utf8(void)
{
    setlocale(LC_ALL, "");
    if (!g_get_charset(NULL))
        setlocale(LC_CTYPE, "C.UTF-8");
}

char *
program_server(const char *product)
{
    struct utsname system;

    uname(&system);
    return g_strdup_printf("%s/%s UPnP/1.0 IGRS/1.0 %s", system.sysname, system.release, product);
}

/* Never exits itself but for --help, which GOptionContext answers. */
bool
program_options(int argc, char **argv, const GOptionEntry *entries, const char *summary,
                int *exit_code)
{
    gboolean is_version = FALSE;
    const GOptionEntry version[] = {
        { "version", 0, 0, G_OPTION_ARG_NONE, &is_version, "Print the version and end", NULL },
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = g_new0(char *, (gsize)argc + 1);

    use_utf8();
    for (int i = 0; i < argc; i++)
        words[i] = g_strdup(argv[i]);
    g_option_context_set_summary(context, summary);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, version, NULL);
    if (g_option_context_parse_strv(context, &words, &error) && words[0] != NULL &&
        words[1] != NULL)
        g_set_error(&error, DUO_ERROR, DUO_ERROR_INVALID, "unexpected argument %s", words[1]);
    if (error != NULL) {
        *exit_code = program_complain(error, PROGRAM_USAGE);
        fprintf(stderr, "Try '%s --help'.\n", g_get_prgname());
        return false;
    }
    if (is_version) {
        printf("%s %s\n", g_get_prgname(), PACKAGE_VERSION);
        *exit_code = PROGRAM_OK;
        return false;
    }
    return true;
}

char *
program_state_folder(const char *name)
{
    const char *given = g_getenv("STATE_DIRECTORY"); /* systemd.exec(5), StateDirectory= */

    if (given != NULL && *given == '/')
        return g_strndup(given, strcspn(given, ":"));
    return g_build_filename(geteuid() == 0 ? LOCALSTATEDIR "/lib" : g_get_user_state_dir(), name,
                            NULL);
}

char *
program_identity(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "identity", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) read_error = NULL;

    if (g_file_get_contents(path, &text, NULL, &read_error)) {
        g_strstrip(text);
        if (!g_uuid_string_is_valid(text)) {
            g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                        "%s holds no uuid; remove it and a new identity is made", path);
            return NULL;
        }
        return g_steal_pointer(&text);
    }
    if (!g_error_matches(read_error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        g_propagate_error(error, g_steal_pointer(&read_error));
        return NULL;
    }
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                    "cannot make the state folder %s: %s; name another one with --state", folder,
                    g_strerror(errno));
        return NULL;
    }
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *line = g_strconcat(uuid, "\n", NULL);
    if (!g_file_set_contents_full(path, line, -1, G_FILE_SET_CONTENTS_DURABLE, 0644, error))
        return NULL;
    return g_steal_pointer(&uuid);
}

/* -- Running ----------------------------------------------------------------------------------- */

enum { STOP, INTERRUPT, HANGUP, SIGNALS };

struct Program {
    GMainLoop *loop;
    void (*reload)(gpointer user_data);
    gpointer user_data;
    guint sources[SIGNALS];
};

static gboolean
on_stop(gpointer data)
{
    program_quit(data);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_hangup(gpointer data)
{
    Program *program = data;

    if (program->reload != NULL)
        program->reload(program->user_data);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_watchdog(gpointer data)
{
    service_manager_tell("WATCHDOG=1");
    return G_SOURCE_CONTINUE;
}

/* Shells and systemd give 1,024 files at first and more when asked; our two servers alone may hold
 * three times as many connections. */
static void
ask_for_files(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < FILES_WANTED) {
        limit.rlim_cur = MIN(limit.rlim_max, FILES_WANTED);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

Program *
program_new(void (*reload)(gpointer user_data), gpointer user_data)
{
    Program *program = g_new0(Program, 1);

    ask_for_files();
    signal(SIGPIPE, SIG_IGN); /* a peer that left is an error of write(), not our end */
    program->loop = g_main_loop_new(NULL, FALSE);
    program->reload = reload;
    program->user_data = user_data;
    program->sources[STOP] = g_unix_signal_add(SIGTERM, on_stop, program);
    program->sources[INTERRUPT] = g_unix_signal_add(SIGINT, on_stop, program);
    program->sources[HANGUP] = g_unix_signal_add(SIGHUP, on_hangup, program);
    return program;
}

static void
forget_signals(Program *program)
{
    for (guint i = 0; i < SIGNALS; i++)
        g_clear_handle_id(&program->sources[i], g_source_remove);
}

void
program_free(Program *program)
{
    if (program == NULL)
        return;
    forget_signals(program);
    g_main_loop_unref(program->loop);
    g_free(program);
}

void
program_run(Program *program)
{
    guint watchdog_ms = service_manager_watchdog_ms();
    guint watchdog = watchdog_ms > 0 ? g_timeout_add(watchdog_ms, on_watchdog, NULL) : 0;

    service_manager_tell("READY=1");
    g_main_loop_run(program->loop);
    service_manager_tell("STOPPING=1");
    g_clear_handle_id(&watchdog, g_source_remove);
    forget_signals(program);
}

void
program_quit(Program *program)
{
    g_main_loop_quit(program->loop);
}
