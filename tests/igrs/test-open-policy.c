/* test-open-policy.c -- what an open pipe may do and what not */
#include "igrs/open-policy.h"

static const struct {
    const char *service, *operation, *argument, *value;
    bool is_allowed;
} cases[] = {
    { "AVContentDirectory", NULL, NULL, NULL, true },
    { "AVContentDirectory", "Browse", NULL, NULL, true },
    { "AVContentDirectory", "CreateObject", NULL, NULL, false },
    { "AVContentDirectory", "ImportResource", NULL, NULL, false },
    { "AVContentDirectory", "StopTransferResource", NULL, NULL, false },
    { "AVContentDirectory", "GetTransferProgress", NULL, NULL, true },
    { "AVTransport", "Play", NULL, NULL, true },
    { "AVTransport", "CreateObject", NULL, NULL, true }, /* it has none, and says so */
    { "FileAccess", NULL, NULL, NULL, true },
    { "FileAccess", "List", NULL, NULL, true },
    { "FileAccess", "Open", "Mode", "read", true },
    { "FileAccess", "Open", "Mode", "write", false },
    { "FileAccess", "Open", "Mode", "Read", false },
    { "FileAccess", "Open", NULL, NULL, false },
    { "FileAccess", "Delete", NULL, NULL, false },
    { "FileAccess", "Copy", NULL, NULL, false },
    { "PowerManagement", "GetPowerState", NULL, NULL, true },
    { "PowerManagement", "SetPowerState", NULL, NULL, false },
    { "ScheduledRecording", NULL, NULL, NULL, false }, /* kept by the owner */
    { "ScheduledRecording", "BrowseRecordSchedules", NULL, NULL, false },
};

static void
test_cases(void)
{
    static const char *const kept[] = { "ScheduledRecording", NULL };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SoapCall) call =
            cases[i].operation != NULL ? soap_call_new("urn:x", cases[i].operation) : NULL;
        if (cases[i].argument != NULL)
            soap_call_add(call, cases[i].argument, cases[i].value);
        g_test_message("case %u", i);
        g_assert_cmpint(igrs_open_policy_allows(cases[i].service, call, kept), ==,
                        cases[i].is_allowed);
    }
    g_assert_true(igrs_open_policy_allows("ScheduledRecording", NULL, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/igrs/open-policy/cases", test_cases);
    return g_test_run();
}
