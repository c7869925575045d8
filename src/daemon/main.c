/* main.c -- duopingd: the server on the NAS (INTERFACE.md, "duopingd") */
#include "appliance/library/library.h"
#include "base/program.h"
#include "daemon/app.h"

typedef struct {
    Program *program;
    Options options;
    App *app; /* NULL after a reload that failed */
} Server;

/* A configuration that differs takes effect by making the server anew; ids and index stay. */
static void
on_reload(gpointer data)
{
    Server *server = data;
    Options fresh = { 0 };
    g_autoptr(GError) error = NULL;

    if (!options_read_again(&server->options, &fresh))
        return;
    if (options_equal(&server->options, &fresh) && !library_is_brought(fresh.state)) {
        g_message("the configuration is the same; looking through keys and folders again");
        app_refresh(server->app);
        options_clear(&fresh);
        return;
    }
    g_message("the configuration has changed; taking it");
    app_free(server->app);
    options_clear(&server->options);
    server->options = fresh;
    server->app = app_new(&server->options, &error);
    if (server->app == NULL) {
        program_complain(error, PROGRAM_FAILED);
        program_quit(server->program);
    }
}

static int
serve(Server *server)
{
    g_autoptr(Program) program = program_new(on_reload, server);
    g_autoptr(GError) error = NULL;

    server->program = program;
    server->app = app_new(&server->options, &error);
    if (server->app == NULL)
        return program_complain(error, PROGRAM_FAILED);
    program_run(program);
    int exit_code = server->app != NULL ? PROGRAM_OK : PROGRAM_FAILED;
    app_free(server->app);
    return exit_code;
}

/* Workers learn by this where GStreamer keeps its list of plugins: our user may have no home, and
 * without the list each worker looks at every plugin first, for a second. Before any thread. */
static void
keep_plugin_list(const char *state)
{
    g_autofree char *path = g_build_filename(state, "cache", "gstreamer-plugins", NULL);

    g_setenv("GST_REGISTRY", path, FALSE);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Server server = { 0 };
    int exit_code = PROGRAM_OK;

    g_set_prgname("duopingd");
    if (options_read(&server.options, argc, argv, &exit_code)) {
        keep_plugin_list(server.options.state);
        if (!server.options.is_scan_only)
            exit_code = serve(&server);
        else if (!app_scan_only(&server.options, &error))
            exit_code = program_complain(error, PROGRAM_FAILED);
    }
    options_clear(&server.options);
    return exit_code;
}
