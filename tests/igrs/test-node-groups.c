/* test-node-groups.c -- groups of two real devices: made, found, joined, taken over, kept */
#include "tests/igrs/two-nodes.h"

#include "base/error.h"
#include "igrs/node.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    bool is_there;
    GError *error;
} Joined;

static void
on_joined(const IgrsGroup *group G_GNUC_UNUSED, const GError *error, gpointer user_data)
{
    Joined *joined = user_data;

    joined->is_there = true;
    joined->error = error != NULL ? g_error_copy(error) : NULL;
}

static char *
create(IgrsNode *node, bool is_centralised)
{
    g_autoptr(GError) error = NULL;
    const IgrsGroup *group =
        igrs_node_create_group(node, "客厅", IGRS_USE_PLAIN, is_centralised, &error);

    g_assert_no_error(error);
    return g_strdup(group->id);
}

/* What a test waits for, looked at whenever the loop turned. */
typedef bool (*Look)(TwoNodes *two, const char *id);

static void
wait_for(TwoNodes *two, Look look, const char *id)
{
    WAIT_UNTIL(look(two, id));
}

static bool
remote_knows(TwoNodes *two, const char *id)
{
    return igrs_node_find_group(two->remote, id) != NULL;
}

static bool
remote_forgot(TwoNodes *two, const char *id)
{
    return igrs_node_find_group(two->remote, id) == NULL;
}

static bool
has_two(IgrsNode *node, const char *id)
{
    const IgrsGroup *group = igrs_node_find_group(node, id);

    return group != NULL && group->members->len == 2;
}

static bool
both_count_two(TwoNodes *two, const char *id)
{
    return has_two(two->lamp, id) && has_two(two->remote, id);
}

static bool
lamp_is_alone(TwoNodes *two, const char *id)
{
    return igrs_node_find_group(two->lamp, id)->members->len == 1;
}

static bool
remote_is_master(TwoNodes *two, const char *id)
{
    const IgrsGroup *group = igrs_node_find_group(two->remote, id);

    return group != NULL && group->master_id != NULL &&
           igrs_device_id_equal(group->master_id, REMOTE_ID);
}

static void
join(TwoNodes *two, const char *id, GQuark domain, int code)
{
    Joined joined = { 0 };

    igrs_node_join_group(two->remote, id, on_joined, &joined);
    two_nodes_wait(&joined.is_there);
    if (domain == 0)
        g_assert_no_error(joined.error);
    else
        g_assert_error(joined.error, domain, code);
    g_clear_error(&joined.error);
}

static void
test_centralised(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    join(two, "urn:x", DUO_ERROR, DUO_ERROR_NOT_FOUND);
    g_autofree char *id = create(two->lamp, true);
    wait_for(two, remote_knows, id);
    const IgrsGroup *group = igrs_node_find_group(two->remote, id);
    g_assert_cmpstr(group->name, ==, "客厅");
    g_assert_cmpstr(group->use, ==, IGRS_USE_PLAIN);
    g_assert_cmpstr(group->master_id, ==, LAMP_ID);
    igrs_node_admit_to_group(two->lamp, id, false);
    join(two, id, DUO_ERROR, DUO_ERROR_DENIED);
    igrs_node_admit_to_group(two->lamp, id, true);
    join(two, id, 0, 0);
    wait_for(two, both_count_two, id);
    join(two, id, DUO_ERROR, DUO_ERROR_CONFLICT);
    g_assert_true(igrs_node_leave_group(two->remote, id, NULL));
    wait_for(two, lamp_is_alone, id);
    join(two, id, 0, 0);
    g_assert_true(igrs_node_leave_group(two->lamp, id, NULL)); /* the master ends it */
    wait_for(two, remote_forgot, id);
}

static void
on_stopped(gpointer user_data)
{
    *(bool *)user_data = true;
}

/* The master says byebye: the other is master within five seconds, of the same group. */
static void
test_failover(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    bool is_stopped = false;

    two_nodes_meet(two);
    g_autofree char *id = create(two->lamp, true);
    wait_for(two, remote_knows, id);
    join(two, id, 0, 0);
    igrs_node_stop(two->lamp, on_stopped, &is_stopped);
    wait_for(two, remote_is_master, id);
    two_nodes_wait(&is_stopped);
}

static void
test_peer(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    two_nodes_meet(two);
    g_autofree char *id = create(two->lamp, false);
    wait_for(two, remote_knows, id);
    g_assert_null(igrs_node_find_group(two->remote, id)->master_id);
    join(two, id, 0, 0);
    wait_for(two, both_count_two, id);
    g_assert_true(igrs_node_leave_group(two->remote, id, NULL));
    wait_for(two, lamp_is_alone, id);
    g_assert_true(igrs_node_leave_group(two->lamp, id, NULL));
    wait_for(two, remote_forgot, id);
}

/* The lamp is started again and still in its group; a newcomer finds it by searching. */
static void
test_kept(TwoNodes *two, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *folder = g_dir_make_tmp("igrs-groups-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "groups", NULL);
    GStatBuf facts;

    igrs_node_free(two->lamp);
    two->groups_file = path;
    two_nodes_start_lamp(two);
    two_nodes_meet(two);
    g_autofree char *id = create(two->lamp, false);
    wait_for(two, remote_knows, id);
    igrs_node_free(two->lamp);
    g_assert_cmpint(g_stat(path, &facts), ==, 0);
    g_assert_cmpint(facts.st_mode & 0777, ==, 0600);
    igrs_client_free(two->client);
    igrs_node_free(two->remote);
    two_nodes_start_remote(two);
    two_nodes_start_lamp(two);
    wait_for(two, remote_knows, id);
    g_assert_true(igrs_node_find_group(two->lamp, id)->is_ours);
    igrs_node_leave_group(two->lamp, id, NULL);
    g_unlink(path);
    g_rmdir(folder);
    two->groups_file = NULL;
}

#define ADD(path, function) \
    g_test_add(path, TwoNodes, NULL, two_nodes_set_up, function, two_nodes_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/node-groups/centralised", test_centralised);
    ADD("/igrs/node-groups/failover", test_failover);
    ADD("/igrs/node-groups/peer", test_peer);
    ADD("/igrs/node-groups/kept", test_kept);
    return g_test_run();
}
