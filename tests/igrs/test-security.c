/* test-security.c -- two devices and their seals without a wire: offers, forgeries, crossing */
#include "igrs/forgers.h"
#include "tests/igrs/two-sides.h"

#define BOTH IGRS_PIPE_SECURITY_PSK "," IGRS_PIPE_SECURITY_NULL

static void
test_both_ways(TwoSides *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_assert_cmpint(side_open_pipe(&fixture->a, &fixture->b), ==, IGRS_STEP_OPEN);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpuint(side_say(&fixture->a, &fixture->b), ==, IGRS_OK);
        g_assert_cmpuint(side_say(&fixture->b, &fixture->a), ==, IGRS_OK);
    }
    g_assert_cmpuint(side_forge(&fixture->a, &fixture->b, NULL), ==, IGRS_UNAUTHORISED);
}

/* What is chosen of an offer, by the keys there are. */
static void
test_offers(TwoSides *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *own, *any; /* keys of B */
        const char *list;
        uint32_t code;
    } cases[] = {
        { DIGITS, NULL, BOTH, IGRS_OK },
        { DIGITS, NULL, " urn:igrs:DeviceSecurity:PSK-HMAC-SHA256 ", IGRS_OK },
        { DIGITS, NULL, IGRS_PIPE_SECURITY_NULL, IGRS_UNAUTHORISED },
        { DIGITS, NULL, NULL, IGRS_UNAUTHORISED },
        { DIGITS, NULL, "urn:IGRS:DeviceSecurity:OTHER", IGRS_UNAUTHORISED },
        { NULL, NULL, BOTH, IGRS_OK },
        { NULL, NULL, NULL, IGRS_OK },
        { NULL, NULL, IGRS_PIPE_SECURITY_NULL, IGRS_OK },
        { NULL, NULL, IGRS_PIPE_SECURITY_PSK, IGRS_UNAUTHORISED },
        { NULL, DIGITS, IGRS_PIPE_SECURITY_PSK, IGRS_OK },
        { NULL, DIGITS, IGRS_PIPE_SECURITY_NULL, IGRS_OK },
    };

    side_put_key(&fixture->b, UUID_A, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (cases[i].own != NULL)
            side_put_key(&fixture->b, UUID_A, cases[i].own);
        if (cases[i].any != NULL)
            side_put_key(&fixture->b, "any", cases[i].any);
        g_test_message("case %u", i);
        g_assert_cmpuint(side_offer(&fixture->a, &fixture->b, "10.0.0.1", cases[i].list), ==,
                         cases[i].code);
        if (cases[i].own != NULL)
            side_put_key(&fixture->b, UUID_A, NULL);
        if (cases[i].any != NULL)
            side_put_key(&fixture->b, "any", NULL);
    }
    g_autofree char *long_list = g_strnfill(IGRS_OFFER_MAX, ',');
    g_autofree char *list = g_strconcat(IGRS_PIPE_SECURITY_PSK, long_list, NULL);
    side_put_key(&fixture->b, UUID_A, DIGITS);
    g_assert_cmpuint(side_offer(&fixture->a, &fixture->b, "10.0.0.1", list), ==, IGRS_BAD_REQUEST);
}

/* What we offer, and whether NULL as the choice is taken. */
static void
test_our_offers(TwoSides *fixture, gconstpointer data G_GNUC_UNUSED)
{
    Side *a = &fixture->a, *b = &fixture->b;

    g_autoptr(IgrsMessage) own = side_begin(a, b);
    g_assert_cmpstr(own->device_security_ids, ==, IGRS_PIPE_SECURITY_PSK);
    side_put_key(b, UUID_A, NULL);
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_REFUSED); /* 401: B has no key */
    g_autoptr(IgrsMessage) asked = side_begin(a, b);
    g_autoptr(IgrsMessage) null = igrs_message_new_reply(asked, IGRS_OK);
    null->device_security_ids = g_strdup(IGRS_PIPE_SECURITY_NULL);
    IgrsMessage *next = NULL;
    g_assert_cmpint(side_hear(a, b, null, &next), ==, IGRS_STEP_REFUSED); /* a liar on the way */

    side_put_key(a, UUID_B, NULL);
    side_put_key(a, "any", DIGITS);
    g_autoptr(IgrsMessage) any = side_begin(a, b);
    g_assert_cmpstr(any->device_security_ids, ==, BOTH);
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN); /* NULL: it may not have the key */
    side_put_key(b, "any", DIGITS);
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN);
    g_assert_cmpuint(side_say(a, b), ==, IGRS_OK);
    g_autoptr(IgrsMessage) proved = side_begin(a, b);
    g_assert_cmpstr(proved->device_security_ids, ==, IGRS_PIPE_SECURITY_PSK);
    g_assert_cmpuint(side_offer(a, b, "10.0.0.1", IGRS_PIPE_SECURITY_NULL), ==, IGRS_UNAUTHORISED);

    side_put_key(a, "any", NULL);
    igrs_security_forget(a->security, b->id);
    g_autoptr(IgrsMessage) none = side_begin(a, b);
    g_assert_cmpstr(none->device_security_ids, ==, IGRS_PIPE_SECURITY_NULL);
}

