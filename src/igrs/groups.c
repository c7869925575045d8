/* groups.c -- see groups.h: the table, a group's life, and what we do of ourselves */
#include "igrs/groups-room.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

/* -- The table --------------------------------------------------------------------------------- */

static void
group_free(gpointer data)
{
    Group *group = data;
    Clock *clock = group->groups->clock;

    clock_cancel(clock, &group->say_timer);
    clock_cancel(clock, &group->life_timer);
    clock_cancel(clock, &group->take_timer);
    g_array_unref(group->joiners);
    g_hash_table_unref(group->heard);
    g_ptr_array_unref(group->face.members);
    g_free(group->face.id);
    g_free(group->face.name);
    g_free(group->face.use);
    g_free(group->face.master_id);
    g_free(group->former);
    g_free(group->sender);
    g_free(group);
}

/* Group ids compare as DeviceIds do: without case. */
IgrsGroups *
igrs_groups_new(Clock *clock, const char *device_id, const IgrsGroupHooks *hooks,
                gpointer user_data)
{
    IgrsGroups *groups = g_new0(IgrsGroups, 1);

    *groups = (IgrsGroups){ .clock = clock, .device_id = g_strdup(device_id), .hooks = hooks,
                            .user_data = user_data, .observers = observers_new() };
    groups->table =
        g_hash_table_new_full(igrs_device_id_hash, igrs_device_id_equal, NULL, group_free);
    return groups;
}

void
igrs_groups_free(IgrsGroups *groups)
{
    if (groups == NULL)
        return;
    g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_UNAVAILABLE, "we are leaving");
    g_autoptr(GPtrArray) list = igrs_groups_list(groups);
    for (guint i = 0; i < list->len; i++)
        igrs_group_answer_joiners(g_ptr_array_index(list, i), error);
    g_hash_table_unref(groups->table);
    observers_free(groups->observers);
    g_free(groups->device_id);
    g_free(groups);
}

Observers *
igrs_groups_observers(IgrsGroups *groups)
{
    return groups->observers;
}

GPtrArray *
igrs_groups_list(const IgrsGroups *groups)
{
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, groups->table);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(list, value); /* a Group begins with its face */
    return list;
}

GPtrArray *
igrs_group_ids(const IgrsGroups *groups)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, groups->table);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(ids, g_strdup(key));
    return ids;
}

Group *
igrs_group_find(const IgrsGroups *groups, const char *id)
{
    return id != NULL ? g_hash_table_lookup(groups->table, id) : NULL;
}

const IgrsGroup *
igrs_groups_find(const IgrsGroups *groups, const char *id)
{
    const Group *group = igrs_group_find(groups, id);

    return group != NULL ? &group->face : NULL;
}

Group *
igrs_group_new(IgrsGroups *groups, const char *id, const char *name, const char *use,
               bool is_centralised, const char *sender)
{
    Group *group = g_new0(Group, 1);

    *group = (Group){ .groups = groups, .sender = g_strdup(sender) };
    group->face = (IgrsGroup){ .id = g_strdup(id), .name = text_clean(name), .use = text_clean(use),
                               .is_centralised = is_centralised,
                               .members = g_ptr_array_new_with_free_func(g_free) };
    group->heard = g_hash_table_new_full(igrs_device_id_hash, igrs_device_id_equal, g_free, g_free);
    group->joiners = g_array_new(FALSE, FALSE, sizeof(Joiner));
    g_hash_table_insert(groups->table, group->face.id, group);
    return group;
}

void
igrs_group_tell(Group *group, IgrsGroupChange change)
{
    IgrsGroupEvent event = { change, &group->face };

    observers_notify(group->groups->observers, &event);
}

void
igrs_group_changed(Group *group)
{
    group->groups->hooks->changed(group->groups->user_data);
    igrs_group_tell(group, IGRS_GROUP_CHANGED);
}

void
igrs_group_lose(Group *group)
{
    IgrsGroups *groups = group->groups;
    g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_NOT_FOUND, "the group is no more");

    g_hash_table_steal(groups->table, group->face.id);
    igrs_group_answer_joiners(group, error);
    groups->hooks->changed(groups->user_data);
    igrs_group_tell(group, IGRS_GROUP_LOST);
    group_free(group);
}

/* -- Members ----------------------------------------------------------------------------------- */

static bool
find_member(const Group *group, const char *device_id, guint *at)
{
    for (*at = 0; *at < group->face.members->len; (*at)++)
        if (igrs_device_id_equal(g_ptr_array_index(group->face.members, *at), device_id))
            return true;
    return false;
}

bool
igrs_group_has_member(const Group *group, const char *device_id)
{
    guint at;

    return find_member(group, device_id, &at);
}

