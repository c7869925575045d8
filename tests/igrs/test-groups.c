/* test-groups.c -- groups of devices: several tables that hear each other, by a clock that the test
 * turns
 *
 * Devices a, b, c, d; each says what it has to say to those that are online. */
#include "igrs/groups.h"

#include "base/error.h"

#include <string.h>

#define DEVICES 4
#define URN(c) IGRS_URN_DEVICE_ID "00000000-0000-4000-8000-00000000000" c

static const char *const ids[DEVICES] = { URN("a"), URN("b"), URN("c"), URN("d") };

typedef struct World World;

typedef struct {
    World *world;
    IgrsGroups *groups; /* NULL: off */
    bool is_deaf;       /* cut off: hears nobody, is heard by nobody */
    char *kept;
    unsigned keeps;
} Member;

struct World {
    Clock *clock;
    Member members[DEVICES];
    char *id; /* of the group of most tests */
    unsigned said;
};

typedef struct {
    World *world;
    unsigned asker;
    char *id;
    char *master;
} Question;

static unsigned
index_of(const char *device_id)
{
    for (unsigned i = 0; i < DEVICES; i++)
        if (igrs_device_id_equal(ids[i], device_id))
            return i;
    g_assert_not_reached();
}

static bool
can_talk(const World *world, unsigned a, unsigned b)
{
    return a != b && world->members[a].groups != NULL && world->members[b].groups != NULL &&
           world->members[a].is_deaf == world->members[b].is_deaf;
}

static void
on_question(gpointer data)
{
    g_autofree Question *question = data;
    g_autofree char *id = question->id, *master = question->master;
    World *world = question->world;
    unsigned master_index = index_of(master);
    uint32_t code = can_talk(world, question->asker, master_index)
                        ? igrs_groups_asked(world->members[master_index].groups, id,
                                            ids[question->asker])
                        : 0;

    if (world->members[question->asker].groups != NULL)
        igrs_groups_answered(world->members[question->asker].groups, id, code);
}

static void
on_probe(gpointer data)
{
    g_autofree Question *question = data;
    g_autofree char *id = question->id, *master = question->master;
    World *world = question->world;

    if (world->members[question->asker].groups != NULL)
        igrs_groups_probed(world->members[question->asker].groups, id,
                           can_talk(world, question->asker, index_of(master)));
}

static void
say(const IgrsGroup *group, IgrsGroupWord word, gpointer user_data)
{
    Member *member = user_data;
    World *world = member->world;
    unsigned self = (unsigned)(member - world->members);
    IgrsGroupEntry entry = { group->id, group->name, group->use, group->master_id,
                             group->members };

    world->said++;
    if (word == IGRS_GROUP_ASK_JOIN || word == IGRS_GROUP_PROBE) {
        bool is_probe = word == IGRS_GROUP_PROBE;
        Question *question = g_new(Question, 1);
        *question = (Question){ world, self, g_strdup(group->id), g_strdup(group->master_id) };
        clock_after(world->clock, is_probe ? IGRS_GROUP_PROBE_WAIT_MS : 10,
                    is_probe ? on_probe : on_question, question);
        return;
    }
    for (unsigned i = 0; i < DEVICES; i++) {
        IgrsGroups *other = world->members[i].groups;
        if (!can_talk(world, self, i))
            continue;
        if (word == IGRS_GROUP_SAY_ALIVE)
            igrs_groups_heard(other, ids[self], &entry, 1800);
        else if (word == IGRS_GROUP_SAY_DISSOLVE)
            igrs_groups_dissolved(other, group->id, ids[self]);
        else if (word == IGRS_GROUP_SAY_QUIT || word == IGRS_GROUP_TELL_QUIT)
            igrs_groups_quit(other, group->id, ids[self]);
        else if (igrs_groups_find(other, group->id) != NULL &&
                 igrs_groups_speaks_for(other, igrs_groups_find(other, group->id)))
            igrs_groups_announce(other); /* a search is answered */
    }
}

static void
keep(gpointer user_data)
{
    Member *member = user_data;

    member->keeps++;
    if (member->groups == NULL)
        return;
    g_free(member->kept);
    member->kept = igrs_groups_save(member->groups);
}

static const IgrsGroupHooks hooks = { say, keep };

static void
start(World *world, unsigned i)
{
    Member *member = &world->members[i];

    member->world = world;
    member->groups = igrs_groups_new(world->clock, ids[i], &hooks, member);
    if (member->kept != NULL)
        igrs_groups_restore(member->groups, member->kept);
}

