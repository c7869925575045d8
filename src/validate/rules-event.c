/* rules-event.c -- section 5, clauses 9.6, 9.7, 10.1 to 10.3: who is online, asked of one device */
#include "validate/rules.h"

#include <string.h>

static const char *
subscribe(Tester *t, IgrsMessageType type)
{
    const Heard *reply = open_pipe(t) ? ask(t, type) : NULL;
    const char *id = reply != NULL ? payload_text(reply, "subscriptionId") : NULL;

    if (reply == NULL || !expect_code(t, reply, 200) ||
        !expect(t, is_number(id), "subscriptionId \"%s\"", id != NULL ? id : ""))
        return NULL;
    return id;
}

static void
subscribed(Tester *t, const Rule *rule)
{
    const char *id = subscribe(t, rule->send);

    if (id != NULL) {
        const Heard *reply = ask(t, rule->send);
        expect(t, strcmp(head_of(reply, "01-IGRSMessageType"), rule->text) == 0, "answered by a %s",
               head_of(reply, "01-IGRSMessageType"));
        expect(t, payload_text(reply, "terminationTime") != NULL, "no terminationTime");
    }
}

static void
location_is(Tester *t, const Rule *rule)
{
    IgrsMessage *message;

    open_pipe(t);
    message = say(t, rule->send);
    g_free(message->location);
    message->location = g_strdup(rule->text);
    expect_code(t, ask_message(t, message), rule->code);
}

static uint32_t
number_of(const char *id)
{
    return (uint32_t)strtoul(id, NULL, 10);
}

static const Heard *
renew(Tester *t, IgrsMessageType type, uint32_t id)
{
    IgrsMessage *message = say(t, type);

    message->subscription_id = id;
    return ask_message(t, message);
}

static IgrsMessageType
renewal_of(IgrsMessageType type)
{
    return type == IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST
               ? IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST
               : IGRS_RENEW_SUBSCRIPTION_SERVICE_EVENT_REQUEST;
}

static void
renewed(Tester *t, const Rule *rule)
{
    const char *id = subscribe(t, rule->send);

    if (id != NULL)
        expect_code(t, renew(t, renewal_of(rule->send), number_of(id)), 200);
}

/* Subscribes, ends that, and sees that it ended. */
static void
expect_ended(Tester *t, IgrsMessageType type, void (*end)(Tester *t, uint32_t id))
{
    const char *text = subscribe(t, type);
    uint32_t id = text != NULL ? number_of(text) : 0;

    if (text == NULL)
        return;
    end(t, id);
    expect_code(t, renew(t, renewal_of(type), id), 412);
}

static void
unsubscribe(Tester *t, uint32_t id)
{
    IgrsMessage *message = say(t, IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY);

    message->subscription_id = id;
    expect_http(t, ask_message(t, message), 200);
}

static void
unsubscribed(Tester *t, const Rule *rule)
{
    expect_ended(t, rule->send, unsubscribe);
}

static void
begin_anew(Tester *t, uint32_t id G_GNUC_UNUSED)
{
    detach(t);
    open_pipe(t);
}

static void
detached(Tester *t, const Rule *rule)
{
    expect_ended(t, rule->send, begin_anew);
}

static void
another_devices(Tester *t, const Rule *rule)
{
    const char *id = subscribe(t, rule->send);

    if (id == NULL)
        return;
    t->speaker = t->other;
    open_pipe(t);
    expect_code(t, renew(t, renewal_of(rule->send), number_of(id)), 412);
    detach(t);
    t->speaker = t->self;
    expect_code(t, renew(t, renewal_of(rule->send), number_of(id)), 200);
}

/* -- Directories ------------------------------------------------------------------------------- */

