/* rules-invocation.c -- section 5, clause 10.6: operations, their faults, service attributes */
#include "validate/rules.h"

#include <string.h>

#define NS_OPEN "<subscribeExpression><subscribeServiceAttributeByNames>"
#define NS_CLOSE "</subscribeServiceAttributeByNames></subscribeExpression>"
#define FIND(names) \
    "<findExpression><findServiceAttributeByNames>" names "</findServiceAttributeByNames>" \
    "</findExpression>"

/* A session with the service whose attributes are followed. */
static bool
enter(Tester *t)
{
    return open_pipe(t) && open_session(t, &t->evented);
}

static void
expect_fault(Tester *t, const Heard *reply, unsigned code)
{
    g_autofree char *number = g_strdup_printf("%u", code);

    expect_code(t, reply, code);
    expect(t, g_strcmp0(payload_text(reply, "code"), number) == 0, "no Fault with code %s", number);
}

static void
fault_form(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    static const char *const order[] = { "SourceServiceId", "TargetClientId", "AcknowledgeId",
                                         "ReturnCode", "Fault" };
    open_pipe(t);
    open_session(t, &t->service);
    const Heard *reply = invoke(t, &t->service, "MakeCoffee", "");
    const XmlNode *session = payload(reply);
    const XmlNode *child = session != NULL ? xml_first(session, NULL) : NULL;
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        expect(t, child != NULL && strcmp(xml_name(child), order[i]) == 0, "%s is not in its place",
               order[i]);
        child = i + 1 < G_N_ELEMENTS(order) && child != NULL ? xml_next(child, NULL) : child;
    }
    expect(t, child != NULL && xml_child_text(child, "code") != NULL, "Fault has no code");
    expect(t, child != NULL && xml_child_text(child, "description") != NULL,
           "Fault has no description");
}

static void
operation_unknown(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    open_session(t, &t->service);
    expect_fault(t, invoke(t, &t->service, "MakeCoffee", "<Cups>2</Cups>"), 405);
}

static void
service_unknown(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const TestedService other = { 4000000007u, t->service.type };

    open_pipe(t);
    expect_code(t, invoke(t, &other, "findServiceAttribute", ""), 404);
}

static void
response_form(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    open_pipe(t);
    open_session(t, &t->service);
    const Heard *reply = ask(t, IGRS_INVOKE_SERVICE_REQUEST);
    const XmlNode *arguments = find_element(payload(reply), "InvokeArguments");
    const XmlNode *response = arguments != NULL ? xml_first(arguments, NULL) : NULL;
    expect_code(t, reply, 200);
    expect(t, response != NULL && strcmp(xml_name(response), "findServiceAttributeResponse") == 0,
           "no findServiceAttributeResponse in InvokeArguments");
    expect(t, response != NULL && g_strcmp0(xml_namespace(response), t->service.type) == 0,
           "it is not in the namespace of the service's type");
}

/* -- findServiceAttribute ---------------------------------------------------------------------- */

static bool
has_attribute(const XmlNode *values, const char *name, const char *value)
{
    const char *found = NULL;

    for (const XmlNode *one = values != NULL ? xml_first(values, "name") : NULL; one != NULL;
         one = xml_next(one, "name"))
        if (strcmp(xml_text(one), name) == 0) {
            const XmlNode *next = xml_next(one, NULL);
            found = next != NULL ? xml_text(next) : "";
        }
    return found != NULL && (value == NULL || strcmp(found, value) == 0);
}

static void
find_base(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    g_autofree char *id = g_strdup_printf("%u", t->service.id);

    open_pipe(t);
    open_session(t, &t->service);
    const Heard *reply = invoke(t, &t->service, "findServiceAttribute",
                                FIND("<name>ServiceId</name><name>ServiceType</name>"
                                     "<name>ServiceName</name><name>ServiceSecurityId</name>"));
    const XmlNode *values = find_element(payload(reply), "serviceAttributeValues");
    expect_code(t, reply, 200);
    expect(t, g_strcmp0(payload_text(reply, "returnCode"), "200") == 0,
           "no returnCode 200 in result");
    expect(t, has_attribute(values, "ServiceId", id), "ServiceId is not %s", id);
    expect(t, has_attribute(values, "ServiceType", t->service.type), "ServiceType is another");
    expect(t, has_attribute(values, "ServiceName", NULL), "no ServiceName");
    expect(t, has_attribute(values, "ServiceSecurityId", NULL), "no ServiceSecurityId");
}

