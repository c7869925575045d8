/* hosting.c -- our services, as peers find, enter, invoke and follow them
 *
 * Clauses 9.3, 9.4, 10.4 and 10.6 of ISO/IEC 14543-5-1; attributes are followed as PROFILE section
 * 5 says, sessions (10.5) are hosting-sessions.c's. A Service knows nothing of IGRS: operations are
 * its actions, notifiable attributes its evented variables. */
#include "base/error.h"
#include "igrs/location.h"
#include "igrs/node.h"
#include "igrs/open-policy.h"
#include "wire/igrs-attributes.h"

/* -- Descriptions ------------------------------------------------------------------------------ */

void
igrs_hosting_describe_device(IgrsIncoming *incoming)
{
    g_autoptr(GInetAddress) address = igrs_incoming_local_address(incoming);
    IgrsMessage *reply = igrs_message_new_reply(incoming->request, IGRS_OK);

    reply->document = igrs_node_describe(incoming->node, address);
    igrs_incoming_reply(incoming, reply);
}

void
igrs_hosting_describe_service(IgrsIncoming *incoming)
{
    g_autoptr(GInetAddress) address = igrs_incoming_local_address(incoming);
    g_autofree char *location = igrs_location_new(address, igrs_node_port(incoming->node));
    const IgrsHosted *hosted =
        igrs_node_find_service(incoming->node, incoming->request->service_id);

    if (hosted == NULL) {
        igrs_incoming_answer(incoming, IGRS_NOT_FOUND);
        return;
    }
    IgrsMessage *reply = igrs_message_new_reply(incoming->request, IGRS_OK);
    reply->document =
        igrs_service_description_encode(hosted->service->table, hosted->id, hosted->name, location);
    igrs_incoming_reply(incoming, reply);
}

static IgrsSession
session_of(const IgrsMessage *request)
{
    return (IgrsSession){ request->source_id, request->client_id, request->service_id };
}

/* Who proved a key, or shows a person's token, is held to no policy of open pipes. */
bool
igrs_hosting_is_allowed(const IgrsIncoming *incoming, const IgrsHosted *hosted,
                        const SoapCall *call)
{
    IgrsSession session = session_of(incoming->request);

    return incoming->seal != NULL ||
           igrs_sessions_token(incoming->node->sessions, &session) != 0 ||
           igrs_open_policy_allows(hosted->service->table->name, call,
                                   (const char *const *)incoming->node->kept_services);
}

/* -- Attributes: findServiceAttribute, subscribe, renewSubscription, unsubscribe --------------- */

typedef uint32_t (*AttributeOperation)(const IgrsIncoming *incoming, const IgrsHosted *hosted,
                                       const IgrsAttributes *asked, IgrsAttributes *told);

static bool
add_base_attribute(const IgrsHosted *hosted, const char *name, IgrsAttributes *told)
{
    g_autofree char *id = g_strdup_printf("%u", hosted->id);
    const struct {
        const char *name, *value;
    } base[] = { { "ServiceId", id },
                 { "ServiceName", hosted->name },
                 { "ServiceType", hosted->type },
                 { "ServiceSecurityId", hosted->needs_token ? IGRS_SERVICE_SECURITY_TOKEN
                                                              : IGRS_SERVICE_SECURITY_NULL } };
    bool is_found = false;

    for (guint i = 0; i < G_N_ELEMENTS(base); i++)
        if (name == NULL || g_strcmp0(base[i].name, name) == 0) {
            igrs_attributes_add(told, base[i].name, base[i].value, 0);
            is_found = true;
        }
    return is_found;
}

static bool
add_variable(const IgrsHosted *hosted, const char *name, uint32_t subscription_id,
             IgrsAttributes *told)
{
    const ServiceTable *table = hosted->service->table;
    const ServiceVariable *variable = service_find_variable(table, name);

    if (variable == NULL || !variable->is_evented)
        return false;
    g_autofree char *value = table->value(hosted->service, name);
    igrs_attributes_add(told, name, value != NULL ? value : "", subscription_id);
    return true;
}

