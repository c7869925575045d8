/* media-receiver-registrar.c -- X_MS_MediaReceiverRegistrar:1: who may use the library
 *
 * Windows, Xbox and what is made after them show no server that does not say yes to these
 * questions. Whoever reaches us may look: there is no list to be on. */
#include "av/av.h"

static void
answer_yes(Service *service, ServiceCall *call)
{
    service_call_put_number(call, "Result", 1);
    service_call_return(call);
}

/* A registration has nothing to give: an empty answer. */
static void
register_device(Service *service, ServiceCall *call)
{
    service_call_return(call);
}

static const ServiceVariable variables[] = {
    { .name = "A_ARG_TYPE_DeviceID", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Result", .type = SERVICE_I4 },
    { .name = "A_ARG_TYPE_RegistrationReqMsg", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_RegistrationRespMsg", .type = SERVICE_STRING },
    { .name = "AuthorizationGrantedUpdateID", .type = SERVICE_UI4, .is_evented = true },
    { .name = "AuthorizationDeniedUpdateID", .type = SERVICE_UI4, .is_evented = true },
    { .name = "ValidationSucceededUpdateID", .type = SERVICE_UI4, .is_evented = true },
    { .name = "ValidationRevokedUpdateID", .type = SERVICE_UI4, .is_evented = true },
    { .name = NULL },
};

static const ServiceAction actions[] = {
    { "IsAuthorized", true, answer_yes,
      { SERVICE_IN("DeviceID", "A_ARG_TYPE_DeviceID"),
        SERVICE_OUT("Result", "A_ARG_TYPE_Result") } },
    { "IsValidated", true, answer_yes,
      { SERVICE_IN("DeviceID", "A_ARG_TYPE_DeviceID"),
        SERVICE_OUT("Result", "A_ARG_TYPE_Result") } },
    { "RegisterDevice", true, register_device,
      { SERVICE_IN("RegistrationReqMsg", "A_ARG_TYPE_RegistrationReqMsg"),
        SERVICE_OUT("RegistrationRespMsg", "A_ARG_TYPE_RegistrationRespMsg") } },
    { .name = NULL },
};

/* Nobody is ever granted or denied anything anew. */
static char *
value(Service *service, const char *variable)
{
    return g_strdup("0");
}

static void
registrar_free(Service *service)
{
    service_clear(service);
    g_free(service);
}

static const ServiceTable table = {
    .name = "MediaReceiverRegistrar",
    .version = 1,
    .variables = variables,
    .actions = actions,
    .value = value,
    .free = registrar_free,
};

Service *
media_receiver_registrar_new(void)
{
    Service *service = g_new0(Service, 1);

    service_init(service, &table);
    return service;
}
