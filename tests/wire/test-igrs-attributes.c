/* test-igrs-attributes.c -- wire/igrs-attributes: each operation there and back, the forms taken */
#include "base/error.h"
#include "wire/igrs-attributes.h"

#include <string.h>

#define TYPE "urn:IGRS:Service:ServiceType:AVTransport:1"

/* Through text, as on the wire. */
static SoapCall *
travel(const SoapCall *call)
{
    g_autoptr(GString) text = soap_encode(call);
    SoapFault fault;
    SoapCall *back = soap_decode(text->str, text->len, &fault, NULL);

    g_assert_nonnull(back);
    return back;
}

static void
test_round_trip(void)
{
    static const char *const operations[] = {
        IGRS_OP_FIND,        IGRS_OP_FIND IGRS_OP_RESPONSE,
        IGRS_OP_SUBSCRIBE,   IGRS_OP_SUBSCRIBE IGRS_OP_RESPONSE,
        IGRS_OP_RENEW,       IGRS_OP_RENEW IGRS_OP_RESPONSE,
        IGRS_OP_UNSUBSCRIBE, IGRS_OP_UNSUBSCRIBE IGRS_OP_RESPONSE,
        IGRS_OP_NOTIFY,
    };
    g_autoptr(IgrsAttributes) attributes = igrs_attributes_new();

    g_ptr_array_add(attributes->names, g_strdup("LastChange"));
    g_ptr_array_add(attributes->names, g_strdup("Volume"));
    igrs_attributes_add(attributes, "LastChange", "<Event>\xe4\xb8\xad</Event>", 5);
    igrs_attributes_add(attributes, "Volume", "", 6);
    attributes->location = g_strdup("http://192.168.7.31:3880/IGRS?a&b");
    attributes->expires_s = 1900000000;
    attributes->subscription_id = 5;
    attributes->return_code = 200;
    for (guint i = 0; i < G_N_ELEMENTS(operations); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", operations[i]);
        g_assert_true(igrs_attributes_has(operations[i]));
        g_autoptr(SoapCall) call = igrs_attributes_encode(operations[i], TYPE, attributes);
        g_autoptr(SoapCall) there = travel(call);
        g_autoptr(IgrsAttributes) back = igrs_attributes_decode(there, &error);
        g_assert_no_error(error);
        g_autoptr(SoapCall) again = igrs_attributes_encode(operations[i], TYPE, back);
        g_autoptr(GString) first = soap_encode(call), second = soap_encode(again);
        g_assert_cmpstr(first->str, ==, second->str);
    }
    g_assert_false(igrs_attributes_has("Browse"));
}

static void
test_members(void)
{
    g_autoptr(IgrsAttributes) attributes = igrs_attributes_new();

    igrs_attributes_add(attributes, "LastChange", "<Event/>", 5);
    g_autoptr(SoapCall) call = igrs_attributes_encode(IGRS_OP_NOTIFY, TYPE, attributes);
    g_autoptr(SoapCall) there = travel(call);
    g_autoptr(IgrsAttributes) back = igrs_attributes_decode(there, NULL);
    const IgrsAttribute *attribute = g_ptr_array_index(back->values, 0);
    g_assert_cmpstr(attribute->name, ==, "LastChange");
    g_assert_cmpstr(attribute->value, ==, "<Event/>");
    g_assert_false(attribute->is_xml);
    g_assert_cmpuint(attribute->subscription_id, ==, 5);
}

#define PAIR(name, id) \
    "<name>" name "</name><value><e>1</e></value><subscriptionId>" id "</subscriptionId>"

static const struct {
    const char *operation, *argument, *xml;
    guint values, names;
    int error; /* -1: taken */
} forms[] = {
    { IGRS_OP_NOTIFY, "serviceAttribute", PAIR("a", "1"), 1, 0, -1 },
    { IGRS_OP_NOTIFY, "serviceAttribute", PAIR("a", "1") PAIR("b", "2"), 2, 0, -1 },
    { IGRS_OP_NOTIFY, "serviceAttribute", "<name>a</name>", 0, 0, DUO_ERROR_INVALID },
    { IGRS_OP_NOTIFY, "serviceAttribute", PAIR("a", "0"), 0, 0, DUO_ERROR_INVALID },
    { IGRS_OP_NOTIFY, "other", "<x/>", 0, 0, DUO_ERROR_INVALID },
    { IGRS_OP_FIND, "findExpression", "<name>a</name>", 0, 1, -1 },
    { IGRS_OP_FIND, "findExpression", "<any><name> a </name><name>b</name></any>", 0, 2, -1 },
    { IGRS_OP_FIND, "other", "<x/>", 0, 0, DUO_ERROR_INVALID },
    { IGRS_OP_SUBSCRIBE, "subscribeExpression", "<name>a</name>", 0, 0, DUO_ERROR_INVALID },
    { IGRS_OP_RENEW, "x", "<x/>", 0, 0, DUO_ERROR_INVALID },
    { IGRS_OP_UNSUBSCRIBE, "subscriptionId", "<x/>", 0, 0, DUO_ERROR_INVALID },
    { "Browse", "x", "<x/>", 0, 0, DUO_ERROR_UNSUPPORTED },
};

static void
test_forms(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autoptr(SoapCall) call = soap_call_new(TYPE, forms[i].operation);
        g_autoptr(GError) error = NULL;
        g_test_message("%s %s", forms[i].operation, forms[i].xml);
        soap_call_take_xml(call, forms[i].argument, g_strdup(forms[i].xml));
        g_autoptr(IgrsAttributes) attributes = igrs_attributes_decode(call, &error);
        if (forms[i].error != -1) {
            g_assert_error(error, DUO_ERROR, forms[i].error);
            continue;
        }
        g_assert_no_error(error);
        g_assert_cmpuint(attributes->values->len, ==, forms[i].values);
        g_assert_cmpuint(attributes->names->len, ==, forms[i].names);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/igrs-attributes/round-trip", test_round_trip);
    g_test_add_func("/wire/igrs-attributes/members", test_members);
    g_test_add_func("/wire/igrs-attributes/forms", test_forms);
    return g_test_run();
}