static void
attribute_row(Tester *t, const Rule *rule)
{
    if (enter(t))
        expect_fault(t, invoke(t, &t->evented, rule->text, rule->more), rule->code);
}

/* -- Subscriptions ----------------------------------------------------------------------------- */

static const Heard *
subscribe_at(Tester *t, const char *location)
{
    g_autofree char *arguments = g_strdup_printf(
        NS_OPEN NS_CLOSE "<location>%s</location><expirationTime>2037-01-01T00:00:00Z"
        "</expirationTime>", location);

    return invoke(t, &t->evented, "subscribe", arguments);
}

/* The subscriptionId, borrowed from the reply; NULL, and the rule failed: none. */
static const char *
subscribe(Tester *t)
{
    const Heard *reply = enter(t) ? subscribe_at(t, t->own_location) : NULL;
    const char *id = reply != NULL ? payload_text(reply, "subscriptionId") : NULL;

    if (reply == NULL || !expect_code(t, reply, 200) ||
        !expect(t, is_number(id), "subscriptionId \"%s\"", id != NULL ? id : ""))
        return NULL;
    return id;
}

static const Heard *
with_id(Tester *t, const char *operation, const char *id)
{
    g_autofree char *arguments = g_strdup_printf(
        "<subscriptionId>%s</subscriptionId><location>%s</location>"
        "<expirationTime>2037-01-01T00:00:00Z</expirationTime>", id, t->own_location);

    return invoke(t, &t->evented, operation, arguments);
}

static void
subscribed(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    if (subscribe(t) == NULL)
        return;
    const Heard *reply = subscribe_at(t, t->own_location);
    const char *until = payload_text(reply, "terminationTime");
    g_autoptr(GDateTime) time = until != NULL ? g_date_time_new_from_iso8601(until, NULL) : NULL;
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    expect(t, time != NULL, "terminationTime \"%s\"", until != NULL ? until : "");
    expect(t, time == NULL || g_date_time_compare(time, now) > 0, "it ended already: %s", until);
}

static void
subscribe_unknown(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    g_autofree char *arguments = g_strdup_printf(
        NS_OPEN "<name>Flavour</name>" NS_CLOSE "<location>%s</location>", t->own_location);

    if (enter(t))
        expect_fault(t, invoke(t, &t->evented, "subscribe", arguments), 404);
}

static void
location_foreign(Tester *t, const Rule *rule)
{
    if (enter(t))
        expect_code(t, subscribe_at(t, rule->text), 403);
}

static void
renewed(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const char *id = subscribe(t);

    if (id == NULL)
        return;
    const Heard *reply = with_id(t, "renewSubscription", id);
    expect_code(t, reply, 200);
    expect(t, g_strcmp0(payload_text(reply, "subscriptionId"), id) == 0, "another subscriptionId");
}

static void
renew_elsewhere(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const char *id = subscribe(t);
    g_autofree char *arguments = g_strdup_printf(
        "<subscriptionId>%s</subscriptionId><location>http://192.0.2.1/</location>", id);

    if (id != NULL)
        expect_code(t, invoke(t, &t->evented, "renewSubscription", arguments), 403);
}

static void
unsubscribed(Tester *t, const Rule *rule)
{
    const char *id = subscribe(t);

    if (id == NULL)
        return;
    expect_code(t, with_id(t, "unsubscribe", id), 200);
    expect_fault(t, with_id(t, rule->text, id), 412);
}

