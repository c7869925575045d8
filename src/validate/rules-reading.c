/* rules-reading.c -- section 2: liberal receive. Every form that FACTS.md lists is accepted */
#include "validate/rules.h"

#include <string.h>

#define DETECTION .send = IGRS_DEVICE_ONLINE_DETECTION_REQUEST
#define SESSION .send = IGRS_CREATE_SESSION_REQUEST, .needs = NEED_SERVICE
#define INVOKE .send = IGRS_INVOKE_SERVICE_REQUEST, .needs = NEED_SERVICE
#define OK .code = 200

#define MAN_JOINED "\"" IGRS_MAN "\";ns=01, \"" IGRS_MAN_SOAP "\";ns=02"
#define EDIT_ENVELOPE(uri) { EDIT_BODY, IGRS_MAN_SOAP, uri }

static void
urn_case(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    g_autofree char *target = g_ascii_strdown(t->id, -1);
    g_autofree char *lower = g_strconcat("urn:igrs:Device:DeviceId:",
                                         target + sizeof IGRS_URN_DEVICE_ID - 1, NULL);
    const Edit edits[] = { { EDIT_SET, "01-TargetDeviceId", lower }, { EDIT_NONE, NULL, NULL } };

    open_pipe(t);
    expect_code(t, ask_edited(t, say(t, IGRS_DEVICE_ONLINE_DETECTION_REQUEST), edits), 200);
}

/* Both Man in one head, as RFC 2774 allows. */
static void
man_joined(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    g_autoptr(GString) text = letter(t, say(t, IGRS_CREATE_SESSION_REQUEST), NULL);

    g_string_replace(text, "Man: \"" IGRS_MAN_SOAP "\";ns=02\r\n", "", 1);
    g_string_replace(text, "Man: \"" IGRS_MAN "\";ns=01", "Man: " MAN_JOINED, 1);
    expect_code(t, wire_exchange(t, text->str, text->len), 200);
}

static void
other_prefixes(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    g_autoptr(GString) text = letter(t, say(t, IGRS_CREATE_SESSION_REQUEST), NULL);

    g_string_replace(text, "\r\n01-", "\r\n37-", 0);
    g_string_replace(text, "\r\n02-", "\r\n55-", 0);
    g_string_replace(text, ";ns=01", ";ns=37", 1);
    g_string_replace(text, ";ns=02", ";ns=55", 1);
    expect_code(t, wire_exchange(t, text->str, text->len), 200);
}

static void
man_edited(Tester *t, const Rule *rule)
{
    g_autoptr(GString) text = letter(t, say(t, IGRS_CREATE_SESSION_REQUEST), NULL);

    g_string_replace(text, rule->text, rule->more, 1);
    expect_code(t, wire_exchange(t, text->str, text->len), 200);
}

/* The operation as text inside InvokeArguments. */
static void
escaped_operation(Tester *t, const Rule *rule G_GNUC_UNUSED)
{
    IgrsMessage *message = say(t, IGRS_INVOKE_SERVICE_REQUEST);
    g_autoptr(GBytes) body = igrs_message_encode_body(message);
    g_autofree char *text = g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
    char *begin = strstr(text, "<InvokeArguments>") + strlen("<InvokeArguments>");
    char *end = strstr(begin, "</InvokeArguments>");
    g_autofree char *plain = g_strndup(begin, (gsize)(end - begin));
    g_autofree char *escaped = g_markup_escape_text(plain, -1);
    const Edit edits[] = { { EDIT_BODY, plain, escaped }, { EDIT_NONE, NULL, NULL } };

    open_pipe(t);
    open_session(t, &t->service);
    expect_code(t, ask_edited(t, message, edits), 200);
}

