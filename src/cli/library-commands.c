/* library-commands.c -- the server and what it holds: status, servers, ls, search */
#include "cli/cli.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define PAGE 1000

static void
show_scan(const json_t *scan)
{
    const char *folder = cli_text(scan, "folder"), *trouble = cli_text(scan, "trouble");

    printf("Scan     %s", cli_text(scan, "state"));
    if (cli_number(scan, "total") > 0)
        printf(", %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " files", cli_number(scan, "done"),
               cli_number(scan, "total"));
    if (cli_number(scan, "left") + cli_number(scan, "folders_left") > 0)
        printf(", %" G_GINT64_FORMAT " left and %" G_GINT64_FORMAT " folders to walk",
               cli_number(scan, "left"), cli_number(scan, "folders_left"));
    if (cli_number(scan, "files_per_s") > 0 && *folder != '\0')
        printf(", %" G_GINT64_FORMAT " files/s", cli_number(scan, "files_per_s"));
    putchar('\n');
    if (*folder != '\0')
        cli_row((CliColumn[]){ { "", 8 }, { folder, 0 } }, 2);
    if (*trouble != '\0')
        cli_row((CliColumn[]){ { "", 8 }, { trouble, 0 } }, 2);
}

/* Those that are away, and why. */
static void
show_folders(const json_t *folders)
{
    const json_t *folder;
    size_t i;

    json_array_foreach(folders, i, folder)
        if (!json_is_true(json_object_get(folder, "online"))) {
            g_autofree char *why = g_strdup_printf("%s is offline: %s", cli_text(folder, "path"),
                                                   cli_text(folder, "reason"));
            cli_row((CliColumn[]){ { "Folder", 7 }, { why, 0 } }, 2);
        }
}

static CliExit
run_status(Cli *cli, const CliCommand *command, char **words)
{
    json_t *server;
    CliExit result = cli_ask(cli, "GET", "/server", NULL, &server);

    if (result == CLI_DONE && !cli_show_json(cli, server)) {
        const json_t *library = json_object_get(server, "library"),
                     *scan = json_object_get(server, "scan");
        g_autofree char *uptime = cli_time(cli_number(server, "uptime_s") * 1000);
        printf("%s  duoping %s at %s, up %s\n", cli_text(server, "name"),
               cli_text(server, "version"), cli->server, *uptime != '\0' ? uptime : "0:00");
        printf("Library  %" G_GINT64_FORMAT " items: %" G_GINT64_FORMAT " audio, %" G_GINT64_FORMAT
               " video, %" G_GINT64_FORMAT " image; %" G_GINT64_FORMAT " unreadable\n",
               cli_number(library, "items"), cli_number(library, "audio"),
               cli_number(library, "video"), cli_number(library, "image"),
               cli_number(library, "unreadable"));
        show_scan(scan);
        show_folders(json_object_get(server, "folders"));
        if (cli_number(library, "unreadable") > 0)
            puts("         what could not be read and why: duoping ls unreadable");
    }
    json_decref(server);
    return result;
}

static CliExit
run_servers(Cli *cli, const CliCommand *command, char **words)
{
    json_t *servers, *server;
    size_t i;
    CliExit result = cli_ask(cli, "GET", "/servers", NULL, &servers);

    if (result == CLI_DONE && !cli_show_json(cli, servers)) {
        if (json_array_size(servers) == 0)
            puts("No other media server is on this network.");
        json_array_foreach(servers, i, server)
            cli_row((CliColumn[]){ { cli_text(server, "name"), 24 },
                                   { cli_text(server, "kind"), 6 },
                                   { cli_text(server, "id"), 38 },
                                   { json_is_true(json_object_get(server, "online"))
                                         ? "online" : cli_text(server, "reason"), 0 } },
                    4);
    }
    json_decref(servers);
    return result;
}