/* Nothing that is not proved disturbs the pipe that stands. */
static void
test_the_standing_pipe(TwoSides *fixture, gconstpointer data G_GNUC_UNUSED)
{
    Side *a = &fixture->a, *b = &fixture->b;

    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN);
    g_assert_cmpuint(side_offer(a, b, "10.0.0.1", BOTH), ==, IGRS_OK);
    g_assert_cmpuint(side_offer(a, b, "10.0.0.9", BOTH), ==, IGRS_OK);
    g_autoptr(IgrsMessage) challenge = side_message(a, b, IGRS_AUTHENTICATE_REQUEST);
    challenge->challenge = g_strdup(ZEROS);
    g_autoptr(IgrsMessage) challenged =
        side_answer(b, challenge, &(IgrsOrigin){ "10.0.0.9", false });
    g_assert_cmpuint(challenged->return_code, ==, IGRS_OK);
    g_autoptr(IgrsMessage) proof = side_message(a, b, IGRS_AUTHENTICATE_RESULT_REQUEST);
    proof->auth_data = g_strdup(ZEROS);
    g_autoptr(IgrsMessage) refused = side_answer(b, proof, &(IgrsOrigin){ "10.0.0.9", false });
    g_assert_cmpuint(refused->return_code, ==, IGRS_UNAUTHORISED);
    /* one guess an attempt */
    g_autoptr(IgrsMessage) over = side_answer(b, proof, &(IgrsOrigin){ "10.0.0.9", false });
    g_assert_cmpuint(over->return_code, ==, IGRS_NO_PIPE);
    g_assert_cmpuint(side_say(a, b), ==, IGRS_OK);
    g_assert_cmpuint(side_say(b, a), ==, IGRS_OK);
}

/* Somebody else who says he is A cannot spoil what A began. */
static void
test_another_address(TwoSides *fixture, gconstpointer data G_GNUC_UNUSED)
{
    Side *a = &fixture->a, *b = &fixture->b;
    IgrsMessage *request = side_begin(a, b);
    IgrsStep step = IGRS_STEP_NEXT;

    while (step == IGRS_STEP_NEXT) {
        g_autoptr(IgrsMessage) reply = side_answer(b, request, &(IgrsOrigin){ a->address, false });
        g_assert_cmpuint(side_offer(a, b, "10.0.0.66", BOTH), ==, IGRS_OK);
        g_clear_pointer(&request, igrs_message_free);
        step = side_hear(a, b, reply, &request);
    }
    g_assert_cmpint(step, ==, IGRS_STEP_OPEN);
    g_assert_cmpuint(side_say(a, b), ==, IGRS_OK);
}

static void
test_forgeries(TwoSides *fixture, gconstpointer data G_GNUC_UNUSED)
{
    Side *a = &fixture->a, *b = &fixture->b;

    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN);
    g_autoptr(IgrsMessage) said = side_message(a, b, IGRS_DETACH_PIPE_NOTIFY);
    side_sign(a, said);
    g_autoptr(IgrsSeal) seal = NULL, again = NULL;
    const IgrsOrigin from_a = { a->address, false };
    g_assert_cmpuint(igrs_security_judge(b->security, said, NULL, &from_a, &seal), ==, IGRS_OK);
    g_assert_nonnull(seal);
    g_assert_cmpuint(igrs_security_judge(b->security, said, NULL, &from_a, &again), ==,
                     IGRS_UNAUTHORISED); /* a replay */
    for (guint i = 1; i < IGRS_FORGERIES_MAX; i++) {
        g_assert_cmpuint(side_forge(a, b, NULL), ==, IGRS_UNAUTHORISED); /* does not count */
        g_assert_cmpuint(side_forge(a, b, i % 2 == 0 ? ZEROS : "what"), ==, IGRS_UNAUTHORISED);
    }
    g_assert_cmpuint(side_forge(a, b, ZEROS), ==, IGRS_TOO_MANY);
    g_assert_cmpuint(side_forge(a, b, NULL), ==, IGRS_TOO_MANY);
    g_assert_cmpuint(side_offer(a, b, a->address, BOTH), ==, IGRS_TOO_MANY);
    g_assert_cmpuint(side_say(a, b), ==, IGRS_OK); /* a good one is still answered */
    g_assert_cmpuint(side_offer(a, b, "10.0.0.3", BOTH), ==, IGRS_OK);
    clock_advance(fixture->clock, IGRS_FORGERIES_MS);
    g_assert_cmpuint(side_forge(a, b, ZEROS), ==, IGRS_UNAUTHORISED);
}

