/* share.c -- a file of this computer that is in no library, or what happens on it, sent from here
 *
 * Nothing is copied: the screen fetches the file from us for as long as some cast of its address is
 * under way. The address holds a word of chance, and nothing else is served. */
#include "cli/cli.h"

#include "base/chance.h"
#include "base/text.h"
#include "net/http-server.h"
#include "net/interfaces.h"
#include "wire/protocol-info.h"

#include <stdio.h>
#include <string.h>

#define LOOK_EVERY_S 1

struct CliShare {
    char *path, *url; /* path: NULL of what is live */
    CliShareOpen open; /* NULL: the file at path */
    gpointer user_data;
    char *token;
    const char *mime;
    NetInterfaces *interfaces;
    HttpRouter *router;
    HttpServer *server;
};

static void
get_shared(HttpExchange *exchange, gpointer user_data)
{
    const CliShare *share = user_data;
    g_autoptr(GError) error = NULL;
    Stream *stream = NULL;

    if (text_equal_secret(share->token, http_exchange_parameter(exchange, "token")))
        stream = share->open != NULL ? share->open(share->mime, share->user_data)
                                     : stream_new_file(share->path, share->mime, &error);
    if (stream != NULL && share->open != NULL) {
        http_exchange_add_head(exchange, "contentFeatures.dlna.org", DLNA_LIVE);
        http_exchange_add_head(exchange, "transferMode.dlna.org", "Streaming");
    }
    if (stream != NULL)
        http_exchange_reply_stream(exchange, stream);
    else
        http_exchange_reply_problem(exchange, 404, NULL, "nothing is shared by that name");
}

static const HttpRoute routes[] = {
    { "GET", "/{token}/{name}", HTTP_READ, get_shared, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};

void
cli_share_free(CliShare *share)
{
    if (share == NULL)
        return;
    http_server_free(share->server);
    http_router_free(share->router);
    net_interfaces_free(share->interfaces);
    g_free(share->path);
    g_free(share->url);
    g_free(share->token);
    g_free(share);
}

/* The address of ours that the screen reaches; where that is not known, the one that the server
 * does. */
static char *
base_url(Cli *cli, const CliShare *share, const char *screen)
{
    g_autofree char *id = text_percent_encode(screen);
    g_autofree char *path = g_strconcat("/screens/", id, NULL);
    g_autoptr(GUri) server = NULL;
    json_t *answer;
    char *base = NULL;

    if (cli_ask(cli, "GET", path, NULL, &answer) == CLI_DONE) {
        server = g_uri_parse(cli->server, G_URI_FLAGS_NONE, NULL);
        const char *address = cli_text(answer, "address");
        base = net_interfaces_base_url(share->interfaces,
                                       *address != '\0' ? address : g_uri_get_host(server),
                                       http_server_port(share->server));
        if (base == NULL)
            cli_complain("this computer is on no network: nobody could fetch anything from it");
    }
    json_decref(answer);
    return base;
}

/* What it shares is set; name is of the address. False: it was told why. */
static bool
begin(Cli *cli, CliShare *share, const char *name, const char *screen)
{
    g_autofree char *encoded = text_percent_encode(name);
    g_autoptr(GError) error = NULL;
    HttpServerOptions options = { .threads = 1, .server = "duoping" };

    share->token = chance_token();
    share->interfaces = net_interfaces_new(NULL, &error);
    share->router = http_router_new();
    http_router_add(share->router, routes, share);
    if (share->interfaces != NULL)
        share->server = http_server_new(&options, share->router, &error);
    if (share->server == NULL) {
        cli_complain("%s cannot be sent from here: %s", name, error->message);
        return false;
    }
    g_autofree char *base = base_url(cli, share, screen);
    if (base == NULL)
        return false;
    share->url = g_strdup_printf("%s/%s/%s", base, share->token, encoded);
    return true;
}

CliShare *
cli_share_new(Cli *cli, const char *path, const char *screen)
{
    g_autoptr(CliShare) share = g_new0(CliShare, 1);
    g_autofree char *name = g_path_get_basename(path);

    share->path = g_strdup(path);
    share->mime = mime_from_name(name);
    return begin(cli, share, name, screen) ? g_steal_pointer(&share) : NULL;
}

CliShare *
cli_share_new_live(Cli *cli, const char *name, const char *mime, CliShareOpen open,
                   gpointer user_data)
{
    g_autoptr(CliShare) share = g_new0(CliShare, 1);

    share->mime = mime;
    share->open = open;
    share->user_data = user_data;
    return begin(cli, share, name, cli->to) ? g_steal_pointer(&share) : NULL;
}

bool
cli_share_suits(const char *path)
{
    return mime_from_name(path) != NULL && g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

const char *
cli_share_url(const CliShare *share)
{
    return share->url;
}

/* -- As long as it is played -------------------------------------------------------------------- */

static gboolean
on_time(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

/* Why the last cast of it has failed; NULL: it did not. Borrowed from casts. */
static const char *
problem_of(const json_t *casts, const char *url)
{
    json_t *cast;
    size_t i;

    json_array_foreach(casts, i, cast)
        if (strcmp(cli_text(cast, "url"), url) == 0)
            return json_string_value(json_object_get(cast, "problem"));
    return NULL;
}

/* Also after it has moved to another screen: there it is another cast of the same address. */
static bool
is_wanted(const json_t *casts, const char *url)
{
    json_t *cast;
    size_t i;

    json_array_foreach(casts, i, cast) {
        const char *state = cli_text(cast, "state");
        if (strcmp(cli_text(cast, "url"), url) == 0 && strcmp(state, "ended") != 0 &&
            strcmp(state, "failed") != 0)
            return true;
    }
    return false;
}

CliExit
cli_share_serve(Cli *cli, const CliShare *share)
{
    CliExit result = CLI_DONE;
    bool goes_on = true;

    while (goes_on) {
        json_t *casts;
        g_timeout_add_seconds(LOOK_EVERY_S, on_time, cli->loop);
        g_main_loop_run(cli->loop);
        result = cli_ask(cli, "GET", "/casts", NULL, &casts);
        goes_on = result == CLI_DONE && is_wanted(casts, share->url);
        const char *problem =
            result == CLI_DONE && !goes_on ? problem_of(casts, share->url) : NULL;
        if (problem != NULL) {
            cli_complain("%s: %s", share->path, problem);
            result = CLI_FAILED;
        }
        json_decref(casts);
    }
    return result;
}
