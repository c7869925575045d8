/* node-devices.c -- how a node learns of the other devices: heard on the air, described by
 * themselves
 *
 * Discovery hears them (clause 9.1), the courier fetches what they say of themselves (9.3),
 * devices.c keeps them. */
#include "base/error.h"
#include "igrs/directory.h"
#include "igrs/node-groups.h"

typedef struct {
    IgrsNode *node; /* borrowed: its courier answers before it goes */
    char *id, *location;
} Fetch;

static Device *
read_description(GBytes *document, const Fetch *fetch, GError **error)
{
    g_autoptr(IgrsDescription) description = igrs_description_decode(
        g_bytes_get_data(document, NULL), g_bytes_get_size(document), error);

    if (description == NULL)
        return NULL;
    if (!igrs_device_id_equal(description->id, fetch->id)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "it describes another device, %s",
                    description->id);
        return NULL;
    }
    return igrs_description_device(description, fetch->location);
}

static void
on_fetched(GBytes *document, const GError *fetch_error, gpointer user_data)
{
    g_autofree Fetch *fetch = user_data;
    g_autofree char *id = fetch->id;
    g_autofree char *location = fetch->location;
    g_autoptr(GError) error = NULL;
    Device *device = NULL;

    if (g_error_matches(fetch_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (document != NULL)
        device = read_description(document, fetch, &error);
    if (device != NULL) {
        igrs_devices_described(fetch->node->devices, id, device);
        return;
    }
    g_info("no description from %s: %s", location,
           error != NULL ? error->message : fetch_error->message);
    igrs_devices_failed(fetch->node->devices, id);
}

void
igrs_node_fetch_description(const char *id, const char *location, gpointer user_data)
{
    IgrsNode *node = user_data;
    Fetch *fetch = g_new(Fetch, 1);

    *fetch = (Fetch){ node, g_strdup(id), g_strdup(location) };
    igrs_courier_fetch(node->courier, location, on_fetched, fetch);
}

/* News of a device that we have a pipe with may mean that it was started again and forgot us. */
static bool
on_heard(const IgrsSighting *sighting, gpointer user_data)
{
    IgrsNode *node = user_data;
    bool is_known = igrs_devices_heard(node->devices, sighting);

    if (is_known && sighting->is_news)
        igrs_pipes_event(node->pipes, sighting->id, NULL, IGRS_PIPE_PROBE);
    return is_known;
}

static void
on_gone(const char *device_id, const char *address, gpointer user_data)
{
    igrs_devices_gone(((IgrsNode *)user_data)->devices, device_id, address);
}

static uint32_t
next_sequence(gpointer user_data)
{
    return igrs_courier_sequence(((IgrsNode *)user_data)->courier);
}

static void
on_renewed(gpointer user_data)
{
    IgrsNode *node = user_data;

    igrs_devices_awoke(node->devices);
    igrs_pipes_probe(node->pipes);
    igrs_groups_announce(node->groups);
    igrs_clients_renew(node);
}

bool
igrs_node_has_pipe(const char *id, gpointer user_data)
{
    return igrs_pipes_state(((IgrsNode *)user_data)->pipes, id) != IGRS_PIPE_CLOSED;
}

const IgrsDiscoveryHooks igrs_node_discovery_hooks = { on_heard, on_gone, next_sequence,
                                                         igrs_node_group_heard,
                                                         igrs_node_group_entries, on_renewed };

void
igrs_node_on_device_event(gconstpointer data, gpointer user_data)
{
    static const char *const words_for[] = { "is online", "changed", "is offline" };
    IgrsNode *node = user_data;
    const IgrsDeviceEvent *event = data;

    g_info("%s (%s) %s", event->device->name, event->device->id, words_for[event->change]);
    igrs_directory_on_device_event(node, event);
    if (event->change == IGRS_DEVICE_OFFLINE) {
        igrs_pipes_event(node->pipes, event->device->id, NULL, IGRS_PIPE_BYEBYE);
        igrs_groups_device_gone(node->groups, event->device->id);
    }
}
