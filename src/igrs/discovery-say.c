/* discovery-say.c -- what we say on the air of ourselves: advertisements and searches
 *
 * Three copies of each; alive again at a random point of the first half of its life (PROFILE
 * section 3). */
#include "igrs/discovery-room.h"

#define COPIES 3
#define COPY_MS 100
#define SEARCH_MX 1

/* A search is asked again, since datagrams get lost: so long after the one before. */
static const int64_t search_again_ms[] = { 0, 1000, 3000 };

typedef struct {
    GBytes *bytes;
    unsigned interface_index;
} Letter;

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    g_bytes_unref(letter->bytes);
    g_free(letter);
}

static IgrsMessage *
message_new(IgrsDiscovery *discovery, IgrsMessageType type)
{
    IgrsMessage *message = igrs_message_new(type);

    message->source_id = g_strdup(discovery->presence->device_id);
    message->sequence_id = discovery->hooks->sequence(discovery->user_data);
    return message;
}

/* Takes message over. */
static void
add_letter(IgrsDiscovery *discovery, IgrsMessage *message, const char *location,
           unsigned interface_index)
{
    g_autoptr(Isdp) isdp = isdp_new(message);
    Letter *letter = g_new(Letter, 1);

    if (isdp->is_alive && isdp->location == NULL)
        isdp->location = g_strdup(location);
    isdp->server = g_strdup(discovery->presence->server);
    *letter = (Letter){ isdp_encode(isdp, igrs_air_host(discovery->air)), interface_index };
    g_ptr_array_add(discovery->letters, letter);
}

static void
add_letters(IgrsDiscovery *discovery, const NetInterface *interface, bool is_alive)
{
    const IgrsPresence *presence = discovery->presence;
    g_autofree char *location =
        igrs_discovery_location_on(discovery, interface, G_SOCKET_FAMILY_IPV4);

    if (location == NULL)
        return;
    for (guint i = 0; i < presence->types->len; i++) {
        IgrsMessage *message = message_new(discovery, is_alive ? IGRS_DEVICE_ONLINE_ADVERTISEMENT
                                                               : IGRS_DEVICE_OFFLINE_ADVERTISEMENT);
        message->device_type = g_strdup(g_ptr_array_index(presence->types, i));
        message->device_name = g_strdup(presence->name);
        message->device_security_ids = g_strdup(presence->security_ids);
        add_letter(discovery, message, location, interface->index);
    }
    for (guint i = 0; i < presence->services->len; i++) {
        const IgrsServiceEntry *service = g_ptr_array_index(presence->services, i);
        IgrsMessage *message =
            message_new(discovery, is_alive ? IGRS_SERVICE_ONLINE_ADVERTISEMENT
                                            : IGRS_SERVICE_OFFLINE_ADVERTISEMENT);
        message->service_id = service->id;
        message->service_type = g_strdup(service->type);
        message->service_name = g_strdup(service->name);
        add_letter(discovery, message, location, interface->index);
    }
}

static void
on_copy_due(gpointer data)
{
    IgrsDiscovery *discovery = data;

    discovery->copy_timer = 0;
    for (guint i = 0; i < discovery->letters->len; i++) {
        const Letter *letter = g_ptr_array_index(discovery->letters, i);
        igrs_air_say(discovery->air, letter->bytes, letter->interface_index);
    }
    if (--discovery->copies_left > 0)
        discovery->copy_timer = clock_after(discovery->clock, COPY_MS, on_copy_due, discovery);
}

/* The first copies go at once: a byebye may be the last thing this program does. */
void
igrs_discovery_advertise(IgrsDiscovery *discovery, bool is_alive)
{
    const GPtrArray *list = net_interfaces_list(discovery->interfaces);

    clock_cancel(discovery->clock, &discovery->copy_timer);
    g_ptr_array_set_size(discovery->letters, 0);
    for (guint i = 0; i < list->len; i++)
        add_letters(discovery, g_ptr_array_index(list, i), is_alive);
    discovery->copies_left = COPIES;
    on_copy_due(discovery);
}

static void
on_again_due(gpointer data)
{
    IgrsDiscovery *discovery = data;
    gint32 half_s = ISDP_MAX_AGE_S / 2;

    igrs_discovery_advertise(discovery, true);
    discovery->again_timer = clock_after(
        discovery->clock, g_random_int_range(half_s / 3, half_s) * 1000, on_again_due, discovery);
}

static void
on_search_due(gpointer data)
{
    IgrsDiscovery *discovery = data;
    const GPtrArray *list = net_interfaces_list(discovery->interfaces);

    discovery->search_timer = 0;
    for (guint i = 0; i < list->len; i++) {
        const NetInterface *interface = g_ptr_array_index(list, i);
        g_autoptr(Isdp) isdp = isdp_new(message_new(discovery, IGRS_SEARCH_DEVICE_REQUEST));
        isdp->mx = SEARCH_MX;
        isdp->server = g_strdup(discovery->presence->server);
        g_autoptr(GBytes) bytes = isdp_encode(isdp, igrs_air_host(discovery->air));
        igrs_air_say(discovery->air, bytes, interface->index);
    }
    if (++discovery->search_round < G_N_ELEMENTS(search_again_ms))
        discovery->search_timer = clock_after(
            discovery->clock, search_again_ms[discovery->search_round], on_search_due, discovery);
}

void
igrs_discovery_search(IgrsDiscovery *discovery)
{
    clock_cancel(discovery->clock, &discovery->search_timer);
    discovery->search_round = 0;
    discovery->search_timer =
        clock_after(discovery->clock, search_again_ms[0], on_search_due, discovery);
}

void
igrs_discovery_init_letters(IgrsDiscovery *discovery)
{
    discovery->letters = g_ptr_array_new_with_free_func(letter_free);
}

void
igrs_discovery_keep_alive(IgrsDiscovery *discovery)
{
    clock_cancel(discovery->clock, &discovery->again_timer);
    on_again_due(discovery);
}

void
igrs_discovery_hush(IgrsDiscovery *discovery)
{
    clock_cancel(discovery->clock, &discovery->copy_timer);
    clock_cancel(discovery->clock, &discovery->again_timer);
    clock_cancel(discovery->clock, &discovery->search_timer);
}
