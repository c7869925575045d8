/* groups-own.c -- what we do of ourselves: make, join, leave, let in */
#include "igrs/groups-room.h"

#include "base/error.h"

#include <string.h>

static guint
count_ours(const IgrsGroups *groups)
{
    GHashTableIter iter;
    gpointer value;
    guint count = 0;

    g_hash_table_iter_init(&iter, groups->table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        count += ((Group *)value)->role != ROLE_OUTSIDE;
    return count;
}

static bool
check_room(const IgrsGroups *groups, GError **error)
{
    if (count_ours(groups) < IGRS_GROUPS_OURS_MAX)
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "a device is in at most %d groups",
                IGRS_GROUPS_OURS_MAX);
    return false;
}

static bool
check_wish(const char *name, const char *use, GError **error)
{
    static const char *const uses[] = { IGRS_USE_PLAIN, IGRS_USE_AV_MULTICAST,
                                        IGRS_USE_CONTENT_INDEX, NULL };

    if (*name == '\0' || strlen(name) > IGRS_GROUP_NAME_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "a group's name has 1 to %d octets",
                    IGRS_GROUP_NAME_MAX);
        return false;
    }
    if (!g_strv_contains(uses, use)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "a group is for " IGRS_USE_PLAIN ", " IGRS_USE_AV_MULTICAST
                    " or " IGRS_USE_CONTENT_INDEX ", not for %s", use);
        return false;
    }
    return true;
}

const IgrsGroup *
igrs_groups_create(IgrsGroups *groups, const char *name, const char *use, bool is_centralised,
                   GError **error)
{
    g_autofree char *uuid = g_uuid_string_random();
    g_autofree char *id = g_strconcat(IGRS_URN_GROUP_ID, uuid, NULL);

    if (!check_wish(name, use, error) || !check_room(groups, error))
        return NULL;
    Group *group = igrs_group_new(groups, id, name, use, is_centralised, NULL);
    igrs_group_add_member(group, groups->device_id);
    if (is_centralised)
        igrs_group_set_master(group, groups->device_id);
    igrs_group_become(group, is_centralised ? ROLE_MASTER : ROLE_PEER);
    igrs_group_say_alive(group);
    groups->hooks->changed(groups->user_data);
    igrs_group_tell(group, IGRS_GROUP_FOUND);
    return &group->face;
}

static void
begin_join(Group *group)
{
    if (group->face.is_centralised) {
        igrs_group_become(group, ROLE_JOINING);
        group->is_asking = true;
        igrs_group_say(group, IGRS_GROUP_ASK_JOIN);
        return;
    }
    igrs_group_become(group, ROLE_PEER);
    igrs_group_add_member(group, group->groups->device_id);
    igrs_group_say_alive(group);
    igrs_group_changed(group);
    igrs_group_answer_joiners(group, NULL);
}

static bool
check_join(const IgrsGroups *groups, const Group *group, const char *id, GError **error)
{
    if (group == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no group %s", id);
    else if (group->face.is_ours)
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT, "we are in %s already",
                    group->face.name);
    else if (group->face.is_centralised && group->face.master_id == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "the master of %s is away",
                    group->face.name);
    else if (group->face.members->len >= IGRS_GROUP_MEMBERS_MAX)
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "%s is full", group->face.name);
    else
        return group->role == ROLE_JOINING || check_room(groups, error);
    return false;
}

void
igrs_groups_join(IgrsGroups *groups, const char *id, IgrsGroupJoined joined, gpointer user_data)
{
    Group *group = igrs_group_find(groups, id);
    g_autoptr(GError) error = NULL;

    if (!check_join(groups, group, id, &error)) {
        joined(NULL, error, user_data);
        return;
    }
    g_array_append_val(group->joiners, ((Joiner){ joined, user_data }));
    if (group->role != ROLE_JOINING)
        begin_join(group);
}

bool
igrs_groups_leave(IgrsGroups *groups, const char *id, GError **error)
{
    static const IgrsGroupWord words[ROLE_N] = {
        [ROLE_PEER] = IGRS_GROUP_SAY_QUIT,        [ROLE_MASTER] = IGRS_GROUP_SAY_DISSOLVE,
        [ROLE_SLAVE] = IGRS_GROUP_TELL_QUIT,      [ROLE_RETURNING] = IGRS_GROUP_SAY_DISSOLVE,
    };
    Group *group = igrs_group_find(groups, id);

    if (group == NULL || !group->face.is_ours) {
        g_set_error(error, DUO_ERROR, group == NULL ? DUO_ERROR_NOT_FOUND : DUO_ERROR_CONFLICT,
                    group == NULL ? "there is no group %s" : "we are not in %s", id);
        return false;
    }
    Role role = group->role;
    igrs_group_remove_member(group, groups->device_id);
    igrs_group_become(group, ROLE_OUTSIDE);
    igrs_group_say(group, words[role]);
    if (group->face.members->len == 0 || role == ROLE_MASTER || role == ROLE_RETURNING) {
        igrs_group_lose(group);
        return true;
    }
    igrs_group_live_for(group, (int64_t)ISDP_MAX_AGE_S * 1000);
    igrs_group_changed(group);
    return true;
}

bool
igrs_groups_admit(IgrsGroups *groups, const char *id, bool is_admitted)
{
    Group *group = igrs_group_find(groups, id);

    if (group == NULL || group->role != ROLE_MASTER)
        return false;
    group->is_closed = !is_admitted;
    groups->hooks->changed(groups->user_data);
    return true;
}

bool
igrs_groups_speaks_for(const IgrsGroups *groups G_GNUC_UNUSED, const IgrsGroup *face)
{
    const Group *group = (const Group *)face;

    return group->role == ROLE_MASTER || group->role == ROLE_PEER;
}

void
igrs_groups_announce(IgrsGroups *groups)
{
    g_autoptr(GPtrArray) list = igrs_groups_list(groups);

    for (guint i = 0; i < list->len; i++)
        if (igrs_groups_speaks_for(groups, g_ptr_array_index(list, i)))
            igrs_group_say_alive(g_ptr_array_index(list, i));
}
