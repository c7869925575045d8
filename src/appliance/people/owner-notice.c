/* owner-notice.c -- see owner-notice.h */
#include "appliance/people/owner-notice.h"

#include "av/av.h"
#include "wire/igrs-names.h"

struct OwnerNotice {
    OwnerNoticeParts parts;
    char *name;
    guint on_device, on_people;
    GHashTable *shown; /* DeviceIds: those that show the code */
    GCancellable *cancellable;
};

/* Where a device that can show it lies, in numbers, when that is an address of this computer; the
 * caller's. NULL: it is not for that device. */
static char *
own_address(const OwnerNotice *notice, const Device *device)
{
    g_autofree char *type = igrs_service_type_new(NOTICE_SERVICE, 1);
    g_autoptr(GUri) uri = device->location != NULL
                              ? g_uri_parse(device->location, G_URI_FLAGS_NONE, NULL) : NULL;
    g_autoptr(GInetAddress) address =
        uri != NULL ? g_inet_address_new_from_string(g_uri_get_host(uri)) : NULL;

    if (address == NULL || !net_interfaces_has(notice->parts.interfaces, address) ||
        device_find_service(device, type) == NULL)
        return NULL;
    return g_inet_address_to_string(address);
}

typedef struct {
    OwnerNotice *notice; /* borrowed; not looked at when it was cancelled */
    char *device;
} Telling;

static void
on_told(const SoapCall *answer, const GError *error, gpointer user_data)
{
    g_autofree Telling *telling = user_data;
    g_autofree char *device = telling->device;

    if (error == NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_info("%s does not show the owner's code: %s", device, error->message);
    g_hash_table_remove(telling->notice->shown, device);
}

static void
tell(OwnerNotice *notice, const char *device, const char *text)
{
    SoapCall *call = soap_call_new(NULL, "ShowText");
    Telling *telling = g_new(Telling, 1);

    soap_call_add(call, "Text", text);
    *telling = (Telling){ notice, g_strdup(device) };
    igrs_client_invoke(notice->parts.client, device, NOTICE_SERVICE, call, 0, notice->cancellable,
                       on_told, telling);
}

static void
look_at(OwnerNotice *notice, const Device *device)
{
    const OwnerNoticeParts *parts = &notice->parts;
    g_autofree char *address = own_address(notice, device);

    if (address == NULL || people_has_owner(parts->people))
        return;
    g_autofree char *page =
        net_interfaces_base_url(parts->interfaces, address, parts->http_port);
    g_autofree char *text =
        g_strdup_printf("%s has no owner yet: be it at %s, People, with the code %s", notice->name,
                        page, people_owner_code(parts->people));
    g_hash_table_add(notice->shown, g_strdup(device->id));
    tell(notice, device->id, text);
}

static void
on_device_event(gconstpointer data, gpointer user_data)
{
    const IgrsDeviceEvent *event = data;
    OwnerNotice *notice = user_data;

    if (event->change == IGRS_DEVICE_OFFLINE)
        g_hash_table_remove(notice->shown, event->device->id);
    else
        look_at(notice, event->device);
}

/* Somebody is the owner now: nothing is to be read on a screen any more. */
static void
on_people_event(gconstpointer event G_GNUC_UNUSED, gpointer user_data)
{
    OwnerNotice *notice = user_data;
    GHashTableIter iter;
    gpointer device;

    if (!people_has_owner(notice->parts.people))
        return;
    g_hash_table_iter_init(&iter, notice->shown);
    while (g_hash_table_iter_next(&iter, &device, NULL)) {
        tell(notice, device, "");
        g_hash_table_iter_remove(&iter);
    }
}

OwnerNotice *
owner_notice_new(const OwnerNoticeParts *parts)
{
    OwnerNotice *notice = g_new0(OwnerNotice, 1);
    IgrsNode *node = igrs_client_node(parts->client);
    g_autoptr(GPtrArray) devices = igrs_node_devices(node);

    notice->parts = *parts;
    notice->name = g_strdup(parts->name);
    notice->shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    notice->cancellable = g_cancellable_new();
    notice->on_device = observers_add(igrs_node_observers(node), on_device_event, notice);
    notice->on_people = observers_add(people_observers(parts->people), on_people_event, notice);
    for (guint i = 0; i < devices->len; i++)
        look_at(notice, devices->pdata[i]);
    return notice;
}

void
owner_notice_free(OwnerNotice *notice)
{
    if (notice == NULL)
        return;
    g_cancellable_cancel(notice->cancellable);
    g_object_unref(notice->cancellable);
    observers_remove(igrs_node_observers(igrs_client_node(notice->parts.client)),
                     notice->on_device);
    observers_remove(people_observers(notice->parts.people), notice->on_people);
    g_hash_table_unref(notice->shown);
    g_free(notice->name);
    g_free(notice);
}
