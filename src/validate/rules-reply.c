/* rules-reply.c -- sections 2 and 5: strict send. Each rule looks at one thing of every reply */
#include "validate/rules.h"
#include "wire/soap.h"

#include <string.h>

/* The exchanges that every device can have, and what their replies must be. */
static const struct Sample {
    IgrsMessageType type;
    const char *reply;
    const char *action;  /* NULL: header-only */
    const char *element; /* the child of Body */
    bool is_of_session;
} samples[] = {
    { IGRS_CREATE_PIPE_REQUEST, "CreatePipeResponse", NULL, NULL, false },
    { IGRS_DEVICE_ONLINE_DETECTION_REQUEST, "DeviceOnlineDetectionResponse", NULL, NULL, false },
    { IGRS_GET_DEVICE_DESCRIPTION_REQUEST, "GetDeviceDescriptionResponse",
      "\"IGRS-GetDeviceDescription-Response\"", "DeviceDescription", false },
    { IGRS_GET_SERVICE_DESCRIPTION_REQUEST, "GetServiceDescriptionResponse",
      "\"IGRS-GetServiceDescription-Response\"", "ServiceDescription", true },
    { IGRS_CREATE_SESSION_REQUEST, "CreateSessionResponse", "\"IGRS-CreateSession-Response\"",
      "Session", true },
    { IGRS_INVOKE_SERVICE_REQUEST, "InvokeServiceResponse", "\"IGRS-InvokeService-Response\"",
      "Session", true },
};

typedef void (*Look)(Tester *t, const struct Sample *sample, const Heard *reply,
                     const char *sequence, const Rule *rule);

/* Walks the samples; look is the rule's own question. */
static void
each_reply(Tester *t, const Rule *rule, Look look)
{
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        if (samples[i].is_of_session && (t->has & NEED_SERVICE) == 0)
            continue;
        IgrsMessage *message = say(t, samples[i].type);
        g_autofree char *sequence = g_strdup_printf("%u", message->sequence_id);
        const Heard *reply = ask_message(t, message);
        if (!expect_http(t, reply, 200))
            return;
        look(t, &samples[i], reply, sequence, rule);
        if (t->failure != NULL) {
            g_autofree char *failure = g_steal_pointer(&t->failure);
            t->failure = g_strdup_printf("%s: %s", samples[i].reply, failure);
            return;
        }
    }
}

#define LOOK(name)                                                                              \
    static void name##_look(Tester *t, const struct Sample *sample, const Heard *reply,         \
                            const char *sequence, const Rule *rule);                            \
    static void name(Tester *t, const Rule *rule)                                               \
    {                                                                                           \
        each_reply(t, rule, name##_look);                                                       \
    }                                                                                           \
    static void name##_look(Tester *t G_GNUC_UNUSED, const struct Sample *sample G_GNUC_UNUSED, \
                            const Heard *reply, const char *sequence G_GNUC_UNUSED,             \
                            const Rule *rule G_GNUC_UNUSED)

/* rule->text: the head, there once; rule->more: its value. */
LOOK(head_is)
{
    expect(t, http_heads_count(reply->heads, rule->text) == 1, "%u heads %s",
           http_heads_count(reply->heads, rule->text), rule->text);
    expect(t, strcmp(head_of(reply, rule->text), rule->more) == 0, "%s: %s", rule->text,
           head_of(reply, rule->text));
}

LOOK(start_line)
{
    expect(t, g_str_has_prefix(reply->start, "HTTP/1.1 200"), "\"%s\"", reply->start);
}

LOOK(head_form)
{
    expect(t, reply->flaw == NULL, "%s", reply->flaw);
}

LOOK(man_first)
{
    const char *man = strstr(reply->raw, "Man: \"" IGRS_MAN "\";ns=01\r\n");

    expect(t, man != NULL && man < reply->raw + reply->head_size,
           "no Man: \"" IGRS_MAN "\";ns=01");
}

LOOK(man_of_soap)
{
    g_autofree char *head = g_strndup(reply->raw, reply->head_size);
    bool is_there = strstr(head, "Man: \"" IGRS_MAN_SOAP "\";ns=02\r\n") != NULL;

    expect(t, is_there == (sample->action != NULL), "the Man of SOAP is %s",
           is_there ? "there without a body" : "missing");
}

LOOK(type_is)
{
    expect(t, strcmp(head_of(reply, "01-IGRSMessageType"), sample->reply) == 0, "type \"%s\"",
           head_of(reply, "01-IGRSMessageType"));
}

