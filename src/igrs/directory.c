/* directory.c -- what peers ask us of others: who is there, what is registered, news of both
 *
 * Clauses 9.6, 9.7 and 10.1 to 10.3 of ISO/IEC 14543-5-1, for devices that do not hear the air
 * themselves. */
#include "igrs/directory.h"

#include "igrs/location.h"

#define LIST_MAX 1024 /* entries of an answer; the codec's own limit */

/* -- Searches by pipe -------------------------------------------------------------------------- */

static bool
is_wanted(const char *wanted, const char *type)
{
    return wanted == NULL || *wanted == '\0' || igrs_type_matches(wanted, type);
}

void
igrs_directory_search_devices(IgrsIncoming *incoming)
{
    const IgrsNode *node = incoming->node;
    const char *wanted = incoming->request->device_type;
    IgrsMessage *reply = igrs_message_new_reply(incoming->request, IGRS_OK);
    g_autoptr(GPtrArray) devices = igrs_devices_list(node->devices);
    g_autoptr(GInetAddress) address = igrs_incoming_local_address(incoming);
    g_autofree char *location = igrs_location_new(address, igrs_node_port(node));

    for (guint i = 0; i < node->types->len; i++) {
        const char *type = g_ptr_array_index(node->types, i);
        if (is_wanted(wanted, type))
            igrs_message_add_device(reply, node->id, type, node->name, location);
    }
    for (guint i = 0; i < devices->len && reply->devices->len < LIST_MAX; i++) {
        const Device *device = g_ptr_array_index(devices, i);
        if (is_wanted(wanted, device->type))
            igrs_message_add_device(reply, device->id, device->type, device->name,
                                    device->location);
    }
    igrs_incoming_reply(incoming, reply);
}

static void
add_service(IgrsMessage *reply, const char *wanted, const char *device_id, uint32_t id,
            const char *type, const char *name, const GPtrArray *security_ids)
{
    if (!is_wanted(wanted, type) || reply->services->len >= LIST_MAX)
        return;
    for (guint i = 0; i < reply->services->len; i++) { /* heard of, and registered as well */
        const IgrsServiceEntry *entry = g_ptr_array_index(reply->services, i);
        if (entry->id == id && igrs_device_id_equal(entry->device_id, device_id))
            return;
    }
    IgrsServiceEntry *entry = igrs_message_add_service(reply, device_id, id, type, name);
    for (guint i = 0; security_ids != NULL && i < security_ids->len; i++)
        g_ptr_array_add(entry->security_ids, g_strdup(g_ptr_array_index(security_ids, i)));
}

static void
add_services_of(IgrsMessage *reply, const char *wanted, const GPtrArray *entries)
{
    for (guint i = 0; i < entries->len; i++) {
        const IgrsServiceEntry *entry = g_ptr_array_index(entries, i);
        add_service(reply, wanted, entry->device_id, entry->id, entry->type, entry->name,
                    entry->security_ids);
    }
}

void
igrs_directory_search_services(IgrsIncoming *incoming)
{
    const IgrsNode *node = incoming->node;
    const char *wanted = incoming->request->service_type;
    IgrsMessage *reply = igrs_message_new_reply(incoming->request, IGRS_OK);
    g_autoptr(GPtrArray) devices = igrs_devices_list(node->devices);

    add_services_of(reply, wanted, node->presence_services);
    for (guint i = 0; i < devices->len; i++) {
        const Device *device = g_ptr_array_index(devices, i);
        for (guint s = 0; s < device->services->len; s++) {
            const DeviceService *service = g_ptr_array_index(device->services, s);
            add_service(reply, wanted, device->id, service->id, service->type, service->name,
                        NULL);
        }
    }
    add_services_of(reply, wanted, igrs_registry_list(node->registry));
    igrs_incoming_reply(incoming, reply);
}

/* -- Registration ------------------------------------------------------------------------------ */

/* The service that a device speaks of when it is its own; NULL: nothing is done (PROFILE section
 * 2). */
static const IgrsServiceEntry *
own_service(const IgrsMessage *request)
{
    const IgrsServiceEntry *service =
        request->services->len > 0 ? g_ptr_array_index(request->services, 0) : NULL;

    if (service != NULL && igrs_device_id_equal(service->device_id, request->source_id))
        return service;
    g_debug("%s speaks of a service that is not its own", request->source_id);
    return NULL;
}

void
igrs_directory_register(IgrsIncoming *incoming)
{
    const IgrsServiceEntry *service = own_service(incoming->request);

    if (service != NULL && !igrs_registry_add(incoming->node->registry, service))
        g_info("no room for the services of %s", service->device_id);
}

void
igrs_directory_unregister(IgrsIncoming *incoming)
{
    const IgrsServiceEntry *service = own_service(incoming->request);

    if (service != NULL)
        igrs_registry_remove(incoming->node->registry, service->device_id, service->id);
}

/* -- News: subscriptions ----------------------------------------------------------------------- */

static int64_t
now_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

static IgrsNewsKind
kind_of(IgrsMessageType type)
{
    return type == IGRS_SUBSCRIBE_DEVICE_EVENT_REQUEST ||
                   type == IGRS_RENEW_SUBSCRIPTION_DEVICE_EVENT_REQUEST
               ? IGRS_NEWS_OF_DEVICES
               : IGRS_NEWS_OF_SERVICES;
}

