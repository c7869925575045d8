/* service.c -- calls of a service, checked against its table; see service.h */
#include "model/service.h"

#include "base/text.h"

#include <string.h>

struct ServiceCall {
    Service *service;            /* borrowed */
    const ServiceTable *table;   /* borrowed; outlives the service, which an answer may not */
    const ServiceAction *action; /* borrowed */
    char *values[SERVICE_ARGUMENTS_MAX];
    char *base_url;
    const struct Dialect *dialect; /* borrowed */
    size_t reply_max;
    char *asker[ASKER_FACT_N]; /* NULL: not known */
    ServiceAnswered answered;
    gpointer user_data;
    GError *error;
};

G_DEFINE_QUARK(duo-service-error, service_error)

/* What a value of each type may be; text goes unchecked. */
static const struct {
    int64_t min, max;
} type_ranges[] = {
    [SERVICE_BOOLEAN] = { 0, 1 },
    [SERVICE_UI2] = { 0, UINT16_MAX },
    [SERVICE_UI4] = { 0, UINT32_MAX },
    [SERVICE_I2] = { INT16_MIN, INT16_MAX },
    [SERVICE_I4] = { INT32_MIN, INT32_MAX },
};

void
service_init(Service *service, const ServiceTable *table)
{
    service->table = table;
    service->observers = observers_new();
}

void
service_clear(Service *service)
{
    observers_free(service->observers);
}

void
service_free(Service *service)
{
    if (service != NULL)
        service->table->free(service);
}

const ServiceAction *
service_find_action(const ServiceTable *table, const char *name)
{
    for (const ServiceAction *action = table->actions; action->name != NULL; action++)
        if (strcmp(action->name, name) == 0)
            return action;
    return NULL;
}

const ServiceVariable *
service_find_variable(const ServiceTable *table, const char *name)
{
    for (const ServiceVariable *variable = table->variables; variable->name != NULL; variable++)
        if (strcmp(variable->name, name) == 0)
            return variable;
    return NULL;
}

/* The place of the argument in the action's list; -1: none of that name and direction. */
static int
argument_index(const ServiceAction *action, const char *name, bool is_out)
{
    for (int i = 0; action->arguments[i].variable != NULL; i++)
        if (action->arguments[i].is_out == is_out && strcmp(action->arguments[i].name, name) == 0)
            return i;
    return -1;
}

ServiceCall *
service_call_new(Service *service, const char *action_name, GError **error)
{
    const ServiceAction *action = service_find_action(service->table, action_name);

    if (action == NULL) {
        g_set_error(error, SERVICE_ERROR, SERVICE_INVALID_ACTION, "%s has no action %s",
                    service->table->name, action_name);
        return NULL;
    }
    ServiceCall *call = g_new0(ServiceCall, 1);
    call->service = service;
    call->table = service->table;
    call->action = action;
    return call;
}

void
service_call_free(ServiceCall *call)
{
    if (call == NULL)
        return;
    for (guint i = 0; i < SERVICE_ARGUMENTS_MAX; i++)
        g_free(call->values[i]);
    g_free(call->base_url);
    for (AskerFact fact = 0; fact < ASKER_FACT_N; fact++)
        g_free(call->asker[fact]);
    g_clear_error(&call->error);
    g_free(call);
}

bool
service_call_set_in(ServiceCall *call, const char *name, const char *value, GError **error)
{
    int index = argument_index(call->action, name, false);

    if (index < 0 || call->values[index] != NULL) {
        g_set_error(error, SERVICE_ERROR, SERVICE_INVALID_ARGS, "%s: argument %s is %s",
                    call->action->name, name, index < 0 ? "not known" : "given twice");
        return false;
    }
    call->values[index] = g_strdup(value);
    return true;
}

void
service_call_set_base_url(ServiceCall *call, const char *base_url)
{
    g_free(call->base_url);
    call->base_url = g_strdup(base_url);
}

void
service_call_set_reply_max(ServiceCall *call, size_t reply_max)
{
    call->reply_max = reply_max;
}

size_t
service_call_reply_max(const ServiceCall *call)
{
    return call->reply_max;
}

const char *
service_call_base_url(const ServiceCall *call)
{
    return call->base_url != NULL ? call->base_url : "";
}

void
service_call_set_dialect(ServiceCall *call, const struct Dialect *dialect)
{
    call->dialect = dialect;
}

const struct Dialect *
service_call_dialect(const ServiceCall *call)
{
    return call->dialect;
}

void
service_call_set_asker(ServiceCall *call, AskerFact fact, const char *text)
{
    g_free(call->asker[fact]);
    call->asker[fact] = g_strdup(text);
}

const char *
service_call_asker(const ServiceCall *call, AskerFact fact)
{
    return call->asker[fact] != NULL ? call->asker[fact] : "";
}

