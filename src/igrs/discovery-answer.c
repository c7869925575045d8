/* discovery-answer.c -- searches of others, answered when our turn in the spread has come
 *
 * Bounded by address and in all; an answer is spread over the searcher's MX (PROFILE section 3). */
#include "igrs/discovery-room.h"

typedef struct {
    IgrsDiscovery *discovery; /* borrowed: the owner */
    GBytes *bytes;
    GSocketAddress *to;
    unsigned interface_index;
    guint timer;
} Answer;

static void
answer_free(gpointer data)
{
    Answer *answer = data;

    clock_cancel(answer->discovery->clock, &answer->timer);
    g_bytes_unref(answer->bytes);
    g_object_unref(answer->to);
    g_free(answer);
}

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
add_service(IgrsMessage *reply, const char *device_id, const IgrsServiceEntry *service)
{
    IgrsServiceEntry *entry = igrs_message_add_service(reply, device_id, service->id,
                                                       service->type, service->name);

    for (guint i = 0; i < service->security_ids->len; i++)
        g_ptr_array_add(entry->security_ids, g_strdup(g_ptr_array_index(service->security_ids, i)));
}

static void
add_services(IgrsMessage *reply, const IgrsPresence *presence, const char *target)
{
    bool is_all = matches_device(presence, target) || matching_type(presence, target) != NULL;

    for (guint i = 0; i < presence->services->len; i++) {
        const IgrsServiceEntry *service = g_ptr_array_index(presence->services, i);
        if (is_all || igrs_type_matches(target, service->type))
            add_service(reply, presence->device_id, service);
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

static IgrsMessage *
reply_new(const IgrsDiscovery *discovery, const IgrsAirMessage *search)
{
    IgrsMessage *reply = igrs_message_new_reply(search->isdp->message, IGRS_OK);

    g_free(reply->source_id);
    reply->source_id = g_strdup(discovery->presence->device_id);
    return reply;
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
    isdp->usn = matches_device(discovery->presence, target)
                    ? g_strdup(discovery->presence->device_id)
                    : g_strconcat(discovery->presence->device_id, "::", target, NULL);
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

/* One answer a group: several of them might not fit into a datagram. */
static void
answer_groups(IgrsDiscovery *discovery, const IgrsAirMessage *search, const GPtrArray *groups,
              const char *location)
{
    for (guint i = 0; i < groups->len && may_serve(discovery, search->address); i++) {
        const IgrsGroupEntry *group = g_ptr_array_index(groups, i);
        IgrsMessage *reply = reply_new(discovery, search);
        IgrsGroupEntry *entry =
            igrs_message_add_group(reply, group->id, group->name, group->type);
        entry->master_id = g_strdup(group->master_id);
        for (guint m = 0; m < group->members->len; m++)
            g_ptr_array_add(entry->members, g_strdup(g_ptr_array_index(group->members, m)));
        answer_later(discovery, search, reply, location);
    }
}

void
igrs_discovery_on_search(IgrsDiscovery *discovery, const IgrsAirMessage *search)
{
    const IgrsMessage *request = search->isdp->message;
    const char *target = search->isdp->target != NULL ? search->isdp->target : ISDP_ALL;
    GSocketFamily family = g_inet_address_get_family(search->address);
    g_autofree char *location = igrs_discovery_location_on(discovery, search->interface, family);

    if (search->isdp->mx == 0 || location == NULL || discovery->is_leaving)
        return;
    bool means_us = matches_device(discovery->presence, target) ||
                    matching_type(discovery->presence, target) != NULL ||
                    matching_service(discovery->presence, target) != NULL;
    g_autoptr(GPtrArray) groups =
        discovery->hooks->groups(means_us ? ISDP_ALL : target, discovery->user_data);
    if (request->type == IGRS_SEARCH_DEVICE_GROUP_REQUEST) {
        answer_groups(discovery, search, groups, location);
        return;
    }
    if (!means_us && groups->len > 0) /* a group of ours: it means us as well */
        target = ISDP_ALL;
    g_autoptr(IgrsMessage) reply = reply_new(discovery, search);
    if (request->type == IGRS_SEARCH_DEVICE_REQUEST)
        add_devices(reply, discovery->presence, target, location);
    else
        add_services(reply, discovery->presence, target);
    if ((reply->devices->len > 0 || reply->services->len > 0) &&
        may_serve(discovery, search->address))
        answer_later(discovery, search, g_steal_pointer(&reply), location);
}

void
igrs_discovery_init_answers(IgrsDiscovery *discovery)
{
    discovery->served = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    discovery->answers = g_hash_table_new_full(NULL, NULL, answer_free, NULL);
}
