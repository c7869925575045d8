/* rules-answer.c -- sections 3 and 5: the form of what answers a search */
#include "validate/rules.h"

#include <string.h>

/* The answer to a search of a rule's type for ST isdp:all; NULL, and the rule failed: none. */
static const Heard *
answer_to(Tester *t, const Rule *rule, const char *target)
{
    uint32_t sequence = search(t, rule->send, target, 1, NULL);
    const Heard *answer = await_answer(t, sequence, ANSWER_MS);

    expect(t, answer != NULL, "no answer");
    return answer;
}

static void
head_is(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, ISDP_ALL);

    if (answer == NULL)
        return;
    expect(t, http_heads_count(answer->heads, rule->text) == 1, "%u heads %s",
           http_heads_count(answer->heads, rule->text), rule->text);
    expect(t, strcmp(head_of(answer, rule->text), rule->more) == 0, "%s: %s", rule->text,
           head_of(answer, rule->text));
}

static void
man_is_there(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, ISDP_ALL);

    if (answer != NULL)
        expect(t, g_strstr_len(answer->raw, (gssize)answer->head_size,
                               "\"" IGRS_MAN "\";ns=01\r\n") != NULL,
               "no Man of IGRS with ns=01");
}

static void
form(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, ISDP_ALL);

    if (answer == NULL)
        return;
    expect(t, strcmp(answer->start, "HTTP/1.1 200 OK") == 0, "\"%s\"", answer->start);
    expect(t, answer->flaw == NULL, "%s", answer->flaw);
    expect(t, answer->head_size + answer->body_size <= 4096, "%zu octets",
           answer->head_size + answer->body_size);
    expect(t, strcmp(answer->from, t->host) == 0, "it comes from %s", answer->from);
}

static void
st_echoed(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, t->id);

    if (answer != NULL)
        expect(t, strcmp(head_of(answer, "ST"), t->id) == 0, "ST: %s", head_of(answer, "ST"));
}

static void
usn_is_own(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, ISDP_ALL);

    if (answer != NULL)
        expect(t, g_str_has_prefix(head_of(answer, "USN"), t->id), "USN: %s",
               head_of(answer, "USN"));
}

static void
location_is_right(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, ISDP_ALL);
    g_autofree char *wanted = g_strdup_printf("http://%s:%u/IGRS", t->host, t->port);

    if (answer != NULL)
        expect(t, strcmp(head_of(answer, "LOCATION"), wanted) == 0, "LOCATION: %s",
               head_of(answer, "LOCATION"));
}

static void
target_is_searcher(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, ISDP_ALL);

    if (answer != NULL)
        expect(t, strcmp(head_of(answer, "01-TargetDeviceId"), t->self) == 0, "TargetDeviceId: %s",
               head_of(answer, "01-TargetDeviceId"));
}

static void
length_is_right(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, ISDP_ALL);

    if (answer != NULL)
        expect(t, (size_t)atol(head_of(answer, "Content-Length")) == answer->body_size,
               "Content-Length: %s of a body of %zu", head_of(answer, "Content-Length"),
               answer->body_size);
}

static void
body_acknowledges(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, ISDP_ALL);

    if (answer == NULL)
        return;
    expect(t, g_strcmp0(payload_text(answer, "AcknowledgeId"),
                        head_of(answer, "01-AcknowledgeId")) == 0,
           "AcknowledgeId of the body is not that of the head");
    expect(t, g_strcmp0(payload_text(answer, "ReturnCode"), "200") == 0,
           "no ReturnCode 200 in the body");
}

/* rule->text: the payload; each Device in it has its children in order. */
static void
lists_device(Tester *t, const Rule *rule)
{
    static const char *const order[] = { "DeviceId", "DeviceType", "DeviceName", "Location" };
    const Heard *answer = answer_to(t, rule, ISDP_ALL);
    const XmlNode *list = answer != NULL ? payload(answer) : NULL;
    const XmlNode *device = list != NULL ? xml_first(list, "Device") : NULL;

    if (answer == NULL || !expect(t, list != NULL && strcmp(xml_name(list), "SearchDevice") == 0 &&
                                         device != NULL,
                                  "no SearchDevice with a Device"))
        return;
    const XmlNode *child = xml_first(device, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        expect(t, child != NULL && strcmp(xml_name(child), order[i]) == 0, "%s is not in its place",
               order[i]);
        child = child != NULL ? xml_next(child, NULL) : NULL;
    }
    expect(t, g_strcmp0(xml_child_text(device, "DeviceId"), t->id) == 0, "another DeviceId");
    expect(t, g_strcmp0(xml_child_text(device, "DeviceName"), t->name) == 0,
           "DeviceName is not that of the description");
    expect(t, g_strcmp0(xml_child_text(device, "Location"), head_of(answer, "LOCATION")) == 0,
           "Location is not LOCATION");
}