bool
igrs_group_add_member(Group *group, const char *device_id)
{
    if (group->face.members->len >= IGRS_GROUP_MEMBERS_MAX ||
        igrs_group_has_member(group, device_id))
        return false;
    g_ptr_array_add(group->face.members, g_strdup(device_id));
    return true;
}

bool
igrs_group_remove_member(Group *group, const char *device_id)
{
    guint at;

    if (!find_member(group, device_id, &at))
        return false;
    g_hash_table_remove(group->heard, device_id);
    g_ptr_array_remove_index(group->face.members, at);
    return true;
}

void
igrs_group_set_master(Group *group, const char *device_id)
{
    char *before = group->face.master_id;

    if (before != NULL && device_id != NULL && igrs_device_id_equal(before, device_id))
        return;
    group->face.master_id = g_strdup(device_id);
    if (before != NULL) {
        g_free(group->former);
        group->former = before;
    }
}

/* -- Life -------------------------------------------------------------------------------------- */

void
igrs_group_say(Group *group, IgrsGroupWord word)
{
    group->groups->hooks->say(&group->face, word, group->groups->user_data);
}

static void
on_say_due(gpointer data)
{
    Group *group = data;
    gint32 half_s = ISDP_MAX_AGE_S / 2;
    guint before = group->face.members->len;

    igrs_group_drop_silent(group);
    if (group->face.members->len != before)
        igrs_group_changed(group);
    igrs_group_say(group, IGRS_GROUP_SAY_ALIVE);
    group->say_timer = clock_after(group->groups->clock,
                                   g_random_int_range(half_s / 3, half_s) * 1000, on_say_due,
                                   group);
}

void
igrs_group_say_alive(Group *group)
{
    clock_cancel(group->groups->clock, &group->say_timer);
    on_say_due(group);
}

/* What each role leaves behind: a timer that another role has no use for. */
void
igrs_group_become(Group *group, Role role)
{
    Clock *clock = group->groups->clock;

    group->role = role;
    group->face.is_ours = role != ROLE_OUTSIDE && role != ROLE_JOINING;
    clock_cancel(clock, &group->take_timer);
    if (role != ROLE_MASTER && role != ROLE_PEER)
        clock_cancel(clock, &group->say_timer);
    if (role == ROLE_MASTER || role == ROLE_PEER || role == ROLE_RETURNING)
        clock_cancel(clock, &group->life_timer);
}

static void
on_take_over(gpointer data)
{
    Group *group = data;

    group->take_timer = 0;
    if (group->face.master_id != NULL)
        igrs_group_remove_member(group, group->face.master_id);
    igrs_group_set_master(group, group->groups->device_id);
    igrs_group_add_member(group, group->groups->device_id);
    igrs_group_become(group, ROLE_MASTER);
    igrs_group_say_alive(group);
    igrs_group_changed(group);
}

void
igrs_group_take_over_later(Group *group, int64_t wait_ms)
{
    guint rank = 0;

    for (guint i = 0; i < group->face.members->len; i++) {
        const char *member = g_ptr_array_index(group->face.members, i);
        rank += g_ascii_strcasecmp(member, group->groups->device_id) < 0 &&
                (group->face.master_id == NULL ||
                 !igrs_device_id_equal(member, group->face.master_id));
    }
    clock_cancel(group->groups->clock, &group->take_timer);
    group->take_timer =
        clock_after(group->groups->clock,
                    wait_ms + MIN(rank, IGRS_GROUP_RANKS_MAX) * IGRS_GROUP_RANK_MS, on_take_over,
                    group);
}

/* Nobody spoke for it in all its life. */
static void
on_life_over(gpointer data)
{
    Group *group = data;

    group->life_timer = 0;
    if (group->role == ROLE_SLAVE)
        igrs_group_take_over_later(group, 0);
    else
        igrs_group_lose(group);
}

void
igrs_group_live_for(Group *group, int64_t life_ms)
{
    clock_cancel(group->groups->clock, &group->life_timer);
    group->life_timer = clock_after(group->groups->clock, life_ms, on_life_over, group);
}

/* -- What we do of ourselves ------------------------------------------------------------------- */

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

void
igrs_group_answer_joiners(Group *group, const GError *error)
{
    g_autoptr(GArray) joiners = g_steal_pointer(&group->joiners);

    group->joiners = g_array_new(FALSE, FALSE, sizeof(Joiner));
    for (guint i = 0; i < joiners->len; i++) {
        const Joiner *joiner = &g_array_index(joiners, Joiner, i);
        joiner->joined(error == NULL ? &group->face : NULL, error, joiner->user_data);
    }
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
