/* main.c -- duoping: the appliance from the command line (INTERFACE.md, "duoping") */
#include "cli/cli.h"

#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const CliCommand *const tables[] = { library_commands, screen_commands, cast_commands,
                                            queue_commands,   group_commands,  pair_commands,
                                            session_commands, watch_commands,  mirror_commands };

static const CliCommand *
find_command(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        for (const CliCommand *command = tables[i]; command->name != NULL; command++)
            if (strcmp(command->name, name) == 0)
                return command;
    return NULL;
}

static char *
describe_commands(void)
{
    GString *text = g_string_new("Commands:\n");

    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        for (const CliCommand *command = tables[i]; command->name != NULL; command++) {
            g_autofree char *usage = g_strdup_printf("%s %s", command->name, command->arguments);
            g_string_append_printf(text, "  %-46s %s\n", usage, command->summary);
        }
    g_string_append(
        text, "\nSCREEN is a screen's id, its name or a part of its name that no other has;\n"
              "so is SERVER another media server's, and SERVER: before a word means its library.\n"
              "Exit codes: 0 done, 1 refused or failed, 2 usage, 3 no server found.");
    return g_string_free(text, FALSE);
}

static bool
is_usage_good(const Cli *cli, const CliCommand *command, guint words)
{
    const struct {
        const char *name;
        unsigned option;
        bool is_given;
    } options[] = {
        { "--to", CLI_OPTION_TO, cli->to != NULL },
        { "--on", CLI_OPTION_ON, cli->on != NULL },
        { "--at", CLI_OPTION_AT, cli->at != NULL },
        { "--queue", CLI_OPTION_QUEUE, cli->is_queued },
        { "--peer", CLI_OPTION_PEER, cli->is_peer },
        { "--for", CLI_OPTION_FOR, cli->use != NULL },
        { "--show", CLI_OPTION_SHOW, cli->is_shown },
        { "--next", CLI_OPTION_NEXT, cli->is_next },
        { "--resume", CLI_OPTION_RESUME, cli->is_resumed },
        { "--person", CLI_OPTION_PERSON, cli->person != NULL },
        { "--from", CLI_OPTION_FROM, cli->from != NULL },
        { "--audio", CLI_OPTION_TRACKS, cli->audio != NULL },
        { "--subtitle", CLI_OPTION_TRACKS, cli->subtitle != NULL },
    };
    const char *wrong = NULL, *why = "";

    if (words < command->words_min)
        wrong = "something is missing";
    else if (words > command->words_max)
        wrong = "there are words too many";
    for (guint i = 0; i < G_N_ELEMENTS(options) && wrong == NULL; i++) {
        if (options[i].is_given && (command->options & options[i].option) == 0)
            wrong = "does not take ", why = options[i].name;
        else if (!options[i].is_given && (command->needed & options[i].option) != 0)
            wrong = "needs ", why = options[i].name;
    }
    if (wrong != NULL)
        cli_complain("%s: %s%s; usage: duoping %s%s%s", command->name, wrong, why, command->name,
                     *command->arguments != '\0' ? " " : "", command->arguments);
    return wrong == NULL;
}

/* "http://host:port": people leave the scheme away, or a slash behind. */
static bool
clean_server(Cli *cli)
{
    g_autofree char *given = g_steal_pointer(&cli->server);
    bool has_scheme = strstr(given, "://") != NULL;
    g_autofree char *whole = has_scheme ? g_strdup(given) : g_strconcat("http://", given, NULL);
    g_autoptr(GUri) uri = g_uri_parse(whole, G_URI_FLAGS_NONE, NULL);

    if (uri == NULL || g_uri_get_host(uri) == NULL || *g_uri_get_host(uri) == '\0') {
        cli_complain("--server %s is no address; say e.g. http://192.168.1.2:8380", given);
        return false;
    }
    int port = g_uri_get_port(uri) == -1 && !has_scheme ? 8380 : g_uri_get_port(uri);
    cli->server = g_uri_join(G_URI_FLAGS_NONE, g_uri_get_scheme(uri), NULL, g_uri_get_host(uri),
                             port, "", NULL, NULL);
    return true;
}

static CliExit
run(Cli *cli, const CliCommand *command, char **words)
{
    cli->client = http_client_new("duoping/" PACKAGE_VERSION);
    cli->loop = g_main_loop_new(NULL, FALSE);
    CliExit result = command->run(cli, command, words);
    http_client_free(cli->client);
    g_main_loop_unref(cli->loop);
    return result;
}

