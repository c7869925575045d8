/* groups-heard.c -- what others say of groups, and what we make of it in each role */
#include "igrs/groups-room.h"

#include "base/error.h"

#include <string.h>

#define USE_MAX 64 /* octets */

static int64_t
now_ms(const Group *group)
{
    return clock_now_ms(group->groups->clock);
}

static bool
is_lower(const char *a, const char *b)
{
    return g_ascii_strcasecmp(a, b) < 0;
}

/* -- Peer groups ------------------------------------------------------------------------------- */

/* Members that nobody heard of for a life are gone; empty groups of others vanish. */
void
igrs_group_drop_silent(Group *group)
{
    GHashTableIter iter;
    gpointer key, until;
    g_autoptr(GPtrArray) silent = g_ptr_array_new_with_free_func(g_free);

    g_hash_table_iter_init(&iter, group->heard);
    while (g_hash_table_iter_next(&iter, &key, &until))
        if (*(int64_t *)until <= now_ms(group))
            g_ptr_array_add(silent, g_strdup(key));
    for (guint i = 0; i < silent->len; i++)
        igrs_group_remove_member(group, g_ptr_array_index(silent, i));
}

/* A member counts because it spoke itself; what it says of others does not. */
static void
hear_peer(Group *group, const char *sender, const IgrsGroupEntry *entry G_GNUC_UNUSED,
          int64_t life_ms)
{
    guint before = group->face.members->len;
    bool is_new = igrs_group_add_member(group, sender);
    int64_t until_ms = now_ms(group) + life_ms;

    if (igrs_group_has_member(group, sender))
        g_hash_table_insert(group->heard, g_strdup(sender),
                            g_memdup2(&until_ms, sizeof until_ms));
    igrs_group_drop_silent(group);
    if (group->role == ROLE_OUTSIDE)
        igrs_group_live_for(group, life_ms);
    if (is_new || group->face.members->len != before)
        igrs_group_changed(group);
}

/* -- Centralised groups ------------------------------------------------------------------------ */

/* The list as its master says it. Returns true when it is another than before. */
static bool
take_list(Group *group, const char *master, const IgrsGroupEntry *entry)
{
    g_autoptr(GPtrArray) before = g_steal_pointer(&group->face.members);
    bool is_new_master = group->face.master_id == NULL ||
                         !igrs_device_id_equal(group->face.master_id, master);

    group->face.members = g_ptr_array_new_with_free_func(g_free);
    igrs_group_set_master(group, master);
    igrs_group_add_member(group, master);
    for (guint i = 0; i < entry->members->len; i++)
        if (igrs_device_id_uuid(g_ptr_array_index(entry->members, i)) != NULL)
            igrs_group_add_member(group, g_ptr_array_index(entry->members, i));
    if (is_new_master || before->len != group->face.members->len)
        return true;
    for (guint i = 0; i < before->len; i++)
        if (!igrs_group_has_member(group, g_ptr_array_index(before, i)))
            return true;
    return false;
}

/* Its master speaks; a slave that it does not count asks to be let in again. */
static void
follow(Group *group, const char *master, const IgrsGroupEntry *entry, int64_t life_ms)
{
    bool is_slave = group->role == ROLE_SLAVE;
    bool is_changed = take_list(group, master, entry);

    igrs_group_live_for(group, life_ms);
    clock_cancel(group->groups->clock, &group->take_timer);
    if (is_slave)
        igrs_group_watch_master(group);
    if (is_slave && !igrs_group_has_member(group, group->groups->device_id)) {
        igrs_group_add_member(group, group->groups->device_id);
        if (!group->is_asking) {
            group->is_asking = true;
            igrs_group_say(group, IGRS_GROUP_ASK_JOIN);
        }
    }
    if (is_changed)
        igrs_group_changed(group);
}

/* A member, or the master from before we were parted. */
static bool
is_of_group(const Group *group, const char *device_id)
{
    return igrs_group_has_member(group, device_id) ||
           (group->former != NULL && igrs_device_id_equal(group->former, device_id));
}

/* Our master is gone, or does not answer. */
static bool
is_missed(const Group *group)
{
    return group->take_timer != 0 || group->misses > 0;
}

/* We follow the master we know; another one when ours is missed and it is of the group, or when two
 * took over at once: then the lower one stays. Who looks on from outside cannot ask, and believes
 * whoever of the group spoke last. */
static bool
is_to_follow(const Group *group, const char *sender)
{
    const char *master = group->face.master_id;

    if (master == NULL || igrs_device_id_equal(master, sender))
        return true;
    return is_of_group(group, sender) &&
           (is_missed(group) || group->role == ROLE_OUTSIDE || is_lower(sender, master));
}

