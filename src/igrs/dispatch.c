/* dispatch.c -- what peers send to LOCATION: judged, led through the pipe's rules, handed on
 *
 * What cannot be acknowledged is answered in HTTP, what can be with a ReturnCode, a notify with a
 * bare 200 (PROFILE section 2). Which message goes where, and what it means to the pipe, is
 * message_table. */
#include "igrs/directory.h"
#include "igrs/location.h"
#include "igrs/node-groups.h"

#include <string.h>

#define MESSAGE_MAX (1024 * 1024) /* octets of a body: PROFILE section 1 */

/* -- Answers ----------------------------------------------------------------------------------- */

static void
incoming_free(IgrsIncoming *incoming)
{
    igrs_message_free(incoming->request);
    igrs_seal_unref(incoming->seal);
    g_object_unref(incoming->peer_address);
    g_free(incoming->address);
    g_free(incoming);
}

static void
reply_message(HttpExchange *exchange, IgrsMessage *reply, const IgrsSeal *seal)
{
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(GBytes) body = igrs_message_encode_body(reply);
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);

    if (seal != NULL)
        igrs_seal_sign(seal, reply, body);
    igrs_message_encode_heads(reply, heads);
    for (guint i = 0; i < heads->count; i++)
        http_exchange_add_head(exchange, heads->items[i].name, heads->items[i].value);
    http_exchange_reply(exchange, 200, body != NULL ? IGRS_MIME : NULL,
                        body != NULL ? body : nothing);
}

/* Also after the node is gone: the exchange, answered by then, waits to be let go. */
void
igrs_incoming_reply(IgrsIncoming *incoming, IgrsMessage *reply)
{
    if (incoming->is_waiting && incoming->node != NULL)
        g_hash_table_remove(incoming->node->incoming, incoming);
    reply_message(incoming->exchange, reply, incoming->seal);
    igrs_message_free(reply);
    incoming_free(incoming);
}

void
igrs_incoming_answer(IgrsIncoming *incoming, uint32_t return_code)
{
    igrs_incoming_reply(incoming, igrs_message_new_reply(incoming->request, return_code));
}

static void
reply_nothing(HttpExchange *exchange)
{
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);

    http_exchange_add_head(exchange, "Ext", "");
    http_exchange_reply(exchange, 200, NULL, nothing);
}

void
igrs_incoming_abandon(IgrsNode *node)
{
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, node->incoming);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        ((IgrsIncoming *)key)->node = NULL;
    g_hash_table_remove_all(node->incoming);
}

IgrsOrigin
igrs_incoming_origin(const IgrsIncoming *incoming)
{
    return (IgrsOrigin){ incoming->address, http_exchange_is_secure(incoming->exchange) };
}

/* Ours, that the peer spoke to. */
GInetAddress *
igrs_incoming_local_address(const IgrsIncoming *incoming)
{
    return igrs_address_plain(
        g_inet_socket_address_get_address(http_exchange_local(incoming->exchange)));
}

void
igrs_incoming_set_zone(const IgrsIncoming *incoming, char **location)
{
    GInetSocketAddress *peer = http_exchange_peer(incoming->exchange);

    if (*location == NULL ||
        g_inet_address_get_family(incoming->peer_address) != G_SOCKET_FAMILY_IPV6)
        return;
    g_autofree char *without = *location;
    *location = igrs_location_on_link(without, g_inet_socket_address_get_scope_id(peer));
}

/* -- Handlers that need no file of their own --------------------------------------------------- */

static void
answer_ok(IgrsIncoming *incoming)
{
    igrs_incoming_answer(incoming, IGRS_OK);
}

static void
destroy_session(IgrsIncoming *incoming)
{
    if (incoming->request->is_from_service)
        igrs_client_on_destroy_session(incoming);
    else
        igrs_hosting_destroy_session(incoming);
}

/* -- Which message goes where ------------------------------------------------------------------ */

#define BY_HANDLER IGRS_PIPE_EVENT_N