/* UPnP booleans are written in several ways (UDA 1.1, 2.5); one is kept. */
static void
normalise_boolean(char **value)
{
    static const char *const yes[] = { "true", "yes", "True", "Yes", NULL };
    static const char *const no[] = { "false", "no", "False", "No", NULL };
    const char *plain = g_strv_contains(yes, *value)  ? "1"
                        : g_strv_contains(no, *value) ? "0"
                                                      : NULL;

    if (plain != NULL) {
        g_free(*value);
        *value = g_strdup(plain);
    }
}

static bool
is_text(ServiceType type)
{
    return type == SERVICE_STRING || type == SERVICE_URI || type == SERVICE_XML;
}

static bool
check_argument(const ServiceAction *action, const ServiceArgument *argument,
               const ServiceVariable *variable, char **value, GError **error)
{
    int refusal = variable->refusal != 0 ? variable->refusal : SERVICE_OUT_OF_RANGE;
    int64_t number;

    if (*value == NULL) {
        g_set_error(error, SERVICE_ERROR, SERVICE_INVALID_ARGS, "%s: argument %s is missing",
                    action->name, argument->name);
        return false;
    }
    if (variable->type == SERVICE_BOOLEAN)
        normalise_boolean(value);
    if (!is_text(variable->type)) {
        if (!text_to_i64(*value, type_ranges[variable->type].min, type_ranges[variable->type].max,
                         &number)) {
            g_set_error(error, SERVICE_ERROR, SERVICE_INVALID_ARGS, "%s: %s is not a value of %s",
                        action->name, *value, argument->name);
            return false;
        }
        if (variable->max > variable->min && (number < variable->min || number > variable->max)) {
            g_set_error(error, SERVICE_ERROR, refusal,
                        "%s: %s must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                        action->name, argument->name, variable->min, variable->max);
            return false;
        }
    } else if (variable->allowed != NULL && !g_strv_contains(variable->allowed, *value)) {
        g_set_error(error, SERVICE_ERROR, refusal, "%s: %s may not be %s",
                    action->name, argument->name, *value);
        return false;
    }
    return true;
}

static void
answer(ServiceCall *call)
{
    call->answered(call, call->user_data);
    service_call_free(call);
}

void
service_call_invoke(ServiceCall *call, ServiceAnswered answered, gpointer user_data)
{
    const ServiceArgument *arguments = call->action->arguments;

    call->answered = answered;
    call->user_data = user_data;
    for (int i = 0; arguments[i].variable != NULL && !arguments[i].is_out; i++) {
        const ServiceVariable *variable = service_call_variable(call, &arguments[i]);
        if (!check_argument(call->action, &arguments[i], variable, &call->values[i],
                            &call->error)) {
            answer(call);
            return;
        }
    }
    call->action->invoke(call->service, call);
}

const ServiceAction *
service_call_action(const ServiceCall *call)
{
    return call->action;
}

const ServiceVariable *
service_call_variable(const ServiceCall *call, const ServiceArgument *argument)
{
    const ServiceVariable *variable = service_find_variable(call->table, argument->variable);

    g_assert(variable != NULL);
    return variable;
}

const GError *
service_call_error(const ServiceCall *call)
{
    return call->error;
}

const char *
service_call_out(const ServiceCall *call, const char *name)
{
    int index = argument_index(call->action, name, true);

    g_assert(index >= 0);
    return call->values[index] != NULL ? call->values[index] : "";
}

const char *
service_call_text(const ServiceCall *call, const char *name)
{
    int index = argument_index(call->action, name, false);

    g_assert(index >= 0);
    return call->values[index];
}

int64_t
service_call_number(const ServiceCall *call, const char *name)
{
    int64_t number = 0;
    bool is_number = text_to_i64(service_call_text(call, name), INT64_MIN, INT64_MAX, &number);

    g_assert(is_number);
    return number;
}

bool
service_call_flag(const ServiceCall *call, const char *name)
{
    return service_call_number(call, name) != 0;
}

void
service_call_take_text(ServiceCall *call, const char *name, char *value)
{
    int index = argument_index(call->action, name, true);

    g_assert(index >= 0);
    g_free(call->values[index]);
    call->values[index] = value;
}

void
service_call_put_text(ServiceCall *call, const char *name, const char *value)
{
    service_call_take_text(call, name, g_strdup(value));
}

void
service_call_put_number(ServiceCall *call, const char *name, int64_t value)
{
    service_call_take_text(call, name, g_strdup_printf("%" G_GINT64_FORMAT, value));
}

void
service_call_return(ServiceCall *call)
{
    answer(call);
}

void
service_call_fail(ServiceCall *call, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    call->error = g_error_new_valist(SERVICE_ERROR, code, format, args);
    va_end(args);
    answer(call);
}

void
service_call_fail_error(ServiceCall *call, const GError *error)
{
    service_call_fail(call, error->domain == SERVICE_ERROR ? error->code : SERVICE_ACTION_FAILED,
                      "%s", error->message);
}