/* The child of the payload called kind whose child name has that text; NULL: none. */
static const XmlNode *
listed(const Heard *reply, const char *kind, const char *name, const char *text)
{
    const XmlNode *list = payload(reply);
    const XmlNode *one = list != NULL ? xml_first(list, kind) : NULL;

    while (one != NULL && g_strcmp0(xml_child_text(one, name), text) != 0)
        one = xml_next(one, kind);
    return one;
}

static void
lists_itself(Tester *t, const Rule *rule)
{
    open_pipe(t);
    const Heard *reply = ask(t, rule->send);
    expect_code(t, reply, 200);
    expect(t, listed(reply, rule->text, "DeviceId", t->id) != NULL,
           "the device is not in its list");
}

static void
lists_by_type(Tester *t, const Rule *rule)
{
    IgrsMessage *message;

    open_pipe(t);
    message = say(t, rule->send);
    message->device_type = g_strdup(IGRS_URN_DEVICE_TYPE "SteamEngine:1");
    message->service_type = g_strdup(IGRS_URN_SERVICE_TYPE "Whistle:1");
    const Heard *reply = ask_message(t, message);
    expect_code(t, reply, 200);
    expect(t, payload(reply) != NULL && xml_first(payload(reply), rule->text) == NULL,
           "it lists what is of another type");
}

static const Heard *
service_list(Tester *t)
{
    const Heard *reply = ask(t, IGRS_SEARCH_SERVICE_REQUEST_ON_DEVICE);

    expect_code(t, reply, 200);
    return reply;
}

#define VALIDATION IGRS_URN_SERVICE_TYPE "Validation:1"

static void
registered(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    expect_http(t, ask(t, IGRS_REGISTER_SERVICE_NOTIFY), 200);
    const Heard *reply = service_list(t);
    const XmlNode *service = listed(reply, "Service", "ServiceType", VALIDATION);
    expect(t, service != NULL, "a service that was registered is not listed");
    expect(t, service == NULL || g_strcmp0(xml_child_text(service, "DeviceId"), t->self) == 0,
           "it is listed as another device's");
}

static void
unregistered(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    ask(t, IGRS_REGISTER_SERVICE_NOTIFY);
    expect_http(t, ask(t, IGRS_UNREGISTER_SERVICE_NOTIFY), 200);
    expect(t, listed(service_list(t), "Service", "ServiceType", VALIDATION) == NULL,
           "a service that was taken back is listed");
}

static void
registered_for_another(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Edit edits[] = { { EDIT_BODY, t->self, t->other }, { EDIT_NONE, NULL, NULL } };

    open_pipe(t);
    ask(t, IGRS_UNREGISTER_SERVICE_NOTIFY);
    const Heard *reply = ask_edited(t, say(t, IGRS_REGISTER_SERVICE_NOTIFY), edits);
    expect_http(t, reply, 200);
    expect(t, listed(service_list(t), "Service", "DeviceId", t->other) == NULL,
           "a service that another device registered for it is listed");
}

static void
registration_detached(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    ask(t, IGRS_REGISTER_SERVICE_NOTIFY);
    detach(t);
    open_pipe(t);
    expect(t, listed(service_list(t), "Service", "ServiceType", VALIDATION) == NULL,
           "a registration outlives its pipe");
}

static void
service_event(Tester *t, const Rule *rule)
{
    guint since = t->requests->len;

    if (subscribe(t, IGRS_SUBSCRIBE_SERVICE_EVENT_REQUEST) == NULL)
        return;
    t->speaker = t->other;
    open_pipe(t);
    ask(t, IGRS_REGISTER_SERVICE_NOTIFY);
    if (strcmp(rule->text, "offline") == 0)
        ask(t, IGRS_UNREGISTER_SERVICE_NOTIFY);
    detach(t);
    t->speaker = t->self;
    for (unsigned tries = 0; tries < 30; tries++) {
        for (guint i = since; i < t->requests->len; i++) {
            const Heard *request = g_ptr_array_index(t->requests, i);
            if (strcmp(head_of(request, "01-IGRSMessageType"), "NotifyServiceEvent") == 0 &&
                g_strcmp0(payload_text(request, "State"), rule->text) == 0 &&
                g_strcmp0(payload_text(request, "ServiceType"), VALIDATION) == 0)
                return;
        }
        wire_pause(t, 100);
    }
    expect(t, false, "no NotifyServiceEvent of State %s in 3 s", rule->text);
}

