/* places.c -- "SERVER:REST": which library a word is about */
#include "cli/cli.h"

#include "base/text.h"

#include <string.h>

#define NOT_FOUND 404

static CliExit
use_server(CliPlace *place, const json_t *server, const char *rest)
{
    g_autofree char *id = text_percent_encode(cli_text(server, "id"));

    *place = (CliPlace){ .root = g_strconcat("/servers/", id, NULL),
                         .server = g_strdup(cli_text(server, "id")),
                         .name = g_strdup(cli_text(server, "name")), .rest = rest };
    return CLI_DONE;
}

/* A title may have a colon in it, too: then no server is called so. */
CliExit
cli_find_place(Cli *cli, const char *what, CliPlace *place)
{
    const char *colon = strchr(what, ':');
    unsigned status = 0;
    json_t *server = NULL;

    *place = (CliPlace){ .root = g_strdup("/library"), .rest = what };
    if (colon == NULL || colon == what)
        return CLI_DONE;
    g_autofree char *name = g_strndup(what, (gsize)(colon - what));
    g_autofree char *encoded = text_percent_encode(name);
    g_autofree char *path = g_strconcat("/servers/", encoded, NULL);
    CliExit result = cli_try(cli, "GET", path, NULL, &server, &status);
    if (result == CLI_DONE) {
        cli_place_clear(place);
        use_server(place, server, colon + 1 + strspn(colon + 1, " "));
    } else if (status == NOT_FOUND) {
        result = CLI_DONE;
    } else if (status != 0) {
        result = cli_ask(cli, "GET", path, NULL, &server); /* tells why */
    }
    json_decref(server);
    return result;
}

void
cli_place_clear(CliPlace *place)
{
    g_free(place->root);
    g_free(place->server);
    g_free(place->name);
    *place = (CliPlace){ 0 };
}