static uint32_t
find_attributes(const IgrsIncoming *incoming G_GNUC_UNUSED, const IgrsHosted *hosted,
                const IgrsAttributes *asked, IgrsAttributes *told)
{
    const ServiceVariable *variables = hosted->service->table->variables;

    for (guint i = 0; i < asked->names->len; i++) {
        const char *name = g_ptr_array_index(asked->names, i);
        if (!add_base_attribute(hosted, name, told) && !add_variable(hosted, name, 0, told))
            return IGRS_NOT_FOUND;
    }
    if (asked->names->len == 0) {
        add_base_attribute(hosted, NULL, told);
        for (guint i = 0; variables[i].name != NULL; i++)
            add_variable(hosted, variables[i].name, 0, told);
    }
    return IGRS_OK;
}

static int64_t
now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

/* A peer without a clock asks for no time, or for one in our past: it gets all or the least. */
static int64_t
life_wanted(const IgrsAttributes *asked)
{
    return asked->expires_s == 0 ? IGRS_SUBSCRIPTION_LIFE_MAX_S : asked->expires_s - now_s();
}

static uint32_t
subscribe(const IgrsIncoming *incoming, const IgrsHosted *hosted, const IgrsAttributes *asked,
          IgrsAttributes *told)
{
    IgrsSession session = session_of(incoming->request);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    int64_t life_s = life_wanted(asked);

    if (asked->location == NULL || !igrs_location_is_at(asked->location, incoming->peer_address))
        return IGRS_DENIED;
    for (guint i = 0; i < asked->names->len; i++)
        g_ptr_array_add(names, g_ptr_array_index(asked->names, i));
    g_ptr_array_add(names, NULL);
    told->subscription_id =
        igrs_subscriptions_add(incoming->node->subscriptions, hosted->service, &session,
                               asked->location, (const char *const *)names->pdata, &life_s, &error);
    told->expires_s = now_s() + life_s;
    if (told->subscription_id != 0)
        return IGRS_OK;
    return g_error_matches(error, DUO_ERROR, DUO_ERROR_BUSY) ? IGRS_TOO_MANY : IGRS_NOT_FOUND;
}

static uint32_t
renew(const IgrsIncoming *incoming, const IgrsHosted *hosted G_GNUC_UNUSED,
      const IgrsAttributes *asked, IgrsAttributes *told)
{
    int64_t life_s = life_wanted(asked);

    if (asked->location != NULL && !igrs_location_is_at(asked->location, incoming->peer_address))
        return IGRS_DENIED;
    if (!igrs_subscriptions_renew(incoming->node->subscriptions, asked->subscription_id,
                                  incoming->request->source_id, asked->location, &life_s))
        return IGRS_NO_SUBSCRIPTION;
    told->subscription_id = asked->subscription_id;
    told->expires_s = now_s() + life_s;
    return IGRS_OK;
}

static uint32_t
unsubscribe(const IgrsIncoming *incoming, const IgrsHosted *hosted G_GNUC_UNUSED,
            const IgrsAttributes *asked, IgrsAttributes *told)
{
    told->subscription_id = asked->subscription_id;
    return igrs_subscriptions_remove(incoming->node->subscriptions, asked->subscription_id,
                                     incoming->request->source_id)
               ? IGRS_OK
               : IGRS_NO_SUBSCRIPTION;
}

static const struct {
    const char *name;
    AttributeOperation run;
} attribute_operations[] = {
    { IGRS_OP_FIND, find_attributes },
    { IGRS_OP_SUBSCRIBE, subscribe },
    { IGRS_OP_RENEW, renew },
    { IGRS_OP_UNSUBSCRIBE, unsubscribe },
};

static AttributeOperation
attribute_operation(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(attribute_operations); i++)
        if (g_strcmp0(attribute_operations[i].name, name) == 0)
            return attribute_operations[i].run;
    return NULL;
}

/* -- Invocation -------------------------------------------------------------------------------- */

static void
answer_fault(IgrsIncoming *incoming, uint32_t code, const char *description)
{
    IgrsMessage *reply = igrs_message_new_reply(incoming->request, code);

    reply->fault_code = code;
    reply->fault_description = g_strdup(description);
    igrs_incoming_reply(incoming, reply);
}

