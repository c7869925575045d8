/* discovery-say.c -- what we say on the air of ourselves: advertisements and searches
 *
 * Three copies of an advertisement, and alive again at a random point of the first half of its life
 * (PROFILE section 3); a search goes once, and is asked again. Each goes every way there is: IPv4,
 * and IPv6 where the interface has it. */
#include "igrs/discovery-room.h"

#define COPIES 3
#define COPY_MS 100
#define SEARCH_MX 1

/* A search is asked again, since datagrams get lost: so long after the one before. Where every fifth
 * is lost, five within five seconds leave one device in three thousand unheard; the late ones are for
 * it, and for who did not come to describe itself: the next news of it may be a quarter of an hour
 * away. */
static const int64_t search_again_ms[] = { 0, 1000, 1000, 1000, 2000, 4000, 20000 };

/* One datagram, as it is said on one interface one way. */
typedef struct {
    GBytes *bytes;
    IgrsAirWay way;
    unsigned interface_index;
} Letter;

typedef struct {
    IgrsDiscovery *discovery; /* borrowed: the owner */
    GPtrArray *letters;       /* Letter */
    unsigned copies_left;
    guint timer;
} Batch;

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    g_bytes_unref(letter->bytes);
    g_free(letter);
}

static void
batch_free(gpointer data)
{
    Batch *batch = data;

    clock_cancel(batch->discovery->clock, &batch->timer);
    g_ptr_array_unref(batch->letters);
    g_free(batch);
}

/* -- Letters ----------------------------------------------------------------------------------- */

static IgrsMessage *
message_new(IgrsDiscovery *discovery, IgrsMessageType type)
{
    IgrsMessage *message = igrs_message_new(type);

    message->source_id = g_strdup(discovery->presence->device_id);
    message->sequence_id = discovery->hooks->sequence(discovery->user_data);
    return message;
}

static bool
is_spoken(const IgrsDiscovery *discovery, IgrsAirWay way)
{
    if (way == IGRS_AIR_IANA)
        return discovery->presence->repeats_iana;
    return way != IGRS_AIR_SSDP || discovery->presence->repeats_ssdp;
}

/* One letter for each way on that interface, with the LOCATION we have there. The number is the
 * same on all ways: whoever hears several takes the first. */
static void
write_letters(GPtrArray *letters, IgrsDiscovery *discovery, const Isdp *isdp,
              const NetInterface *interface)
{
    for (IgrsAirWay way = 0; way < IGRS_AIR_WAY_N; way++) {
        g_autofree char *location =
            igrs_discovery_location_on(discovery, interface, igrs_air_family(way));
        Isdp letter_isdp = *isdp;
        if (location == NULL || !is_spoken(discovery, way))
            continue;
        letter_isdp.server = (char *)discovery->presence->server; /* lent, as is all of it */
        if (isdp->kind == ISDP_NOTIFY && isdp->is_alive)
            letter_isdp.location = location;
        Letter *letter = g_new(Letter, 1);
        *letter = (Letter){ isdp_encode(&letter_isdp, igrs_air_host(discovery->air, way)), way,
                            interface->index };
        g_ptr_array_add(letters, letter);
    }
}

static void
say_letters(const IgrsDiscovery *discovery, const GPtrArray *letters)
{
    for (guint i = 0; i < letters->len; i++) {
        const Letter *letter = g_ptr_array_index(letters, i);
        igrs_air_say(discovery->air, letter->way, letter->bytes, letter->interface_index);
    }
}

/* The first copies go at once: a byebye may be the last thing this program does. */
static void
on_copy_due(gpointer data)
{
    Batch *batch = data;

    batch->timer = 0;
    say_letters(batch->discovery, batch->letters);
    if (--batch->copies_left > 0)
        batch->timer = clock_after(batch->discovery->clock, COPY_MS, on_copy_due, batch);
}

/* Takes letters over. */
static void
send_batch(IgrsDiscovery *discovery, const char *subject, GPtrArray *letters)
{
    Batch *batch = g_new0(Batch, 1);

    *batch = (Batch){ .discovery = discovery, .letters = letters, .copies_left = COPIES };
    g_hash_table_insert(discovery->batches, g_strdup(subject), batch);
    on_copy_due(batch);
}