/* The words that are no options; NULL when the command line was wrong (told) or is dealt with. */
static char **
read_options(int argc, char **argv, Cli *cli, CliExit *result)
{
    gboolean is_version = FALSE;
    const GOptionEntry entries[] = {
        { "server", 0, 0, G_OPTION_ARG_STRING, &cli->server, "The server, else it is looked for",
          "URL" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &cli->is_json, "Print what the server says, as JSON",
          NULL },
        { "to", 0, 0, G_OPTION_ARG_STRING, &cli->to, "Where to cast or move to", "SCREEN" },
        { "on", 0, 0, G_OPTION_ARG_STRING, &cli->on, "Which screen is meant", "SCREEN" },
        { "at", 0, 0, G_OPTION_ARG_STRING, &cli->at, "Where a cast begins", "TIME" },
        { "resume", 0, 0, G_OPTION_ARG_NONE, &cli->is_resumed,
          "Cast from where it was left", NULL },
        { "person", 0, 0, G_OPTION_ARG_STRING, &cli->person,
          "Who watches: where it was left is remembered for each; who becomes the owner", "NAME" },
        { "audio", 0, 0, G_OPTION_ARG_STRING, &cli->audio,
          "Which of its sounds: a language, or a number from 0 on", "SOUND" },
        { "subtitle", 0, 0, G_OPTION_ARG_STRING, &cli->subtitle,
          "Which of its subtitles, likewise, or none", "WORDS" },
        { "queue", 0, 0, G_OPTION_ARG_NONE, &cli->is_queued, "Cast at the end of the queue", NULL },
        { "peer", 0, 0, G_OPTION_ARG_NONE, &cli->is_peer, "Make a group without a master", NULL },
        { "for", 0, 0, G_OPTION_ARG_STRING, &cli->use,
          "What a group is for: Plain, AVMulticast or ContentIndex", "USE" },
        { "show", 0, 0, G_OPTION_ARG_NONE, &cli->is_shown, "Show the code of the server", NULL },
        { "from", 0, 0, G_OPTION_ARG_STRING, &cli->from, "Where it plays now", "SCREEN" },
        { "next", 0, 0, G_OPTION_ARG_NONE, &cli->is_next, "Put it right after what plays now", NULL },
        { "version", 0, 0, G_OPTION_ARG_NONE, &is_version, "Print the version and end", NULL },
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("COMMAND");
    g_autoptr(GError) error = NULL;
    g_autofree char *commands = describe_commands();
    g_auto(GStrv) words = g_new0(char *, (gsize)argc + 1);

    for (int i = 0; i < argc; i++)
        words[i] = g_strdup(argv[i]);
    g_option_context_set_description(context, commands);
    g_option_context_add_main_entries(context, entries, NULL);
    *result = CLI_USAGE;
    if (!g_option_context_parse_strv(context, &words, &error)) {
        cli_complain("%s; try duoping --help", error->message);
    } else if (is_version) {
        printf("duoping %s\n", PACKAGE_VERSION);
        *result = CLI_DONE;
    } else if (words[0] == NULL || words[1] == NULL) {
        cli_complain("which command? try duoping --help");
    } else if (find_command(words[1]) == NULL) {
        cli_complain("there is no command %s; try duoping --help", words[1]);
    } else if (cli->server == NULL || clean_server(cli)) {
        return g_steal_pointer(&words);
    }
    return NULL;
}

int
main(int argc, char **argv)
{
    Cli cli = { 0 };
    CliExit result;

    setlocale(LC_ALL, "");
    g_set_prgname("duoping");
    g_auto(GStrv) words = read_options(argc, argv, &cli, &result);
    if (words != NULL) {
        const CliCommand *command = find_command(words[1]);
        guint first = words[2] != NULL && strcmp(words[2], "--") == 0 ? 3 : 2;
        result = is_usage_good(&cli, command, g_strv_length(words) - first)
                     ? run(&cli, command, words + first) : CLI_USAGE;
    }
    g_free(cli.server);
    g_free(cli.granted);
    g_free(cli.to);
    g_free(cli.on);
    g_free(cli.at);
    g_free(cli.use);
    g_free(cli.person);
    g_free(cli.from);
    g_free(cli.audio);
    g_free(cli.subtitle);
    return (int)result;
}
