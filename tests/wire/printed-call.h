/* printed-call.h -- for the tests of wire: an action in a line, "Seek|InstanceID=0|Target=0:01" */
#pragma once

#include "wire/soap.h"

/* The caller's to free. */
static inline char *
printed_call(const SoapCall *call)
{
    GString *text = g_string_new(call->name);

    for (guint i = 0; i < call->arguments->len; i++) {
        const SoapArgument *argument = call->arguments->pdata[i];
        g_string_append_printf(text, "|%s=%s", argument->name, argument->value);
    }
    return g_string_free(text, FALSE);
}
