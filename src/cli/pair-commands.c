/* pair-commands.c -- pair: the server and another device come to share a key, by a code */
#include "cli/cli.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define QUIET 2 /* modules of light around a QR code; a terminal's own edge gives the rest */

/* -- Showing ----------------------------------------------------------------------------------- */

static bool
is_dark(const json_t *rows, int x, int y)
{
    const json_t *row = y >= 0 ? json_array_get(rows, (size_t)y) : NULL;
    const char *text = row != NULL ? json_string_value(row) : "";

    return x >= 0 && (size_t)x < strlen(text) && text[x] == '1';
}

/* Two modules above each other are one character; dark on light, whatever the terminal is. */
static void
show_qr(const json_t *rows)
{
    static const char *const blocks[] = { " ", "▄", "▀", "█" };
    int size = (int)json_array_size(rows);
    bool has_colours = isatty(STDOUT_FILENO);

    for (int y = -QUIET; y < size + QUIET; y += 2) {
        fputs(has_colours ? "\033[30;107m" : "", stdout);
        for (int x = -QUIET; x < size + QUIET; x++)
            fputs(blocks[2 * is_dark(rows, x, y) + is_dark(rows, x, y + 1)], stdout);
        puts(has_colours ? "\033[0m" : "");
    }
}

static CliExit
show_code(Cli *cli)
{
    json_t *answer;
    CliExit result = cli_ask(cli, "GET", "/code", NULL, &answer);

    if (result == CLI_DONE && !cli_show_json(cli, answer)) {
        show_qr(json_object_get(answer, "qr"));
        printf("%s\n", cli_text(answer, "code"));
    }
    json_decref(answer);
    return result;
}

/* -- Being told -------------------------------------------------------------------------------- */

static CliExit
pair_with(Cli *cli, const char *screen, const char *given)
{
    g_autofree char *what = g_strdup_printf("Code that %s shows", screen);
    g_autofree char *code = given != NULL ? g_strdup(given) : cli_prompt(what);
    json_t *device;

    if (code == NULL) {
        cli_complain("pair: no code; say the one that %s shows", screen);
        return CLI_USAGE;
    }
    CliExit result = cli_ask(cli, "POST", "/devices",
                             json_pack("{ss ss}", "device", screen, "code", code), &device);
    if (result == CLI_DONE && !cli_show_json(cli, device))
        printf("Paired with %s.\n", cli_text(device, "name"));
    json_decref(device);
    return result;
}

static CliExit
run_pair(Cli *cli, const CliCommand *command, char **words)
{
    if (cli->is_shown != (words[0] == NULL)) {
        cli_complain("usage: duoping pair %s", command->arguments);
        return CLI_USAGE;
    }
    return cli->is_shown ? show_code(cli) : pair_with(cli, words[0], words[1]);
}

static CliExit
run_unpair(Cli *cli, const CliCommand *command, char **words)
{
    g_autofree char *id = text_percent_encode(words[0]);
    g_autofree char *path = g_strconcat("/devices/", id, NULL);
    json_t *nothing;
    CliExit result = cli_ask(cli, "DELETE", path, NULL, &nothing);

    json_decref(nothing);
    return result;
}

const CliCommand pair_commands[] = {
    { "pair", "SCREEN [CODE]|--show", "pairing by code", 0, 2, CLI_OPTION_SHOW, 0, run_pair },
    { "unpair", "SCREEN", "ends it", 1, 1, 0, 0, run_unpair },
    { NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};
