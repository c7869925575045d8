/* test-soap.c -- wire/soap: calls, faults and envelopes of either kind */
#include "base/error.h"
#include "wire/soap.h"

#include <string.h>

#define ENVELOPE(ns, body) \
    "<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"" ns "\"><e:Body>" body "</e:Body></e:Envelope>"
#define PLAY "<u:Play xmlns:u=\"urn:x\"><InstanceID>0</InstanceID><Speed>1</Speed></u:Play>"

static const struct {
    const char *text;
    bool ok;
} envelopes[] = {
    { ENVELOPE(SOAP_NS_1_1, PLAY), true },
    { ENVELOPE(SOAP_NS_DRAFT, PLAY), true },
    { ENVELOPE(SOAP_NS_1_2, PLAY), true },
    { ENVELOPE("urn:other", PLAY), true },
    { ENVELOPE(SOAP_NS_1_1, ""), false },
    { "<Envelope/>", false },
    { "<Body>" PLAY "</Body>", false },
    { PLAY, false },
};

static void
test_envelopes(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(envelopes); i++) {
        g_autoptr(GError) error = NULL;
        SoapFault fault;
        g_autoptr(SoapCall) call =
            soap_decode(envelopes[i].text, strlen(envelopes[i].text), &fault, &error);
        g_test_message("%s", envelopes[i].text);
        g_assert_cmpint(call != NULL, ==, envelopes[i].ok);
        if (call == NULL) {
            g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
            continue;
        }
        g_assert_cmpstr(call->name, ==, "Play");
        g_assert_cmpstr(call->namespace, ==, "urn:x");
        g_assert_cmpstr(soap_call_value(call, "Speed"), ==, "1");
        g_assert_null(soap_call_value(call, "Volume"));
    }
}

static void
test_round_trip(void)
{
    g_autoptr(SoapCall) call = soap_call_new("urn:x", "BrowseResponse");
    SoapFault fault;

    soap_call_add(call, "Result", "<DIDL-Lite>\xe4\xb8\xad & \"x\"</DIDL-Lite>");
    soap_call_add(call, "NumberReturned", "1");
    soap_call_add(call, "Empty", NULL);
    soap_call_take_xml(call, "Any", g_strdup("<k><l m=\"n\">o</l></k>"));
    soap_call_take(call, "NumberReturned", g_strdup("2"));
    g_autoptr(GString) text = soap_encode(call);
    g_autoptr(SoapCall) back = soap_decode(text->str, text->len, &fault, NULL);
    g_assert_nonnull(back);
    g_assert_cmpuint(back->arguments->len, ==, call->arguments->len);
    for (guint i = 0; i < call->arguments->len; i++) {
        const SoapArgument *was = g_ptr_array_index(call->arguments, i);
        const SoapArgument *is = g_ptr_array_index(back->arguments, i);
        g_assert_cmpstr(is->name, ==, was->name);
        g_assert_cmpstr(is->value, ==, was->value);
        g_assert_true(is->is_xml == was->is_xml);
    }
    g_assert_cmpstr(soap_call_value(back, "NumberReturned"), ==, "1");
}

static const struct {
    const char *body;
    int code;
    const char *description;
} faults[] = {
    { "<e:Fault><faultcode>e:Client</faultcode><faultstring>UPnPError</"
      "faultstring><detail><UPnPError "
      "xmlns=\"urn:schemas-upnp-org:control-1-0\"><errorCode> 701 </errorCode><errorDescription>No "
      "such "
      "object</errorDescription></UPnPError></detail></e:Fault>",
      701, "No such object" },
    { "<e:Fault><faultcode>x</faultcode><faultstring>broken</faultstring></e:Fault>", 0, "broken" },
    { "<e:Fault/>", 0, NULL },
};

static void
test_faults(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *text = g_strdup_printf(ENVELOPE(SOAP_NS_1_1, "%s"), faults[i].body);
        g_autoptr(GError) error = NULL;
        SoapFault fault;
        g_assert_null(soap_decode(text, strlen(text), &fault, &error));
        g_assert_no_error(error);
        g_assert_cmpint(fault.code, ==, faults[i].code);
        g_assert_cmpstr(fault.description, ==, faults[i].description);
        soap_fault_clear(&fault);
    }
    g_autoptr(GString) out = soap_encode_fault(718, "in use");
    SoapFault fault;
    g_assert_null(soap_decode(out->str, out->len, &fault, NULL));
    g_assert_cmpint(fault.code, ==, 718);
    g_assert_cmpstr(fault.description, ==, "in use");
    soap_fault_clear(&fault);
}

static void
test_too_many(void)
{
    g_autoptr(SoapCall) call = soap_call_new("urn:x", "A");
    g_autoptr(GError) error = NULL;
    SoapFault fault;

    for (guint i = 0; i <= SOAP_ARGUMENTS_MAX; i++)
        soap_call_add(call, "a", "");
    g_autoptr(GString) text = soap_encode(call);
    g_assert_null(soap_decode(text->str, text->len, &fault, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/soap/envelopes", test_envelopes);
    g_test_add_func("/wire/soap/round-trip", test_round_trip);
    g_test_add_func("/wire/soap/faults", test_faults);
    g_test_add_func("/wire/soap/too-many", test_too_many);
    return g_test_run();
}