/* One that noticed sooner than we did took over, though it is our turn. */
static bool
is_our_turn(const Group *group, const char *sender)
{
    return group->role == ROLE_SLAVE && is_missed(group) &&
           !igrs_device_id_equal(group->face.master_id, sender) &&
           is_lower(group->groups->device_id, sender);
}

static void
hear_master(Group *group, const char *sender, const IgrsGroupEntry *entry, int64_t life_ms)
{
    if (!is_to_follow(group, sender))
        return;
    if (!is_our_turn(group, sender))
        follow(group, sender, entry, life_ms);
    else if (group->take_timer == 0)
        igrs_group_take_over_later(group, 0);
}

/* Somebody else of our group calls itself its master. */
static void
hear_rival(Group *group, const char *sender, const IgrsGroupEntry *entry, int64_t life_ms)
{
    if (!is_of_group(group, sender))
        return;
    if (group->role == ROLE_MASTER && !is_lower(sender, group->groups->device_id)) {
        igrs_group_say_alive(group);
        return;
    }
    igrs_group_become(group, ROLE_SLAVE);
    follow(group, sender, entry, life_ms);
}

static void (*const hear[ROLE_N])(Group *group, const char *sender, const IgrsGroupEntry *entry,
                                  int64_t life_ms) = {
    [ROLE_PEER] = hear_peer,      [ROLE_OUTSIDE] = hear_master, [ROLE_SLAVE] = hear_master,
    [ROLE_JOINING] = hear_master, [ROLE_MASTER] = hear_rival,   [ROLE_RETURNING] = hear_rival,
};

/* -- Advertisements ---------------------------------------------------------------------------- */

static bool
is_fit(const char *sender, const IgrsGroupEntry *entry)
{
    size_t length = strlen(IGRS_URN_GROUP_ID);

    return g_ascii_strncasecmp(entry->id, IGRS_URN_GROUP_ID, length) == 0 &&
           g_uuid_string_is_valid(entry->id + length) && entry->name != NULL &&
           *entry->name != '\0' && strlen(entry->name) <= IGRS_GROUP_NAME_MAX &&
           (entry->type == NULL || strlen(entry->type) <= USE_MAX) &&
           (entry->master_id == NULL || igrs_device_id_equal(entry->master_id, sender));
}

