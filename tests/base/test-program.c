/* test-program.c -- an identity is made once, options are judged kindly, a signal ends the loop */
#include "base/program.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

static void
test_identity(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *top = g_dir_make_tmp("duo-program-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(top, "a", "b", NULL);
    g_autofree char *path = g_build_filename(folder, "identity", NULL);
    g_autofree char *first = program_identity(folder, &error);
    g_assert_no_error(error);
    g_autofree char *second = program_identity(folder, &error);
    g_assert_no_error(error);
    g_assert_true(g_uuid_string_is_valid(first));
    g_assert_cmpstr(first, ==, second);

    g_assert_true(g_file_set_contents(path, "not a uuid", -1, NULL));
    g_assert_null(program_identity(folder, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);

    /* A file where the folder should be. */
    g_assert_null(program_identity(path, &error));
    g_assert_nonnull(error);

    g_unlink(path);
    g_rmdir(folder);
    g_autofree char *a = g_build_filename(top, "a", NULL);
    g_rmdir(a);
    g_assert_cmpint(g_rmdir(top), ==, 0);
}

static void
test_options(void)
{
    static const struct {
        const char *argv[4];
        int argc;
        bool ok;
        int exit_code;
        int number;
    } cases[] = {
        { { "test" }, 1, true, -1, 0 },
        { { "test", "--number", "7" }, 3, true, -1, 7 },
        { { "test", "--version" }, 2, false, PROGRAM_OK, 0 },
        { { "test", "--nonsense" }, 2, false, PROGRAM_USAGE, 0 },
        { { "test", "stray" }, 2, false, PROGRAM_USAGE, 0 },
        { { "test", "--number", "x" }, 3, false, PROGRAM_USAGE, 0 },
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        int number = 0, exit_code = -1;
        const GOptionEntry entries[] = {
            { "number", 0, 0, G_OPTION_ARG_INT, &number, "A number", "N" },
            G_OPTION_ENTRY_NULL,
        };
        g_assert_true(program_options(cases[i].argc, (char **)cases[i].argv, entries, NULL,
                                      &exit_code) == cases[i].ok);
        g_assert_cmpint(exit_code, ==, cases[i].exit_code);
        g_assert_cmpint(number, ==, cases[i].number);
    }
}

static gboolean
send_signal(gpointer data)
{
    kill(getpid(), GPOINTER_TO_INT(data));
    return G_SOURCE_REMOVE;
}

static void
on_reload(gpointer user_data)
{
    ++*(int *)user_data;
    g_idle_add(send_signal, GINT_TO_POINTER(SIGTERM));
}

static void
test_run(void)
{
    int reloads = 0;
    g_autoptr(Program) program = program_new(on_reload, &reloads);

    g_idle_add(send_signal, GINT_TO_POINTER(SIGHUP));
    program_run(program);
    g_assert_cmpint(reloads, ==, 1);
}

/* A signal that comes while the program still starts is not its death. */
static void
test_early_signal(void)
{
    g_autoptr(Program) program = program_new(NULL, NULL);

    kill(getpid(), SIGINT);
    program_run(program);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/program/identity", test_identity);
    g_test_add_func("/base/program/options", test_options);
    g_test_add_func("/base/program/run", test_run);
    g_test_add_func("/base/program/early-signal", test_early_signal);
    return g_test_run();
}
