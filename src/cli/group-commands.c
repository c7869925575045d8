/* group-commands.c -- group: the groups of devices, and which of them the server is in */
#include "cli/cli.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char *
name_of(const json_t *group, const char *device_id)
{
    json_t *member;
    size_t i;

    json_array_foreach(json_object_get(group, "members"), i, member)
        if (strcmp(cli_text(member, "id"), device_id) == 0 && *cli_text(member, "name") != '\0')
            return cli_text(member, "name");
    return device_id;
}

static void
show_group(const json_t *group)
{
    g_autofree char *members = g_strdup_printf(
        "%zu members", json_array_size(json_object_get(group, "members")));
    const char *master = cli_text(group, "master");

    cli_row((CliColumn[]){ { cli_text(group, "name"), 20 }, { cli_text(group, "kind"), 11 },
                           { cli_text(group, "use"), 12 }, { members, 10 },
                           { json_is_true(json_object_get(group, "ours")) ? "joined" : "", 6 },
                           { *master != '\0' ? name_of(group, master) : "", 0 } }, 6);
}

static CliExit
run_list(Cli *cli, const char *word)
{
    json_t *groups, *group;
    size_t i;
    CliExit result = cli_ask(cli, "GET", "/groups", NULL, &groups);

    if (result == CLI_DONE && !cli_show_json(cli, groups)) {
        if (json_array_size(groups) == 0)
            puts("No group yet: make one with duoping group create NAME.");
        json_array_foreach(groups, i, group)
            show_group(group);
    }
    json_decref(groups);
    return result;
}

static CliExit
run_create(Cli *cli, const char *name)
{
    json_t *wish = json_pack("{ss ss}", "name", name, "kind",
                             cli->is_peer ? "peer" : "centralised");
    json_t *group;

    if (cli->use != NULL)
        json_object_set_new(wish, "use", json_string(cli->use));
    CliExit result = cli_ask(cli, "POST", "/groups", wish, &group);
    if (result == CLI_DONE && !cli_show_json(cli, group))
        show_group(group);
    json_decref(group);
    return result;
}

/* The group with that id, that very name, or the only one with it in its name; NULL: told why. */
static const json_t *
choose(const json_t *groups, const char *word)
{
    g_autofree char *wanted = g_utf8_casefold(word, -1);
    const json_t *part = NULL;
    unsigned parts = 0;
    json_t *group;
    size_t i;

    json_array_foreach(groups, i, group) {
        g_autofree char *name = g_utf8_casefold(cli_text(group, "name"), -1);
        if (strcmp(cli_text(group, "id"), word) == 0 || strcmp(name, wanted) == 0)
            return group;
        if (strstr(name, wanted) != NULL) {
            part = group;
            parts++;
        }
    }
    if (parts != 1)
        cli_complain(parts == 0 ? "no group is called “%s”; see duoping group list"
                                : "more than one group has “%s” in its name; say more of it", word);
    return parts == 1 ? part : NULL;
}

/* The path of the group that word means, with end behind it. */
static CliExit
find_path(Cli *cli, const char *word, const char *end, char **path)
{
    json_t *groups;
    CliExit result = cli_ask(cli, "GET", "/groups", NULL, &groups);
    const json_t *group = result == CLI_DONE ? choose(groups, word) : NULL;

    *path = NULL;
    if (group != NULL) {
        g_autofree char *id = text_percent_encode(cli_text(group, "id"));
        *path = g_strconcat("/groups/", id, end, NULL);
    } else if (result == CLI_DONE) {
        result = CLI_FAILED;
    }
    json_decref(groups);
    return result;
}

static CliExit
run_join(Cli *cli, const char *word)
{
    g_autofree char *path = NULL;
    json_t *group = NULL;
    CliExit result = find_path(cli, word, "/join", &path);

    if (result == CLI_DONE)
        result = cli_ask(cli, "POST", path, json_object(), &group);
    if (result == CLI_DONE && !cli_show_json(cli, group))
        show_group(group);
    json_decref(group);
    return result;
}

static CliExit
run_leave(Cli *cli, const char *word)
{
    g_autofree char *path = NULL;
    json_t *nothing = NULL;
    CliExit result = find_path(cli, word, "", &path);

    if (result == CLI_DONE)
        result = cli_ask(cli, "DELETE", path, NULL, &nothing);
    json_decref(nothing);
    return result;
}

static const struct {
    const char *verb;
    guint words; /* after it */
    CliExit (*run)(Cli *cli, const char *word);
} verbs[] = {
    { "list", 0, run_list },
    { "create", 1, run_create },
    { "join", 1, run_join },
    { "leave", 1, run_leave },
};

static CliExit
run_group(Cli *cli, const CliCommand *command, char **words)
{
    for (guint i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].verb, words[0]) == 0 && g_strv_length(words) == verbs[i].words + 1)
            return verbs[i].run(cli, words[1]);
    cli_complain("usage: duoping group %s", command->arguments);
    return CLI_USAGE;
}

const CliCommand group_commands[] = {
    { "group", "list|create NAME [--peer] [--for USE]|join GROUP|leave GROUP",
      "groups of devices", 1, 2, CLI_OPTION_PEER | CLI_OPTION_FOR, 0, run_group },
    { NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};
