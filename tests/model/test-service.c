/* test-service.c -- a call is checked against the table before the service sees it */
#include "model/service.h"

#include <string.h>

static const char *const modes[] = { "NORMAL", "SHUFFLE", NULL };

static const ServiceVariable variables[] = {
    { .name = "Volume", .type = SERVICE_UI2, .max = 100, .step = 1 },
    { .name = "Mode", .type = SERVICE_STRING, .allowed = modes },
    { .name = "Mute", .type = SERVICE_BOOLEAN, .is_evented = true },
    { .name = "Count", .type = SERVICE_I4 },
    { .name = NULL },
};

static void
echo(Service *service, ServiceCall *call)
{
    service_call_put_number(call, "OutVolume", service_call_number(call, "Volume"));
    service_call_put_text(call, "OutMode", service_call_text(call, "Mode"));
    service_call_put_number(call, "OutMute", service_call_flag(call, "Mute"));
    if (service_call_number(call, "Count") < 0)
        service_call_fail(call, 799, "count is %d", (int)service_call_number(call, "Count"));
    else
        service_call_return(call);
}

static const ServiceAction actions[] = {
    { .name = "Echo", .invoke = echo, .arguments = {
        { "Volume", "Volume", false }, { "Mode", "Mode", false }, { "Mute", "Mute", false },
        { "Count", "Count", false }, { "OutVolume", "Volume", true }, { "OutMode", "Mode", true },
        { "OutMute", "Mute", true } } },
    { .name = NULL },
};

static void
nothing(Service *service)
{
    service_clear(service);
}

static const ServiceTable table = { .name = "Echo", .version = 1, .variables = variables,
                                    .actions = actions, .free = nothing };

static void
keep_answer(const ServiceCall *call, gpointer user_data)
{
    const GError *error = service_call_error(call);

    g_string_assign(user_data, "");
    if (error != NULL)
        g_string_printf(user_data, "%d", error->code);
    else
        g_string_printf(user_data, "%s %s %s", service_call_out(call, "OutVolume"),
                        service_call_out(call, "OutMode"), service_call_out(call, "OutMute"));
}

static void
test_calls(void)
{
    static const struct {
        const char *volume, *mode, *mute, *count;
        const char *answer; /* the outs, or the error's code */
    } cases[] = {
        { "50", "NORMAL", "1", "2", "50 NORMAL 1" },
        { "0", "SHUFFLE", "yes", "2", "0 SHUFFLE 1" },
        { "100", "SHUFFLE", "False", "2", "100 SHUFFLE 0" },
        { "101", "NORMAL", "1", "2", "601" },      { "-1", "NORMAL", "1", "2", "402" },
        { "70000", "NORMAL", "1", "2", "402" },    { "x", "NORMAL", "1", "2", "402" },
        { "50", "normal", "1", "2", "601" },       { "50", "NORMAL", "2", "2", "402" },
        { "50", "NORMAL", "1", NULL, "402" },      { "50", "NORMAL", "1", "-5", "799" },
        { "50", "NORMAL", "1", "2147483648", "402" },
    };
    Service service;
    GString *answer = g_string_new(NULL);

    service_init(&service, &table);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        ServiceCall *call = service_call_new(&service, "Echo", NULL);
        g_assert_true(service_call_set_in(call, "Volume", cases[i].volume, NULL));
        g_assert_true(service_call_set_in(call, "Mode", cases[i].mode, NULL));
        g_assert_true(service_call_set_in(call, "Mute", cases[i].mute, NULL));
        if (cases[i].count != NULL)
            g_assert_true(service_call_set_in(call, "Count", cases[i].count, NULL));
        service_call_invoke(call, keep_answer, answer);
        g_assert_cmpstr(answer->str, ==, cases[i].answer);
    }
    g_string_free(answer, TRUE);
    service_clear(&service);
}

static void
test_refused(void)
{
    Service service;
    g_autoptr(GError) error = NULL;

    service_init(&service, &table);
    g_assert_null(service_call_new(&service, "echo", &error));
    g_assert_error(error, SERVICE_ERROR, SERVICE_INVALID_ACTION);
    g_clear_error(&error);
    g_autoptr(ServiceCall) call = service_call_new(&service, "Echo", NULL);
    g_assert_false(service_call_set_in(call, "OutMode", "x", &error)); /* an out-argument */
    g_assert_error(error, SERVICE_ERROR, SERVICE_INVALID_ARGS);
    g_clear_error(&error);
    g_assert_true(service_call_set_in(call, "Mode", "x", &error));
    g_assert_false(service_call_set_in(call, "Mode", "y", &error));
    g_assert_nonnull(strstr(error->message, "twice"));
    service_clear(&service);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/service/calls", test_calls);
    g_test_add_func("/model/service/refused", test_refused);
    return g_test_run();
}