typedef struct {
    IgrsMessageType type;
    IgrsPipeEvent event; /* what it means to the pipe; BY_HANDLER: it finds out */
    void (*handle)(IgrsIncoming *incoming); /* NULL: the pipe has done it */
} MessageRow;

/* By the clauses of ISO/IEC 14543-5-1. */
static const MessageRow message_table[] = {
    /* 9.2 Device pipe management */
    { IGRS_CREATE_PIPE_REQUEST, BY_HANDLER, igrs_node_create_pipe },
    { IGRS_AUTHENTICATE_REQUEST, BY_HANDLER, igrs_node_authenticate },
    { IGRS_AUTHENTICATE_RESULT_REQUEST, BY_HANDLER, igrs_node_authenticate },
    { IGRS_CREATE_PIPE_RESULT_REQUEST, BY_HANDLER, igrs_node_confirm_pipe },
    { IGRS_DETACH_PIPE_NOTIFY, IGRS_PIPE_DETACH_NOTIFY, NULL },
    { IGRS_DEVICE_ONLINE_DETECTION_REQUEST, IGRS_PIPE_DETECTION_REQUEST, answer_ok },
    /* 9.3, 9.4 Device description, also on a pipe that is not secure; 10.4 of a service */
    { IGRS_GET_DEVICE_DESCRIPTION_REQUEST, IGRS_PIPE_INTRODUCTION,
      igrs_hosting_describe_device },
    { IGRS_GET_SERVICE_DESCRIPTION_REQUEST, IGRS_PIPE_MESSAGE,
      igrs_hosting_describe_service },
    /* 10.5 Session, 10.6 Service invocation */
    { IGRS_CREATE_SESSION_REQUEST, IGRS_PIPE_INTRODUCTION, igrs_hosting_create_session },
    { IGRS_DESTROY_SESSION_NOTIFY, IGRS_PIPE_MESSAGE, destroy_session },
    { IGRS_APPLY_SESSION_KEY_REQUEST, IGRS_PIPE_MESSAGE, igrs_hosting_apply_key },
    { IGRS_TRANSFER_SESSION_KEY_REQUEST, IGRS_PIPE_MESSAGE, igrs_hosting_transfer_key },
    { IGRS_INVOKE_SERVICE_REQUEST, IGRS_PIPE_MESSAGE, igrs_hosting_invoke },
    { IGRS_SEND_NOTIFICATION, IGRS_PIPE_MESSAGE, igrs_client_on_notification },
    /* 9.6, 10.2 Searches; 10.1 Registration */
    { IGRS_SEARCH_DEVICE_REQUEST_ON_DEVICE, IGRS_PIPE_MESSAGE,
      igrs_directory_search_devices },
    { IGRS_SEARCH_SERVICE_REQUEST_ON_DEVICE, IGRS_PIPE_MESSAGE,
      igrs_directory_search_services },
    { IGRS_REGISTER_SERVICE_NOTIFY, IGRS_PIPE_MESSAGE, igrs_directory_register },
    { IGRS_UNREGISTER_SERVICE_NOTIFY, IGRS_PIPE_MESSAGE, igrs_directory_unregister },
    /* 9.7, 10.3 Online and offline events */
    { IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST, IGRS_PIPE_MESSAGE, igrs_directory_subscribe },
    { IGRS_SUBSCRIBE_SERVICE_EVENT_REQUEST, IGRS_PIPE_MESSAGE, igrs_directory_subscribe },
    { IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST, IGRS_PIPE_MESSAGE,
      igrs_directory_renew },
    { IGRS_RENEW_SUBSCRIPTION_SERVICE_EVENT_REQUEST, IGRS_PIPE_MESSAGE,
      igrs_directory_renew },
    { IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY, IGRS_PIPE_MESSAGE,
      igrs_directory_unsubscribe },
    { IGRS_NOTIFY_DEVICE_EVENT, IGRS_PIPE_MESSAGE, igrs_client_on_news },
    { IGRS_NOTIFY_SERVICE_EVENT, IGRS_PIPE_MESSAGE, igrs_client_on_news },
    /* 9.5 Device group setup */
    { IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST, IGRS_PIPE_MESSAGE, igrs_groups_on_join },
    { IGRS_QUIT_CENTRALISED_DEVICE_GROUP_NOTIFY, IGRS_PIPE_MESSAGE, igrs_groups_on_quit },
    { IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY, IGRS_PIPE_MESSAGE, igrs_groups_on_quit },
};