/* says_bye: the others notice at once. */
static void
stop(World *world, unsigned i, bool says_bye)
{
    g_clear_pointer(&world->members[i].groups, igrs_groups_free);
    for (unsigned other = 0; says_bye && other < DEVICES; other++)
        if (world->members[other].groups != NULL)
            igrs_groups_device_gone(world->members[other].groups, ids[i]);
}

static void
set_up(World *world, gconstpointer data G_GNUC_UNUSED)
{
    world->clock = clock_new_fake();
    for (unsigned i = 0; i < DEVICES; i++)
        start(world, i);
}

static void
tear_down(World *world, gconstpointer data G_GNUC_UNUSED)
{
    for (unsigned i = 0; i < DEVICES; i++) {
        g_clear_pointer(&world->members[i].groups, igrs_groups_free);
        g_free(world->members[i].kept);
    }
    clock_advance(world->clock, IGRS_GROUP_PROBE_WAIT_MS); /* the last questions */
    clock_free(world->clock);
    g_free(world->id);
}

static void
on_joined(const IgrsGroup *group, const GError *error, gpointer user_data)
{
    GError **place = user_data;

    g_assert_true((group == NULL) == (error != NULL));
    *place = error != NULL ? g_error_copy(error) : NULL;
}

/* 0 or the DuoError, plus one. */
static int
join(World *world, unsigned i)
{
    static GError nobody;
    GError *error = &nobody;

    igrs_groups_join(world->members[i].groups, world->id, on_joined, &error);
    clock_advance(world->clock, 100);
    g_assert_true(error != &nobody); /* it was answered */
    int code = error != NULL ? error->code + 1 : 0;
    g_clear_error(&error);
    return code;
}

/* "b: abc" : who is master (- for nobody, nothing for a peer group) and who is in, as device i sees
 * it; NULL: it knows no such group. */