static void
another_devices(Tester *t, const Rule *rule)
{
    const char *id = subscribe(t);

    if (id == NULL)
        return;
    t->speaker = t->other;
    if (enter(t))
        expect_fault(t, with_id(t, rule->text, id), 412);
    detach(t);
    t->speaker = t->self;
    expect_code(t, with_id(t, "renewSubscription", id), 200);
}

static void
ended_with(Tester *t, const Rule *rule)
{
    const char *id = subscribe(t);

    if (id == NULL)
        return;
    IgrsMessage *message = say(t, rule->send);
    message->service_id = t->evented.id;
    ask_message(t, message);
    if (enter(t))
        expect_fault(t, with_id(t, "renewSubscription", id), 412);
}

/* -- Notifications ----------------------------------------------------------------------------- */

static const Heard *
first_notification(Tester *t)
{
    guint since = t->requests->len;

    if (subscribe(t) == NULL)
        return NULL;
    const Heard *request = await_request(t, "SendNotification", t->self, since, 3000);
    expect(t, request != NULL, "no SendNotification in 3 s");
    return request;
}

static void
notified_at_once(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Heard *request = first_notification(t);

    if (request != NULL)
        expect(t, find_element(payload(request), "serviceAttribute") != NULL,
               "it tells no serviceAttribute");
}

static void
notification_heads(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Heard *request = first_notification(t);

    if (request == NULL)
        return;
    expect(t, strcmp(request->start, "M-POST /IGRS HTTP/1.1") == 0, "\"%s\"", request->start);
    expect(t, strstr(request->raw, "Man: \"" IGRS_MAN "\";ns=01\r\n") != NULL, "no Man of IGRS");
    expect(t, strcmp(head_of(request, "01-IGRSVersion"), IGRS_VERSION) == 0, "IGRSVersion \"%s\"",
           head_of(request, "01-IGRSVersion"));
    expect(t, strcmp(head_of(request, "01-SourceDeviceId"), t->id) == 0, "SourceDeviceId \"%s\"",
           head_of(request, "01-SourceDeviceId"));
    expect(t, is_number(head_of(request, "01-SequenceId")), "SequenceId \"%s\"",
           head_of(request, "01-SequenceId"));
    expect(t, strcmp(head_of(request, "02-SoapAction"), "\"IGRS-Send-Notification\"") == 0,
           "SoapAction %s", head_of(request, "02-SoapAction"));
}

static void
notification_body(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const Heard *request = first_notification(t);
    const XmlNode *session = request != NULL ? payload(request) : NULL;
    g_autofree char *service = g_strdup_printf("%u", t->evented.id);

    if (request == NULL || !expect(t, session != NULL && strcmp(xml_name(session), "Session") == 0,
                                   "no Session in it"))
        return;
    const XmlNode *attribute = find_element(session, "serviceAttribute");
    expect(t, g_strcmp0(xml_child_text(session, "SourceServiceId"), service) == 0,
           "SourceServiceId is not %s", service);
    expect(t, g_strcmp0(xml_child_text(session, "TargetClientId"), "17") == 0,
           "TargetClientId is not 17");
    expect(t, g_strcmp0(xml_child_text(session, "SequenceId"),
                        head_of(request, "01-SequenceId")) == 0,
           "SequenceId of the body is not that of the head");
    expect(t, find_element(session, "sendNotification") != NULL, "no sendNotification");
    expect(t, attribute != NULL && xml_child_text(attribute, "name") != NULL &&
                  xml_first(attribute, "value") != NULL &&
                  is_number(xml_child_text(attribute, "subscriptionId")),
           "no serviceAttribute of name, value, subscriptionId");
}

static void
detach_silences(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    const char *id = subscribe(t);

    if (id == NULL)
        return;
    detach(t);
    if (enter(t))
        expect_fault(t, with_id(t, "renewSubscription", id), 412);
}

