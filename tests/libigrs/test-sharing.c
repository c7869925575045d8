/* test-sharing.c -- libigrs through its public header: pairing by code, people, sessions handed on,
 * groups; a lamp and who switches it, on loopback */
#include "wait.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <igrs.h>
#include <stdlib.h>
#include <string.h>

enum { LIGHT = 16, SAFE = 17 };

typedef struct {
    IgrsDevice *lamp, *remote;
    IgrsExplorer *explorer, *other; /* of the remote */
    char *folders[2];               /* keys of the lamp, of the remote */
    unsigned peers;                 /* seen by the remote */
    unsigned changes;               /* of the lamp's pairing */
    int code;                       /* of the last answer; -1: none */
    char *key;
    GString *groups; /* as the remote hears: f(ound), c(hanged), l(ost) */
    char *master;
    unsigned members;
} House;

static const IgrsVariable variables[] = {
    { .name = "Power", .type = IGRS_BOOLEAN, .is_notifiable = true },
    { .name = NULL },
};

static const IgrsAction actions[] = {
    { "SetPower", NULL, { IGRS_IN("NewPower", "Power") } },
    { "GetPower", NULL, { IGRS_OUT("Power", "Power") } },
    { .name = NULL },
};

static const IgrsService light = { LIGHT, "Light", 1, "Light", variables, actions };
static const IgrsService safe = { SAFE, "Safe", 1, "Safe", variables, actions };

static void
on_peer(const IgrsPeer *peer, IgrsPeerChange change, void *user_data)
{
    if (change == IGRS_PEER_ONLINE && igrs_peer_offers(peer, "Light"))
        ((House *)user_data)->peers++;
}

static void
on_pairing(void *user_data)
{
    ((House *)user_data)->changes++;
}

static IgrsDevice *
make_device(const char *type, const char *port, const char *keys)
{
    IgrsDevice *device = igrs_device_new(type, type);
    g_autofree char *uuid = g_uuid_string_random();

    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_UUID, uuid));
    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_INTERFACES, "lo"));
    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_PORT, "0"));
    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_DISCOVERY_PORT, port));
    g_assert_true(igrs_device_set_property(device, IGRS_PROPERTY_KEYS_FOLDER, keys));
    return device;
}

static void
set_up(House *house, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *port = g_strdup_printf("%d", g_random_int_range(20000, 60000));

    for (guint i = 0; i < 2; i++)
        house->folders[i] = g_dir_make_tmp("libigrs-XXXXXX", NULL);
    house->lamp = make_device("Lamp", port, house->folders[0]);
    house->remote = make_device("MediaController", port, house->folders[1]);
    house->groups = g_string_new(NULL);
    g_assert_true(igrs_device_add_service(house->lamp, &light, NULL));
    g_assert_true(igrs_device_add_service(house->lamp, &safe, NULL));
    g_assert_true(igrs_device_require_token(house->lamp, SAFE));
    g_assert_true(igrs_device_start(house->lamp, NULL));
    g_assert_true(igrs_device_start(house->remote, NULL));
    igrs_device_watch_pairing(house->lamp, on_pairing, house);
    house->explorer = igrs_explorer_new(house->remote, on_peer, house);
    house->other = igrs_explorer_new(house->remote, NULL, NULL);
    WAIT_FOR(house->peers == 1);
}

static void
remove_folder(char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);

    for (const char *name; (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_remove(file);
    }
    g_assert_cmpint(g_rmdir(path), ==, 0);
    g_free(path);
}

static void
tear_down(House *house, gconstpointer data G_GNUC_UNUSED)
{
    igrs_explorer_free(house->other);
    igrs_explorer_free(house->explorer);
    igrs_device_free(house->remote);
    igrs_device_free(house->lamp);
    for (guint i = 0; i < 2; i++)
        remove_folder(house->folders[i]);
    g_string_free(house->groups, TRUE);
    g_free(house->master);
    g_free(house->key);
}

/* -- Answers ----------------------------------------------------------------------------------- */

static void
on_done(int code, const char *reason, void *user_data)
{
    House *house = user_data;

    g_assert_cmpint(house->code, ==, -1);
    g_assert_true(code == 200 || *reason != '\0');
    house->code = code;
}

static void
on_reply(const IgrsReply *reply, void *user_data)
{
    on_done(igrs_reply_code(reply), igrs_reply_reason(reply), user_data);
}

static void
on_key(const char *key, int code, const char *reason, void *user_data)
{
    House *house = user_data;

    g_assert_true((key != NULL) == (code == 200));
    g_free(house->key);
    house->key = g_strdup(key);
    on_done(code, reason, house);
}

/* The code that comes of what is asked. */
#define ASK(question) (house->code = -1, (question), wait_for_code(house))

static int
wait_for_code(House *house)
{
    WAIT_FOR(house->code != -1);
    return house->code;
}

static void
invoke(House *house, IgrsExplorer *explorer, const char *service)
{
    igrs_explorer_invoke(explorer, igrs_device_id(house->lamp), service, "GetPower", NULL, 0,
                         on_reply, house);
}

/* -- Questions --------------------------------------------------------------------------------- */