static char *
seen(World *world, unsigned i)
{
    const IgrsGroup *group = igrs_groups_find(world->members[i].groups, world->id);
    g_autoptr(GString) text = g_string_new(NULL);

    if (group == NULL)
        return NULL;
    if (group->is_centralised)
        g_string_append_printf(text, "%c: ", group->master_id != NULL
                                                 ? 'a' + (int)index_of(group->master_id)
                                                 : '-');
    for (unsigned device = 0; device < DEVICES; device++)
        for (guint m = 0; m < group->members->len; m++)
            if (igrs_device_id_equal(g_ptr_array_index(group->members, m), ids[device]))
                g_string_append_c(text, (char)('a' + device));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
assert_seen(World *world, const char *by, const char *expected)
{
    for (; *by != '\0'; by++) {
        g_autofree char *text = seen(world, (unsigned)(*by - 'a'));
        g_assert_cmpstr(text, ==, expected);
    }
}

static void
create(World *world, unsigned i, bool is_centralised)
{
    g_autoptr(GError) error = NULL;
    const IgrsGroup *group = igrs_groups_create(world->members[i].groups, "客厅",
                                                IGRS_USE_AV_MULTICAST, is_centralised, &error);

    g_assert_no_error(error);
    world->id = g_strdup(group->id);
}

/* b is master; a, c and d are in. */
static void
gather(World *world)
{
    create(world, 1, true);
    assert_seen(world, "abcd", "b: b");
    g_assert_cmpint(join(world, 0), ==, 0);
    g_assert_cmpint(join(world, 2), ==, 0);
    g_assert_cmpint(join(world, 3), ==, 0);
    assert_seen(world, "abcd", "b: abcd");
}

static void
test_join(World *world, gconstpointer data G_GNUC_UNUSED)
{
    create(world, 1, true);
    const IgrsGroup *group = igrs_groups_find(world->members[0].groups, world->id);
    g_assert_cmpstr(group->name, ==, "客厅");
    g_assert_cmpstr(group->use, ==, IGRS_USE_AV_MULTICAST);
    g_assert_false(group->is_ours);
    g_assert_cmpint(join(world, 0), ==, 0);
    g_assert_true(group->is_ours);
    g_assert_cmpint(join(world, 0), ==, DUO_ERROR_CONFLICT + 1);
    g_assert_false(igrs_groups_admit(world->members[0].groups, world->id, false));
    g_assert_true(igrs_groups_admit(world->members[1].groups, world->id, false));
    g_assert_cmpint(join(world, 2), ==, DUO_ERROR_DENIED + 1);
    assert_seen(world, "abcd", "b: ab");
    igrs_groups_admit(world->members[1].groups, world->id, true);
    g_assert_cmpint(join(world, 2), ==, 0);
    world->members[3].is_deaf = true;
    g_assert_cmpint(join(world, 3), ==, DUO_ERROR_UNAVAILABLE + 1);
}

/* What the master answers, by the wire's own codes. */
static void
test_codes(World *world, gconstpointer data G_GNUC_UNUSED)
{
    create(world, 1, true);
    IgrsGroups *master = world->members[1].groups, *other = world->members[2].groups;
    g_assert_cmpuint(igrs_groups_asked(other, world->id, ids[0]), ==, IGRS_NOT_FOUND);
    g_assert_cmpuint(igrs_groups_asked(master, IGRS_URN_GROUP_ID "x", ids[0]), ==, IGRS_NOT_FOUND);
    g_assert_cmpuint(igrs_groups_asked(master, NULL, ids[0]), ==, IGRS_NOT_FOUND);
    g_assert_cmpuint(igrs_groups_asked(master, world->id, ids[0]), ==, IGRS_OK);
    g_assert_cmpuint(igrs_groups_asked(master, world->id, ids[0]), ==, IGRS_CONFLICT);
    for (unsigned i = 2; i < IGRS_GROUP_MEMBERS_MAX; i++) {
        g_autofree char *id = g_strdup_printf(URN("e") "%u", i);
        g_assert_cmpuint(igrs_groups_asked(master, world->id, id), ==, IGRS_OK);
    }
    g_assert_cmpuint(igrs_groups_asked(master, world->id, ids[3]), ==, IGRS_TOO_MANY);
    igrs_groups_admit(master, world->id, false);
    g_assert_cmpuint(igrs_groups_asked(master, world->id, ids[3]), ==, IGRS_DENIED);
}

static void
test_leave(World *world, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;

    gather(world);
    g_assert_true(igrs_groups_leave(world->members[2].groups, world->id, &error));
    assert_seen(world, "abd", "b: abd");
    g_assert_false(igrs_groups_leave(world->members[2].groups, world->id, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_CONFLICT);
    igrs_groups_dissolved(world->members[0].groups, world->id, ids[3]); /* not its to end */
    assert_seen(world, "a", "b: abd");
    g_assert_true(igrs_groups_leave(world->members[1].groups, world->id, NULL));
    assert_seen(world, "abcd", NULL);
}

/* Who goes, whether the others are told, and who is master within five seconds. */
static const struct {
    const char *go;
    const char *stay;
    const char *expected;
} failovers[] = {
    { "b", "acd", "a: acd" },
    { "ba", "cd", "c: cd" },
    { "bac", "d", "d: d" },
    { "a", "bcd", "b: bcd" },
};

static void
test_failover(World *world, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < G_N_ELEMENTS(failovers); i++) {
        gather(world);
        for (const char *c = failovers[i].go; *c != '\0'; c++)
            stop(world, (unsigned)(*c - 'a'), true);
        clock_advance(world->clock, 5000);
        assert_seen(world, failovers[i].stay, failovers[i].expected);
        for (unsigned m = 0; m < DEVICES; m++) {
            g_clear_pointer(&world->members[m].groups, igrs_groups_free);
            g_clear_pointer(&world->members[m].kept, g_free);
            start(world, m);
        }
        g_clear_pointer(&world->id, g_free);
    }
}

/* The one whose turn it is died as well, and nobody has noticed yet. */
static void
test_failover_of_the_dead(World *world, gconstpointer data G_GNUC_UNUSED)
{
    gather(world);
    stop(world, 0, false);
    stop(world, 1, true);
    clock_advance(world->clock, 5000);
    assert_seen(world, "cd", "c: acd");
    igrs_groups_device_gone(world->members[2].groups, ids[0]); /* its life ran out */
    assert_seen(world, "cd", "c: cd");
}

/* A master that died without a word, at any moment between two questions: nobody was told, and
 * within five seconds there is another one, whom those who look on believe. */
static void
test_silent_master(World *world, gconstpointer data G_GNUC_UNUSED)
{
    for (int64_t moment_ms = 0; moment_ms < IGRS_GROUP_PROBE_MS; moment_ms += 100) {
        create(world, 1, true);
        g_assert_cmpint(join(world, 0), ==, 0);
        g_assert_cmpint(join(world, 2), ==, 0);
        clock_advance(world->clock, 5000 + moment_ms);
        stop(world, 1, false);
        clock_advance(world->clock, 5000);
        assert_seen(world, "acd", "a: ac");
        stop(world, 0, false); /* and that one, too */
        clock_advance(world->clock, 5000);
        assert_seen(world, "cd", "c: c");
        igrs_groups_leave(world->members[2].groups, world->id, NULL);
        for (unsigned i = 0; i < 2; i++) {
            g_clear_pointer(&world->members[i].kept, g_free);
            start(world, i);
        }
        g_clear_pointer(&world->id, g_free);
    }
}

/* It was merely slow: two answers too late, and nobody takes over. */
static void
test_slow_master(World *world, gconstpointer data G_GNUC_UNUSED)
{
    gather(world);
    for (unsigned i = 0; i < 20; i++) {
        clock_advance(world->clock, 2 * IGRS_GROUP_PROBE_MS);
        world->members[1].is_deaf = i % 2 == 0;
    }
    assert_seen(world, "acd", "b: abcd");
}

/* The old master comes back and finds that another one took over. */
static void
test_master_returns(World *world, gconstpointer data G_GNUC_UNUSED)
{
    gather(world);
    stop(world, 1, true);
    clock_advance(world->clock, 5000);
    start(world, 1);
    clock_advance(world->clock, 10000);
    assert_seen(world, "abcd", "a: abcd");
}

/* All are off for a night. */
static void
test_all_return(World *world, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *id = NULL;

    gather(world);
    for (unsigned i = 0; i < DEVICES; i++)
        stop(world, i, false);
    for (unsigned i = 0; i < DEVICES; i++)
        start(world, i);
    clock_advance(world->clock, 20000);
    g_autofree char *first = seen(world, 0);
    g_assert_true(g_str_has_suffix(first, ": abcd"));
    assert_seen(world, "abcd", first);
}

static void
test_slave_returns(World *world, gconstpointer data G_GNUC_UNUSED)
{
    gather(world);
    stop(world, 2, true);
    assert_seen(world, "abd", "b: abd");
    start(world, 2);
    clock_advance(world->clock, 5000);
    assert_seen(world, "abcd", "b: abcd");
}

/* Two halves of a network, each with a master: together again, one stays. */
static void
test_partition(World *world, gconstpointer data G_GNUC_UNUSED)
{
    gather(world);
    world->members[2].is_deaf = world->members[3].is_deaf = true;
    igrs_groups_device_gone(world->members[2].groups, ids[0]);
    igrs_groups_device_gone(world->members[2].groups, ids[1]);
    igrs_groups_device_gone(world->members[3].groups, ids[1]);
    igrs_groups_device_gone(world->members[3].groups, ids[0]);
    clock_advance(world->clock, 5000);
    g_autofree char *other_half = seen(world, 2);
    g_assert_true(g_str_has_prefix(other_half, "c: "));
    world->members[2].is_deaf = world->members[3].is_deaf = false;
    igrs_groups_announce(world->members[2].groups);
    igrs_groups_announce(world->members[1].groups);
    clock_advance(world->clock, 5000);
    assert_seen(world, "abcd", "b: abcd");
}

static void
test_peers(World *world, gconstpointer data G_GNUC_UNUSED)
{
    create(world, 3, false);
    assert_seen(world, "abcd", "d");
    g_assert_cmpint(join(world, 0), ==, 0);
    g_assert_cmpint(join(world, 2), ==, 0);
    assert_seen(world, "acd", "acd");
    assert_seen(world, "b", "acd");
    g_assert_true(igrs_groups_leave(world->members[3].groups, world->id, NULL));
    assert_seen(world, "abc", "ac");
    stop(world, 0, true);
    assert_seen(world, "bcd", "c");
    start(world, 0); /* it is still a member */
    assert_seen(world, "abcd", "ac");
    stop(world, 0, false); /* without a word: one life later */
    clock_advance(world->clock, 1801 * 1000);
    clock_advance(world->clock, 900 * 1000);
    assert_seen(world, "bcd", "c");
    stop(world, 2, false);
    clock_advance(world->clock, 1801 * 1000);
    assert_seen(world, "bd", NULL);
}

/* Somebody from outside calls itself the master of our group, or says what cannot be. */
static void
test_forged(World *world, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new();
    IgrsGroupEntry entry = { NULL, (char *)"Mine now", NULL, (char *)ids[0], members };
    char *const bad_ids[] = { (char *)"urn:x", (char *)IGRS_URN_GROUP_ID "not-a-uuid" };

    create(world, 1, true);
    g_assert_cmpint(join(world, 2), ==, 0);
    entry.id = world->id;
    for (unsigned i = 1; i < DEVICES; i++)
        igrs_groups_heard(world->members[i].groups, ids[0], &entry, 1800);
    clock_advance(world->clock, 5000);
    assert_seen(world, "bcd", "b: bc");
    entry.master_id = (char *)ids[1]; /* speaks for another */
    igrs_groups_heard(world->members[2].groups, ids[0], &entry, 1800);
    entry.master_id = NULL; /* a peer group of the same id */
    igrs_groups_heard(world->members[2].groups, ids[0], &entry, 1800);
    assert_seen(world, "bcd", "b: bc");
    for (guint i = 0; i < G_N_ELEMENTS(bad_ids); i++) {
        entry.id = bad_ids[i];
        igrs_groups_heard(world->members[2].groups, ids[0], &entry, 1800);
    }
    g_autoptr(GPtrArray) known = igrs_groups_list(world->members[2].groups);
    g_assert_cmpuint(known->len, ==, 1);
}

static void
test_bounds(World *world, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GPtrArray) members = g_ptr_array_new();
    IgrsGroups *groups = world->members[0].groups;
    g_autoptr(GError) error = NULL;

    for (unsigned i = 0; i < IGRS_GROUPS_OURS_MAX; i++)
        g_assert_nonnull(igrs_groups_create(groups, "Ours", IGRS_USE_PLAIN, i % 2, &error));
    g_assert_null(igrs_groups_create(groups, "Ours", IGRS_USE_PLAIN, true, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_BUSY);
    g_clear_error(&error);
    g_assert_null(igrs_groups_create(world->members[1].groups, "", IGRS_USE_PLAIN, true, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(igrs_groups_create(world->members[1].groups, "Bad", "Dancing", true, &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    for (unsigned i = 0; i < 10000; i++) {
        g_autofree char *sender = g_strdup_printf(URN("e") "%u", i / 20);
        g_autofree char *id =
            g_strdup_printf(IGRS_URN_GROUP_ID "00000000-0000-4000-8000-%012x", i);
        IgrsGroupEntry entry = { id, (char *)"Theirs", NULL, i % 2 ? sender : NULL, members };
        igrs_groups_heard(groups, sender, &entry, UINT32_MAX);
    }
    g_autoptr(GPtrArray) known = igrs_groups_list(groups);
    g_assert_cmpuint(known->len, ==, IGRS_GROUPS_MAX);
    unsigned ours = 0;
    for (guint i = 0; i < known->len; i++)
        ours += ((const IgrsGroup *)g_ptr_array_index(known, i))->is_ours;
    g_assert_cmpuint(ours, ==, IGRS_GROUPS_OURS_MAX);
    clock_advance(world->clock, 25 * 3600 * 1000);
    g_autoptr(GPtrArray) left = igrs_groups_list(groups);
    g_assert_cmpuint(left->len, ==, IGRS_GROUPS_OURS_MAX);
}

/* A file that somebody wrote into. */
static const char *const broken_files[] = {
    "", "not a key file", "[urn:x]\nname=a\nuse=Plain\nrole=master\n",
    "[" IGRS_URN_GROUP_ID "0]\nrole=master\n",
    "[" IGRS_URN_GROUP_ID "0]\nname=a\nuse=Plain\nrole=king\n",
};

static void
test_broken_files(World *world, gconstpointer data G_GNUC_UNUSED)
{
    for (guint i = 0; i < G_N_ELEMENTS(broken_files); i++) {
        igrs_groups_restore(world->members[0].groups, broken_files[i]);
        g_autoptr(GPtrArray) known = igrs_groups_list(world->members[0].groups);
        g_assert_cmpuint(known->len, ==, 0);
    }
}

#define ADD(path, function) g_test_add(path, World, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/groups/join", test_join);
    ADD("/igrs/groups/codes", test_codes);
    ADD("/igrs/groups/leave", test_leave);
    ADD("/igrs/groups/failover", test_failover);
    ADD("/igrs/groups/failover-of-the-dead", test_failover_of_the_dead);
    ADD("/igrs/groups/silent-master", test_silent_master);
    ADD("/igrs/groups/slow-master", test_slow_master);
    ADD("/igrs/groups/master-returns", test_master_returns);
    ADD("/igrs/groups/all-return", test_all_return);
    ADD("/igrs/groups/slave-returns", test_slave_returns);
    ADD("/igrs/groups/partition", test_partition);
    ADD("/igrs/groups/peers", test_peers);
    ADD("/igrs/groups/forged", test_forged);
    ADD("/igrs/groups/bounds", test_bounds);
    ADD("/igrs/groups/broken-files", test_broken_files);
    return g_test_run();
}
