/* client-call.c -- one question to another device, step by step; see client.h
 *
 * An invocation walks pipe, session, invocation (clauses 9.2, 10.5, 10.6), a message for the device
 * itself pipe and message; where a step is missing it is made, and a peer that says it has
 * forgotten one (482, 481) sends the call back to its beginning, once. */
#include "base/error.h"
#include "igrs/node.h"

typedef struct {
    IgrsClient *client; /* NULL when answered: only its courier's answer is awaited */
    char *device;
    char *service;       /* NULL with message */
    SoapCall *operation; /* the same */
    IgrsMessage *message; /* for the device itself; NULL: an invocation */
    unsigned timeout_ms;
    GCancellable *cancellable; /* ours; follows theirs */
    GCancellable *theirs;
    gulong cancel_handler;
    bool is_second; /* the peer forgot us once already */
    bool awaits_pipe;
    bool is_out; /* the courier has it */
    guint timer;
    SoapAnswered called; /* of an invocation */
    IgrsReplied replied; /* of a message */
    gpointer user_data;
} Call;

static void walk(gpointer data);

/* -- Ending ------------------------------------------------------------------------------------ */

static void
call_free(Call *call)
{
    soap_call_free(call->operation);
    igrs_message_free(call->message);
    g_object_unref(call->cancellable);
    g_free(call->device);
    g_free(call->service);
    g_free(call);
}

/* Answers; the call lives on while the courier has it. */
static void
finish(Call *call, const IgrsMessage *reply, const GError *error)
{
    IgrsClient *client = call->client;

    clock_cancel(client->node->clock, &call->timer);
    g_hash_table_remove(client->calls, call);
    call->client = NULL;
    if (call->theirs != NULL) {
        g_cancellable_disconnect(call->theirs, call->cancel_handler);
        g_clear_object(&call->theirs);
    }
    if (call->message != NULL)
        call->replied(reply, error, call->user_data);
    else
        call->called(reply != NULL ? reply->call : NULL, error, call->user_data);
    if (call->is_out)
        g_cancellable_cancel(call->cancellable);
    else
        call_free(call);
}

static void
fail(Call *call, GQuark domain, int code, const char *format, ...) G_GNUC_PRINTF(4, 5);

static void
fail(Call *call, GQuark domain, int code, const char *format, ...)
{
    g_autoptr(GError) error = NULL;
    va_list args;

    va_start(args, format);
    error = g_error_new_valist(domain, code, format, args);
    va_end(args);
    finish(call, NULL, error);
}

/* What a ReturnCode without a Fault lets a caller do (PROFILE section 2). */
static const struct {
    uint32_t code;
    DuoError error;
    const char *words;
} return_codes[] = {
    { IGRS_BAD_REQUEST, DUO_ERROR_INVALID, "the device found our message wrong" },
    { IGRS_UNAUTHORISED, DUO_ERROR_DENIED, "the device asks for pairing" },
    { IGRS_DENIED, DUO_ERROR_DENIED, "the device refused" },
    { IGRS_NOT_FOUND, DUO_ERROR_NOT_FOUND, "the device has no such service" },
    { IGRS_NO_OPERATION, DUO_ERROR_UNSUPPORTED, "the service has no such operation" },
    { IGRS_TIMEOUT, DUO_ERROR_TIMEOUT, "the device took too long" },
    { IGRS_CONFLICT, DUO_ERROR_CONFLICT, "not in this state" },
    { IGRS_NO_SUBSCRIPTION, DUO_ERROR_NOT_FOUND, "the subscription ended" },
    { IGRS_TOO_LARGE, DUO_ERROR_TOO_LARGE, "too large for the device" },
    { IGRS_TOO_MANY, DUO_ERROR_BUSY, "too many for the device" },
    { IGRS_NO_SESSION, DUO_ERROR_UNAVAILABLE, "the device ends every session" },
    { IGRS_NO_PIPE, DUO_ERROR_UNAVAILABLE, "the device ends every pipe" },
    { IGRS_NOT_IMPLEMENTED, DUO_ERROR_UNSUPPORTED, "the device does not do this" },
    { IGRS_BUSY, DUO_ERROR_BUSY, "the device is busy" },
};