LOOK(target_is_us)
{
    expect(t, http_heads_count(reply->heads, "01-TargetDeviceId") == 1 &&
                  strcmp(head_of(reply, "01-TargetDeviceId"), t->speaker) == 0,
           "TargetDeviceId \"%s\"", head_of(reply, "01-TargetDeviceId"));
}

LOOK(source_is_device)
{
    expect(t, http_heads_count(reply->heads, "01-SourceDeviceId") == 1 &&
                  strcmp(head_of(reply, "01-SourceDeviceId"), t->id) == 0,
           "SourceDeviceId \"%s\"", head_of(reply, "01-SourceDeviceId"));
}

LOOK(acknowledge_head)
{
    expect(t, http_heads_count(reply->heads, "01-AcknowledgeId") == 1 &&
                  strcmp(head_of(reply, "01-AcknowledgeId"), sequence) == 0,
           "AcknowledgeId \"%s\" for SequenceId %s", head_of(reply, "01-AcknowledgeId"), sequence);
}

LOOK(code_head)
{
    expect(t, http_heads_count(reply->heads, "01-ReturnCode") == 1 &&
                  strcmp(head_of(reply, "01-ReturnCode"), "200") == 0,
           "ReturnCode \"%s\"", head_of(reply, "01-ReturnCode"));
}

LOOK(no_sequence)
{
    expect(t, http_heads_count(reply->heads, "01-SequenceId") == 0, "a reply has a SequenceId");
}

LOOK(soap_action)
{
    const char *action = head_of(reply, "02-SoapAction");

    expect(t, strcmp(action, sample->action != NULL ? sample->action : "") == 0,
           "SoapAction \"%s\"", action);
}

LOOK(content_type)
{
    if (sample->action != NULL)
        expect(t, strcmp(head_of(reply, "Content-Type"), IGRS_MIME) == 0, "Content-Type \"%s\"",
               head_of(reply, "Content-Type"));
}

LOOK(content_length)
{
    expect(t, http_heads_count(reply->heads, "Content-Length") == 1 &&
                  (size_t)atol(head_of(reply, "Content-Length")) == reply->body_size,
           "Content-Length \"%s\" of a body of %zu", head_of(reply, "Content-Length"),
           reply->body_size);
}

LOOK(no_body)
{
    if (sample->action == NULL)
        expect(t, reply->body_size == 0, "a body of %zu octets", reply->body_size);
}

LOOK(head_order)
{
    static const char *const order[] = { "\r\nExt:", "\r\nCache-Control:", "\r\nMan:",
                                         "\r\n01-IGRSVersion:", "\r\n01-IGRSMessageType:",
                                         "\r\n01-TargetDeviceId:", "\r\n01-SourceDeviceId:",
                                         "\r\n01-AcknowledgeId:", "\r\n01-ReturnCode:" };
    const char *last = reply->raw;

    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        const char *place = strstr(reply->raw, order[i]);
        expect(t, place == NULL || place > last, "%s stands too early", order[i] + 2);
        last = place != NULL ? place : last;
    }
}

LOOK(envelope)
{
    const XmlNode *root = reply->document != NULL ? xml_root(reply->document) : NULL;

    if (sample->action == NULL)
        return;
    expect(t, root != NULL && strcmp(xml_name(root), "Envelope") == 0 &&
                  g_strcmp0(xml_namespace(root), IGRS_MAN_SOAP) == 0,
           "no envelope of " IGRS_MAN_SOAP);
}

LOOK(encoding_style)
{
    if (sample->action != NULL)
        expect(t, strstr(reply->body, "SOAP-ENV:encodingStyle=\"" SOAP_NS_ENCODING "\"") != NULL,
               "no encodingStyle");
}

LOOK(body_child)
{
    const XmlNode *child = payload(reply);

    if (sample->element == NULL)
        return;
    expect(t, child != NULL && xml_next(child, NULL) == NULL &&
                  strcmp(xml_name(child), sample->element) == 0,
           "Body does not hold one %s", sample->element);
}

LOOK(body_namespace)
{
    const XmlNode *child = payload(reply);

    if (sample->element != NULL)
        expect(t, child != NULL && g_strcmp0(xml_namespace(child), IGRS_NS_SPEC) == 0,
               "%s is in the namespace \"%s\"", sample->element,
               child != NULL && xml_namespace(child) != NULL ? xml_namespace(child) : "");
}

LOOK(acknowledge_body)
{
    if (sample->element != NULL)
        expect(t, g_strcmp0(payload_text(reply, "AcknowledgeId"), sequence) == 0,
               "AcknowledgeId of the body is not %s", sequence);
}

