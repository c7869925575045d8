/* lamp.c -- see lamp.h */
#include "tests/support/lamp.h"

#include <string.h>

typedef struct {
    Service service; /* first */
    bool is_on;
    int brightness;
    GPtrArray *waiting; /* ServiceCall, lent */
} Lamp;

static void
set_power(Service *service, ServiceCall *call)
{
    ((Lamp *)service)->is_on = service_call_flag(call, "NewPower");
    observers_notify(service->observers, "Power");
    service_call_return(call);
}

static void
get_power(Service *service, ServiceCall *call)
{
    service_call_put_number(call, "CurrentPower", ((Lamp *)service)->is_on);
    service_call_return(call);
}

static void
set_brightness(Service *service, ServiceCall *call)
{
    if (!((Lamp *)service)->is_on) {
        service_call_fail(call, 701, "the lamp is off");
        return;
    }
    lamp_turn(service, (int)service_call_number(call, "NewBrightness"));
    service_call_return(call);
}

static void
get_brightness(Service *service, ServiceCall *call)
{
    service_call_put_number(call, "CurrentBrightness", ((Lamp *)service)->brightness);
    service_call_return(call);
}

static void
wait_for_answer(Service *service, ServiceCall *call)
{
    g_ptr_array_add(((Lamp *)service)->waiting, call);
}

static char *
value(Service *service, const char *variable)
{
    const Lamp *lamp = (const Lamp *)service;

    return g_strdup_printf("%d",
                           strcmp(variable, "Power") == 0 ? (int)lamp->is_on : lamp->brightness);
}

static void
lamp_free(Service *service)
{
    Lamp *lamp = (Lamp *)service;

    lamp_answer(service);
    g_ptr_array_unref(lamp->waiting);
    service_clear(service);
    g_free(lamp);
}

static const ServiceVariable variables[] = {
    { .name = "Power", .type = SERVICE_BOOLEAN, .is_evented = true },
    { .name = "Brightness", .type = SERVICE_UI2, .is_evented = true, .min = 0, .max = 100, .step = 1 },
    { .name = NULL },
};

static const ServiceAction actions[] = {
    { "SetPower", false, set_power, { { "NewPower", "Power", false } } },
    { "GetPower", false, get_power, { { "CurrentPower", "Power", true } } },
    { "SetBrightness", false, set_brightness, { { "NewBrightness", "Brightness", false } } },
    { "GetBrightness", true, get_brightness, { { "CurrentBrightness", "Brightness", true } } },
    { "Wait", false, wait_for_answer, { { NULL, NULL, false } } },
    { .name = NULL },
};

static const ServiceTable lamp_table = { .name = "Lamp", .version = 1, .variables = variables,
                                         .actions = actions, .value = value, .free = lamp_free };

Service *
lamp_new(void)
{
    Lamp *lamp = g_new0(Lamp, 1);

    service_init(&lamp->service, &lamp_table);
    lamp->brightness = 50;
    lamp->waiting = g_ptr_array_new();
    return &lamp->service;
}

void
lamp_turn(Service *service, int brightness)
{
    ((Lamp *)service)->brightness = brightness;
    observers_notify(service->observers, "Brightness");
}

unsigned
lamp_waits(const Service *service)
{
    return ((const Lamp *)service)->waiting->len;
}

unsigned
lamp_answer(Service *service)
{
    Lamp *lamp = (Lamp *)service;
    unsigned count = lamp->waiting->len;

    for (guint i = 0; i < count; i++)
        service_call_return(g_ptr_array_index(lamp->waiting, i));
    g_ptr_array_set_size(lamp->waiting, 0);
    return count;
}