static void
fail_with_code(Call *call, const IgrsMessage *reply)
{
    if (reply->fault_code != 0) {
        fail(call, SERVICE_ERROR, (int)reply->fault_code, "%s",
             reply->fault_description != NULL ? reply->fault_description : "the service refused");
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(return_codes); i++)
        if (return_codes[i].code == reply->return_code) {
            fail(call, DUO_ERROR, return_codes[i].error, "%s (%u)", return_codes[i].words,
                 reply->return_code);
            return;
        }
    fail(call, DUO_ERROR, DUO_ERROR_FAILED, "the device answered %u", reply->return_code);
}

/* -- Walking ----------------------------------------------------------------------------------- */

uint32_t
igrs_client_service_id(const IgrsClient *client, const char *device_id, const char *name)
{
    const Device *device = igrs_node_find_device(client->node, device_id);
    g_autofree char *wanted = igrs_service_type_new(name, 1);

    for (guint i = 0; device != NULL && i < device->services->len; i++) {
        const DeviceService *service = g_ptr_array_index(device->services, i);
        if (igrs_type_matches(wanted, service->type))
            return service->id;
    }
    return 0;
}

static IgrsSession
session_of(const Call *call)
{
    uint32_t service_id = call->service != NULL
        ? igrs_client_service_id(call->client, call->device, call->service) : 0;

    return (IgrsSession){ .device_id = call->device, .client_id = call->client->id,
                          .service_id = service_id };
}

/* True when the peer forgot us and the call begins again. */
static bool
begins_again(Call *call, const IgrsMessage *reply)
{
    IgrsSession session = session_of(call);

    if (call->is_second ||
        (reply->return_code != IGRS_NO_PIPE && reply->return_code != IGRS_NO_SESSION))
        return false;
    call->is_second = true;
    igrs_sessions_destroy(call->client->sessions, &session);
    if (reply->return_code == IGRS_NO_PIPE)
        igrs_pipes_event(call->client->node->pipes, call->device, NULL, IGRS_PIPE_UNKNOWN);
    walk(call);
    return true;
}

/* The reply of the courier is in; false: nobody waits for it any more, or it ended the call. */
static bool
take_reply(Call *call, const IgrsMessage *reply, const GError *error)
{
    call->is_out = false;
    if (call->client == NULL) {
        call_free(call);
        return false;
    }
    if (g_cancellable_is_cancelled(call->cancellable)) {
        fail(call, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
        return false;
    }
    if (error != NULL) {
        if (error->domain == DUO_ERROR) /* away? The pipe finds out sooner when it asks now */
            igrs_pipes_event(call->client->node->pipes, call->device, NULL, IGRS_PIPE_PROBE);
        finish(call, NULL, error);
        return false;
    }
    igrs_pipes_event(call->client->node->pipes, call->device, NULL, IGRS_PIPE_ALIVE);
    if (reply == NULL || reply->return_code == IGRS_OK) /* NULL: to a notify */
        return true;
    if (!begins_again(call, reply))
        fail_with_code(call, reply);
    return false;
}

static void
send_message(Call *call, IgrsMessage *message, IgrsReplied replied)
{
    IgrsSession session = session_of(call);
    const char *location = igrs_node_peer_location(call->client->node, call->device);

    g_free(message->target_id);
    message->target_id = g_strdup(call->device);
    if (call->message == NULL) {
        message->client_id = session.client_id;
        message->service_id = session.service_id;
    }
    call->is_out = true;
    igrs_courier_send(call->client->node->courier, location, message, call->timeout_ms,
                      call->cancellable, replied, call);
}

static void
on_invoked(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    Call *call = user_data;

    if (!take_reply(call, reply, error))
        return;
    if (reply->call == NULL)
        fail(call, DUO_ERROR, DUO_ERROR_INVALID, "%s was answered without a word",
             call->operation->name);
    else
        finish(call, reply, NULL);
}

static void
invoke(Call *call)
{
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_INVOKE_SERVICE_REQUEST);

    message->call = g_steal_pointer(&call->operation); /* lent */
    send_message(call, message, on_invoked);
    call->operation = g_steal_pointer(&message->call);
}

static void
on_session_created(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    Call *call = user_data;
    g_autoptr(GError) problem = NULL;

    if (!take_reply(call, reply, error))
        return;
    IgrsSession session = session_of(call);
    if (igrs_sessions_create(call->client->sessions, &session, &problem))
        walk(call);
    else
        finish(call, NULL, problem);
}

