/* queue-commands.c -- queue: what a screen is to play; people count its entries from 1 */
#include "cli/cli.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void
show_entry(const json_t *entry, size_t number, bool is_current)
{
    g_autofree char *digits = g_strdup_printf("%s%zu", is_current ? ">" : " ", number);
    g_autofree char *duration = cli_time(cli_number(entry, "duration_ms"));
    const char *title = cli_title(entry);

    cli_row((CliColumn[]){ { digits, 5 }, { duration, 8 },
                           { *title != '\0' ? title : cli_text(entry, "url"), 0 } }, 3);
}

static void
show_queue(const json_t *queue)
{
    const json_t *entries = json_object_get(queue, "entries");
    const char *repeat = cli_text(queue, "repeat");
    json_t *entry;
    size_t i;

    if (json_array_size(entries) == 0)
        puts("Nothing is queued: duoping queue add WHAT --on SCREEN.");
    json_array_foreach(entries, i, entry)
        show_entry(entry, i + 1, strcmp(cli_text(entry, "id"), cli_text(queue, "current")) == 0);
    if (strcmp(repeat, "off") != 0)
        printf("repeats %s\n", strcmp(repeat, "one") == 0 ? "one" : "all");
    if (json_is_true(json_object_get(queue, "shuffle")))
        puts("shuffled");
}

/* One request below the screen's queue (rest: "" or "/..."); body is taken over. */
static CliExit
ask(Cli *cli, const char *method, const char *rest, json_t *body, json_t **queue)
{
    g_autofree char *screen = text_percent_encode(cli->on);
    g_autofree char *path = g_strdup_printf("/queue/%s%s", screen, rest);

    return cli_ask(cli, method, path, body, queue);
}

static CliExit
ask_and_show(Cli *cli, const char *method, const char *rest, json_t *body)
{
    json_t *queue;
    CliExit result = ask(cli, method, rest, body, &queue);

    if (result == CLI_DONE && !cli_show_json(cli, queue))
        show_queue(queue);
    json_decref(queue);
    return result;
}

/* A request that concerns the entry people call number. */
static CliExit
ask_of_entry(Cli *cli, const char *number, const char *method, const char *verb, json_t *body)
{
    json_t *queue;
    CliExit result = ask(cli, "GET", "", NULL, &queue);
    const json_t *entries = json_object_get(queue, "entries");
    uint32_t n = 0;

    if (result == CLI_DONE && text_to_u32(number, 1, (uint32_t)json_array_size(entries), &n)) {
        const json_t *entry = json_array_get(entries, n - 1);
        g_autofree char *rest = g_strdup_printf("/%s%s", cli_text(entry, "id"), verb);
        result = ask_and_show(cli, method, rest, json_incref(body));
    } else if (result == CLI_DONE) {
        cli_complain("queue: there is no entry %s; it has %zu", number, json_array_size(entries));
        result = CLI_FAILED;
    }
    json_decref(body);
    json_decref(queue);
    return result;
}

static CliExit
run_list(Cli *cli, char **words G_GNUC_UNUSED)
{
    return ask_and_show(cli, "GET", "", NULL);
}

static CliExit
add_to(Cli *cli, char **words, bool is_music)
{
    g_autofree char *what = g_strjoinv(" ", words);
    json_t *wish = json_object();
    unsigned status = 0;
    json_t *answer = NULL;
    g_autofree char *encoded = text_percent_encode(what);
    g_autofree char *container = g_strdup_printf("/library/containers/%s?limit=1", encoded);
    CliExit result = CLI_DONE;

    if (cli->is_next)
        json_object_set_new(wish, "next", json_true());
    if (is_music)
        json_object_set_new(wish, "music", json_true());
    if (strchr(what, '/') == NULL &&
        cli_try(cli, "GET", container, NULL, &answer, &status) == CLI_DONE)
        json_object_set_new(wish, "item", json_string(what));
    else
        result = cli_find_what(cli, what, wish);
    if (result == CLI_DONE)
        result = ask_and_show(cli, "POST", "", json_incref(wish));
    json_decref(answer);
    json_decref(wish);
    return result;
}

