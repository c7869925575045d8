/* groups.c -- see groups.h: the table of groups, their members and their lives */
#include "igrs/groups-room.h"

#include "base/error.h"
#include "base/text.h"

/* -- The table --------------------------------------------------------------------------------- */

static void
group_free(gpointer data)
{
    Group *group = data;
    Clock *clock = group->groups->clock;

    clock_cancel(clock, &group->say_timer);
    clock_cancel(clock, &group->life_timer);
    clock_cancel(clock, &group->take_timer);
    clock_cancel(clock, &group->probe_timer);
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

/* An advertisement promises half an hour; that a master was killed is noticed by asking. */
static void
on_probe_due(gpointer data)
{
    Group *group = data;

    group->probe_timer =
        clock_after(group->groups->clock, IGRS_GROUP_PROBE_MS, on_probe_due, group);
    if (group->is_probing || group->face.master_id == NULL)
        return;
    group->is_probing = true;
    igrs_group_say(group, IGRS_GROUP_PROBE);
}

void
igrs_group_watch_master(Group *group)
{
    Clock *clock = group->groups->clock;

    group->misses = 0;
    if (group->probe_timer == 0)
        group->probe_timer = clock_after(clock, IGRS_GROUP_PROBE_MS, on_probe_due, group);
}

/* What each role leaves behind: a timer that another role has no use for. */
void
igrs_group_become(Group *group, Role role)
{
    Clock *clock = group->groups->clock;

    group->role = role;
    group->face.is_ours = role != ROLE_OUTSIDE && role != ROLE_JOINING;
    clock_cancel(clock, &group->take_timer);
    clock_cancel(clock, &group->probe_timer);
    if (role == ROLE_SLAVE)
        igrs_group_watch_master(group);
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