static bool
has_room(const IgrsGroups *groups, const char *sender)
{
    GHashTableIter iter;
    gpointer value;
    guint of_sender = 0;

    g_hash_table_iter_init(&iter, groups->table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        of_sender += g_strcmp0(((Group *)value)->sender, sender) == 0;
    return of_sender < IGRS_GROUPS_OF_SENDER_MAX &&
           g_hash_table_size(groups->table) < IGRS_GROUPS_MAX;
}

void
igrs_groups_heard(IgrsGroups *groups, const char *sender, const IgrsGroupEntry *entry,
                  uint32_t life_s)
{
    bool is_centralised = entry->master_id != NULL;
    int64_t life_ms = (int64_t)MIN(life_s, 24 * 3600) * 1000;
    bool is_new = false;
    Group *group;

    if (!is_fit(sender, entry))
        return;
    group = igrs_group_find(groups, entry->id);
    if (group == NULL && has_room(groups, sender)) {
        is_new = true;
        group = igrs_group_new(groups, entry->id, entry->name,
                               entry->type != NULL ? entry->type : IGRS_USE_PLAIN, is_centralised,
                               sender);
        igrs_group_tell(group, IGRS_GROUP_FOUND);
    }
    if (group == NULL || group->face.is_centralised != is_centralised)
        return;
    if (!is_centralised)
        hear_peer(group, sender, entry, life_ms);
    else if (is_new)
        follow(group, sender, entry, life_ms);
    else
        hear[group->role](group, sender, entry, life_ms);
}

/* -- Joining and leaving ----------------------------------------------------------------------- */

uint32_t
igrs_groups_asked(IgrsGroups *groups, const char *id, const char *device_id)
{
    Group *group = igrs_group_find(groups, id);

    if (group == NULL || group->role != ROLE_MASTER)
        return IGRS_NOT_FOUND;
    if (igrs_group_has_member(group, device_id))
        return IGRS_CONFLICT;
    if (group->is_closed)
        return IGRS_DENIED;
    if (!igrs_group_add_member(group, device_id))
        return IGRS_TOO_MANY;
    igrs_group_say_alive(group);
    igrs_group_changed(group);
    return IGRS_OK;
}

static const struct {
    uint32_t code;
    DuoError error;
    const char *words;
} answers[] = {
    { IGRS_NOT_FOUND, DUO_ERROR_NOT_FOUND, "its master knows no such group" },
    { IGRS_DENIED, DUO_ERROR_DENIED, "its master lets nobody in" },
    { IGRS_UNAUTHORISED, DUO_ERROR_DENIED, "its master asks for pairing" },
    { IGRS_TOO_MANY, DUO_ERROR_BUSY, "it is full" },
};

static GError *
refusal(const Group *group, uint32_t code)
{
    for (guint i = 0; i < G_N_ELEMENTS(answers); i++)
        if (answers[i].code == code)
            return g_error_new(DUO_ERROR, answers[i].error, "%s: %s", group->face.name,
                               answers[i].words);
    return g_error_new(DUO_ERROR, DUO_ERROR_UNAVAILABLE, "%s: its master does not answer",
                       group->face.name);
}

/* A slave that asked to be let in again stays one while its master cannot be reached. */
void
igrs_groups_answered(IgrsGroups *groups, const char *id, uint32_t return_code)
{
    Group *group = igrs_group_find(groups, id);

    if (group == NULL || !group->is_asking)
        return;
    group->is_asking = false;
    if (return_code == IGRS_OK || return_code == IGRS_CONFLICT) {
        igrs_group_become(group, ROLE_SLAVE);
        igrs_group_add_member(group, groups->device_id);
        igrs_group_changed(group);
        igrs_group_answer_joiners(group, NULL);
    } else if (group->role == ROLE_JOINING || return_code != 0) {
        g_autoptr(GError) error = refusal(group, return_code);
        igrs_group_remove_member(group, groups->device_id);
        igrs_group_become(group, ROLE_OUTSIDE);
        igrs_group_changed(group);
        igrs_group_answer_joiners(group, error);
    }
}

void
igrs_groups_quit(IgrsGroups *groups, const char *id, const char *device_id)
{
    Group *group = igrs_group_find(groups, id);

    if (group == NULL || (group->face.is_centralised && group->role != ROLE_MASTER) ||
        igrs_device_id_equal(device_id, groups->device_id) ||
        !igrs_group_remove_member(group, device_id))
        return;
    if (group->face.members->len == 0) {
        igrs_group_lose(group);
        return;
    }
    if (group->role == ROLE_MASTER)
        igrs_group_say_alive(group);
    igrs_group_changed(group);
}

void
igrs_groups_dissolved(IgrsGroups *groups, const char *id, const char *device_id)
{
    Group *group = igrs_group_find(groups, id);

    if (group != NULL && group->role != ROLE_MASTER && group->face.master_id != NULL &&
        igrs_device_id_equal(group->face.master_id, device_id))
        igrs_group_lose(group);
}

/* It is asked no more until it, or another master, is heard. */
void
igrs_groups_probed(IgrsGroups *groups, const char *id, bool is_there)
{
    Group *group = igrs_group_find(groups, id);

    if (group == NULL)
        return;
    group->is_probing = false;
    if (group->role != ROLE_SLAVE || group->probe_timer == 0)
        return;
    group->misses = is_there ? 0 : group->misses + 1;
    if (group->misses < IGRS_GROUP_MISSES_MAX)
        return;
    clock_cancel(groups->clock, &group->probe_timer);
    if (group->take_timer == 0)
        igrs_group_take_over_later(group, 0);
}

/* -- A device is offline ----------------------------------------------------------------------- */

static void
master_gone(Group *group)
{
    g_autoptr(GError) error = refusal(group, 0);

    if (group->role == ROLE_SLAVE) {
        igrs_group_take_over_later(group, 0);
        return;
    }
    if (group->role == ROLE_JOINING)
        igrs_group_become(group, ROLE_OUTSIDE);
    group->is_asking = false;
    igrs_group_remove_member(group, group->face.master_id);
    igrs_group_set_master(group, NULL);
    igrs_group_live_for(group, IGRS_GROUP_ORPHAN_MS);
    igrs_group_changed(group);
    igrs_group_answer_joiners(group, error);
}

void
igrs_groups_device_gone(IgrsGroups *groups, const char *device_id)
{
    g_autoptr(GPtrArray) ids = igrs_group_ids(groups); /* whoever is told may make some go */

    for (guint i = 0; i < ids->len; i++) {
        Group *group = igrs_group_find(groups, g_ptr_array_index(ids, i));
        if (group == NULL)
            continue;
        if (group->role == ROLE_SLAVE && group->take_timer != 0)
            igrs_group_remove_member(group, device_id); /* no master keeps the list now */
        else if (group->face.master_id == NULL ||
                 !igrs_device_id_equal(group->face.master_id, device_id))
            igrs_groups_quit(groups, group->face.id, device_id);
        else if (group->role != ROLE_MASTER && group->role != ROLE_RETURNING)
            master_gone(group);
    }
}