static void
test_pairing(House *house, gconstpointer data G_GNUC_UNUSED)
{
    const char *lamp = igrs_device_id(house->lamp);
    g_autofree char *code = g_strdup(igrs_device_code(house->lamp));
    char *error = NULL;

    g_assert_nonnull(code);
    g_assert_cmpint(ASK(igrs_device_pair(house->remote, lamp, "1234", on_done, house)), ==, 400);
    g_assert_cmpint(ASK(igrs_device_pair(house->remote, lamp, igrs_device_code(house->remote),
                                         on_done, house)), ==, 403);
    g_assert_cmpuint(house->changes, ==, 0);
    g_assert_cmpint(ASK(igrs_device_pair(house->remote, lamp, code, on_done, house)), ==, 200);
    g_assert_cmpuint(house->changes, ==, 1);
    g_assert_cmpstr(igrs_device_code(house->lamp), !=, code);
    g_assert_cmpint(ASK(invoke(house, house->explorer, "Light")), ==, 200);
    g_assert_true(igrs_device_unpair(house->remote, lamp, &error));
    g_assert_false(igrs_device_unpair(house->remote, lamp, &error));
    g_assert_nonnull(error);
    free(error);
}

static void
test_people(House *house, gconstpointer data G_GNUC_UNUSED)
{
    static const uint32_t of_safe[] = { SAFE, 0 };
    char *token;

    g_assert_cmpint(ASK(invoke(house, house->explorer, "Safe")), ==, 403);
    token = igrs_device_issue_token(house->lamp, "Lin", of_safe, NULL);
    g_assert_nonnull(token);
    igrs_explorer_set_user(house->explorer, "Lin", token);
    g_assert_cmpint(ASK(invoke(house, house->explorer, "Safe")), ==, 200);
    g_assert_true(igrs_device_revoke_token(house->lamp, token));
    g_assert_false(igrs_device_revoke_token(house->lamp, token));
    g_assert_cmpint(ASK(invoke(house, house->explorer, "Safe")), ==, 403);
    free(token);
}

static void
test_sessions(House *house, gconstpointer data G_GNUC_UNUSED)
{
    const char *lamp = igrs_device_id(house->lamp);

    g_assert_cmpint(ASK(igrs_explorer_apply_key(house->explorer, lamp, "Light", on_key, house)), ==,
                    404);
    g_assert_cmpint(ASK(invoke(house, house->explorer, "Light")), ==, 200);
    g_assert_cmpint(ASK(igrs_explorer_apply_key(house->explorer, lamp, "Light", on_key, house)), ==,
                    200);
    g_assert_cmpint(ASK(igrs_explorer_take_session(house->other, lamp, "Light", "forged", on_done,
                                                   house)), ==, 403);
    g_assert_cmpint(ASK(igrs_explorer_take_session(house->other, lamp, "Light", house->key, on_done,
                                                   house)), ==, 200);
    g_assert_cmpint(ASK(invoke(house, house->other, "Light")), ==, 200);
    g_assert_cmpint(ASK(igrs_explorer_take_session(house->explorer, lamp, "Light", house->key,
                                                   on_done, house)), ==, 403);
    g_assert_cmpint(ASK(igrs_explorer_apply_key(house->other, lamp, "Nothing", on_key, house)), !=,
                    200);
}

static void
on_group(const IgrsDeviceGroup *group, IgrsDeviceGroupChange change, void *user_data)
{
    House *house = user_data;

    g_assert_true(g_str_has_prefix(igrs_device_group_id(group), "urn:IGRS:DeviceGroup:"));
    g_assert_cmpstr(igrs_device_group_name(group), ==, "客厅");
    g_assert_cmpstr(igrs_device_group_use(group), ==, "Plain");
    g_string_append_c(house->groups, "fcl"[change]);
    g_free(house->master);
    house->master = g_strdup(igrs_device_group_master(group));
    for (house->members = 0; igrs_device_group_member(group, house->members) != NULL;)
        house->members++;
}

static void
test_groups(House *house, gconstpointer data G_GNUC_UNUSED)
{
    char *error = NULL, *id;

    igrs_device_watch_groups(house->remote, on_group, house);
    g_assert_null(igrs_device_create_group(house->lamp, "", NULL, true, &error));
    g_assert_nonnull(error);
    free(error);
    id = igrs_device_create_group(house->lamp, "客厅", NULL, true, NULL);
    WAIT_FOR(house->groups->len > 0);
    g_assert_cmpstr(house->master, ==, igrs_device_id(house->lamp));
    g_assert_cmpuint(house->members, ==, 1);
    g_assert_false(igrs_device_leave_group(house->remote, id, NULL));
    g_assert_true(igrs_device_admit_to_group(house->lamp, id, false));
    g_assert_false(igrs_device_admit_to_group(house->remote, id, true));
    g_assert_cmpint(ASK(igrs_device_join_group(house->remote, id, on_done, house)), ==, 403);
    g_assert_true(igrs_device_admit_to_group(house->lamp, id, true));
    g_assert_cmpint(ASK(igrs_device_join_group(house->remote, id, on_done, house)), ==, 200);
    WAIT_FOR(house->members == 2);
    g_assert_cmpint(ASK(igrs_device_join_group(house->remote, id, on_done, house)), ==, 409);
    g_assert_true(igrs_device_leave_group(house->lamp, id, NULL));
    WAIT_FOR(strchr(house->groups->str, 'l') != NULL);
    free(id);
}

#define ADD(path, function) g_test_add(path, House, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/libigrs/pairing", test_pairing);
    ADD("/libigrs/people", test_people);
    ADD("/libigrs/sessions", test_sessions);
    ADD("/libigrs/groups", test_groups);
    return g_test_run();
}
