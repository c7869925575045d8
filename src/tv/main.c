/* main.c -- duoping-tv: the screen (INTERFACE.md, "duoping-tv") */
#include "base/error.h"
#include "base/log.h"
#include "base/program.h"
#include "tv/app.h"

#include <stdio.h>

#define IGRS_PORT_USUAL 3880

/* As it stands on the command line. */
typedef struct {
    char *name, *state, *video_sink, *audio_sink, *log_level;
    char **interfaces;
    int http_port, igrs_port;
    gboolean is_windowed, no_igrs, no_upnp;
} CommandLine;

static void
command_line_clear(CommandLine *line)
{
    g_free(line->name);
    g_free(line->state);
    g_free(line->video_sink);
    g_free(line->audio_sink);
    g_free(line->log_level);
    g_strfreev(line->interfaces);
}

static bool
read_command_line(CommandLine *line, int argc, char **argv, int *exit_code)
{
    const GOptionEntry entries[] = {
        { "name", 0, 0, G_OPTION_ARG_STRING, &line->name,
          "What people call this screen (the host's name)", "NAME" },
        { "interface", 'i', 0, G_OPTION_ARG_STRING_ARRAY, &line->interfaces,
          "Use this network interface; may be repeated (every one)", "IFACE" },
        { "http-port", 0, 0, G_OPTION_ARG_INT, &line->http_port, "HTTP port (any free one)", "N" },
        { "igrs-port", 0, 0, G_OPTION_ARG_INT, &line->igrs_port,
          "IGRS port (3880; any free one when taken)", "N" },
        { "state", 's', 0, G_OPTION_ARG_FILENAME, &line->state, "Keep the identity in DIR", "DIR" },
        { "video-sink", 0, 0, G_OPTION_ARG_STRING, &line->video_sink,
          "Show pictures with this GStreamer element", "ELEMENT" },
        { "audio-sink", 0, 0, G_OPTION_ARG_STRING, &line->audio_sink,
          "Play sound with this GStreamer element", "ELEMENT" },
        { "windowed", 0, 0, G_OPTION_ARG_NONE, &line->is_windowed, "Stay in a window", NULL },
        { "no-igrs", 0, 0, G_OPTION_ARG_NONE, &line->no_igrs, "Do not be an IGRS device", NULL },
        { "no-upnp", 0, 0, G_OPTION_ARG_NONE, &line->no_upnp, "Do not be a UPnP MediaRenderer",
          NULL },
        { "log-level", 0, 0, G_OPTION_ARG_STRING, &line->log_level,
          "Log this and what is more important: error, warning, message, info, debug", "LEVEL" },
        G_OPTION_ENTRY_NULL,
    };

    return program_options(
        argc, argv, entries,
        "A screen on the home network: plays what phones, PCs and duoping send it.", exit_code);
}

static bool
check_port(const char *option, int port, GError **error)
{
    if (port >= 0 && port <= UINT16_MAX)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s %d: a port is a number from 0 to %d",
                option, port, UINT16_MAX);
    return false;
}

/* What GOption cannot check, and what was not given. */
static bool
complete(CommandLine *line, GError **error)
{
    if (line->name == NULL)
        line->name = g_strdup(g_get_host_name());
    if (line->state == NULL)
        line->state = program_state_folder("duoping-tv");
    if (*line->name == '\0') {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "--name: a name has letters");
        return false;
    }
    if (!log_start(line->log_level != NULL ? line->log_level : "message")) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "--log-level %s: it is one of %s",
                    line->log_level, log_levels());
        return false;
    }
    return check_port("--http-port", line->http_port, error) &&
           check_port("--igrs-port", line->igrs_port, error);
}

static void
on_reload(gpointer data)
{
    app_refresh(*(App **)data);
}

static int
serve(const CommandLine *line)
{
    AppOptions options = {
        .name = line->name,
        .state_folder = line->state,
        .interfaces = (const char *const *)line->interfaces,
        .http_port = (uint16_t)line->http_port,
        .igrs_port = (uint16_t)line->igrs_port,
        .video_sink = line->video_sink,
        .audio_sink = line->audio_sink,
        .is_windowed = line->is_windowed,
        .has_igrs = !line->no_igrs,
        .has_upnp = !line->no_upnp,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(App) app = NULL;
    g_autoptr(Program) program = program_new(on_reload, &app);

    app = app_new(&options, &error);
    if (app == NULL)
        return program_complain(error, PROGRAM_FAILED);
    g_autofree char *words = app_describe(app);
    printf("%s\n", words);
    fflush(stdout);
    program_run(program);
    return PROGRAM_OK;
}

int
main(int argc, char **argv)
{
    CommandLine line = { .igrs_port = IGRS_PORT_USUAL };
    g_autoptr(GError) error = NULL;
    int exit_code = PROGRAM_OK;

    g_set_prgname("duoping-tv");
    if (read_command_line(&line, argc, argv, &exit_code))
        exit_code = complete(&line, &error) ? serve(&line) : program_complain(error, PROGRAM_USAGE);
    command_line_clear(&line);
    return exit_code;
}