static CliExit
run_add(Cli *cli, char **words)
{
    return add_to(cli, words, false);
}

static CliExit
run_music(Cli *cli, char **words)
{
    return add_to(cli, words, true);
}

static CliExit
run_play(Cli *cli, char **words)
{
    return ask_of_entry(cli, words[0], "POST", "/play", json_object());
}

static CliExit
run_remove(Cli *cli, char **words)
{
    return ask_of_entry(cli, words[0], "DELETE", "", NULL);
}

static CliExit
run_move(Cli *cli, char **words)
{
    uint32_t to;

    if (!text_to_u32(words[1], 1, 100000, &to)) {
        cli_complain("queue move: “%s” is no number of an entry", words[1]);
        return CLI_USAGE;
    }
    return ask_of_entry(cli, words[0], "POST", "/move", json_pack("{si}", "index", (int)(to - 1)));
}

static CliExit
run_clear(Cli *cli, char **words G_GNUC_UNUSED)
{
    return ask_and_show(cli, "DELETE", "", NULL);
}

static CliExit
run_repeat(Cli *cli, char **words)
{
    return ask_and_show(cli, "PATCH", "", json_pack("{ss}", "repeat", words[0]));
}

static CliExit
run_shuffle(Cli *cli, char **words)
{
    bool is_on = strcmp(words[0], "on") == 0;

    if (!is_on && strcmp(words[0], "off") != 0) {
        cli_complain("queue shuffle: say on or off");
        return CLI_USAGE;
    }
    return ask_and_show(cli, "PATCH", "", json_pack("{sb}", "shuffle", is_on));
}

static CliExit
run_pictures(Cli *cli, char **words)
{
    int64_t ms;

    if (!text_to_duration_ms(words[0], &ms)) {
        cli_complain("queue pictures: “%s” is no time; say seconds, M:SS or H:MM:SS", words[0]);
        return CLI_USAGE;
    }
    return ask_and_show(cli, "PATCH", "", json_pack("{sI}", "picture_ms", (json_int_t)ms));
}

static const struct {
    const char *verb;
    guint words_min, words_max; /* after it */
    bool takes_next;
    CliExit (*run)(Cli *cli, char **words);
} verbs[] = {
    { "list", 0, 0, false, run_list },     { "add", 1, G_MAXUINT, true, run_add },
    { "play", 1, 1, false, run_play },     { "remove", 1, 1, false, run_remove },
    { "move", 2, 2, false, run_move },     { "clear", 0, 0, false, run_clear },
    { "repeat", 1, 1, false, run_repeat }, { "shuffle", 1, 1, false, run_shuffle },
    { "pictures", 1, 1, false, run_pictures }, { "music", 1, G_MAXUINT, true, run_music },
};

static CliExit
run_queue(Cli *cli, const CliCommand *command, char **words)
{
    guint count = g_strv_length(words);

    if (count == 0 && !cli->is_next)
        return run_list(cli, words);
    for (guint i = 0; count > 0 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].verb, words[0]) == 0 && count - 1 >= verbs[i].words_min &&
            count - 1 <= verbs[i].words_max && (verbs[i].takes_next || !cli->is_next))
            return verbs[i].run(cli, words + 1);
    cli_complain("usage: duoping queue %s", command->arguments);
    return CLI_USAGE;
}

const CliCommand queue_commands[] = {
    { "queue", "[list|add|play|remove|move|clear|repeat|shuffle|pictures|music ...] --on SCREEN",
      "what a screen is to play: add WHAT [--next], play N, remove N, move N TO", 0, G_MAXUINT,
      CLI_OPTION_ON | CLI_OPTION_NEXT, CLI_OPTION_ON, run_queue },
    { NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};
