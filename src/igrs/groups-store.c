/* groups-store.c -- memberships over a restart: a key file, a group each
 *
 * A peer speaks for its group at once. A slave that hears no master takes over in its turn, and a
 * master asks first whether another one took over while it was away. */
#include "igrs/groups-room.h"

#include <string.h>

static const char *const role_names[ROLE_N] = {
    [ROLE_PEER] = "peer", [ROLE_MASTER] = "master", [ROLE_SLAVE] = "slave",
};

static const char *
kept_role(const Group *group)
{
    return role_names[group->role == ROLE_RETURNING ? ROLE_MASTER : group->role];
}

char *
igrs_groups_save(const IgrsGroups *groups)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, groups->table);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Group *group = value;
        const IgrsGroup *face = &group->face;
        if (kept_role(group) == NULL)
            continue;
        g_key_file_set_string(file, face->id, "name", face->name);
        g_key_file_set_string(file, face->id, "use", face->use);
        g_key_file_set_string(file, face->id, "role", kept_role(group));
        g_key_file_set_boolean(file, face->id, "closed", group->is_closed);
        if (face->is_centralised && face->master_id != NULL)
            g_key_file_set_string(file, face->id, "master", face->master_id);
        if (face->is_centralised)
            g_key_file_set_string_list(file, face->id, "members",
                                       (const char *const *)face->members->pdata,
                                       face->members->len);
    }
    return g_key_file_to_data(file, NULL, NULL);
}

static Role
read_role(GKeyFile *file, const char *id)
{
    g_autofree char *name = g_key_file_get_string(file, id, "role", NULL);

    for (Role role = 0; role < ROLE_N; role++)
        if (name != NULL && g_strcmp0(role_names[role], name) == 0)
            return role;
    return ROLE_OUTSIDE;
}

static void
read_members(GKeyFile *file, Group *group)
{
    g_auto(GStrv) members =
        g_key_file_get_string_list(file, group->face.id, "members", NULL, NULL);
    g_autofree char *master = g_key_file_get_string(file, group->face.id, "master", NULL);

    for (guint i = 0; members != NULL && members[i] != NULL; i++)
        if (igrs_device_id_uuid(members[i]) != NULL)
            igrs_group_add_member(group, members[i]);
    if (master != NULL && igrs_device_id_uuid(master) != NULL)
        igrs_group_set_master(group, master);
    igrs_group_add_member(group, group->groups->device_id);
}

static void
take_up(Group *group, Role role)
{
    if (role == ROLE_PEER) {
        igrs_group_become(group, ROLE_PEER);
        igrs_group_say_alive(group);
    } else {
        igrs_group_become(group, role == ROLE_MASTER ? ROLE_RETURNING : ROLE_SLAVE);
        if (role == ROLE_MASTER)
            igrs_group_set_master(group, group->groups->device_id);
        igrs_group_take_over_later(group, IGRS_GROUP_RETURN_MS);
    }
    igrs_group_say(group, IGRS_GROUP_SEARCH);
}

void
igrs_groups_restore(IgrsGroups *groups, const char *text)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_auto(GStrv) ids = NULL;

    if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL))
        return;
    ids = g_key_file_get_groups(file, NULL);
    for (guint i = 0; ids[i] != NULL && i < IGRS_GROUPS_OURS_MAX; i++) {
        g_autofree char *name = g_key_file_get_string(file, ids[i], "name", NULL);
        g_autofree char *use = g_key_file_get_string(file, ids[i], "use", NULL);
        Role role = read_role(file, ids[i]);
        if (name == NULL || use == NULL || role == ROLE_OUTSIDE ||
            igrs_group_find(groups, ids[i]) != NULL ||
            g_ascii_strncasecmp(ids[i], IGRS_URN_GROUP_ID, strlen(IGRS_URN_GROUP_ID)) != 0)
            continue;
        Group *group = igrs_group_new(groups, ids[i], name, use, role != ROLE_PEER, NULL);
        group->is_closed = g_key_file_get_boolean(file, ids[i], "closed", NULL);
        read_members(file, group);
        take_up(group, role);
    }
}