static const MessageRow *
find_row(IgrsMessageType type)
{
    for (guint i = 0; i < G_N_ELEMENTS(message_table); i++)
        if (message_table[i].type == type)
            return &message_table[i];
    return NULL;
}

/* Without a seal: an open pipe that begins by itself has to be allowed, and a peer that shares a
 * key with us is not served on one at all. */
static bool
is_refused(const IgrsIncoming *incoming, const MessageRow *row)
{
    const IgrsNode *node = incoming->node;
    const char *peer = incoming->request->source_id;
    bool begins = row->event == IGRS_PIPE_INTRODUCTION;

    if (incoming->seal != NULL || row->event == BY_HANDLER)
        return false;
    return (node->refuses_open && begins) ||
           (igrs_security_is_paired(node->security, peer) &&
            (begins || igrs_pipes_state(node->pipes, peer) == IGRS_PIPE_OPEN));
}

/* What is to be said of a message whoever sends it. */
static uint32_t
judge_words(const IgrsIncoming *incoming)
{
    const IgrsMessage *request = incoming->request;

    if (request->flaw != NULL)
        return IGRS_BAD_REQUEST;
    if (request->target_id != NULL && !igrs_device_id_is_nil(request->target_id) &&
        !igrs_device_id_equal(request->target_id, incoming->node->id))
        return IGRS_NOT_FOUND;
    return IGRS_OK;
}

/* The ReturnCode with which a readable message ends before its handler; IGRS_OK: it goes on. Its
 * signature comes first: nothing else of a forgery is looked at, and everybody is looked at
 * anew. */
static uint32_t
judge(IgrsIncoming *incoming, const MessageRow *row)
{
    const IgrsMessage *request = incoming->request;
    IgrsNode *node = incoming->node;
    const IgrsOrigin origin = igrs_incoming_origin(incoming);
    uint32_t code =
        igrs_security_judge(node->security, request, http_exchange_body(incoming->exchange),
                            &origin, &incoming->seal);

    if (code != IGRS_OK)
        igrs_passes_end_all(node->passes);
    else
        code = judge_words(incoming);
    if (code != IGRS_OK)
        return code;
    if (row == NULL)
        return IGRS_NOT_IMPLEMENTED;
    if (igrs_device_id_is_nil(request->source_id) || is_refused(incoming, row))
        return IGRS_UNAUTHORISED;
    return row->event == BY_HANDLER
               ? IGRS_OK
               : igrs_pipes_event(node->pipes, request->source_id, incoming->address, row->event);
}

static void
note_unknown(const IgrsMessage *request)
{
    for (guint i = 0; request->unknown != NULL && i < request->unknown->len; i++)
        g_debug("%s of %s has an unknown %s", igrs_message_name(request->type), request->source_id,
                (const char *)g_ptr_array_index(request->unknown, i));
}

/* A request to "whoever answers here" learns who did. */
static void
address_to_us(IgrsIncoming *incoming)
{
    g_free(incoming->request->target_id);
    incoming->request->target_id = g_strdup(incoming->node->id);
}

