/* node-groups.c -- how a node speaks of groups: on the air, with masters, to its folder
 *
 * Clauses 9.5 and 9.8. groups.c decides; here its words become messages, messages its events, and
 * its memberships a file. */
#include "igrs/node-groups.h"

#include "base/error.h"

/* -- Words ------------------------------------------------------------------------------------- */

static void
fill_entry(IgrsGroupEntry *entry, const IgrsGroup *group)
{
    entry->master_id = g_strdup(group->master_id);
    for (guint i = 0; i < group->members->len; i++)
        g_ptr_array_add(entry->members, g_strdup(g_ptr_array_index(group->members, i)));
}

static void
say_to_all(IgrsNode *node, const IgrsGroup *group, IgrsMessageType type)
{
    IgrsMessage *message = igrs_message_new(type);

    if (igrs_message_role(type) == IGRS_ADVERTISEMENT &&
        type != IGRS_QUIT_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT) {
        fill_entry(igrs_message_add_group(message, group->id, group->name, group->use), group);
    } else {
        message->group_id = g_strdup(group->id);
        message->group_name = g_strdup(group->name);
    }
    igrs_discovery_say(node->discovery, group->id, message);
}

typedef struct {
    IgrsNode *node; /* borrowed: its client answers before it goes */
    char *group_id;
} Request;

/* The ReturnCode that a client's error stood for; 0: nobody answered. */
static uint32_t
code_of(const IgrsMessage *reply, const GError *error)
{
    static const uint32_t codes[DUO_ERROR_N] = {
        [DUO_ERROR_NOT_FOUND] = IGRS_NOT_FOUND,
        [DUO_ERROR_DENIED] = IGRS_DENIED,
        [DUO_ERROR_CONFLICT] = IGRS_CONFLICT,
        [DUO_ERROR_BUSY] = IGRS_TOO_MANY,
        [DUO_ERROR_UNSUPPORTED] = IGRS_NOT_FOUND,
    };

    if (error == NULL)
        return reply->return_code;
    return error->domain == DUO_ERROR ? codes[error->code] : 0;
}

static void
on_join_answered(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    g_autofree Request *request = user_data;
    g_autofree char *id = request->group_id;

    igrs_groups_answered(request->node->groups, id, code_of(reply, error));
}

static void
on_told(const IgrsMessage *reply G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
        gpointer user_data G_GNUC_UNUSED)
{
}

static void
speak_to_master(IgrsNode *node, const IgrsGroup *group, IgrsGroupWord word)
{
    bool is_join = word == IGRS_GROUP_ASK_JOIN;
    IgrsMessage *message =
        igrs_message_new(is_join ? IGRS_JOIN_CENTRALISED_DEVICE_GROUP_REQUEST
                                 : IGRS_QUIT_CENTRALISED_DEVICE_GROUP_NOTIFY);
    Request *request = is_join ? g_new(Request, 1) : NULL;

    message->group_id = g_strdup(group->id);
    message->group_name = g_strdup(group->name);
    if (is_join)
        *request = (Request){ node, g_strdup(group->id) };
    igrs_client_send(node->group_client, group->master_id, message, NULL,
                     is_join ? on_join_answered : on_told, request);
}

/* Anything that the master says shows that it is there, also that it knows no pipe to us. */
static void
on_probed(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    g_autofree Request *request = user_data;
    g_autofree char *id = request->group_id;

    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        igrs_groups_probed(request->node->groups, id,
                           reply != NULL ||
                               !(g_error_matches(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE) ||
                                 g_error_matches(error, DUO_ERROR, DUO_ERROR_TIMEOUT)));
}

/* One that we have not met since we started is not missed yet. */
static void
probe_master(IgrsNode *node, const IgrsGroup *group)
{
    const char *location = igrs_node_peer_location(node, group->master_id);
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_DEVICE_ONLINE_DETECTION_REQUEST);

    if (location == NULL) {
        igrs_groups_probed(node->groups, group->id, true);
        return;
    }
    Request *request = g_new(Request, 1);
    *request = (Request){ node, g_strdup(group->id) };
    message->target_id = g_strdup(group->master_id);
    igrs_courier_send(node->courier, location, message, IGRS_GROUP_PROBE_WAIT_MS, NULL, on_probed,
                      request);
}

static void
say(const IgrsGroup *group, IgrsGroupWord word, gpointer user_data)
{
    IgrsNode *node = user_data;

    switch (word) {
    case IGRS_GROUP_SAY_ALIVE:
        say_to_all(node, group,
                   group->is_centralised ? IGRS_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT
                                         : IGRS_PEER_DEVICE_GROUP_ADVERTISEMENT);
        break;
    case IGRS_GROUP_SAY_QUIT:
        say_to_all(node, group, IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY);
        break;
    case IGRS_GROUP_SAY_DISSOLVE:
        say_to_all(node, group, IGRS_QUIT_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT);
        break;
    case IGRS_GROUP_ASK_JOIN:
    case IGRS_GROUP_TELL_QUIT:
        speak_to_master(node, group, word);
        break;
    case IGRS_GROUP_SEARCH:
        igrs_discovery_search(node->discovery);
        break;
    case IGRS_GROUP_PROBE:
        probe_master(node, group);
        break;
    }
}

