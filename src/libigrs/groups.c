/* groups.c -- groups of devices as igrs.h tells of them (igrs/device-groups.h) */
#include "libigrs/inside.h"

#include "igrs/device-groups.h"

static const IgrsGroup *
group_of(const IgrsDeviceGroup *group)
{
    return (const IgrsGroup *)group;
}

const char *
igrs_device_group_id(const IgrsDeviceGroup *group)
{
    return group_of(group)->id;
}

const char *
igrs_device_group_name(const IgrsDeviceGroup *group)
{
    return group_of(group)->name;
}

const char *
igrs_device_group_use(const IgrsDeviceGroup *group)
{
    return group_of(group)->use;
}

const char *
igrs_device_group_master(const IgrsDeviceGroup *group)
{
    return group_of(group)->master_id;
}

bool
igrs_device_group_is_ours(const IgrsDeviceGroup *group)
{
    return group_of(group)->is_ours;
}

const char *
igrs_device_group_member(const IgrsDeviceGroup *group, unsigned index)
{
    const GPtrArray *members = group_of(group)->members;

    return index < members->len ? members->pdata[index] : NULL;
}

/* -- Hearing ----------------------------------------------------------------------------------- */

static void
on_group_event(gconstpointer data, gpointer user_data)
{
    static const IgrsDeviceGroupChange changes[] = {
        [IGRS_GROUP_FOUND] = IGRS_DEVICE_GROUP_FOUND,
        [IGRS_GROUP_CHANGED] = IGRS_DEVICE_GROUP_CHANGED,
        [IGRS_GROUP_LOST] = IGRS_DEVICE_GROUP_LOST,
    };
    const IgrsGroupEvent *event = data;
    IgrsDevice *device = user_data;

    device->group_heard((const IgrsDeviceGroup *)event->group, changes[event->change],
                        device->group_data);
}

void
igrs_device_watch_groups(IgrsDevice *device, IgrsDeviceGroupFunc heard, void *user_data)
{
    g_return_if_fail(device->node != NULL && device->group_heard == NULL && heard != NULL);
    g_autoptr(GPtrArray) groups = igrs_node_groups(device->node);
    device->group_heard = heard;
    device->group_data = user_data;
    observers_add(igrs_node_group_observers(device->node), on_group_event, device);
    for (guint i = 0; i < groups->len; i++)
        heard(g_ptr_array_index(groups, i), IGRS_DEVICE_GROUP_FOUND, user_data);
}

/* -- Being in one ------------------------------------------------------------------------------ */

char *
igrs_device_create_group(IgrsDevice *device, const char *name, const char *use,
                         bool is_centralised, char **error)
{
    g_autoptr(GError) problem = NULL;

    g_return_val_if_fail(device->node != NULL, NULL);
    const IgrsGroup *group = igrs_node_create_group(device->node, name, use != NULL ? use : "Plain",
                                                    is_centralised, &problem);
    if (group == NULL) {
        tell(problem, error);
        return NULL;
    }
    return words(group->id);
}

static void
on_joined(const IgrsGroup *group G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    wish_done(error, user_data);
}

void
igrs_device_join_group(IgrsDevice *device, const char *group_id, IgrsDoneFunc done, void *user_data)
{
    g_return_if_fail(device->node != NULL);
    igrs_node_join_group(device->node, group_id, on_joined, wish_new(done, user_data));
}

bool
igrs_device_leave_group(IgrsDevice *device, const char *group_id, char **error)
{
    g_autoptr(GError) problem = NULL;

    g_return_val_if_fail(device->node != NULL, false);
    return igrs_node_leave_group(device->node, group_id, &problem) || tell(problem, error);
}

bool
igrs_device_admit_to_group(IgrsDevice *device, const char *group_id, bool is_admitted)
{
    g_return_val_if_fail(device->node != NULL, false);
    return igrs_node_admit_to_group(device->node, group_id, is_admitted);
}
