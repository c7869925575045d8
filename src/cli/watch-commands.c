/* watch-commands.c -- watch: events as they happen */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static bool
show_event(const char *event, const char *data, gpointer user_data)
{
    const Cli *cli = user_data;
    json_error_t where;

    if (cli->is_json) {
        printf("{\"event\": \"%s\", \"data\": %s}\n", event, data);
    } else {
        json_t *object = json_loads(data, 0, &where);
        g_autofree char *position = cli_time(cli_number(object, "position_ms"));
        g_autofree char *members = strcmp(event, "group") == 0
            ? g_strdup_printf("%" G_GSIZE_FORMAT " in it",
                              json_array_size(json_object_get(object, "members"))) : NULL;
        bool is_folder = strcmp(event, "folder") == 0;
        bool can_leave =
            is_folder || strcmp(event, "device") == 0 || strcmp(event, "server") == 0;
        const char *key = is_folder                               ? "path"
                          : *cli_text(object, "name") != '\0' ? "name"
                                                                  : "id";
        const char *name = cli_text(object, key);
        const char *state =
            json_is_true(json_object_get(object, "removed")) ? "gone"
            : can_leave ? json_is_true(json_object_get(object, "online")) ? "online" : "offline"
            : members != NULL ? members : cli_text(object, "state");
        g_autofree char *items = strcmp(event, "library") == 0
            ? g_strdup_printf("%" G_GINT64_FORMAT " items", cli_number(object, "items")) : NULL;
        cli_row((CliColumn[]){ { event, 8 }, { items != NULL ? items : name, 20 }, { state, 8 },
                               { position, 8 }, { cli_title(object), 0 } }, 5);
        json_decref(object);
    }
    fflush(stdout);
    return true;
}

static CliExit
run_watch(Cli *cli, const CliCommand *command, char **words)
{
    return cli_listen(cli, "/events", NULL, show_event, cli);
}

const CliCommand watch_commands[] = {
    { "watch", "", "events as they happen, until Ctrl-C", 0, 0, 0, 0, run_watch },
    { NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};
