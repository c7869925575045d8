/* discovery.c -- see discovery.h: what is heard, and its life; the rest in discovery-*.c */
#include "igrs/discovery-room.h"

#include "igrs/location.h"

#define SETTLE_MS 200 /* after a change of the interfaces: addresses come in bursts */

char *
igrs_discovery_location_on(const IgrsDiscovery *discovery, const NetInterface *interface,
                           GSocketFamily family)
{
    GInetAddress *address = net_interface_address(interface, family);

    return address != NULL ? igrs_location_new(address, discovery->presence->http_port) : NULL;
}

/* -- Hearing ----------------------------------------------------------------------------------- */

/* A device that sends nothing but its LOCATION is believed when that is its own address. A
 * link-local one is reached by the interface that it was heard on. */
static bool
on_alive(IgrsDiscovery *discovery, const IgrsAirMessage *message, bool is_news)
{
    const Isdp *isdp = message->isdp;
    g_autofree char *address = g_inet_address_to_string(message->address);
    g_autofree char *location = NULL;

    if (isdp->location == NULL || !igrs_location_is_at(isdp->location, message->address)) {
        g_debug("%s says %s is at %s: not believed", address, isdp->message->source_id,
                isdp->location != NULL ? isdp->location : "no place");
        return false;
    }
    location = igrs_location_on_link(isdp->location, message->interface->index);
    IgrsSighting sighting = { .id = isdp->message->source_id, .location = location,
                              .address = address, .life_s = isdp->max_age_s, .is_news = is_news };
    if (discovery->hooks->heard(&sighting, discovery->user_data))
        return true;
    g_debug("no room for %s at %s", sighting.id, address);
    return false;
}

static void
on_group(IgrsDiscovery *discovery, const IgrsAirMessage *message)
{
    g_autofree char *address = g_inet_address_to_string(message->address);

    discovery->hooks->group_heard(message->isdp->message, address, message->isdp->max_age_s,
                                  discovery->user_data);
}

static void
on_byebye(IgrsDiscovery *discovery, const IgrsAirMessage *message)
{
    g_autofree char *address = g_inet_address_to_string(message->address);

    discovery->hooks->gone(message->isdp->message->source_id, address, discovery->user_data);
}

static void
on_heard(const IgrsAirMessage *air_message, gpointer user_data)
{
    IgrsDiscovery *discovery = user_data;
    const IgrsMessage *message = air_message->isdp->message;

    if (discovery->is_leaving || message->flaw != NULL || message->source_id == NULL ||
        igrs_device_id_equal(message->source_id, discovery->presence->device_id) ||
        igrs_duplicates_heard(&discovery->duplicates, message, clock_now_ms(discovery->clock)))
        return;
    switch (message->type) {
    case IGRS_SEARCH_DEVICE_REQUEST:
    case IGRS_SEARCH_SERVICE_REQUEST:
    case IGRS_SEARCH_DEVICE_GROUP_REQUEST:
        igrs_discovery_on_search(discovery, air_message);
        break;
    case IGRS_DEVICE_ONLINE_ADVERTISEMENT:
        on_alive(discovery, air_message, true);
        break;
    case IGRS_SERVICE_ONLINE_ADVERTISEMENT:
    case IGRS_SEARCH_DEVICE_RESPONSE:
    case IGRS_SEARCH_SERVICE_RESPONSE:
        on_alive(discovery, air_message, false);
        break;
    case IGRS_DEVICE_OFFLINE_ADVERTISEMENT:
        on_byebye(discovery, air_message);
        break;
    case IGRS_PEER_DEVICE_GROUP_ADVERTISEMENT:
    case IGRS_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT:
    case IGRS_SEARCH_DEVICE_GROUP_RESPONSE:
        if (on_alive(discovery, air_message, false))
            on_group(discovery, air_message);
        break;
    case IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY:
    case IGRS_QUIT_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT:
        on_group(discovery, air_message);
        break;
    default: /* a service that goes, goes with its device or its description */
        break;
    }
}

/* -- Life -------------------------------------------------------------------------------------- */

static void
on_change_settled(gpointer data)
{
    IgrsDiscovery *discovery = data;

    clock_cancel(discovery->clock, &discovery->change_timer);
    igrs_air_join(discovery->air);
    igrs_discovery_advertise(discovery, true);
    igrs_discovery_search(discovery);
    discovery->hooks->renewed(discovery->user_data);
}

static void
on_interfaces_changed(gconstpointer event G_GNUC_UNUSED, gpointer user_data)
{
    IgrsDiscovery *discovery = user_data;

    clock_cancel(discovery->clock, &discovery->change_timer);
    if (!discovery->is_leaving)
        discovery->change_timer =
            clock_after(discovery->clock, SETTLE_MS, on_change_settled, discovery);
}

static void
on_woke(gpointer data)
{
    g_info("the machine has slept: asking who is there");
    on_change_settled(data);
}

IgrsDiscovery *
igrs_discovery_new(Clock *clock, NetInterfaces *interfaces, const IgrsPresence *presence,
                   const IgrsDiscoveryHooks *hooks, gpointer user_data, GError **error)
{
    g_autoptr(IgrsDiscovery) discovery = g_new0(IgrsDiscovery, 1);

    discovery->clock = clock;
    discovery->interfaces = interfaces;
    discovery->presence = presence;
    discovery->hooks = hooks;
    discovery->user_data = user_data;
    igrs_discovery_init_batches(discovery);
    igrs_discovery_init_answers(discovery);
    discovery->air = igrs_air_new(interfaces, presence->port, on_heard, discovery, error);
    if (discovery->air == NULL)
        return NULL;
    discovery->interfaces_observer =
        observers_add(net_interfaces_observers(interfaces), on_interfaces_changed, discovery);
    igrs_discovery_keep_alive(discovery);
    igrs_discovery_search(discovery);
    discovery->sleep_watch = sleep_watch_new(clock, on_woke, discovery);
    return g_steal_pointer(&discovery);
}

void
igrs_discovery_free(IgrsDiscovery *discovery)
{
    if (discovery == NULL)
        return;
    observers_remove(net_interfaces_observers(discovery->interfaces),
                     discovery->interfaces_observer);
    igrs_discovery_hush(discovery);
    clock_cancel(discovery->clock, &discovery->change_timer);
    g_clear_pointer(&discovery->sleep_watch, sleep_watch_free);
    g_hash_table_unref(discovery->batches);
    g_hash_table_unref(discovery->answers);
    g_hash_table_unref(discovery->served);
    igrs_air_free(discovery->air);
    g_free(discovery);
}

void
igrs_discovery_leave(IgrsDiscovery *discovery)
{
    discovery->is_leaving = true;
    igrs_discovery_hush(discovery);
    clock_cancel(discovery->clock, &discovery->change_timer);
    g_clear_pointer(&discovery->sleep_watch, sleep_watch_free);
    g_hash_table_remove_all(discovery->answers);
    igrs_discovery_advertise(discovery, false);
}

void
igrs_discovery_say(IgrsDiscovery *discovery, const char *group, IgrsMessage *message)
{
    if (discovery->is_leaving)
        igrs_message_free(message);
    else
        igrs_discovery_say_of(discovery, group, message);
}
