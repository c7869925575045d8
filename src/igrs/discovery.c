/* discovery.c -- see discovery.h */
#include "igrs/discovery.h"

#include "igrs/air.h"
#include "igrs/duplicates.h"
#include "igrs/location.h"

#define COPIES 3
#define COPY_MS 100
#define SEARCH_MX 1
#define SETTLE_MS 200 /* after a change of the interfaces: addresses come in bursts */

/* A search is asked again, since datagrams get lost: so long after the one before. */
static const int64_t search_again_ms[] = { 0, 1000, 3000 };

typedef struct {
    GBytes *bytes;
    unsigned interface_index;
} Letter;

typedef struct {
    IgrsDiscovery *discovery; /* borrowed: the owner */
    GBytes *bytes;
    GSocketAddress *to;
    unsigned interface_index;
    guint timer;
} Answer;

struct IgrsDiscovery {
    Clock *clock;              /* borrowed */
    NetInterfaces *interfaces; /* borrowed */
    guint interfaces_observer;
    const IgrsPresence *presence;    /* borrowed */
    const IgrsDiscoveryHooks *hooks; /* borrowed */
    gpointer user_data;
    IgrsAir *air;
    IgrsDuplicates duplicates;
    bool is_leaving;

    GPtrArray *letters; /* Letter: the advertisements being sent */
    unsigned copies_left;
    guint copy_timer;
    guint again_timer; /* until the next round */
    guint change_timer;

    guint search_timer;
    unsigned search_round;

    GHashTable *served; /* address -> searches served in this second */
    int64_t served_since_ms;
    GHashTable *answers; /* a set of Answer, owned */
};

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    g_bytes_unref(letter->bytes);
    g_free(letter);
}

static void
answer_free(gpointer data)
{
    Answer *answer = data;

    clock_cancel(answer->discovery->clock, &answer->timer);
    g_bytes_unref(answer->bytes);
    g_object_unref(answer->to);
    g_free(answer);
}

/* -- Saying ------------------------------------------------------------------------------------ */

static IgrsMessage *
message_new(IgrsDiscovery *discovery, IgrsMessageType type)
{
    IgrsMessage *message = igrs_message_new(type);

    message->source_id = g_strdup(discovery->presence->device_id);
    message->sequence_id = discovery->hooks->sequence(discovery->user_data);
    return message;
}

