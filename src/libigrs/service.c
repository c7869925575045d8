/* service.c -- a vendor's tables as a Service of the house; see inside.h
 *
 * Every action of the Service goes through one function, which finds the vendor's own by its place
 * in the table. The values of the variables are kept here, so that a device need not. A call that
 * waits for its answer holds the service, which may outlive its device for that. */
#include "libigrs/inside.h"

#include "base/text.h"

#include <string.h>

struct HostedService {
    Service service;    /* first */
    unsigned holds;     /* the device, and each call that is not ended */
    IgrsDevice *device; /* borrowed; NULL when it is gone */
    const IgrsService *tables; /* borrowed */
    void *user_data;
    ServiceTable table;
    ServiceVariable *variables;
    ServiceAction *actions;
    char **values; /* in the order of the variables */
};

struct IgrsCall {
    HostedService *hosted; /* held */
    ServiceCall *call;
    uint32_t put; /* a bit for each argument that was */
};

static const ServiceType types[] = {
    [IGRS_STRING] = SERVICE_STRING, [IGRS_URI] = SERVICE_URI, [IGRS_BOOLEAN] = SERVICE_BOOLEAN,
    [IGRS_UI2] = SERVICE_UI2,       [IGRS_UI4] = SERVICE_UI4, [IGRS_I2] = SERVICE_I2,
    [IGRS_I4] = SERVICE_I4,
};

/* -- Values ------------------------------------------------------------------------------------ */

static char **
value_of(const HostedService *hosted, const char *variable)
{
    for (guint i = 0; hosted->variables[i].name != NULL; i++)
        if (strcmp(hosted->variables[i].name, variable) == 0)
            return &hosted->values[i];
    return NULL;
}

const char *
hosted_service_get(const HostedService *hosted, const char *variable)
{
    char **value = value_of(hosted, variable);

    return value != NULL ? *value : NULL;
}

bool
hosted_service_set(HostedService *hosted, const char *variable, const char *new_value)
{
    char **value = value_of(hosted, variable);

    if (value == NULL)
        return false;
    if (strcmp(*value, new_value) == 0)
        return true;
    g_free(*value);
    *value = text_clean(new_value);
    if (service_find_variable(&hosted->table, variable)->is_evented)
        observers_notify(hosted->service.observers, variable);
    return true;
}

static char *
present_value(Service *service, const char *variable)
{
    return g_strdup(hosted_service_get((HostedService *)service, variable));
}

/* -- Calls ------------------------------------------------------------------------------------- */

static void
hosted_service_release(HostedService *hosted)
{
    if (--hosted->holds == 0)
        service_free(&hosted->service);
}

/* The place of an argument in its action; -1: none of that name and direction. */
static int
find_argument(const IgrsCall *call, const char *name, bool is_out)
{
    const ServiceArgument *arguments = service_call_action(call->call)->arguments;

    for (int i = 0; arguments[i].variable != NULL; i++)
        if (arguments[i].is_out == is_out && strcmp(arguments[i].name, name) == 0)
            return i;
    g_critical("%s has no %s %s", service_call_action(call->call)->name,
               is_out ? "out-argument" : "in-argument", name);
    return -1;
}

IgrsDevice *
igrs_call_device(const IgrsCall *call)
{
    return call->hosted->device;
}

const char *
igrs_call_text(const IgrsCall *call, const char *name)
{
    return find_argument(call, name, false) >= 0 ? service_call_text(call->call, name) : NULL;
}

int64_t
igrs_call_number(const IgrsCall *call, const char *name)
{
    const char *text = igrs_call_text(call, name);
    int64_t number = 0;

    if (text != NULL)
        text_to_i64(text, INT64_MIN, INT64_MAX, &number);
    return number;
}

void
igrs_call_put(IgrsCall *call, const char *name, const char *value)
{
    int index = find_argument(call, name, true);

    if (index < 0)
        return;
    service_call_take_text(call->call, name, text_clean(value));
    call->put |= UINT32_C(1) << index;
}

void
igrs_call_put_number(IgrsCall *call, const char *name, int64_t value)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

    igrs_call_put(call, name, text);
}

static void
forget(IgrsCall *call)
{
    hosted_service_release(call->hosted);
    g_free(call);
}

void
igrs_call_done(IgrsCall *call)
{
    const ServiceArgument *arguments = service_call_action(call->call)->arguments;

    for (guint i = 0; arguments[i].variable != NULL; i++)
        if (arguments[i].is_out && (call->put & UINT32_C(1) << i) == 0)
            service_call_put_text(call->call, arguments[i].name,
                                  hosted_service_get(call->hosted, arguments[i].variable));
    service_call_return(call->call);
    forget(call);
}

void
igrs_call_fail(IgrsCall *call, int code, const char *reason)
{
    g_autofree char *words = text_clean(reason != NULL ? reason : "");

    service_call_fail(call->call, code, "%s", words);
    forget(call);
}

