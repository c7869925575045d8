/* session.c -- who we are to a server: sign-in, sign-out, and the key of the server on this
 * computer
 *
 * A session is kept by the server's address, as a browser keeps a cookie, in a file of the user's
 * alone: the server at another address is another one, and is shown nothing. Without a session the
 * server on this computer is shown the key that it wrote for whoever may read it
 * (base/local-key.h), and only at an address of this computer. */
#include "cli/cli.h"

#include "base/local-key.h"
#include "base/text.h"
#include "net/interfaces.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As the server calls them (api/room.h): in the clear, and inside TLS. */
static const char *const cookie_names[] = { "duoping", "__Host-duoping" };

/* -- What is kept ------------------------------------------------------------------------------ */

static char *
sessions_path(void)
{
    return g_build_filename(g_get_user_state_dir(), "duoping", "sessions", NULL);
}

/* One that is not there, or cannot be read, holds nothing. */
static GKeyFile *
read_sessions(void)
{
    g_autofree char *path = sessions_path();
    GKeyFile *file = g_key_file_new();

    g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL);
    return file;
}

/* Where that server's is in the file: names of groups have no brackets, as addresses of IPv6 do. The
 * caller's. */
static char *
group_of(const Cli *cli)
{
    return text_percent_encode(cli->server);
}

/* token NULL: there is none any more. */
static bool
keep_session(const Cli *cli, const char *token, GError **error)
{
    g_autofree char *path = sessions_path();
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *group = group_of(cli);
    g_autoptr(GKeyFile) file = read_sessions();
    gsize size;

    if (token != NULL)
        g_key_file_set_string(file, group, "token", token);
    else if (!g_key_file_remove_group(file, group, NULL))
        return true;
    g_mkdir_with_parents(folder, 0700);
    g_autofree char *text = g_key_file_to_data(file, &size, NULL);
    return g_file_set_contents_full(path, text, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                    error);
}

/* Of the server on this computer, where that is the one; the caller's. */
static char *
local_key(const Cli *cli)
{
    g_autoptr(GUri) uri = g_uri_parse(cli->server, G_URI_FLAGS_NONE, NULL);
    const char *host = strcmp(g_uri_get_host(uri), "localhost") == 0 ? "127.0.0.1"
                                                                     : g_uri_get_host(uri);
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
    g_autofree char *key =
        address != NULL && strcmp(g_uri_get_scheme(uri), "http") == 0 && g_uri_get_port(uri) > 0
            ? local_key_find((uint16_t)g_uri_get_port(uri)) : NULL;
    g_autoptr(NetInterfaces) interfaces = key != NULL ? net_interfaces_new(NULL, NULL) : NULL;

    return interfaces != NULL && net_interfaces_has(interfaces, address) ? g_steal_pointer(&key)
                                                                         : NULL;
}

char *
cli_cookie(const Cli *cli)
{
    g_autoptr(GKeyFile) file = read_sessions();
    g_autofree char *group = group_of(cli);
    g_autofree char *kept = g_key_file_get_string(file, group, "token", NULL);
    g_autofree char *token = kept != NULL ? g_steal_pointer(&kept) : local_key(cli);

    if (token == NULL)
        return NULL;
    return g_strdup_printf("%s=%s", cookie_names[g_str_has_prefix(cli->server, "https:")], token);
}

void
cli_take_cookie(Cli *cli, const char *head)
{
    for (guint i = 0; head != NULL && i < G_N_ELEMENTS(cookie_names); i++) {
        size_t length = strlen(cookie_names[i]);
        if (strncmp(head, cookie_names[i], length) != 0 || head[length] != '=')
            continue;
        g_free(cli->granted);
        cli->granted = g_strndup(head + length + 1, strcspn(head + length + 1, ";"));
    }
}

/* -- The commands ------------------------------------------------------------------------------ */

char *
cli_prompt(const char *what)
{
    char line[256];

    if (isatty(STDIN_FILENO))
        fprintf(stderr, "%s: ", what);
    if (fgets(line, sizeof line, stdin) == NULL)
        return NULL;
    return g_strdup(g_strstrip(line));
}

/* For who becomes the owner. */
static const char *
own_name(const Cli *cli)
{
    const char *real = g_get_real_name();

    if (cli->person != NULL)
        return cli->person;
    return *real != '\0' && strcmp(real, "Unknown") != 0 ? real : g_get_user_name();
}

static CliExit
run_sign_in(Cli *cli, const CliCommand *command, char **words)
{
    g_autofree char *code = words[0] != NULL ? g_strdup(words[0])
                                             : cli_prompt("Code, of the owner or the server's log");
    g_autofree char *device = g_strdup_printf("duoping, %s", g_get_host_name());
    g_autoptr(GError) error = NULL;
    json_t *visitor;

    if (code == NULL || *code == '\0') {
        cli_complain("sign-in: no code; the owner makes one on the page, under People");
        return CLI_USAGE;
    }
    CliExit result = cli_ask(cli, "POST", "/sessions",
                             json_pack("{ss ss ss}", "code", code, "name", own_name(cli), "device",
                                       device), &visitor);
    if (result == CLI_DONE && (cli->granted == NULL || *cli->granted == '\0')) {
        cli_complain("%s opened no session: is the address right?", cli->server);
        result = CLI_FAILED;
    } else if (result == CLI_DONE && !keep_session(cli, cli->granted, &error)) {
        cli_complain("the session cannot be kept: %s", error->message);
        result = CLI_FAILED;
    } else if (result == CLI_DONE && !cli_show_json(cli, visitor)) {
        printf("You are %s here: %s.\n", cli_text(visitor, "name"), cli_text(visitor, "role"));
    }
    json_decref(visitor);
    return result;
}

/* What is kept here goes in any case; the server may have ended it long ago. */
static CliExit
run_sign_out(Cli *cli, const CliCommand *command, char **words)
{
    g_autoptr(GError) error = NULL;
    json_t *server, *nothing = NULL;
    unsigned status = 0;
    CliExit result = cli_ask(cli, "GET", "/server", NULL, &server);
    const char *session = cli_text(json_object_get(server, "visitor"), "session");

    if (result == CLI_DONE && *session != '\0') {
        g_autofree char *path = g_strconcat("/sessions/", session, NULL);
        result = cli_try(cli, "DELETE", path, NULL, &nothing, &status);
        if (status == 404)
            result = CLI_DONE;
    }
    if (result == CLI_DONE && !keep_session(cli, NULL, &error)) {
        cli_complain("the session is still kept here: %s", error->message);
        result = CLI_FAILED;
    }
    json_decref(nothing);
    json_decref(server);
    return result;
}

const CliCommand session_commands[] = {
    { "sign-in", "[CODE] [--person NAME]", "be somebody to the server, by a code", 0, 1,
      CLI_OPTION_PERSON, 0, run_sign_in },
    { "sign-out", "", "be nobody again", 0, 0, 0, 0, run_sign_out },
    { NULL, NULL, NULL, 0, 0, 0, 0, NULL },
};