static void
dispatch(IgrsIncoming *incoming)
{
    const IgrsMessage *request = incoming->request;
    const MessageRow *row = find_row(request->type);
    uint32_t code = judge(incoming, row);
    bool is_notify = igrs_message_role(request->type) != IGRS_REQUEST;

    note_unknown(request);
    address_to_us(incoming);
    if (code != IGRS_OK)
        g_debug("%s of %s: %u", igrs_message_name(request->type), request->source_id, code);
    if (is_notify) {
        if (code == IGRS_OK && row->handle != NULL)
            row->handle(incoming);
        reply_nothing(incoming->exchange);
        incoming_free(incoming);
    } else if (code != IGRS_OK) {
        igrs_incoming_answer(incoming, code);
    } else {
        incoming->is_waiting = g_hash_table_add(incoming->node->incoming, incoming);
        row->handle(incoming);
    }
}

/* -- From HTTP --------------------------------------------------------------------------------- */

/* A body says what it is, or nothing; XML under any of its names. */
static bool
is_xml(const char *mime)
{
    static const char *const names[] = { "text/xml", "application/xml", "application/soap+xml" };

    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (mime == NULL || g_ascii_strncasecmp(mime, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* NULL when it cannot be read, which was answered. */
static IgrsIncoming *
incoming_new(IgrsNode *node, HttpExchange *exchange)
{
    g_autoptr(HttpHeads) heads = http_heads_new();
    g_autoptr(GError) error = NULL;
    GBytes *body = http_exchange_body(exchange);
    GInetAddress *address = g_inet_socket_address_get_address(http_exchange_peer(exchange));

    if (g_bytes_get_size(body) > 0 && !is_xml(http_exchange_head(exchange, "Content-Type"))) {
        http_exchange_reply_problem(exchange, 415, NULL, "the body of an IGRS message is text/xml");
        return NULL;
    }
    http_exchange_each_head(exchange, http_heads_collect, heads);
    IgrsMessage *request = igrs_message_decode(heads, g_bytes_get_data(body, NULL),
                                               g_bytes_get_size(body), IGRS_BY_PIPE, &error);
    if (request == NULL) {
        unsigned status = error->domain == IGRS_MESSAGE_ERROR ? (unsigned)error->code : 400;
        http_exchange_reply_problem(exchange, status, NULL, "%s", error->message);
        return NULL;
    }
    IgrsIncoming *incoming = g_new(IgrsIncoming, 1);
    *incoming = (IgrsIncoming){ .node = node, .exchange = exchange, .request = request,
                                .peer_address = igrs_address_plain(address) };
    incoming->address = g_inet_address_to_string(incoming->peer_address);
    igrs_incoming_set_zone(incoming, &request->location);
    return incoming;
}

static void
on_message_on_loop(HttpExchange *exchange, gpointer user_data)
{
    IgrsIncoming *incoming = incoming_new(user_data, exchange);

    if (incoming != NULL)
        dispatch(incoming);
}

/* On the http thread: a session that has a pass is read for at once. All else the loop must see,
 * where it is read once more. */
static void
on_message(HttpExchange *exchange, gpointer user_data)
{
    IgrsIncoming *incoming = incoming_new(user_data, exchange);

    if (incoming == NULL)
        return;
    if (incoming->request->type == IGRS_INVOKE_SERVICE_REQUEST &&
        incoming->request->signature == NULL && judge_words(incoming) == IGRS_OK) {
        address_to_us(incoming);
        if (igrs_hosting_read(incoming))
            return;
    }
    incoming_free(incoming);
    http_exchange_cross(exchange, on_message_on_loop, user_data);
}

/* The description document, on the http thread: what it is made of never changes after start. */
static void
on_description(HttpExchange *exchange, gpointer user_data)
{
    const IgrsNode *node = user_data;
    g_autoptr(GInetAddress) address = igrs_address_plain(
        g_inet_socket_address_get_address(http_exchange_local(exchange)));
    g_autofree char *root = igrs_node_describe(node, address);

    http_exchange_reply_text(
        exchange, 200, IGRS_MIME,
        g_strconcat("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", root, NULL));
}

const HttpRoute igrs_routes[] = {
    { IGRS_METHOD, IGRS_PATH, HTTP_READ, on_message, MESSAGE_MAX },
    { "GET", IGRS_PATH, HTTP_READ, on_description, 0 },
    { NULL },
};
