/* cast-commands.c -- cast WHAT --to SCREEN: finds out what WHAT is, then asks the server */
#include "cli/cli.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHOICES_MAX 10

static bool
is_url(const char *what)
{
    return g_ascii_strncasecmp(what, "http://", 7) == 0 ||
           g_ascii_strncasecmp(what, "https://", 8) == 0 ||
           g_ascii_strncasecmp(what, "rtsp://", 7) == 0;
}

/* The one of several that was found whose title is the very words; NULL: none or more. */
static const json_t *
only_fit(const json_t *items, const char *title)
{
    g_autofree char *wanted = g_utf8_casefold(title, -1);
    const json_t *fit = NULL;
    json_t *item;
    size_t i;

    if (json_array_size(items) == 1)
        return json_array_get(items, 0);
    json_array_foreach(items, i, item) {
        g_autofree char *name = g_utf8_casefold(cli_text(item, "title"), -1);
        if (strcmp(name, wanted) != 0)
            continue;
        if (fit != NULL)
            return NULL;
        fit = item;
    }
    return fit;
}

/* server: whose library it is, as it was called; NULL: ours. */
static void
tell_choices(const json_t *found, const char *server, const char *what)
{
    json_t *item;
    size_t i;

    if (cli_number(found, "total") == 0 && server != NULL) {
        cli_complain(
            "“%s” is no item of %s, and nothing there is called so; see duoping ls %s: and "
            "duoping search %s: WORDS",
            what, server, server, server);
        return;
    }
    if (cli_number(found, "total") == 0) {
        cli_complain(
            "“%s” is no item, nothing in the library is called so, and no such file is here; "
            "see duoping ls and duoping search",
            what);
        return;
    }
    cli_complain("“%s” could be any of %" G_GINT64_FORMAT "; say the id:", what,
                 cli_number(found, "total"));
    json_array_foreach(json_object_get(found, "items"), i, item)
        fprintf(stderr, "  %s  %s\n", cli_text(item, "id"), cli_text(item, "title"));
}

/* An id, or words that only one item has. */
static CliExit
find_item(Cli *cli, const CliPlace *place, json_t *wish)
{
    g_autofree char *encoded = text_percent_encode(place->rest);
    g_autofree char *item_path = g_strconcat(place->root, "/items/", encoded, NULL);
    g_autofree char *search_path =
        g_strdup_printf("%s/search?q=%s&limit=%d", place->root, encoded, CHOICES_MAX);
    unsigned status = 0;
    json_t *answer;
    CliExit result = cli_try(cli, "GET", item_path, NULL, &answer, &status);

    if (place->server != NULL)
        json_object_set_new(wish, "server", json_string(place->server));
    if (result == CLI_DONE) {
        json_object_set_new(wish, "item", json_string(place->rest));
    } else if (status != 0) {
        result = cli_ask(cli, "GET", search_path, NULL, &answer);
        const json_t *item = only_fit(json_object_get(answer, "items"), place->rest);
        if (item != NULL) {
            json_object_set_new(wish, "item", json_string(cli_text(item, "id")));
        } else if (result == CLI_DONE) {
            tell_choices(answer, place->name, place->rest);
            result = CLI_FAILED;
        }
    }
    json_decref(answer);
    return result;
}

CliExit
cli_find_what(Cli *cli, const char *what, json_t *wish)
{
    g_autofree char *whole = NULL;

    if (is_url(what)) {
        json_object_set_new(wish, "url", json_string(what));
        return CLI_DONE;
    }
    if (!g_file_test(what, G_FILE_TEST_EXISTS)) {
        g_auto(CliPlace) place = { 0 };
        CliExit result = cli_find_place(cli, what, &place);
        if (result != CLI_DONE)
            return result;
        if (place.server != NULL || strchr(what, '/') == NULL)
            return find_item(cli, &place, wish);
    }
    char *real = realpath(what, NULL); /* as the server walks its folders */
    whole = real != NULL ? g_strdup(real) : g_canonicalize_filename(what, NULL);
    free(real);
    if (!g_utf8_validate(whole, -1, NULL)) {
        cli_complain("the name of %s is not UTF-8; cast it by its id", what);
        return CLI_FAILED;
    }
    json_object_set_new(wish, "path", json_string(whole));
    return CLI_DONE;
}

/* A file that the server does not have is sent from here. */
static CliExit
ask_cast(Cli *cli, json_t *wish, json_t **cast, CliShare **share)
{
    const char *path = json_string_value(json_object_get(wish, "path"));
    unsigned status = 0;

    if (path == NULL || !cli_share_suits(path))
        return cli_ask(cli, "POST", "/casts", json_incref(wish), cast);
    CliExit result = cli_try(cli, "POST", "/casts", json_incref(wish), cast, &status);
    if (result == CLI_DONE || status == 0)
        return result;
    if (status != 404) /* once more, for its reason */
        return cli_ask(cli, "POST", "/casts", json_incref(wish), cast);
    *share = cli_share_new(cli, path, cli->to);
    if (*share == NULL)
        return CLI_FAILED;
    json_object_del(wish, "path");
    json_object_del(wish, "resume");
    json_object_set_new(wish, "url", json_string(cli_share_url(*share)));
    return cli_ask(cli, "POST", "/casts", json_incref(wish), cast);
}

static CliExit
run_cast(Cli *cli, const CliCommand *command, char **words)
{
    g_autofree char *what = g_strjoinv(" ", words);
    int64_t position_ms = 0;
    json_t *wish, *cast = NULL;
    g_autoptr(CliShare) share = NULL;

    if (cli->at != NULL && !text_to_duration_ms(cli->at, &position_ms)) {
        cli_complain("--at: “%s” is no time; say seconds, M:SS or H:MM:SS", cli->at);
        return CLI_USAGE;
    }
    wish = json_pack("{ss}", "screen", cli->to);
    if (position_ms > 0)
        json_object_set_new(wish, "position_ms", json_integer(position_ms));
    if (cli->is_resumed)
        json_object_set_new(wish, "resume", json_true());
    if (cli->person != NULL)
        json_object_set_new(wish, "person", json_string(cli->person));
    if (cli->audio != NULL)
        json_object_set_new(wish, "audio", json_string(cli->audio));
    if (cli->subtitle != NULL)
        json_object_set_new(wish, "subtitle", json_string(cli->subtitle));
    if (cli->is_queued)
        json_object_set_new(wish, "queue", json_true());
    CliExit result = cli_find_what(cli, what, wish);
    if (result == CLI_DONE)
        result = ask_cast(cli, wish, &cast, &share);
    if (result == CLI_DONE && !cli_show_json(cli, cast)) {
        const char *title = cli_text(cast, "title");
        printf("%s: %s, %s (%s)\n", cli_text(cast, "state"), *title != '\0' ? title : what,
               cli_text(cast, "how"), cli_text(cast, "reason"));
    }
    if (result == CLI_DONE && share != NULL) {
        fflush(stdout);
        result = cli_share_serve(cli, share);
    }
    json_decref(cast);
    json_decref(wish);
    return result;
}

const CliCommand cast_commands[] = {
    { "cast", "[SERVER:]WHAT --to SCREEN [--at TIME | --resume] [--person NAME] [--queue] "
      "[--audio SOUND] [--subtitle WORDS]",
      "play an item (id or title), a file, or a URL", 1, G_MAXUINT,
      CLI_OPTION_TO | CLI_OPTION_AT | CLI_OPTION_QUEUE | CLI_OPTION_RESUME | CLI_OPTION_PERSON |
          CLI_OPTION_TRACKS,
      CLI_OPTION_TO, run_cast },
    { NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};