static void
lists_services(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, ISDP_ALL);
    const XmlNode *list = answer != NULL ? payload(answer) : NULL;
    const XmlNode *service = list != NULL ? xml_first(list, "Service") : NULL;

    if (answer == NULL || !expect(t, list != NULL && strcmp(xml_name(list), "SearchService") == 0 &&
                                         service != NULL,
                                  "no SearchService with a Service"))
        return;
    for (; service != NULL; service = xml_next(service, "Service")) {
        const char *type = xml_child_text(service, "ServiceType");
        expect(t, g_strcmp0(xml_child_text(service, "DeviceId"), t->id) == 0, "another DeviceId");
        expect(t, is_number(xml_child_text(service, "ServiceId")), "a ServiceId that is none");
        expect(t, type != NULL && g_str_has_prefix(type, IGRS_URN_SERVICE_TYPE),
               "ServiceType \"%s\"", type != NULL ? type : "");
        expect(t, xml_child_text(service, "ServiceName") != NULL, "no ServiceName");
    }
}

static void
lists_only_asked(Tester *t, const Rule *rule)
{
    const Heard *answer = answer_to(t, rule, t->service.type);
    const XmlNode *list = answer != NULL ? payload(answer) : NULL;
    const XmlNode *service = list != NULL ? xml_first(list, "Service") : NULL;

    for (; service != NULL; service = xml_next(service, "Service"))
        expect(t, g_strcmp0(xml_child_text(service, "ServiceType"), t->service.type) == 0,
               "it lists a %s", xml_child_text(service, "ServiceType"));
}

#define DEVICE .send = IGRS_SEARCH_DEVICE_REQUEST
#define SERVICE .needs = NEED_SERVICE, .send = IGRS_SEARCH_SERVICE_REQUEST

const Rule answer_rules[] = {
    { "answer-form", "3", "HTTP/1.1 200 OK, heads in CRLF, at most 4096 octets", form, DEVICE },
    { "answer-man", "3", "Man of IGRS with ns=01", man_is_there, DEVICE },
    { "answer-version", "3", "01-IGRSVersion: IGRS/1.0", head_is, DEVICE, .text = "01-IGRSVersion",
      .more = "IGRS/1.0" },
    { "answer-type-device", "3, C9.6", "SearchDeviceResponse answers SearchDevice", head_is, DEVICE,
      .text = "01-IGRSMessageType", .more = "SearchDeviceResponse" },
    { "answer-type-service", "3, C10.2", "SearchServiceResponse answers SearchService", head_is,
      SERVICE, .text = "01-IGRSMessageType", .more = "SearchServiceResponse" },
    { "answer-code", "3", "01-ReturnCode: 200", head_is, DEVICE, .text = "01-ReturnCode",
      .more = "200" },
    { "answer-target", "3", "TargetDeviceId is the searcher", target_is_searcher, DEVICE },
    { "answer-st-all", "3", "ST as it was asked: isdp:all", head_is, DEVICE, .text = "ST",
      .more = ISDP_ALL },
    { "answer-st-id", "3", "ST as it was asked: a DeviceId", st_echoed, DEVICE },
    { "answer-usn", "3", "USN begins with the DeviceId", usn_is_own, DEVICE },
    { "answer-location", "1, 3", "LOCATION is where the device serves", location_is_right, DEVICE },
    { "answer-max-age", "3", "CACHE-CONTROL: max-age=1800", head_is, DEVICE,
      .text = "CACHE-CONTROL", .more = "max-age=1800" },
    { "answer-content-type", "2", "its body is text/xml", head_is, DEVICE, .text = "Content-Type",
      .more = IGRS_MIME },
    { "answer-content-length", "2", "Content-Length is the body's", length_is_right, DEVICE },
    { "answer-soap-action", "2", "02-SoapAction of the response", head_is, DEVICE,
      .text = "02-SoapAction", .more = "\"IGRS-SearchDevice-Response\"" },
    { "answer-acknowledge", "2", "AcknowledgeId and ReturnCode in the body", body_acknowledges,
      DEVICE },
    { "answer-device", "5", "the device with id, type, name, location in order", lists_device,
      DEVICE },
    { "answer-services", "5", "every service with ids, type and name", lists_services, SERVICE },
    { "answer-services-asked", "3", "a search by type lists no other type", lists_only_asked,
      SERVICE },
    { NULL },
};