static void
run_attribute_operation(IgrsIncoming *incoming, const IgrsHosted *hosted, AttributeOperation run)
{
    const SoapCall *call = incoming->request->call;
    g_autoptr(GError) error = NULL;
    g_autoptr(IgrsAttributes) asked = igrs_attributes_decode(call, &error);
    g_autoptr(IgrsAttributes) told = igrs_attributes_new();

    if (asked == NULL) {
        answer_fault(incoming, IGRS_BAD_REQUEST, error->message);
        return;
    }
    igrs_incoming_set_zone(incoming, &asked->location);
    told->return_code = run(incoming, hosted, asked, told);
    if (told->return_code != IGRS_OK) {
        answer_fault(incoming, told->return_code, call->name);
        return;
    }
    g_autofree char *name = g_strconcat(call->name, IGRS_OP_RESPONSE, NULL);
    IgrsMessage *reply = igrs_message_new_reply(incoming->request, IGRS_OK);
    reply->call = igrs_attributes_encode(name, hosted->type, told);
    igrs_incoming_reply(incoming, reply);
}

/* The model's own failures, where IGRS has another number for them; a service's own pass as they
 * are (PROFILE section 2). */
static const struct {
    int service;
    uint32_t igrs;
} fault_codes[] = {
    { SERVICE_INVALID_ACTION, IGRS_NO_OPERATION },
    { SERVICE_INVALID_ARGS, IGRS_MISSING_ARGUMENT },
    { SERVICE_ACTION_FAILED, IGRS_FAILED },
};

static uint32_t
fault_code(const GError *error)
{
    for (guint i = 0; i < G_N_ELEMENTS(fault_codes); i++)
        if (fault_codes[i].service == error->code)
            return fault_codes[i].igrs;
    return (uint32_t)error->code;
}

static void
add_out(SoapCall *reply, const ServiceArgument *argument, const ServiceCall *call)
{
    const char *value = service_call_out(call, argument->name);

    if (service_call_variable(call, argument)->type == SERVICE_XML)
        soap_call_take_xml(reply, argument->name, g_strdup(value));
    else
        soap_call_add(reply, argument->name, value);
}

/* The node may be gone by now: the reply then goes nowhere. */
static void
on_answered(const ServiceCall *call, gpointer user_data)
{
    IgrsIncoming *incoming = user_data;
    const ServiceAction *action = service_call_action(call);
    const GError *error = service_call_error(call);

    if (error != NULL) {
        answer_fault(incoming, fault_code(error), error->message);
        return;
    }
    g_autofree char *name = g_strconcat(action->name, IGRS_OP_RESPONSE, NULL);
    IgrsMessage *reply = igrs_message_new_reply(incoming->request, IGRS_OK);
    reply->call = soap_call_new(incoming->request->call->namespace, name);
    for (const ServiceArgument *argument = action->arguments; argument->variable != NULL;
         argument++)
        if (argument->is_out)
            add_out(reply->call, argument, call);
    igrs_incoming_reply(incoming, reply);
}

/* A service knows its sessions by a text. */
static char *
session_name(const IgrsSession *session)
{
    g_autofree char *device = g_ascii_strdown(session->device_id, -1);

    return g_strdup_printf("%s %u", device, session->client_id);
}

void
igrs_hosting_session_ended(IgrsNode *node, const IgrsSession *session)
{
    const IgrsHosted *hosted = igrs_node_find_service(node, session->service_id);
    g_autofree char *name = session_name(session);

    if (hosted != NULL && hosted->service->table->session_ended != NULL)
        hosted->service->table->session_ended(hosted->service, name);
}

static void
run_action(IgrsIncoming *incoming, const IgrsHosted *hosted)
{
    const SoapCall *asked = incoming->request->call;
    g_autoptr(GInetAddress) address = igrs_incoming_local_address(incoming);
    g_autofree char *base_url = igrs_node_base_url(incoming->node, address);
    g_autofree char *name = session_name(&(IgrsSession){
        incoming->request->source_id, incoming->request->client_id, hosted->id });
    g_autoptr(GError) error = NULL;
    g_autoptr(ServiceCall) call = service_call_new(hosted->service, asked->name, &error);

    for (guint i = 0; error == NULL && i < asked->arguments->len; i++) {
        const SoapArgument *argument = g_ptr_array_index(asked->arguments, i);
        service_call_set_in(call, argument->name, argument->value, &error);
    }
    if (error != NULL) {
        answer_fault(incoming, fault_code(error), error->message);
        return;
    }
    service_call_set_base_url(call, base_url);
    service_call_set_asker(call, ASKER_ADDRESS, incoming->address);
    service_call_set_asker(call, ASKER_SESSION, name);
    service_call_set_asker(call, ASKER_CLAIM, incoming->request->source_id);
    if (incoming->seal != NULL)
        service_call_set_asker(call, ASKER_DEVICE, incoming->request->source_id);
    service_call_invoke(g_steal_pointer(&call), on_answered, incoming);
}

