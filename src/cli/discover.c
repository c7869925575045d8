/* discover.c -- finds a duoping server by IGRS discovery, without being a device itself
 *
 * Multicasts SearchDevice for media servers (docs/igrs/PROFILE.md section 3) on every interface,
 * reads the description of whoever answers, and takes the first whose icon lies on a server of
 * ours: that is where the API is too. */
#include "cli/cli.h"

#include "net/datagram.h"
#include "net/interfaces.h"
#include "wire/igrs-description.h"
#include "wire/isdp.h"

#include <string.h>

#define SEARCHES 3
#define SEARCH_EVERY_MS 700
#define GIVE_UP_MS 3500
#define DESCRIPTION_MAX (64 * 1024)

typedef struct {
    Cli *cli;
    NetInterfaces *interfaces;
    Datagram *datagram;
    GBytes *search;
    guint searches_sent;
    GHashTable *asked; /* LOCATION: each device is asked once */
    GCancellable *cancellable;
    guint pending;     /* descriptions that are asked for */
    bool is_over;
} Discovery;

static void
finish(Discovery *discovery)
{
    discovery->is_over = true;
    g_cancellable_cancel(discovery->cancellable);
    if (discovery->pending == 0)
        g_main_loop_quit(discovery->cli->loop);
}

/* "http://host:port" of a page; the caller's. NULL: not such an address. */
static char *
base_of(const char *url)
{
    g_autoptr(GUri) uri = url != NULL ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;

    if (uri == NULL || strcmp(g_uri_get_scheme(uri), "http") != 0 || g_uri_get_host(uri) == NULL)
        return NULL;
    return g_uri_join(G_URI_FLAGS_NONE, "http", NULL, g_uri_get_host(uri), g_uri_get_port(uri), "",
                      NULL, NULL);
}

static void
on_description(const HttpReply *reply, const GError *error, gpointer user_data)
{
    Discovery *discovery = user_data;
    gsize size;

    discovery->pending--;
    if (reply != NULL && http_reply_status(reply) == 200 && !discovery->is_over) {
        const char *text = g_bytes_get_data(http_reply_body(reply), &size);
        g_autoptr(IgrsDescription) description = igrs_description_decode(text, size, NULL);
        if (description != NULL)
            discovery->cli->server = base_of(description->icon_url);
    }
    if (discovery->cli->server != NULL || discovery->is_over)
        finish(discovery);
}

static void
on_datagram(GBytes *bytes, GSocketAddress *from, unsigned interface_index, gpointer user_data)
{
    Discovery *discovery = user_data;
    g_autoptr(Isdp) isdp =
        isdp_decode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL);

    if (isdp == NULL || isdp->kind != ISDP_RESPONSE || isdp->location == NULL ||
        discovery->is_over || !g_hash_table_add(discovery->asked, g_strdup(isdp->location)))
        return;
    HttpRequest request = {
        .method = "GET", .url = isdp->location, .timeout_ms = 2000, .body_max = DESCRIPTION_MAX,
    };
    discovery->pending++;
    http_client_send(discovery->cli->client, &request, discovery->cancellable, on_description,
                     discovery);
}

static gboolean
send_search(gpointer user_data)
{
    Discovery *discovery = user_data;
    const GPtrArray *list = net_interfaces_list(discovery->interfaces);
    g_autoptr(GSocketAddress) group = g_inet_socket_address_new_from_string(IGRS_GROUP, IGRS_PORT);

    for (guint i = 0; i < list->len; i++) {
        const NetInterface *interface = list->pdata[i];
        datagram_send(discovery->datagram, discovery->search, group, interface->index,
                      net_interface_address(interface, G_SOCKET_FAMILY_IPV4), IGRS_TTL, NULL);
    }
    return ++discovery->searches_sent < SEARCHES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
on_give_up(gpointer user_data)
{
    finish(user_data);
    return G_SOURCE_REMOVE;
}

static GBytes *
make_search(void)
{
    IgrsMessage *message = igrs_message_new(IGRS_SEARCH_DEVICE_REQUEST);
    g_autofree char *uuid = g_uuid_string_random();

    message->source_id = igrs_device_id_new(uuid);
    message->sequence_id = 1;
    g_autoptr(Isdp) isdp = isdp_new(message);
    g_free(isdp->target);
    isdp->target = g_strdup(IGRS_MEDIA_SERVER);
    isdp->mx = 1;
    return isdp_encode(isdp, IGRS_GROUP ":" G_STRINGIFY(IGRS_PORT));
}

static void
search(Discovery *discovery)
{
    discovery->search = make_search();
    send_search(discovery);
    guint again = g_timeout_add(SEARCH_EVERY_MS, send_search, discovery);
    guint give_up = g_timeout_add(GIVE_UP_MS, on_give_up, discovery);

    g_main_loop_run(discovery->cli->loop);
    if (discovery->searches_sent < SEARCHES)
        g_source_remove(again);
    if (g_main_context_find_source_by_id(NULL, give_up) != NULL)
        g_source_remove(give_up);
    g_bytes_unref(discovery->search);
}

CliExit
cli_discover(Cli *cli)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NetInterfaces) interfaces = net_interfaces_new(NULL, &error);
    Discovery discovery = { .cli = cli, .interfaces = interfaces };

    if (interfaces != NULL)
        discovery.datagram = datagram_new(G_SOCKET_FAMILY_IPV4, 0, on_datagram, &discovery, &error);
    if (error != NULL) {
        cli_complain("looking for a server: %s; name one with --server URL", error->message);
        return CLI_NO_SERVER;
    }
    discovery.asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    discovery.cancellable = g_cancellable_new();
    search(&discovery);
    g_hash_table_unref(discovery.asked);
    g_object_unref(discovery.cancellable);
    datagram_free(discovery.datagram);
    if (cli->server != NULL)
        return CLI_DONE;
    cli_complain("no duoping server answers on this network: start duopingd, or name one with "
                 "--server URL, e.g. --server http://192.168.1.2:8380");
    return CLI_NO_SERVER;
}
