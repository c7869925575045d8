/* notice.c -- Notice:1: a line of text that a screen shows while nothing plays
 *
 * Not of the AV profile: duoping-tv's own, by which a duopingd on the same computer shows who may
 * own it. */
#include "av/av.h"

#include "base/text.h"

#include <string.h>

typedef struct {
    Service service; /* first */
    NoticeShow show;
    gpointer data;
} Notice;

static void
show_text(Service *service, ServiceCall *call)
{
    Notice *notice = (Notice *)service;
    const char *text = service_call_text(call, "Text");
    g_autofree char *clean = text_clean(text);

    if (strlen(text) > NOTICE_MAX)
        service_call_fail(call, SERVICE_OUT_OF_RANGE, "a notice has %d octets at most", NOTICE_MAX);
    else if (!notice->show(clean, service_call_asker(call, ASKER_ADDRESS), notice->data))
        service_call_fail(call, SERVICE_NOT_AUTHORIZED, "notices come from the same computer");
    else
        service_call_return(call);
}

static const ServiceVariable variables[] = {
    { .name = "A_ARG_TYPE_Text", .type = SERVICE_STRING },
    { .name = NULL },
};

static const ServiceAction actions[] = {
    { "ShowText", false, show_text, { SERVICE_IN("Text", "A_ARG_TYPE_Text") } },
    { .name = NULL },
};

static void
notice_free(Service *service)
{
    service_clear(service);
    g_free(service);
}

static const ServiceTable table = {
    .name = NOTICE_SERVICE,
    .version = 1,
    .variables = variables,
    .actions = actions,
    .free = notice_free,
};

Service *
notice_new(NoticeShow show, gpointer data)
{
    Notice *notice = g_new0(Notice, 1);

    service_init(&notice->service, &table);
    notice->show = show;
    notice->data = data;
    return &notice->service;
}
