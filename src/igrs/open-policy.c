/* open-policy.c -- see open-policy.h */
#include "igrs/open-policy.h"

#include <glib.h>

static const struct {
    const char *service, *operation;
    const char *argument, *harmless; /* kept but with this value of this argument; NULL: always */
} kept_operations[] = {
    { "FileAccess", "Open", "Mode", "read" },
    { "FileAccess", "CreateDirectory", NULL, NULL },
    { "FileAccess", "Create", NULL, NULL },
    { "FileAccess", "Delete", NULL, NULL },
    { "FileAccess", "Rename", NULL, NULL },
    { "FileAccess", "Move", NULL, NULL },
    { "FileAccess", "Copy", NULL, NULL },
    { "AVContentDirectory", "CreateObject", NULL, NULL },
    { "AVContentDirectory", "DestroyObject", NULL, NULL },
    { "AVContentDirectory", "UpdateObject", NULL, NULL },
    { "AVContentDirectory", "ImportResource", NULL, NULL },
    { "AVContentDirectory", "StopTransferResource", NULL, NULL },
    { "PowerManagement", "SetPowerState", NULL, NULL },
    { "PowerManagement", "SetSchedule", NULL, NULL },
};

bool
igrs_open_policy_allows(const char *service, const SoapCall *call, const char *const *kept)
{
    if (kept != NULL && g_strv_contains(kept, service))
        return false;
    for (guint i = 0; call != NULL && i < G_N_ELEMENTS(kept_operations); i++) {
        const char *argument = kept_operations[i].argument;
        if (g_str_equal(kept_operations[i].service, service) &&
            g_str_equal(kept_operations[i].operation, call->name) &&
            (argument == NULL || g_strcmp0(soap_call_value(call, argument),
                                           kept_operations[i].harmless) != 0))
            return false;
    }
    return true;
}
