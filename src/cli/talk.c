/* talk.c -- one request, one answer; what the server refuses is told in its own words */
#include "cli/cli.h"

#include "base/error.h"

#include <string.h>

#define ANSWER_MAX (16 * 1024 * 1024)
/* A screen on a slow link takes its time to take a film. */
#define TIMEOUT_MS 60000
#define EVENT_LINE_MAX (1024 * 1024)

typedef struct {
    Cli *cli;
    unsigned status; /* 0: no answer */
    json_t *answer;
    GError *error;
} Talk;

static void
on_replied(const HttpReply *reply, const GError *error, gpointer user_data)
{
    Talk *talk = user_data;
    json_error_t where;
    gsize size;

    if (reply == NULL) {
        talk->error = g_error_copy(error);
    } else {
        const char *text = g_bytes_get_data(http_reply_body(reply), &size);
        talk->status = http_reply_status(reply);
        cli_take_cookie(talk->cli, http_reply_head(reply, "Set-Cookie"));
        talk->answer = size == 0 ? json_object() : json_loadb(text, size, 0, &where);
    }
    g_main_loop_quit(talk->cli->loop);
}

static void
tell_refusal(const Talk *talk)
{
    const char *detail = cli_text(talk->answer, "detail"), *field = cli_text(talk->answer, "field");

    if (*detail == '\0')
        detail = cli_text(talk->answer, "title");
    if (*detail == '\0')
        cli_complain("the server answered with status %u", talk->status);
    else if (*field == '\0' || strstr(detail, field) != NULL)
        cli_complain("%s", detail);
    else
        cli_complain("%s: %s", field, detail);
}

static bool
is_away(const GError *error)
{
    return g_error_matches(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE) ||
           g_error_matches(error, DUO_ERROR, DUO_ERROR_TIMEOUT);
}

/* Looks for a server when it is first needed, so that a mistake in the words costs no search. */
static bool
has_server(Cli *cli)
{
    return cli->server != NULL || cli_discover(cli) == CLI_DONE;
}

/* What came of a request; tells what went wrong unless status is for the caller to judge. */
static CliExit
judge(const Talk *talk, json_t **answer, unsigned *status)
{
    if (talk->error != NULL) {
        cli_complain("%s: %s", talk->cli->server, talk->error->message);
        return is_away(talk->error) ? CLI_NO_SERVER : CLI_FAILED;
    }
    if (talk->status / 100 == 2 && talk->answer != NULL) {
        *answer = json_incref(talk->answer);
        return CLI_DONE;
    }
    if (talk->status / 100 == 2)
        cli_complain("%s answers, but not as duopingd does: is the address right?",
                     talk->cli->server);
    else if (status != NULL)
        *status = talk->status;
    else
        tell_refusal(talk);
    return CLI_FAILED;
}

CliExit
cli_try(Cli *cli, const char *method, const char *path, json_t *body, json_t **answer,
        unsigned *status)
{
    *answer = NULL;
    if (!has_server(cli)) {
        json_decref(body);
        return CLI_NO_SERVER;
    }
    g_autofree char *url = g_strconcat(cli->server, "/api/v1", path, NULL);
    g_autofree char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    g_autoptr(GBytes) bytes = text != NULL ? g_bytes_new(text, strlen(text)) : NULL;
    g_autofree char *cookie = cli_cookie(cli);
    const HttpHead heads[] = { { "Cookie", cookie }, { NULL, NULL } };
    HttpRequest request = {
        .method = method,
        .url = url,
        .heads = cookie != NULL ? heads : NULL,
        .mime = text != NULL ? "application/json" : NULL,
        .body = bytes,
        .timeout_ms = TIMEOUT_MS,
        .body_max = ANSWER_MAX,
    };
    Talk talk = { .cli = cli };

    json_decref(body);
    http_client_send(cli->client, &request, NULL, on_replied, &talk);
    g_main_loop_run(cli->loop);
    CliExit result = judge(&talk, answer, status);
    json_decref(talk.answer);
    g_clear_error(&talk.error);
    return result;
}

CliExit
cli_ask(Cli *cli, const char *method, const char *path, json_t *body, json_t **answer)
{
    return cli_try(cli, method, path, body, answer, NULL);
}

/* -- Server-sent events (HTML Living Standard, 9.2.6) ------------------------------------------ */

typedef struct {
    Talk talk;
    GString *line, *data;
    char *event; /* NULL: none named */
    CliEvent heard;
    gpointer user_data;
    GCancellable *over;
    bool is_over; /* heard has heard enough */
} Listening;

static void
take_line(Listening *listening, const char *line)
{
    if (*line == '\0') { /* the event is whole */
        if (listening->data->len > 0 && !listening->is_over)
            listening->is_over =
                !listening->heard(listening->event != NULL ? listening->event : "message",
                                  listening->data->str, listening->user_data);
        if (listening->is_over)
            g_cancellable_cancel(listening->over);
        g_string_truncate(listening->data, 0);
        g_clear_pointer(&listening->event, g_free);
    } else if (g_str_has_prefix(line, "data:")) {
        g_string_append(listening->data, line + strlen("data:") + (line[5] == ' '));
    } else if (g_str_has_prefix(line, "event:")) {
        g_free(listening->event);
        listening->event = g_strdup(line + strlen("event:") + (line[6] == ' '));
    }
}

static void
on_part(const void *data, size_t size, gpointer user_data)
{
    Listening *listening = user_data;
    const char *text = data;

    for (size_t i = 0; i < size && !listening->is_over; i++) {
        if (text[i] == '\n') {
            take_line(listening, listening->line->str);
            g_string_truncate(listening->line, 0);
        } else if (text[i] != '\0' && text[i] != '\r' && listening->line->len < EVENT_LINE_MAX) {
            g_string_append_c(listening->line, text[i]);
        }
    }
}

CliExit
cli_listen(Cli *cli, const char *path, GCancellable *cancellable, CliEvent heard,
           gpointer user_data)
{
    if (!has_server(cli))
        return CLI_NO_SERVER;
    g_autofree char *url = g_strconcat(cli->server, "/api/v1", path, NULL);
    g_autofree char *cookie = cli_cookie(cli);
    const HttpHead heads[] = { { "Cookie", cookie }, { NULL, NULL } };
    HttpRequest request = {
        .method = "GET", .url = url, .heads = cookie != NULL ? heads : NULL,
        .timeout_ms = TIMEOUT_MS, .received = on_part
    };
    Listening listening = {
        .talk = { .cli = cli },
        .line = g_string_new(NULL),
        .data = g_string_new(NULL),
        .heard = heard,
        .user_data = user_data,
        .over = cancellable != NULL ? g_object_ref(cancellable) : g_cancellable_new(),
    };

    http_client_send(cli->client, &request, listening.over, on_replied, &listening);
    g_main_loop_run(cli->loop);
    bool is_over = listening.is_over || g_cancellable_is_cancelled(listening.over);
    if (is_over)
        g_debug("nothing more is to be heard");
    else if (listening.talk.error != NULL)
        cli_complain("%s: %s", cli->server, listening.talk.error->message);
    else if (listening.talk.status != 200)
        tell_refusal(&listening.talk);
    else
        cli_complain("%s has ended the events: it is stopping", cli->server);
    json_decref(listening.talk.answer);
    g_clear_error(&listening.talk.error);
    g_string_free(listening.line, TRUE);
    g_string_free(listening.data, TRUE);
    g_free(listening.event);
    g_object_unref(listening.over);
    return is_over ? CLI_DONE : CLI_FAILED;
}