static void
show_object(const json_t *object)
{
    bool is_container = g_str_equal(cli_text(object, "class"), "container");
    const char *note = cli_text(object, "unreadable");
    g_autofree char *title = g_strconcat(cli_text(object, "title"), is_container ? "/" : "", NULL);
    g_autofree char *amount = is_container
        ? g_strdup_printf("%" G_GINT64_FORMAT, cli_number(object, "child_count"))
        : cli_time(cli_number(object, "duration_ms"));

    if (json_is_true(json_object_get(object, "offline")))
        note = "offline";
    else if (*note == '\0')
        note = cli_text(object, "artist");
    cli_row((CliColumn[]){ { cli_text(object, "id"), 12 },
                           { cli_text(object, "class"), 9 },
                           { amount, 8 },
                           { title, 48 },
                           { note, 0 } },
            5);
}

/* Page after page, into one: a container of any size is shown whole. list is the member's name. */
static CliExit
ask_whole(Cli *cli, const char *path, const char *list, json_t **whole)
{
    CliExit result = CLI_DONE;
    size_t count = 0;

    *whole = NULL;
    do {
        g_autofree char *page_path =
            g_strdup_printf("%soffset=%" G_GSIZE_FORMAT "&limit=%d", path, count, PAGE);
        json_t *page;
        result = cli_ask(cli, "GET", page_path, NULL, &page);
        if (result != CLI_DONE)
            break;
        size_t arrived = json_array_size(json_object_get(page, list));
        if (*whole == NULL)
            *whole = json_incref(page);
        else
            json_array_extend(json_object_get(*whole, list), json_object_get(page, list));
        json_decref(page);
        count += arrived;
        if (arrived == 0)
            break;
    } while ((int64_t)count < cli_number(*whole, "total"));
    return result;
}

static CliExit
show_whole(Cli *cli, const char *path, const char *list)
{
    json_t *whole, *object;
    size_t i;
    CliExit result = ask_whole(cli, path, list, &whole);

    if (result == CLI_DONE && !cli_show_json(cli, whole)) {
        if (cli_number(whole, "total") == 0)
            puts("Nothing.");
        json_array_foreach(json_object_get(whole, list), i, object)
            show_object(object);
    }
    json_decref(whole);
    return result;
}

static CliExit
run_ls(Cli *cli, const CliCommand *command, char **words)
{
    g_auto(CliPlace) place = { 0 };
    CliExit result = cli_find_place(cli, words[0] != NULL ? words[0] : "0", &place);

    if (result != CLI_DONE)
        return result;
    if (g_str_has_suffix(place.rest, ":")) { /* no id ends so */
        cli_complain("no server is called “%.*s”; see duoping servers",
                     (int)strlen(place.rest) - 1, place.rest);
        return CLI_FAILED;
    }
    g_autofree char *id = text_percent_encode(*place.rest != '\0' ? place.rest : "0");
    g_autofree char *path = g_strdup_printf("%s/containers/%s?", place.root, id);
    return show_whole(cli, path, "children");
}

static CliExit
run_search(Cli *cli, const CliCommand *command, char **words)
{
    g_autofree char *text = g_strjoinv(" ", words);
    g_auto(CliPlace) place = { 0 };
    CliExit result = cli_find_place(cli, text, &place);

    if (result != CLI_DONE)
        return result;
    g_autofree char *query = text_percent_encode(place.rest);
    g_autofree char *path = g_strdup_printf("%s/search?q=%s&", place.root, query);
    return show_whole(cli, path, "items");
}

const CliCommand library_commands[] = {
    { "status", "", "server, library totals, scan progress", 0, 0, 0, 0, run_status },
    { "servers", "", "other media servers on the network", 0, 0, 0, 0, run_servers },
    { "ls", "[SERVER:][CONTAINER]", "the library, or a container of it by id", 0, 1, 0, 0,
      run_ls },
    { "search", "[SERVER:] WORDS", "items that have every word", 1, G_MAXUINT, 0, 0, run_search },
    { NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};
