/* client.c -- see client.h
 *
 * What a client hears from services, and its life; each call under way walks by
 * itself (client-call.c), each subscription lives by itself (client-subscription.c). */
#include "igrs/node.h"

/* -- Life -------------------------------------------------------------------------------------- */

static void
on_nothing(const IgrsMessage *reply G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
           gpointer user_data G_GNUC_UNUSED)
{
}

/* A session that we end is ended for the service too; one that went with its pipe is gone there. */
static void
on_session_ended(const IgrsSession *session, gpointer user_data)
{
    IgrsClient *client = user_data;
    const char *location = igrs_node_peer_location(client->node, session->device_id);
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_DESTROY_SESSION_NOTIFY);

    if (!client->is_ending || location == NULL)
        return;
    message->target_id = g_strdup(session->device_id);
    message->client_id = session->client_id;
    message->service_id = session->service_id;
    igrs_courier_send(client->node->courier, location, message, 0, NULL, on_nothing, NULL);
}

/* Whoever is told may free any of them. */
static void
tell_subscriptions(IgrsClient *client,
                   void (*tell)(IgrsSubscription *subscription, gconstpointer what),
                   gconstpointer what)
{
    g_autoptr(GPtrArray) told = g_ptr_array_copy(client->subscriptions, NULL, NULL);

    for (guint i = 0; i < told->len; i++)
        if (g_ptr_array_find(client->subscriptions, g_ptr_array_index(told, i), NULL))
            tell(g_ptr_array_index(told, i), what);
}

static void
tell_watches(IgrsClient *client, void (*tell)(IgrsWatch *watch, gconstpointer what),
             gconstpointer what)
{
    g_autoptr(GPtrArray) told = g_ptr_array_copy(client->watches, NULL, NULL);

    for (guint i = 0; i < told->len; i++)
        if (g_ptr_array_find(client->watches, g_ptr_array_index(told, i), NULL))
            tell(g_ptr_array_index(told, i), what);
}

static void
on_pipe_changed(gconstpointer event, gpointer user_data)
{
    IgrsClient *client = user_data;
    const IgrsPipeChange *change = event;

    if (!change->is_open)
        igrs_sessions_end_device(client->sessions, change->peer);
    igrs_client_calls_on_pipe(client, change);
    if (!change->is_open) {
        tell_subscriptions(client, igrs_subscription_on_pipe_ended, change->peer);
        tell_watches(client, igrs_watch_on_pipe_ended, change->peer);
    }
}

static void
on_device_event(gconstpointer event, gpointer user_data)
{
    IgrsClient *client = user_data;

    tell_subscriptions(client, igrs_subscription_on_device, event);
    tell_watches(client, igrs_watch_on_device, event);
}

static gboolean
is_value(gpointer key G_GNUC_UNUSED, gpointer value, gpointer wanted)
{
    return value == wanted;
}

void
igrs_clients_renew(IgrsNode *node)
{
    g_autoptr(GList) clients = g_hash_table_get_values(node->clients);

    for (GList *link = clients; link != NULL; link = link->next)
        if (g_hash_table_find(node->clients, is_value, link->data) != NULL) {
            tell_subscriptions(link->data, igrs_subscription_renew, NULL);
            tell_watches(link->data, igrs_watch_renew, NULL);
        }
}

IgrsClient *
igrs_client_new(IgrsNode *node)
{
    IgrsClient *client = g_new0(IgrsClient, 1);

    client->node = node;
    while (++node->last_client == 0 ||
           g_hash_table_contains(node->clients, GUINT_TO_POINTER(node->last_client)))
        continue;
    client->id = node->last_client;
    client->calls = g_hash_table_new(NULL, NULL);
    client->sessions = igrs_sessions_new(on_session_ended, client);
    client->subscriptions = g_ptr_array_new();
    client->watches = g_ptr_array_new();
    client->pipe_observer = observers_add(node->pipe_observers, on_pipe_changed, client);
    client->device_observer = observers_add(igrs_node_observers(node), on_device_event, client);
    g_hash_table_insert(node->clients, GUINT_TO_POINTER(client->id), client);
    return client;
}

void
igrs_client_set_user(IgrsClient *client, const char *user, const char *token)
{
    g_free(client->user);
    g_free(client->token);
    client->user = g_strdup(user);
    client->token = g_strdup(token);
}

IgrsNode *
igrs_client_node(const IgrsClient *client)
{
    return client->node;
}

void
igrs_client_free(IgrsClient *client)
{
    if (client == NULL)
        return;
    g_assert(client->subscriptions->len == 0 && client->watches->len == 0);
    client->is_ending = true;
    igrs_client_cancel_calls(client);
    igrs_sessions_end_all(client->sessions);
    observers_remove(client->node->pipe_observers, client->pipe_observer);
    observers_remove(igrs_node_observers(client->node), client->device_observer);
    g_hash_table_remove(client->node->clients, GUINT_TO_POINTER(client->id));
    igrs_sessions_free(client->sessions);
    g_hash_table_unref(client->calls);
    g_ptr_array_unref(client->subscriptions);
    g_ptr_array_unref(client->watches);
    g_free(client->user);
    g_free(client->token);
    g_free(client);
}

/* -- What services say to us ------------------------------------------------------------------- */

static IgrsClient *
client_of(const IgrsIncoming *incoming)
{
    return g_hash_table_lookup(incoming->node->clients,
                               GUINT_TO_POINTER(incoming->request->client_id));
}

void
igrs_client_on_notification(IgrsIncoming *incoming)
{
    IgrsClient *client = client_of(incoming);

    if (client == NULL || incoming->request->call == NULL)
        return;
    tell_subscriptions(client, igrs_subscription_on_notification, incoming->request);
}

/* It says no ClientId: the subscription's number tells whose it is. */
void
igrs_client_on_news(IgrsIncoming *incoming)
{
    g_autoptr(GList) clients = g_hash_table_get_values(incoming->node->clients);

    for (GList *link = clients; link != NULL; link = link->next)
        if (g_hash_table_find(incoming->node->clients, is_value, link->data) != NULL)
            tell_watches(link->data, igrs_watch_on_news, incoming->request);
}

/* The next call makes a new one. */
void
igrs_client_on_destroy_session(IgrsIncoming *incoming)
{
    IgrsClient *client = client_of(incoming);

    if (client == NULL)
        return;
    IgrsSession session = { incoming->request->source_id, client->id,
                            incoming->request->service_id };
    igrs_sessions_destroy(client->sessions, &session);
}
