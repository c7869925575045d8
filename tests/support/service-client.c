/* service-client.c -- see service-client.h */
#include "support/service-client.h"

#include <string.h>

const char *service_client_session;

typedef struct {
    bool is_answered;
    int code;
    GString *out;
} Answer;

static void
on_answered(const ServiceCall *call, gpointer user_data)
{
    Answer *answer = user_data;
    const GError *error = service_call_error(call);
    const ServiceArgument *arguments = service_call_action(call)->arguments;

    answer->is_answered = true;
    if (error != NULL) {
        g_test_message("%d: %s", error->code, error->message);
        answer->code = error->code;
        return;
    }
    for (guint i = 0; arguments[i].variable != NULL; i++)
        if (arguments[i].is_out)
            g_string_append_printf(answer->out, "%s=%s\n", arguments[i].name,
                                   service_call_out(call, arguments[i].name));
}

int
service_client_call(Service *service, const char *action, char **out, ...)
{
    g_autoptr(GError) error = NULL;
    ServiceCall *call = service_call_new(service, action, &error);
    Answer answer = { .out = g_string_new(NULL) };
    va_list arguments;

    g_assert_no_error(error);
    service_call_set_base_url(call, "http://192.0.2.1:8380");
    service_call_set_asker(call, ASKER_ADDRESS, "192.0.2.7");
    service_call_set_asker(call, ASKER_SESSION, service_client_session);
    va_start(arguments, out);
    for (const char *text; (text = va_arg(arguments, const char *)) != NULL;) {
        g_auto(GStrv) pair = g_strsplit(text, "=", 2);
        service_call_set_in(call, pair[0], pair[1], &error);
        g_assert_no_error(error);
    }
    va_end(arguments);
    service_call_invoke(call, on_answered, &answer);
    while (!answer.is_answered)
        g_main_context_iteration(NULL, TRUE);
    char *text = g_string_free(answer.out, FALSE);
    if (out != NULL)
        *out = text;
    else
        g_free(text);
    return answer.code;
}

char *
service_client_value(const char *out, const char *name)
{
    g_auto(GStrv) lines = g_strsplit(out, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        if (g_str_has_prefix(*line, name) && (*line)[strlen(name)] == '=')
            return g_strdup(*line + strlen(name) + 1);
    g_error("no %s in %s", name, out);
}