/* A peer without a clock asks for no time, or for one in our past: it gets all or the least. */
static int64_t
life_wanted(const IgrsMessage *request)
{
    return request->expires_s == 0 ? G_MAXINT32 : request->expires_s - now_s();
}

static void
answer_granted(IgrsIncoming *incoming, uint32_t id, int64_t life_s)
{
    IgrsMessage *reply = igrs_message_new_reply(incoming->request, IGRS_OK);

    reply->subscription_id = id;
    reply->expires_s = now_s() + life_s;
    igrs_incoming_reply(incoming, reply);
}

void
igrs_directory_subscribe(IgrsIncoming *incoming)
{
    const IgrsMessage *request = incoming->request;
    IgrsNewsKind kind = kind_of(request->type);
    const char *type = kind == IGRS_NEWS_OF_DEVICES ? request->device_type : request->service_type;
    int64_t life_s = life_wanted(request);

    if (request->location == NULL ||
        !igrs_location_is_at(request->location, incoming->peer_address)) {
        igrs_incoming_answer(incoming, IGRS_DENIED);
        return;
    }
    uint32_t id = igrs_events_add(incoming->node->events, kind, request->source_id,
                                  request->location, type, &life_s);
    if (id != 0)
        answer_granted(incoming, id, life_s);
    else
        igrs_incoming_answer(incoming, IGRS_TOO_MANY);
}

void
igrs_directory_renew(IgrsIncoming *incoming)
{
    const IgrsMessage *request = incoming->request;
    int64_t life_s = life_wanted(request);

    if (request->location != NULL &&
        !igrs_location_is_at(request->location, incoming->peer_address))
        igrs_incoming_answer(incoming, IGRS_DENIED);
    else if (igrs_events_renew(incoming->node->events, request->subscription_id,
                               kind_of(request->type), request->source_id, request->location,
                               &life_s))
        answer_granted(incoming, request->subscription_id, life_s);
    else
        igrs_incoming_answer(incoming, IGRS_NO_SUBSCRIPTION);
}

void
igrs_directory_unsubscribe(IgrsIncoming *incoming)
{
    igrs_events_remove(incoming->node->events, incoming->request->subscription_id,
                       incoming->request->source_id);
}

/* -- News: what happens ------------------------------------------------------------------------ */

static void
service_news(IgrsNode *node, const Device *device, const DeviceService *service, bool is_online)
{
    const IgrsNews news = { device->id, service->id, service->type, is_online };

    igrs_events_happened(node->events, IGRS_NEWS_OF_SERVICES, &news);
}

static bool
has_service(const Device *device, const DeviceService *wanted)
{
    for (guint i = 0; i < device->services->len; i++) {
        const DeviceService *service = g_ptr_array_index(device->services, i);
        if (service->id == wanted->id && g_strcmp0(service->type, wanted->type) == 0)
            return true;
    }
    return false;
}

/* The services that device has and other (NULL: nothing) has not. */
static void
news_of_services(IgrsNode *node, const Device *device, const Device *other, bool is_online)
{
    for (guint i = 0; i < device->services->len; i++) {
        const DeviceService *service = g_ptr_array_index(device->services, i);
        if (other == NULL || !has_service(other, service))
            service_news(node, device, service, is_online);
    }
}

void
igrs_directory_on_device_event(IgrsNode *node, const IgrsDeviceEvent *event)
{
    const Device *device = event->device;
    bool is_online = event->change != IGRS_DEVICE_OFFLINE;
    const IgrsNews news = { device->id, 0, device->type, is_online };

    if (event->change == IGRS_DEVICE_CHANGED)
        news_of_services(node, event->before, device, false);
    else
        igrs_events_happened(node->events, IGRS_NEWS_OF_DEVICES, &news);
    news_of_services(node, device, event->before, is_online);
}

void
igrs_directory_on_registry(const IgrsServiceEntry *service, bool is_online, gpointer user_data)
{
    const IgrsNews news = { service->device_id, service->id, service->type, is_online };

    igrs_events_happened(((IgrsNode *)user_data)->events, IGRS_NEWS_OF_SERVICES, &news);
}

typedef struct {
    IgrsNode *node; /* borrowed: its courier answers before it goes */
    uint32_t id;
} Delivery;

static void
on_delivered(const IgrsMessage *reply G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    g_autofree Delivery *delivery = user_data;

    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        igrs_events_delivered(delivery->node->events, delivery->id, error == NULL);
}

void
igrs_directory_tell(const IgrsNewsReader *reader, const IgrsNews *news, gpointer user_data)
{
    IgrsNode *node = user_data;
    bool is_of_device = reader->kind == IGRS_NEWS_OF_DEVICES;
    g_autoptr(IgrsMessage) message =
        igrs_message_new(is_of_device ? IGRS_NOTIFY_DEVICE_EVENT : IGRS_NOTIFY_SERVICE_EVENT);
    Delivery *delivery = g_new(Delivery, 1);

    message->target_id = g_strdup(reader->device_id);
    message->subscription_id = reader->id;
    message->device_id = g_strdup(news->device_id);
    message->service_id = news->service_id;
    if (is_of_device)
        message->device_type = g_strdup(news->type);
    else
        message->service_type = g_strdup(news->type);
    message->state = g_strdup(news->is_online ? IGRS_STATE_ONLINE : IGRS_STATE_OFFLINE);
    *delivery = (Delivery){ node, reader->id };
    igrs_courier_send(node->courier, reader->location, message, 0, NULL, on_delivered, delivery);
}