#define DEVICE_EVENT .send = IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST
#define SERVICE_EVENT .send = IGRS_SUBSCRIBE_SERVICE_EVENT_REQUEST

const Rule event_rules[] = {
    { "device-event", "5, C9.7", "SubscribeDeviceEvent gives an id and a terminationTime",
      subscribed,
      DEVICE_EVENT, .text = "SubscribeDeviceEventResponse" },
    { "device-event-forged", "5", "a location of another host: 403", location_is, DEVICE_EVENT,
      .text = "http://192.0.2.1:80/IGRS", .code = 403 },
    { "device-event-renew", "5, C9.7", "a renewal is answered with 200", renewed, DEVICE_EVENT },
    { "device-event-unknown", "5", "renewing an unknown subscription: 412", run_row,
      .send = IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST, .code = 412 },
    { "device-event-unsubscribe", "5, C9.7", "an ended subscription cannot be renewed: 412",
      unsubscribed, DEVICE_EVENT },
    { "device-event-other", "5", "another device's subscription: 412", another_devices,
      DEVICE_EVENT },
    { "device-event-detach", "4", "it ends with the pipe", detached, DEVICE_EVENT },
    { "service-event", "5, C10.3", "SubscribeServiceEvent gives an id and a terminationTime",
      subscribed, SERVICE_EVENT, .text = "SubscribeServiceEventResponse" },
    { "service-event-forged", "5", "a location of another host: 403", location_is, SERVICE_EVENT,
      .text = "http://192.0.2.1:80/IGRS", .code = 403 },
    { "service-event-renew", "5, C10.3", "a renewal is answered with 200", renewed, SERVICE_EVENT },
    { "service-event-unknown", "5", "renewing an unknown subscription: 412", run_row,
      .send = IGRS_RENEW_SUBSCRIPTION_SERVICE_EVENT_REQUEST, .code = 412 },
    { "service-event-unsubscribe", "5, C10.3", "an ended subscription cannot be renewed: 412",
      unsubscribed, SERVICE_EVENT },
    { "service-event-other", "5", "another device's subscription: 412", another_devices,
      SERVICE_EVENT },
    { "service-event-online", "5, C10.3", "a service that is registered is told to subscribers",
      service_event, .text = "online" },
    { "service-event-offline", "5, C10.3", "and one that is taken back", service_event,
      .text = "offline" },
    { "directory-devices", "5, C9.6", "SearchDeviceOnDevice lists the device itself", lists_itself,
      .send = IGRS_SEARCH_DEVICE_REQUEST_ON_DEVICE, .text = "Device" },
    { "directory-devices-type", "5", "and by type only those of the type", lists_by_type,
      .send = IGRS_SEARCH_DEVICE_REQUEST_ON_DEVICE, .text = "Device" },
    { "directory-services", "5, C10.2", "SearchServiceOnDevice lists the device's services",
      lists_itself, NEED_SERVICE, .send = IGRS_SEARCH_SERVICE_REQUEST_ON_DEVICE,
      .text = "Service" },
    { "directory-services-type", "5", "and by type only those of the type", lists_by_type,
      .send = IGRS_SEARCH_SERVICE_REQUEST_ON_DEVICE, .text = "Service" },
    { "register", "5, C10.1", "a registered service is listed", registered },
    { "unregister", "5, C10.1", "one that is taken back is not", unregistered },
    { "register-for-another", "2", "nobody registers for another device", registered_for_another },
    { "register-detach", "4", "a registration ends with its pipe", registration_detached },
    { NULL },
};