const Rule reading_rules[] = {
    { "read-man-joined", "2", "two Man in one head are read", man_joined, NEED_SERVICE },
    { "read-man-numbers", "2", "ns numbers are the sender's choice", other_prefixes, NEED_SERVICE },
    { "read-man-old", "2", "the Man of the drafts is read", man_edited, NEED_SERVICE,
      .text = "\"" IGRS_MAN "\";ns=01", .more = "\"" IGRS_MAN_OLD "\"; ns=01" },
    { "read-man-case", "2", "the name Man in capitals is read", man_edited, NEED_SERVICE,
      .text = "\r\nMan: \"" IGRS_MAN "\"", .more = "\r\nMAN: \"" IGRS_MAN "\"" },
    { "read-man-blank", "2", "a blank before ns is read", man_edited, NEED_SERVICE,
      .text = "\";ns=01", .more = "\"; ns=01" },
    { "read-head-case", "2", "head names compare without case", run_row, DETECTION,
      .edit = { { EDIT_RENAME, "01-SequenceId", "01-SEQUENCEID" },
                { EDIT_RENAME, "01-IGRSMessageType", "01-igrsmessagetype" } }, OK },
    { "read-urn-case", "2", "urn:IGRS: and the uuid compare without case", urn_case },
    { "read-soap-1-1", "2", "an envelope of SOAP 1.1 is read", run_row, SESSION,
      .edit = { EDIT_ENVELOPE("http://schemas.xmlsoap.org/soap/envelope/") }, OK },
    { "read-soap-2003", "2", "an envelope of SOAP 1.2 is read", run_row, SESSION,
      .edit = { EDIT_ENVELOPE("http://www.w3.org/2003/05/soap-envelope") }, OK },
    { "read-soap-prefix", "2", "the prefix of the envelope is the sender's choice", run_row,
      SESSION, .edit = { { EDIT_BODY, "SOAP-ENV", "s" } }, OK },
    { "read-content-type", "2", "text/xml without a charset is read", run_row, SESSION,
      .edit = { { EDIT_SET, "Content-Type", "text/xml" } }, OK },
    { "read-content-type-early", "2", "text/xml;charset=utf-8 without a blank is read", run_row,
      SESSION, .edit = { { EDIT_SET, "Content-Type", "text/xml;charset=utf-8" } }, OK },
    { "read-unknown-head", "2", "an unknown 01- head is ignored", run_row, DETECTION,
      .edit = { { EDIT_ADD, "01-Vendor", "x" } }, OK },
    { "read-unknown-element", "2", "an unknown element is ignored", run_row, SESSION,
      .edit = { { EDIT_BODY, "<UserInfo>", "<Vendor>x</Vendor><UserInfo>" } }, OK },
    { "read-nil-target", "2", "the nil uuid is whoever answers here", run_row, DETECTION,
      .edit = { { EDIT_SET, "01-TargetDeviceId", IGRS_DEVICE_ID_NIL } }, OK },
    { "read-sequence-max", "2", "SequenceId 2^32-1 is one", run_row, DETECTION,
      .edit = { { EDIT_SET, "01-SequenceId", "4294967295" } }, OK },
    { "read-operation-direct", "5", "an operation as a child of Session is read", run_row, INVOKE,
      .edit = { { EDIT_BODY, "<InvokeArguments>", "" }, { EDIT_BODY, "</InvokeArguments>", "" } },
      OK },
    { "read-operation-escaped", "5", "an operation as escaped text is read", escaped_operation,
      NEED_SERVICE },
    { "read-operation-namespace", "5", "attribute operations are taken in any namespace", run_row,
      INVOKE, .edit = { { EDIT_BODY, IGRS_URN_SERVICE_TYPE, "urn:example:any:" } }, OK },
    { "read-user-info-absent", "5", "a session without UserInfo is one without a user", run_row,
      SESSION, .edit = { { EDIT_BODY, "<UserInfo>", "<Vendor>" },
                         { EDIT_BODY, "</UserInfo>", "</Vendor>" } }, OK },
    { "read-cdata", "5", "text in CDATA is text", run_row, SESSION,
      .edit = { { EDIT_BODY, "<SourceUserId>NULL", "<SourceUserId><![CDATA[NULL]]>" } }, OK },
    { "read-unsubscribe-service", "5", "the Service spelling of the unsubscribe is taken",
      run_row, .send = IGRS_UNSUBSCRIBE_DEVICE_EVENT_NOTIFY,
      .edit = { { EDIT_SET, "01-IGRSMessageType", "UnSubscribeServiceEventNotify" },
                { EDIT_SET, "02-SoapAction", "\"IGRS-UnSubscribeServiceEvent-Notify\"" } },
      .http = 200 },
    { NULL },
};