LOOK(code_body)
{
    if (sample->element != NULL)
        expect(t, g_strcmp0(payload_text(reply, "ReturnCode"), "200") == 0,
               "no ReturnCode 200 in the body");
}

LOOK(body_order)
{
    const XmlNode *child = payload(reply);
    const XmlNode *first = child != NULL ? xml_first(child, NULL) : NULL;

    if (sample->element == NULL)
        return;
    if (strcmp(sample->element, "Session") == 0) { /* two ids stand before */
        expect(t, first != NULL && strcmp(xml_name(first), "SourceServiceId") == 0,
               "Session does not begin with SourceServiceId");
        first = first != NULL ? xml_next(first, NULL) : NULL;
        expect(t, first != NULL && strcmp(xml_name(first), "TargetClientId") == 0,
               "no TargetClientId after it");
        first = first != NULL ? xml_next(first, NULL) : NULL;
    }
    expect(t, first != NULL && strcmp(xml_name(first), "AcknowledgeId") == 0,
           "AcknowledgeId is not in its place");
    first = first != NULL ? xml_next(first, NULL) : NULL;
    expect(t, first != NULL && strcmp(xml_name(first), "ReturnCode") == 0,
           "ReturnCode does not follow AcknowledgeId");
}

LOOK(session_ids)
{
    if (sample->element == NULL || strcmp(sample->element, "Session") != 0)
        return;
    g_autofree char *service = g_strdup_printf("%u", t->service.id);
    expect(t, g_strcmp0(payload_text(reply, "SourceServiceId"), service) == 0,
           "SourceServiceId is not %s", service);
    expect(t, g_strcmp0(payload_text(reply, "TargetClientId"), "17") == 0,
           "TargetClientId is not 17");
}

LOOK(no_doctype)
{
    expect(t, reply->body_size == 0 || strstr(reply->body, "<!") == NULL,
           "a document type or comment in the body");
}

LOOK(utf8)
{
    expect(t, g_utf8_validate(reply->body, (gssize)reply->body_size, NULL),
           "the body is not UTF-8");
}

const Rule reply_rules[] = {
    { "reply-start-line", "2", "replies are HTTP/1.1", start_line },
    { "reply-head-form", "2", "every head is a line Name: value that ends in CRLF", head_form },
    { "reply-ext", "2", "Ext, empty, in every reply (RFC 2774)", head_is, .text = "Ext",
      .more = "" },
    { "reply-cache-control", "2", "Cache-Control: no-cache=\"Ext\"", head_is,
      .text = "Cache-Control", .more = IGRS_CACHE_CONTROL },
    { "reply-man", "2", "Man of IGRS with ns=01", man_first },
    { "reply-man-soap", "2", "Man of SOAP with ns=02 where a body is", man_of_soap },
    { "reply-version", "2", "01-IGRSVersion: IGRS/1.0, once", head_is, .text = "01-IGRSVersion",
      .more = "IGRS/1.0" },
    { "reply-type", "2", "the type that answers the request", type_is },
    { "reply-target", "2", "TargetDeviceId is who asked", target_is_us },
    { "reply-source", "2", "SourceDeviceId is the device", source_is_device },
    { "reply-acknowledge", "2", "01-AcknowledgeId is the SequenceId", acknowledge_head },
    { "reply-code", "2", "01-ReturnCode in the head", code_head },
    { "reply-no-sequence", "2", "no SequenceId in a reply", no_sequence },
    { "reply-soap-action", "2", "02-SoapAction of the message, quoted", soap_action },
    { "reply-content-type", "2", "bodies are text/xml; charset=utf-8", content_type },
    { "reply-content-length", "2", "Content-Length is the body's", content_length },
    { "reply-no-body", "2", "header-only messages have no body", no_body },
    { "reply-order", "2", "heads stand in the order of the table", head_order },
    { "reply-envelope", "2", "an Envelope of the 2002 draft of SOAP 1.2", envelope },
    { "reply-encoding-style", "2", "with its encodingStyle", encoding_style },
    { "reply-body-child", "5", "one child of Body, the one of the message", body_child },
    { "reply-body-namespace", "5", "in the namespace of IGRS", body_namespace },
    { "reply-body-acknowledge", "2", "AcknowledgeId in the body as in the head", acknowledge_body },
    { "reply-body-code", "2", "ReturnCode in the body as in the head", code_body },
    { "reply-body-order", "5", "the first children in their order", body_order },
    { "reply-session-ids", "5", "Session names the service and the client", session_ids,
      NEED_SERVICE },
    { "reply-no-doctype", "2", "no document type in a body", no_doctype },
    { "reply-utf8", "2", "bodies are UTF-8", utf8 },
    { NULL },
};