/* Half-open pipes: bounded, and gone in a while. */
static void
test_flood(TwoSides *fixture, gconstpointer data G_GNUC_UNUSED)
{
    guint taken = 0, too_many = 0, busy = 0;

    side_put_key(&fixture->b, "any", DIGITS);
    for (guint i = 0; i < 10000; i++) {
        g_autofree char *id = g_strdup_printf(IGRS_URN_DEVICE_ID
                                              "00000000-0000-4000-8000-%012x", i);
        g_autofree char *address = g_strdup_printf("10.1.0.%u", i % 50);
        Side flooder = { .id = id };
        uint32_t code = side_offer(&flooder, &fixture->b, address, BOTH);
        taken += code == IGRS_OK;
        too_many += code == IGRS_TOO_MANY;
        busy += code == IGRS_BUSY;
    }
    g_assert_cmpuint(taken, ==, IGRS_HANDSHAKES_MAX);
    g_assert_cmpuint(taken + too_many + busy, ==, 10000);
    g_assert_cmpuint(busy, >, 0);
    clock_advance(fixture->clock, IGRS_HANDSHAKE_MS);
    g_assert_cmpint(side_open_pipe(&fixture->a, &fixture->b), ==, IGRS_STEP_OPEN);
    for (guint i = 0; i < IGRS_HANDSHAKES_PER_ADDRESS_MAX; i++) {
        g_autofree char *id = g_strdup_printf(IGRS_URN_DEVICE_ID
                                              "00000000-0000-4000-8000-%012x", i);
        Side flooder = { .id = id };
        g_assert_cmpuint(side_offer(&flooder, &fixture->b, "10.1.0.1", BOTH), ==, IGRS_OK);
    }
    g_assert_cmpuint(side_offer(&fixture->a, &fixture->b, "10.1.0.1", BOTH), ==, IGRS_TOO_MANY);
}

/* Both begin, and each step of one may come before or after each of the other: whatever stands at
 * the end, both can speak. */
static void
test_crossing(TwoSides *fixture, gconstpointer data G_GNUC_UNUSED)
{
    /* Eight half-steps a side; every order of the 16. */
    enum { HALVES = 8, ALL = 2 * HALVES };
    guint played = 0;

    for (guint order = 0; order < 1u << ALL; order++) {
        if (__builtin_popcount(order) != HALVES)
            continue;
        two_sides_cross(fixture, order, ALL);
        g_assert_nonnull(igrs_security_seal_for(
            fixture->a.security, &(IgrsMessage){ .type = IGRS_DETACH_PIPE_NOTIFY,
                                                 .target_id = (char *)fixture->b.id }));
        played++;
    }
    g_assert_cmpuint(played, ==, 12870);
}

static void
test_keys_change(TwoSides *fixture, gconstpointer data G_GNUC_UNUSED)
{
    Side *a = &fixture->a, *b = &fixture->b;

    g_assert_false(igrs_security_is_current(b->security, a->id)); /* an open pipe would not do */
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN);
    g_assert_true(igrs_security_is_current(b->security, a->id));
    side_put_key(b, UUID_A, OTHER_DIGITS);
    g_assert_false(igrs_security_is_current(b->security, a->id));
    igrs_security_forget(b->security, a->id);
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_REFUSED);
    side_put_key(b, UUID_A, NULL);
    g_assert_true(igrs_security_is_current(b->security, a->id)); /* open */
    side_put_key(b, UUID_A, "a slip of the pen");
    g_assert_false(igrs_security_is_current(b->security, a->id));
    g_assert_cmpuint(side_offer(a, b, "10.0.0.1", BOTH), ==, IGRS_UNAUTHORISED);
    g_autoptr(IgrsMessage) request = side_message(b, a, IGRS_CREATE_PIPE_REQUEST);
    g_assert_false(igrs_security_begin(b->security, request, &b->attempt));
}

#define ADD(path, function) \
    g_test_add(path, TwoSides, DIGITS, two_sides_set_up, function, two_sides_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK); /* a warning tells of the broken key */
    ADD("/igrs/security/both-ways", test_both_ways);
    ADD("/igrs/security/offers", test_offers);
    ADD("/igrs/security/our-offers", test_our_offers);
    ADD("/igrs/security/the-standing-pipe", test_the_standing_pipe);
    ADD("/igrs/security/another-address", test_another_address);
    ADD("/igrs/security/forgeries", test_forgeries);
    ADD("/igrs/security/flood", test_flood);
    ADD("/igrs/security/crossing", test_crossing);
    ADD("/igrs/security/keys-change", test_keys_change);
    return g_test_run();
}
