/* screen-media.c -- see screen-media.h */
#include "av/screen-media.h"

#include "base/error.h"
#include "wire/protocol-info.h"

#include <string.h>

static const int screen_errors[DUO_ERROR_N] = {
    [DUO_ERROR_INVALID] = SERVICE_INVALID_ARGS,
    [DUO_ERROR_TOO_LARGE] = SERVICE_INVALID_ARGS,
    [DUO_ERROR_NOT_FOUND] = RESOURCE_NOT_FOUND,
    [DUO_ERROR_DENIED] = RESOURCE_NOT_FOUND,
    [DUO_ERROR_CONFLICT] = TRANSITION_NOT_AVAILABLE,
    [DUO_ERROR_UNSUPPORTED] = ILLEGAL_MIME,
    [DUO_ERROR_BUSY] = CONTENT_BUSY,
    [DUO_ERROR_TIMEOUT] = RESOURCE_NOT_FOUND,
    [DUO_ERROR_UNAVAILABLE] = RESOURCE_NOT_FOUND,
    [DUO_ERROR_FAILED] = SERVICE_ACTION_FAILED,
    [DUO_ERROR_NO_ROOM] = SERVICE_ACTION_FAILED,
};

int
av_screen_code(const GError *error)
{
    return error->domain == DUO_ERROR && error->code < DUO_ERROR_N ? screen_errors[error->code]
                                                                   : SERVICE_ACTION_FAILED;
}

bool
av_screen_takes(const Screen *screen, const PlaybackMedia *media, ServiceCall *call)
{
    const char *sinks = screen->sink_protocols;
    g_autofree char *scheme = g_uri_parse_scheme(media->uri);

    if (scheme == NULL || (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)) {
        service_call_fail(call, RESOURCE_NOT_FOUND, "only http and https addresses can be fetched");
        return false;
    }
    if (sinks != NULL && media->mime != NULL) {
        g_autofree char *source = g_strdup_printf("http-get:*:%s:*", media->mime);
        if (!protocol_info_list_takes(sinks, source)) {
            service_call_fail(call, ILLEGAL_MIME, "this screen cannot play %s", media->mime);
            return false;
        }
    }
    return true;
}