const Rule invocation_rules[] = {
    { "invoke-response", "5, C10.6",
      "a response holds <operation>Response in the service's namespace",
      response_form, NEED_SERVICE },
    { "invoke-unknown", "2, 5", "an unknown operation: 405 and a Fault", operation_unknown,
      NEED_SERVICE },
    { "invoke-fault", "5", "Fault{code, description} after ReturnCode", fault_form, NEED_SERVICE },
    { "invoke-service-unknown", "2, 5", "an operation of an unknown service: 404", service_unknown,
      NEED_SERVICE },
    { "invoke-empty", "2, 5", "InvokeArguments without an operation: 400", run_row, NEED_SERVICE,
      .send = IGRS_INVOKE_SERVICE_REQUEST,
      .edit = { { EDIT_BODY, "<InvokeArguments>", "<InvokeArguments></InvokeArguments><!--" },
                { EDIT_BODY, "</InvokeArguments></Session>", "--></Session>" } },
      .code = 400 },
    { "find-base", "5", "every service has ServiceId, -Type, -Name and -SecurityId", find_base,
      NEED_SERVICE },
    { "find-unknown", "2, 5", "an unknown attribute: 404", attribute_row, NEED_EVENTED,
      .text = "findServiceAttribute", .more = FIND("<name>Flavour</name>"), .code = 404 },
    { "subscribe", "5", "subscribe gives a subscriptionId and a terminationTime to come",
      subscribed,
      NEED_EVENTED },
    { "subscribe-unknown", "2, 5", "subscribe to an unknown attribute: 404", subscribe_unknown,
      NEED_EVENTED },
    { "subscribe-location-forged", "5", "a location of another host: 403, nobody is flooded",
      location_foreign, NEED_EVENTED, .text = "http://192.0.2.1:80/IGRS" },
    { "subscribe-location-name", "5", "a location with a name: 403", location_foreign, NEED_EVENTED,
      .text = "http://victim.example.org/" },
    { "subscribe-location-user", "5", "a location that hides its host behind a user: 403",
      location_foreign, NEED_EVENTED, .text = "http://10.0.0.1@192.0.2.1/" },
    { "subscribe-location-missing", "2, 5", "subscribe without a location: 400", attribute_row,
      NEED_EVENTED, .text = "subscribe", .more = NS_OPEN NS_CLOSE, .code = 400 },
    { "renew", "5", "renewSubscription keeps the subscription", renewed, NEED_EVENTED },
    { "renew-location-forged", "5", "a renewal to another host: 403", renew_elsewhere,
      NEED_EVENTED },
    { "renew-unknown", "5", "renewing an unknown subscription: 412", attribute_row, NEED_EVENTED,
      .text = "renewSubscription", .more = "<subscriptionId>4000000001</subscriptionId>",
      .code = 412 },
    { "renew-ended", "5", "renewing one that ended: 412", unsubscribed, NEED_EVENTED,
      .text = "renewSubscription" },
    { "renew-other", "5", "renewing another device's: 412", another_devices, NEED_EVENTED,
      .text = "renewSubscription" },
    { "unsubscribe-unknown", "5", "ending an unknown subscription: 412", attribute_row,
      NEED_EVENTED,
      .text = "unsubscribe", .more = "<subscriptionId>4000000001</subscriptionId>", .code = 412 },
    { "unsubscribe-ended", "5", "ending one that ended: 412", unsubscribed, NEED_EVENTED,
      .text = "unsubscribe" },
    { "unsubscribe-other", "5", "ending another device's: 412, and it goes on", another_devices,
      NEED_EVENTED, .text = "unsubscribe" },
    { "subscription-session", "4, 5", "a subscription ends with its session", ended_with,
      NEED_EVENTED, .send = IGRS_DESTROY_SESSION_NOTIFY },
    { "subscription-detach", "4", "and with its pipe", detach_silences, NEED_EVENTED },
    { "notify-first", "5", "the first notification comes at once, with values", notified_at_once,
      NEED_EVENTED },
    { "notify-heads", "2, 5", "heads of SendNotification", notification_heads, NEED_EVENTED },
    { "notify-body", "5", "body of SendNotification", notification_body, NEED_EVENTED },
    { NULL },
};