/* -- What others say --------------------------------------------------------------------------- */

void
igrs_node_group_heard(const IgrsMessage *message, const char *address, uint32_t life_s,
                      gpointer user_data)
{
    IgrsNode *node = user_data;

    if (!igrs_devices_is_at(node->devices, message->source_id, address)) {
        g_debug("%s speaks of groups from %s, where it is not", message->source_id, address);
        return;
    }
    for (guint i = 0; i < message->groups->len; i++)
        igrs_groups_heard(node->groups, message->source_id, g_ptr_array_index(message->groups, i),
                          life_s);
    if (message->type == IGRS_QUIT_PEER_DEVICE_GROUP_NOTIFY)
        igrs_groups_quit(node->groups, message->group_id, message->source_id);
    else if (message->type == IGRS_QUIT_CENTRALISED_DEVICE_GROUP_ADVERTISEMENT)
        igrs_groups_dissolved(node->groups, message->group_id, message->source_id);
}

static void
entry_free(gpointer data)
{
    IgrsGroupEntry *entry = data;

    g_ptr_array_unref(entry->members);
    g_free(entry->id);
    g_free(entry->name);
    g_free(entry->type);
    g_free(entry->master_id);
    g_free(entry);
}

GPtrArray *
igrs_node_group_entries(const char *target, gpointer user_data)
{
    IgrsNode *node = user_data;
    g_autoptr(GPtrArray) groups = igrs_groups_list(node->groups);
    GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
    bool is_all = g_ascii_strcasecmp(target, ISDP_ALL) == 0;

    for (guint i = 0; i < groups->len; i++) {
        const IgrsGroup *group = g_ptr_array_index(groups, i);
        if (!igrs_groups_speaks_for(node->groups, group) ||
            (!is_all && g_ascii_strcasecmp(target, group->id) != 0))
            continue;
        IgrsGroupEntry *entry = igrs_group_entry_new();
        entry->id = g_strdup(group->id);
        entry->name = g_strdup(group->name);
        entry->type = g_strdup(group->use);
        fill_entry(entry, group);
        g_ptr_array_add(entries, entry);
    }
    return entries;
}

void
igrs_groups_on_join(IgrsIncoming *incoming)
{
    const IgrsMessage *request = incoming->request;
    uint32_t code =
        igrs_groups_asked(incoming->node->groups, request->group_id, request->source_id);
    IgrsMessage *reply = igrs_message_new_reply(request, code);

    reply->group_id = g_strdup(request->group_id);
    reply->group_name = g_strdup(request->group_name);
    igrs_incoming_reply(incoming, reply);
}

void
igrs_groups_on_quit(IgrsIncoming *incoming)
{
    igrs_groups_quit(incoming->node->groups, incoming->request->group_id,
                     incoming->request->source_id);
}

/* -- The file ---------------------------------------------------------------------------------- */

static void
keep(gpointer user_data)
{
    IgrsNode *node = user_data;
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    if (node->groups_path == NULL)
        return;
    text = igrs_groups_save(node->groups);
    if (g_strcmp0(text, node->groups_kept) == 0)
        return;
    if (!g_file_set_contents_full(node->groups_path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                  0600, &error))
        g_warning("the groups are not kept: %s", error->message);
    g_free(node->groups_kept);
    node->groups_kept = g_steal_pointer(&text);
}

void
igrs_node_restore_groups(IgrsNode *node)
{
    g_autofree char *text = NULL;

    node->group_client = igrs_client_new(node);
    if (node->groups_path != NULL && g_file_get_contents(node->groups_path, &text, NULL, NULL))
        igrs_groups_restore(node->groups, text);
}

const IgrsGroupHooks igrs_node_group_hooks = { say, keep };

/* -- Counter: see device-groups.h -------------------------------------------------------------- */

GPtrArray *
igrs_node_groups(IgrsNode *node)
{
    return igrs_groups_list(node->groups);
}

const IgrsGroup *
igrs_node_find_group(IgrsNode *node, const char *id)
{
    return igrs_groups_find(node->groups, id);
}

Observers *
igrs_node_group_observers(IgrsNode *node)
{
    return igrs_groups_observers(node->groups);
}

const IgrsGroup *
igrs_node_create_group(IgrsNode *node, const char *name, const char *use, bool is_centralised,
                       GError **error)
{
    return igrs_groups_create(node->groups, name, use, is_centralised, error);
}

void
igrs_node_join_group(IgrsNode *node, const char *id, IgrsGroupJoined joined, gpointer user_data)
{
    igrs_groups_join(node->groups, id, joined, user_data);
}

bool
igrs_node_leave_group(IgrsNode *node, const char *id, GError **error)
{
    return igrs_groups_leave(node->groups, id, error);
}

bool
igrs_node_admit_to_group(IgrsNode *node, const char *id, bool is_admitted)
{
    return igrs_groups_admit(node->groups, id, is_admitted);
}