void
igrs_discovery_say_of(IgrsDiscovery *discovery, const char *subject, IgrsMessage *message)
{
    const GPtrArray *list = net_interfaces_list(discovery->interfaces);
    GPtrArray *letters = g_ptr_array_new_with_free_func(letter_free);
    g_autoptr(Isdp) isdp = NULL;

    message->source_id = g_strdup(discovery->presence->device_id);
    message->sequence_id = discovery->hooks->sequence(discovery->user_data);
    isdp = isdp_new(message);
    for (guint i = 0; i < list->len; i++)
        write_letters(letters, discovery, isdp, g_ptr_array_index(list, i));
    send_batch(discovery, subject, letters);
}

/* -- Ourselves --------------------------------------------------------------------------------- */

/* Takes message over. */
static void
add_letters(GPtrArray *letters, IgrsDiscovery *discovery, const NetInterface *interface,
            IgrsMessage *message)
{
    g_autoptr(Isdp) isdp = isdp_new(message);

    write_letters(letters, discovery, isdp, interface);
}

static void
introduce(GPtrArray *letters, IgrsDiscovery *discovery, const NetInterface *interface,
          bool is_alive)
{
    const IgrsPresence *presence = discovery->presence;

    for (guint i = 0; i < presence->types->len; i++) {
        IgrsMessage *message = message_new(discovery, is_alive ? IGRS_DEVICE_ONLINE_ADVERTISEMENT
                                                               : IGRS_DEVICE_OFFLINE_ADVERTISEMENT);
        message->device_type = g_strdup(g_ptr_array_index(presence->types, i));
        message->device_name = g_strdup(presence->name);
        message->device_security_ids = g_strdup(presence->security_ids);
        add_letters(letters, discovery, interface, message);
    }
    for (guint i = 0; i < presence->services->len; i++) {
        const IgrsServiceEntry *service = g_ptr_array_index(presence->services, i);
        IgrsMessage *message =
            message_new(discovery, is_alive ? IGRS_SERVICE_ONLINE_ADVERTISEMENT
                                            : IGRS_SERVICE_OFFLINE_ADVERTISEMENT);
        message->service_id = service->id;
        message->service_type = g_strdup(service->type);
        message->service_name = g_strdup(service->name);
        add_letters(letters, discovery, interface, message);
    }
}

void
igrs_discovery_advertise(IgrsDiscovery *discovery, bool is_alive)
{
    const GPtrArray *list = net_interfaces_list(discovery->interfaces);
    GPtrArray *letters = g_ptr_array_new_with_free_func(letter_free);

    for (guint i = 0; i < list->len; i++)
        introduce(letters, discovery, g_ptr_array_index(list, i), is_alive);
    send_batch(discovery, "", letters);
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

/* For devices, and for groups. */
static void
on_search_due(gpointer data)
{
    static const IgrsMessageType questions[] = { IGRS_SEARCH_DEVICE_REQUEST,
                                                 IGRS_SEARCH_DEVICE_GROUP_REQUEST };
    IgrsDiscovery *discovery = data;
    const GPtrArray *list = net_interfaces_list(discovery->interfaces);
    g_autoptr(GPtrArray) letters = g_ptr_array_new_with_free_func(letter_free);

    discovery->search_timer = 0;
    for (guint i = 0; i < list->len; i++)
        for (guint q = 0; q < G_N_ELEMENTS(questions); q++) {
            g_autoptr(Isdp) isdp = isdp_new(message_new(discovery, questions[q]));
            isdp->mx = SEARCH_MX;
            write_letters(letters, discovery, isdp, g_ptr_array_index(list, i));
        }
    say_letters(discovery, letters);
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
igrs_discovery_init_batches(IgrsDiscovery *discovery)
{
    discovery->batches = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, batch_free);
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
    g_hash_table_remove_all(discovery->batches);
    clock_cancel(discovery->clock, &discovery->again_timer);
    clock_cancel(discovery->clock, &discovery->search_timer);
}
