/* fuzz-soap.c -- a call that was read is the same after one more trip */
#include "tests/fuzz/fuzz.h"
#include "wire/igrs-attributes.h"
#include "wire/soap.h"

FUZZ_TARGET("soap")
{
    SoapFault fault;
    g_autoptr(SoapCall) call = soap_decode((const char *)data, size, &fault, NULL);

    soap_fault_clear(&fault);
    if (call == NULL)
        return;
    g_autoptr(GString) text = soap_encode(call);
    g_autoptr(SoapCall) again = soap_decode(text->str, text->len, &fault, NULL);
    soap_fault_clear(&fault);
    if (again != NULL) { /* an envelope deeper may be one too deep; a name may be Fault */
        g_autoptr(GString) twice = soap_encode(again);
        g_assert_cmpstr(text->str, ==, twice->str);
    }
    g_autoptr(IgrsAttributes) attributes = igrs_attributes_decode(call, NULL);
    if (attributes == NULL)
        return;
    g_autoptr(SoapCall) written = igrs_attributes_encode(call->name, call->namespace, attributes);
    g_autoptr(IgrsAttributes) back = igrs_attributes_decode(written, NULL);
    if (back != NULL)
        g_assert_cmpuint(back->values->len, ==, attributes->values->len);
}