/* What the loop would find of this session it has found, and says so by a pass. Persons and their
 * tokens are left to it. */
bool
igrs_hosting_read(IgrsIncoming *incoming)
{
    const IgrsNode *node = incoming->node;
    const SoapCall *call = incoming->request->call;
    const IgrsHosted *hosted = igrs_node_find_service(node, incoming->request->service_id);
    IgrsSession session = session_of(incoming->request);

    if (hosted == NULL || call == NULL)
        return false;
    const ServiceTable *table = hosted->service->table;
    const ServiceAction *action = service_find_action(table, call->name);
    if (action == NULL || !action->is_read ||
        !igrs_open_policy_allows(table->name, call, (const char *const *)node->kept_services) ||
        !igrs_passes_has(node->passes, &session, incoming->address))
        return false;
    run_action(incoming, hosted);
    return true;
}

void
igrs_hosting_invoke(IgrsIncoming *incoming)
{
    const IgrsMessage *request = incoming->request;
    const IgrsHosted *hosted = igrs_node_find_service(incoming->node, request->service_id);
    IgrsSession session = session_of(request);

    if (hosted == NULL) {
        igrs_incoming_answer(incoming, IGRS_NOT_FOUND);
    } else if (!igrs_sessions_has(incoming->node->sessions, &session)) {
        igrs_incoming_answer(incoming, IGRS_NO_SESSION);
    } else if (request->call == NULL) {
        igrs_incoming_answer(incoming, IGRS_BAD_REQUEST);
    } else if (!igrs_hosting_is_allowed(incoming, hosted, request->call)) {
        igrs_incoming_answer(incoming, IGRS_UNAUTHORISED);
    } else {
        AttributeOperation run = attribute_operation(request->call->name);
        if (incoming->seal == NULL && !http_exchange_is_secure(incoming->exchange))
            igrs_passes_issue(incoming->node->passes, &session, incoming->address);
        if (run != NULL)
            run_attribute_operation(incoming, hosted, run);
        else
            run_action(incoming, hosted);
    }
}

/* -- Notification ------------------------------------------------------------------------------ */

typedef struct {
    IgrsNode *node; /* borrowed: its courier answers before it goes */
    uint32_t subscription_id;
} Delivery;

static void
on_delivered(const IgrsMessage *reply G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    g_autofree Delivery *delivery = user_data;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (error != NULL)
        g_info("subscription %u was not told: %s", delivery->subscription_id, error->message);
    igrs_subscriptions_delivered(delivery->node->subscriptions, delivery->subscription_id,
                                 error == NULL);
}

void
igrs_hosting_notify(const IgrsSubscriber *subscriber, const char *const *names, gpointer user_data)
{
    IgrsNode *node = user_data;
    const IgrsHosted *hosted = igrs_node_find_service(node, subscriber->session.service_id);
    g_autoptr(IgrsAttributes) attributes = igrs_attributes_new();
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_SEND_NOTIFICATION);
    Delivery *delivery = g_new(Delivery, 1);

    for (guint i = 0; names[i] != NULL; i++)
        add_variable(hosted, names[i], subscriber->id, attributes);
    message->target_id = g_strdup(subscriber->session.device_id);
    message->client_id = subscriber->session.client_id;
    message->service_id = subscriber->session.service_id;
    message->call = igrs_attributes_encode(IGRS_OP_NOTIFY, hosted->type, attributes);
    *delivery = (Delivery){ node, subscriber->id };
    igrs_courier_send(node->courier, subscriber->location, message, 0, NULL, on_delivered,
                      delivery);
}