static void
create_session(Call *call)
{
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_CREATE_SESSION_REQUEST);

    if (call->client->token != NULL) {
        message->user_id = g_strdup(call->client->user);
        message->service_security_id = g_strdup(IGRS_SERVICE_SECURITY_TOKEN);
        message->token = g_strdup(call->client->token);
    }
    send_message(call, message, on_session_created);
}

static void
on_message_answered(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    if (take_reply(user_data, reply, error))
        finish(user_data, reply, NULL);
}

static void
open_pipe(Call *call)
{
    call->awaits_pipe = true;
    igrs_pipes_event(call->client->node->pipes, call->device, NULL, IGRS_PIPE_WANTED);
}

/* Does the first step that is missing. */
static void
walk(gpointer data)
{
    Call *call = data;
    IgrsNode *node = call->client->node;
    const Device *device = igrs_node_find_device(node, call->device);
    IgrsSession session = session_of(call);

    call->timer = 0;
    if (g_cancellable_is_cancelled(call->cancellable))
        fail(call, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    else if (device == NULL)
        fail(call, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "the device is not online");
    else if (call->message == NULL && session.service_id == 0)
        fail(call, DUO_ERROR, DUO_ERROR_NOT_FOUND, "%s has no %s", device->name, call->service);
    else if (igrs_pipes_state(node->pipes, call->device) != IGRS_PIPE_OPEN)
        open_pipe(call);
    else if (call->message != NULL)
        send_message(call, call->message, on_message_answered);
    else if (!igrs_sessions_has(call->client->sessions, &session))
        create_session(call);
    else
        invoke(call);
}

/* Goes on from the loop: the pipe's observers are still being told. */
static void
walk_soon(Call *call)
{
    call->awaits_pipe = false;
    clock_cancel(call->client->node->clock, &call->timer);
    call->timer = clock_after(call->client->node->clock, 0, walk, call);
}

static void
on_pipe_refused(gpointer data)
{
    Call *call = data;

    call->timer = 0;
    fail(call, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "the device opens no pipe");
}

void
igrs_client_calls_on_pipe(IgrsClient *client, const IgrsPipeChange *change)
{
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, client->calls);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        Call *call = key;
        if (!call->awaits_pipe || !igrs_device_id_equal(call->device, change->peer))
            continue;
        walk_soon(call);
        if (!change->is_open) {
            clock_cancel(client->node->clock, &call->timer);
            call->timer = clock_after(client->node->clock, 0, on_pipe_refused, call);
        }
    }
}

/* What the courier has comes back cancelled; what waits goes on and finds out. */
static void
on_cancelled(GCancellable *theirs G_GNUC_UNUSED, gpointer user_data)
{
    Call *call = user_data;

    g_cancellable_cancel(call->cancellable);
    if (!call->is_out)
        walk_soon(call);
}

/* Takes the call's fields as they are and sends it on its way. */
static void
begin(Call fields, IgrsClient *client, const char *device, GCancellable *cancellable)
{
    Call *call = g_new(Call, 1);

    *call = fields;
    call->client = client;
    call->device = g_strdup(device);
    call->cancellable = g_cancellable_new();
    g_hash_table_add(client->calls, call);
    if (cancellable != NULL) {
        call->theirs = g_object_ref(cancellable);
        call->cancel_handler =
            g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), call, NULL);
    }
    walk_soon(call);
}

void
igrs_client_invoke(IgrsClient *client, const char *device, const char *service, SoapCall *operation,
                   unsigned timeout_ms, GCancellable *cancellable, SoapAnswered answered,
                   gpointer user_data)
{
    if (operation->namespace == NULL)
        operation->namespace = igrs_service_type_new(service, 1);
    begin((Call){ .service = g_strdup(service), .operation = operation, .timeout_ms = timeout_ms,
                  .called = answered, .user_data = user_data },
          client, device, cancellable);
}

void
igrs_client_send(IgrsClient *client, const char *device, IgrsMessage *message,
                 GCancellable *cancellable, IgrsReplied replied, gpointer user_data)
{
    begin((Call){ .message = message, .replied = replied, .user_data = user_data }, client, device,
          cancellable);
}

void
igrs_client_cancel_calls(IgrsClient *client)
{
    GHashTableIter iter;
    gpointer key;

    while (g_hash_table_size(client->calls) > 0) {
        g_hash_table_iter_init(&iter, client->calls);
        g_hash_table_iter_next(&iter, &key, NULL);
        fail(key, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    }
}