/* What an action without a function of its own does. */
static void
keep_arguments(IgrsCall *call)
{
    const ServiceArgument *argument = service_call_action(call->call)->arguments;

    for (; argument->variable != NULL; argument++)
        if (!argument->is_out)
            hosted_service_set(call->hosted, argument->variable,
                               service_call_text(call->call, argument->name));
    igrs_call_done(call);
}

static void
on_invoked(Service *service, ServiceCall *service_call)
{
    HostedService *hosted = (HostedService *)service;
    const ServiceAction *action = service_call_action(service_call);
    const IgrsAction *theirs = &hosted->tables->actions[action - hosted->actions];
    IgrsCall *call = g_new(IgrsCall, 1);

    *call = (IgrsCall){ hosted, service_call, 0 };
    hosted->holds++;
    if (theirs->invoke != NULL)
        theirs->invoke(call, hosted->user_data);
    else
        keep_arguments(call);
}

/* -- Making ------------------------------------------------------------------------------------ */

static void
service_of_tables_free(Service *service)
{
    HostedService *hosted = (HostedService *)service;

    service_clear(service);
    g_strfreev(hosted->values);
    g_free(hosted->variables);
    g_free(hosted->actions);
    g_free(hosted);
}

static bool
take_variables(HostedService *hosted)
{
    const IgrsVariable *theirs = hosted->tables->variables;
    guint count = 0;

    while (theirs != NULL && theirs[count].name != NULL)
        count++;
    hosted->variables = g_new0(ServiceVariable, count + 1);
    hosted->values = g_new0(char *, count + 1);
    for (guint i = 0; i < count; i++) {
        if ((guint)theirs[i].type >= G_N_ELEMENTS(types)) {
            g_critical("%s: %s has no type", hosted->tables->type, theirs[i].name);
            return false;
        }
        bool is_text = theirs[i].type == IGRS_STRING || theirs[i].type == IGRS_URI;
        hosted->values[i] = g_strdup(theirs[i].initial != NULL ? theirs[i].initial
                                     : is_text                 ? ""
                                                               : "0");
        hosted->variables[i] = (ServiceVariable){
            .name = theirs[i].name, .type = types[theirs[i].type],
            .is_evented = theirs[i].is_notifiable, .allowed = theirs[i].allowed,
            .min = theirs[i].min, .max = theirs[i].max, .step = 1 };
    }
    return true;
}

static bool
take_parameters(HostedService *hosted, const IgrsAction *theirs, ServiceAction *ours)
{
    bool is_out = false;

    for (guint i = 0; i < IGRS_PARAMETERS_MAX && theirs->parameters[i].variable != NULL; i++) {
        const IgrsParameter *parameter = &theirs->parameters[i];
        if (value_of(hosted, parameter->variable) == NULL || (is_out && !parameter->is_out)) {
            g_critical("%s: argument %s has no variable, or stands in the wrong place",
                       theirs->name, parameter->name);
            return false;
        }
        is_out = parameter->is_out;
        ours->arguments[i] = (ServiceArgument){ parameter->name, parameter->variable, is_out };
    }
    return true;
}

static bool
take_actions(HostedService *hosted)
{
    const IgrsAction *theirs = hosted->tables->actions;
    guint count = 0;

    while (theirs != NULL && theirs[count].name != NULL)
        count++;
    hosted->actions = g_new0(ServiceAction, count + 1);
    for (guint i = 0; i < count; i++) {
        hosted->actions[i].name = theirs[i].name;
        hosted->actions[i].invoke = on_invoked;
        if (!take_parameters(hosted, &theirs[i], &hosted->actions[i]))
            return false;
    }
    return true;
}

HostedService *
hosted_service_new(IgrsDevice *device, const IgrsService *tables, void *user_data)
{
    HostedService *hosted = g_new0(HostedService, 1);

    hosted->holds = 1;
    hosted->device = device;
    hosted->tables = tables;
    hosted->user_data = user_data;
    hosted->table = (ServiceTable){ .name = tables->type, .version = MAX(tables->version, 1),
                                    .value = present_value, .free = service_of_tables_free };
    service_init(&hosted->service, &hosted->table);
    if (!take_variables(hosted) || !take_actions(hosted)) {
        hosted_service_free(hosted);
        return NULL;
    }
    hosted->table.variables = hosted->variables;
    hosted->table.actions = hosted->actions;
    return hosted;
}

void
hosted_service_free(HostedService *hosted)
{
    hosted->device = NULL;
    hosted_service_release(hosted);
}

const IgrsService *
hosted_service_tables(const HostedService *hosted)
{
    return hosted->tables;
}

Service *
hosted_service_port(HostedService *hosted)
{
    return &hosted->service;
}
