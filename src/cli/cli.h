/* cli.h -- what the commands of duoping share
 *
 * A command is a row of a table: its name, what it takes and what it does. It talks to the server's
 * API one request at a time and ends with an exit code. */
#pragma once

#include "model/stream.h"
#include "net/http-client.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* Exit codes (INTERFACE.md). */
typedef enum {
    CLI_DONE = 0,
    CLI_FAILED = 1, /* refused or failed; the reason was told */
    CLI_USAGE = 2,
    CLI_NO_SERVER = 3,
} CliExit;

/* Options that belong to some commands only. */
typedef enum {
    CLI_OPTION_TO = 1,
    CLI_OPTION_ON = 2,
    CLI_OPTION_AT = 4,
    CLI_OPTION_QUEUE = 8,
    CLI_OPTION_PEER = 16,
    CLI_OPTION_FOR = 32,
    CLI_OPTION_SHOW = 64,
    CLI_OPTION_NEXT = 128,
    CLI_OPTION_RESUME = 256,
    CLI_OPTION_PERSON = 512,
    CLI_OPTION_FROM = 1024,
    CLI_OPTION_TRACKS = 2048, /* --audio, --subtitle */
} CliOption;

typedef struct {
    char *server; /* "http://host:port", without a slash at the end; NULL: not looked for yet */
    char *granted; /* the token of a session that the last answer opened; NULL: none */
    char *to, *on, *at, *use, *person, *from, *audio, *subtitle;
    gboolean is_json, is_queued, is_peer, is_shown, is_next, is_resumed;
    HttpClient *client;
    GMainLoop *loop;
} Cli;

typedef struct CliCommand CliCommand;
struct CliCommand {
    const char *name;
    const char *arguments; /* as in the usage, e.g. "[CONTAINER]" */
    const char *summary;
    guint words_min, words_max; /* after the name */
    unsigned options;           /* CliOption, those it takes */
    unsigned needed;            /* those it cannot do without */
    CliExit (*run)(Cli *cli, const CliCommand *command, char **words);
};

/* Each ends with a name of NULL. */
extern const CliCommand library_commands[], screen_commands[], cast_commands[], queue_commands[],
    group_commands[], pair_commands[], session_commands[], watch_commands[],
    mirror_commands[];

/* -- Talking to the server (talk.c) ------------------------------------------------------------ */

/* One request to the API; path is below /api/v1 and percent-encoded. body may be NULL and is taken
 * over. *answer is the caller's; NULL unless CLI_DONE. A failure was told unless status is asked
 * for and given: then it is the HTTP status of a refusal. */
CliExit cli_ask(Cli *cli, const char *method, const char *path, json_t *body, json_t **answer);
CliExit cli_try(Cli *cli, const char *method, const char *path, json_t *body, json_t **answer,
                unsigned *status);
/* The same for a stream of server-sent events, until the server ends it, heard says false or
 * cancellable (may be NULL) is cancelled: both are CLI_DONE. */
typedef bool (*CliEvent)(const char *event, const char *data, gpointer user_data);
CliExit cli_listen(Cli *cli, const char *path, GCancellable *cancellable, CliEvent heard,
                   gpointer user_data);

/* Where a thing is looked for. "SERVER:REST" means another server when one is called so
 * (places.c). */
typedef struct {
    char *root;       /* in the API: "/library" or "/servers/ID" */
    char *server;     /* its id; NULL: the library of our own, as is the next */
    char *name;       /* of that server */
    const char *rest; /* of what was said; borrowed from it */
} CliPlace;

/* What went wrong was told unless CLI_DONE; then the caller's to clear. */
CliExit cli_find_place(Cli *cli, const char *what, CliPlace *place);
void    cli_place_clear(CliPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliPlace, cli_place_clear)

/* Puts into wish what people mean by what: an item (server), a path or a url (cast-commands.c).
 * What went wrong was told unless CLI_DONE. */
CliExit cli_find_what(Cli *cli, const char *what, json_t *wish);

/* The server on this network that answers first; sets cli->server (discover.c). */
CliExit cli_discover(Cli *cli);

/* -- Who we are to a server (session.c) -------------------------------------------------------- */

/* The Cookie that the server at cli->server knows us by, the caller's; NULL: it does not. */
char   *cli_cookie(const Cli *cli);
/* Takes from a Set-Cookie head what cli->granted says. */
void    cli_take_cookie(Cli *cli, const char *head);

/* A line that a person types, or that is piped to us; what is asked for is said on a terminal
 * alone. The caller's; NULL: there is none. */
char   *cli_prompt(const char *what);

/* "duoping: ..." on standard error. */
void    cli_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* -- Sending a file from here (share.c) --------------------------------------------------------- */

typedef struct CliShare CliShare;

/* A file that a screen may want to play. */
bool        cli_share_suits(const char *path);
/* Serves it to screen (a name); what went wrong was told when it is NULL. */
CliShare   *cli_share_new(Cli *cli, const char *path, const char *screen);
/* The same of what open() makes for each that fetches it, on any thread, as it happens: to
 * cli->to. */
typedef Stream *(*CliShareOpen)(const char *mime, gpointer user_data);
CliShare   *cli_share_new_live(Cli *cli, const char *name, const char *mime, CliShareOpen open,
                               gpointer user_data);
void        cli_share_free(CliShare *share);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CliShare, cli_share_free)
const char *cli_share_url(const CliShare *share);
/* Until no cast of it is under way any more. */
CliExit     cli_share_serve(Cli *cli, const CliShare *share);

/* -- Showing (show.c) -------------------------------------------------------------------------- */

/* True, and printed, when the person wants JSON. */
bool        cli_show_json(const Cli *cli, const json_t *value);
/* A member's text, "" when there is none. */
const char *cli_text(const json_t *object, const char *name);
/* Its title, or that who asks may not know it. */
const char *cli_title(const json_t *object);
int64_t     cli_number(const json_t *object, const char *name);
/* One row of columns, each padded to its width on a terminal (Chinese is twice as wide). */
typedef struct {
    const char *text;
    guint width; /* 0: as long as it is */
} CliColumn;
void        cli_row(const CliColumn *columns, guint count);
/* H:MM:SS or M:SS; "" for 0. The caller's. */
char       *cli_time(int64_t ms);
