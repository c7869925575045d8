/* screen-commands.c -- the screens, and the remote control: one row a verb */
#include "cli/cli.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void
show_screen(const json_t *screen)
{
    g_autofree char *position = cli_time(cli_number(screen, "position_ms"));
    g_autofree char *duration = cli_time(cli_number(screen, "duration_ms"));
    g_autofree char *time = *duration != '\0'
        ? g_strdup_printf("%s/%s", *position != '\0' ? position : "0:00", duration)
        : g_strdup(position);
    g_autofree char *volume =
        json_is_true(json_object_get(screen, "muted"))
            ? g_strdup("muted")
            : g_strdup_printf("%" G_GINT64_FORMAT "%%", cli_number(screen, "volume"));

    cli_row((CliColumn[]){ { cli_text(screen, "name"), 20 }, { cli_text(screen, "kind"), 5 },
                           { cli_text(screen, "state"), 8 }, { time, 15 }, { volume, 5 },
                           { cli_title(screen), 0 } }, 6);
    if (*cli_text(screen, "problem") != '\0')
        cli_row((CliColumn[]){ { "", 2 }, { cli_text(screen, "problem"), 0 } }, 2);
}

static CliExit
run_screens(Cli *cli, const CliCommand *command, char **words)
{
    json_t *screens, *screen;
    size_t i;
    CliExit result = cli_ask(cli, "GET", "/screens", NULL, &screens);

    if (result == CLI_DONE && !cli_show_json(cli, screens)) {
        if (json_array_size(screens) == 0)
            puts("No screen yet: start duoping-tv on a television or another computer of this "
                 "network.");
        json_array_foreach(screens, i, screen)
            show_screen(screen);
    }
    json_decref(screens);
    return result;
}

/* Sends the verb, which is the command's own name, with body (taken over). */
static CliExit
tell_screen(Cli *cli, const CliCommand *command, json_t *body)
{
    g_autofree char *id = text_percent_encode(cli->on);
    g_autofree char *path = g_strdup_printf("/screens/%s/%s", id, command->name);
    json_t *screen;
    CliExit result = cli_ask(cli, "POST", path, body, &screen);

    if (result == CLI_DONE && !cli_show_json(cli, screen))
        show_screen(screen);
    json_decref(screen);
    return result;
}

static CliExit
run_plain(Cli *cli, const CliCommand *command, char **words)
{
    return tell_screen(cli, command, json_object());
}

static CliExit
run_seek(Cli *cli, const CliCommand *command, char **words)
{
    int64_t position_ms;

    if (!text_to_duration_ms(words[0], &position_ms)) {
        cli_complain("seek: “%s” is no time; say seconds, M:SS or H:MM:SS", words[0]);
        return CLI_USAGE;
    }
    return tell_screen(cli, command, json_pack("{sI}", "position_ms", (json_int_t)position_ms));
}

static CliExit
run_volume(Cli *cli, const CliCommand *command, char **words)
{
    uint32_t volume;

    if (strcmp(words[0], "mute") == 0 || strcmp(words[0], "unmute") == 0)
        return tell_screen(cli, command, json_pack("{sb}", "muted", *words[0] == 'm'));
    if (!text_to_u32(words[0], 0, 100, &volume)) {
        cli_complain("volume: “%s” is neither a number from 0 to 100 nor mute or unmute", words[0]);
        return CLI_USAGE;
    }
    return tell_screen(cli, command, json_pack("{si}", "volume", (int)volume));
}

static CliExit
run_tracks(Cli *cli, const CliCommand *command, char **words)
{
    if (cli->audio != NULL || cli->subtitle != NULL)
        return tell_screen(cli, command, json_pack("{ss*, ss*}", "audio", cli->audio, "subtitle",
                                                   cli->subtitle));
    cli_complain("tracks: say --audio SOUND, --subtitle WORDS, or both");
    return CLI_USAGE;
}

static CliExit
run_move(Cli *cli, const CliCommand *command, char **words)
{
    g_autofree char *from = text_percent_encode(cli->from);
    g_autofree char *path = g_strdup_printf("/screens/%s/move", from);
    json_t *screen;
    CliExit result = cli_ask(cli, "POST", path, json_pack("{ss}", "to", cli->to), &screen);

    if (result == CLI_DONE && !cli_show_json(cli, screen))
        show_screen(screen);
    json_decref(screen);
    return result;
}

const CliCommand screen_commands[] = {
    { "screens", "", "every screen, its state and what plays", 0, 0, 0, 0, run_screens },
    { "play", "--on SCREEN", "go on playing", 0, 0, CLI_OPTION_ON, CLI_OPTION_ON, run_plain },
    { "pause", "--on SCREEN", "hold", 0, 0, CLI_OPTION_ON, CLI_OPTION_ON, run_plain },
    { "stop", "--on SCREEN", "stop", 0, 0, CLI_OPTION_ON, CLI_OPTION_ON, run_plain },
    { "next", "--on SCREEN", "go to what is queued", 0, 0, CLI_OPTION_ON, CLI_OPTION_ON,
      run_plain },
    { "previous", "--on SCREEN", "go back", 0, 0, CLI_OPTION_ON, CLI_OPTION_ON, run_plain },
    { "seek", "TIME --on SCREEN", "go to a position: seconds, M:SS or H:MM:SS", 1, 1, CLI_OPTION_ON,
      CLI_OPTION_ON, run_seek },
    { "volume", "N|mute|unmute --on SCREEN", "set the volume, 0 to 100", 1, 1, CLI_OPTION_ON,
      CLI_OPTION_ON, run_volume },
    { "tracks", "--on SCREEN [--audio SOUND] [--subtitle WORDS]",
      "go on with another sound or other subtitles", 0, 0, CLI_OPTION_ON | CLI_OPTION_TRACKS,
      CLI_OPTION_ON, run_tracks },
    { "move", "--from SCREEN --to SCREEN", "go on playing there what plays here", 0, 0,
      CLI_OPTION_FROM | CLI_OPTION_TO, CLI_OPTION_FROM | CLI_OPTION_TO, run_move },
    { NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};