/* Our LOCATION on that interface for that family; NULL: it has no such address. */
static char *
location_on(const IgrsDiscovery *discovery, const NetInterface *interface, GSocketFamily family)
{
    GInetAddress *address = net_interface_address(interface, family);

    return address != NULL ? igrs_location_new(address, discovery->presence->http_port) : NULL;
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
    g_autofree char *location = location_on(discovery, interface, G_SOCKET_FAMILY_IPV4);

    if (location == NULL)
        return;
    for (guint i = 0; i < presence->types->len; i++) {
        IgrsMessage *message = message_new(discovery, is_alive ? IGRS_DEVICE_ONLINE_ADVERTISEMENT
                                                               : IGRS_DEVICE_OFFLINE_ADVERTISEMENT);
        message->device_type = g_strdup(g_ptr_array_index(presence->types, i));
        message->device_name = g_strdup(presence->name);
        message->device_security_ids = g_strdup(IGRS_PIPE_SECURITY_NULL);
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
static void
advertise(IgrsDiscovery *discovery, bool is_alive)
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

    advertise(discovery, true);
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

/* -- Answering --------------------------------------------------------------------------------- */

/* A flood of searches costs a count for each address, and nothing beyond the limit. */
static bool
may_serve(IgrsDiscovery *discovery, GInetAddress *address)
{
    int64_t now_ms = clock_now_ms(discovery->clock);
    g_autofree char *key = g_inet_address_to_string(address);

    if (now_ms - discovery->served_since_ms >= 1000 ||
        g_hash_table_size(discovery->served) >= IGRS_ANSWERS_PENDING_MAX) {
        g_hash_table_remove_all(discovery->served);
        discovery->served_since_ms = now_ms;
    }
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(discovery->served, key));
    if (count >= IGRS_SEARCHES_PER_SECOND_MAX ||
        g_hash_table_size(discovery->answers) >= IGRS_ANSWERS_PENDING_MAX)
        return false;
    g_hash_table_insert(discovery->served, g_steal_pointer(&key), GUINT_TO_POINTER(count + 1));
    return true;
}

/* What a search means by its ST: everything, this device, one of its types, one of its services. */
static bool
matches_device(const IgrsPresence *presence, const char *target)
{
    return target == NULL || g_ascii_strcasecmp(target, ISDP_ALL) == 0 ||
           igrs_device_id_equal(target, presence->device_id);
}

static const char *
matching_type(const IgrsPresence *presence, const char *target)
{
    for (guint i = 0; i < presence->types->len; i++)
        if (igrs_type_matches(target, g_ptr_array_index(presence->types, i)))
            return g_ptr_array_index(presence->types, i);
    return NULL;
}

static const IgrsServiceEntry *
matching_service(const IgrsPresence *presence, const char *target)
{
    for (guint i = 0; i < presence->services->len; i++) {
        const IgrsServiceEntry *service = g_ptr_array_index(presence->services, i);
        if (igrs_type_matches(target, service->type))
            return service;
    }
    return NULL;
}

static void
add_devices(IgrsMessage *reply, const IgrsPresence *presence, const char *target,
            const char *location)
{
    bool is_all = matches_device(presence, target);
    bool by_service = !is_all && matching_service(presence, target) != NULL;

    for (guint i = 0; i < presence->types->len; i++) {
        const char *type = g_ptr_array_index(presence->types, i);
        if (is_all || by_service || igrs_type_matches(target, type))
            igrs_message_add_device(reply, presence->device_id, type, presence->name, location);
    }
}

static void
add_services(IgrsMessage *reply, const IgrsPresence *presence, const char *target)
{
    bool is_all = matches_device(presence, target) || matching_type(presence, target) != NULL;

    for (guint i = 0; i < presence->services->len; i++) {
        const IgrsServiceEntry *service = g_ptr_array_index(presence->services, i);
        if (is_all || igrs_type_matches(target, service->type))
            igrs_message_add_service(reply, presence->device_id, service->id, service->type,
                                     service->name);
    }
}

static void
on_answer_due(gpointer data)
{
    Answer *answer = data;

    answer->timer = 0;
    igrs_air_answer(answer->discovery->air, answer->bytes, answer->to, answer->interface_index);
    g_hash_table_remove(answer->discovery->answers, answer);
}

/* Takes reply over. */
static void
answer_later(IgrsDiscovery *discovery, const IgrsAirMessage *search, IgrsMessage *reply,
             const char *location)
{
    g_autoptr(Isdp) isdp = isdp_new(reply);
    const Isdp *request = search->isdp;
    const char *target = request->target != NULL ? request->target : ISDP_ALL;
    Answer *answer = g_new0(Answer, 1);

    g_free(isdp->target);
    isdp->target = g_strdup(target);
    if (isdp->location == NULL)
        isdp->location = g_strdup(location);
    isdp->server = g_strdup(discovery->presence->server);
    *answer = (Answer){ .discovery = discovery, .bytes = isdp_encode(isdp, NULL),
                        .to = g_object_ref(search->from),
                        .interface_index = search->interface->index };
    g_hash_table_add(discovery->answers, answer);
    answer->timer = clock_after(discovery->clock, g_random_int_range(0, (gint32)request->mx * 1000),
                                on_answer_due, answer);
}

static void
on_search(IgrsDiscovery *discovery, const IgrsAirMessage *search)
{
    const IgrsMessage *request = search->isdp->message;
    GSocketFamily family = g_inet_address_get_family(search->address);
    g_autofree char *location = location_on(discovery, search->interface, family);

    if (search->isdp->mx == 0 || location == NULL || discovery->is_leaving)
        return;
    g_autoptr(IgrsMessage) reply = igrs_message_new_reply(request, IGRS_OK);
    if (reply == NULL)
        return;
    g_free(reply->source_id);
    reply->source_id = g_strdup(discovery->presence->device_id);
    if (request->type == IGRS_SEARCH_DEVICE_REQUEST)
        add_devices(reply, discovery->presence, search->isdp->target, location);
    else if (request->type == IGRS_SEARCH_SERVICE_REQUEST)
        add_services(reply, discovery->presence, search->isdp->target);
    if ((reply->devices->len > 0 || reply->services->len > 0) &&
        may_serve(discovery, search->address))
        answer_later(discovery, search, g_steal_pointer(&reply), location);
}

/* -- Hearing ----------------------------------------------------------------------------------- */

/* A device that sends nothing but its LOCATION is believed when that is its own address. */
static void
on_alive(IgrsDiscovery *discovery, const IgrsAirMessage *message, bool is_news)
{
    const Isdp *isdp = message->isdp;
    g_autofree char *address = g_inet_address_to_string(message->address);

    if (isdp->location == NULL || !igrs_location_is_at(isdp->location, message->address)) {
        g_debug("%s says %s is at %s: not believed", address, isdp->message->source_id,
                isdp->location != NULL ? isdp->location : "no place");
        return;
    }
    IgrsSighting sighting = { .id = isdp->message->source_id, .location = isdp->location,
                              .address = address, .life_s = isdp->max_age_s, .is_news = is_news };
    if (!discovery->hooks->heard(&sighting, discovery->user_data))
        g_debug("no room for %s at %s", sighting.id, address);
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

    if (message->flaw != NULL || message->source_id == NULL ||
        igrs_device_id_equal(message->source_id, discovery->presence->device_id) ||
        igrs_duplicates_heard(&discovery->duplicates, message, clock_now_ms(discovery->clock)))
        return;
    switch (message->type) {
    case IGRS_SEARCH_DEVICE_REQUEST:
    case IGRS_SEARCH_SERVICE_REQUEST:
        on_search(discovery, air_message);
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
    default: /* groups: not yet */
        break;
    }
}

/* -- Life -------------------------------------------------------------------------------------- */

static void
on_change_settled(gpointer data)
{
    IgrsDiscovery *discovery = data;

    discovery->change_timer = 0;
    igrs_air_join(discovery->air);
    advertise(discovery, true);
    igrs_discovery_search(discovery);
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
    discovery->letters = g_ptr_array_new_with_free_func(letter_free);
    discovery->served = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    discovery->answers = g_hash_table_new_full(NULL, NULL, answer_free, NULL);
    discovery->air = igrs_air_new(interfaces, presence->port, on_heard, discovery, error);
    if (discovery->air == NULL)
        return NULL;
    discovery->interfaces_observer =
        observers_add(net_interfaces_observers(interfaces), on_interfaces_changed, discovery);
    on_again_due(discovery);
    igrs_discovery_search(discovery);
    return g_steal_pointer(&discovery);
}

void
igrs_discovery_free(IgrsDiscovery *discovery)
{
    if (discovery == NULL)
        return;
    observers_remove(net_interfaces_observers(discovery->interfaces),
                     discovery->interfaces_observer);
    clock_cancel(discovery->clock, &discovery->copy_timer);
    clock_cancel(discovery->clock, &discovery->again_timer);
    clock_cancel(discovery->clock, &discovery->change_timer);
    clock_cancel(discovery->clock, &discovery->search_timer);
    g_hash_table_unref(discovery->answers);
    g_hash_table_unref(discovery->served);
    g_ptr_array_unref(discovery->letters);
    igrs_air_free(discovery->air);
    g_free(discovery);
}

void
igrs_discovery_leave(IgrsDiscovery *discovery)
{
    discovery->is_leaving = true;
    clock_cancel(discovery->clock, &discovery->again_timer);
    clock_cancel(discovery->clock, &discovery->change_timer);
    clock_cancel(discovery->clock, &discovery->search_timer);
    g_hash_table_remove_all(discovery->answers);
    advertise(discovery, false);
}
