/* test-security-tls.c -- pipes inside TLS without a wire: choices, lies on the way, certificates
 *
 * PROFILE section 4, "Inside TLS". The wire between the two sides is the test's own, so that it can
 * do what somebody in the middle does. */
#include "tests/igrs/two-sides.h"

#include <glib/gstdio.h>

#define TLS_PSK IGRS_PIPE_SECURITY_TLS_PSK
#define PSK IGRS_PIPE_SECURITY_PSK
#define TLS IGRS_PIPE_SECURITY_TLS
#define OPEN IGRS_PIPE_SECURITY_NULL
#define CERTIFICATE_A 0xaa
#define CERTIFICATE_B 0xbb

static void
set_up(TwoSides *fixture, gconstpointer digits)
{
    two_sides_set_up(fixture, digits);
    side_offer_tls(&fixture->a, CERTIFICATE_A);
    side_offer_tls(&fixture->b, CERTIFICATE_B);
}

/* Where from's next message to the other goes; NULL: outside of TLS. */
static const IgrsPlace *
place_of(const Side *from, const Side *to)
{
    return igrs_security_place_for(from->security,
                                   &(IgrsMessage){ .type = IGRS_INVOKE_SERVICE_REQUEST,
                                                   .target_id = (char *)to->id });
}

static void
assert_inside(const Side *from, const Side *to, const char *location, uint8_t octet)
{
    const IgrsPlace *place = place_of(from, to);

    g_assert_nonnull(place);
    g_assert_cmpstr(place->location, ==, location);
    g_assert_cmpuint(place->certificate.octets[0], ==, octet);
    g_assert_cmpuint(place->certificate.octets[31], ==, octet);
}

/* What A says outside of TLS, signed where it has to be. */
static uint32_t
say_outside(Side *from, Side *to, IgrsMessageType type)
{
    g_autoptr(IgrsMessage) message = side_message(from, to, type);

    side_sign(from, message);
    g_autoptr(IgrsMessage) reply =
        side_answer(to, message, &(IgrsOrigin){ from->address, false });
    return reply->return_code;
}

/* Both ways, with a key (data) and without; nothing of it counts outside. */
static void
test_whole(TwoSides *fixture, gconstpointer data)
{
    Side *a = &fixture->a, *b = &fixture->b;

    g_assert_null(place_of(a, b));
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN);
    assert_inside(a, b, "https://10.0.0.2:4433/IGRS", CERTIFICATE_B);
    assert_inside(b, a, "https://10.0.0.1:4433/IGRS", CERTIFICATE_A);
    g_assert_cmpuint(side_say(a, b), ==, IGRS_OK);
    g_assert_cmpuint(side_say(b, a), ==, IGRS_OK);
    g_assert_cmpint(igrs_security_is_paired(a->security, b->id), ==, data != NULL);
    g_assert_true(igrs_security_is_current(b->security, a->id));
    g_assert_cmpuint(say_outside(a, b, IGRS_INVOKE_SERVICE_REQUEST), ==, IGRS_UNAUTHORISED);
    g_assert_cmpuint(say_outside(b, a, IGRS_CREATE_SESSION_REQUEST), ==, IGRS_UNAUTHORISED);
    g_assert_cmpuint(side_say(a, b), ==, IGRS_OK); /* nothing changed, no number was spent */
    igrs_security_forget(a->security, b->id);
    g_assert_null(place_of(a, b));
}

/* What is chosen of an offer, outside and inside, with a key and without. */
static void
test_choices(TwoSides *fixture, gconstpointer data)
{
    static const struct {
        const char *list;
        const char *with_key, *without; /* NULL: 401 */
    } cases[] = {
        { TLS_PSK "," PSK "," TLS "," OPEN, TLS_PSK, TLS },
        { OPEN "," TLS "," PSK "," TLS_PSK, TLS_PSK, TLS }, /* our order, not theirs */
        { TLS_PSK "," PSK, TLS_PSK, NULL },
        { PSK "," OPEN, PSK, OPEN },
        { TLS "," OPEN, NULL, TLS },
        { TLS, NULL, TLS },
        { TLS_PSK, TLS_PSK, NULL },
        { "urn:igrs:DeviceSecurity:TLS , urn:x", NULL, TLS },
        { OPEN, NULL, OPEN },
        { NULL, NULL, OPEN },
    };
    const IgrsOrigin outside = { "10.0.0.1", false }, inside = { "10.0.0.1", true };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        for (guint in = 0; in < 2; in++) {
            const char *choice = data != NULL ? cases[i].with_key : cases[i].without;
            g_autoptr(IgrsMessage) request =
                side_message(&fixture->a, &fixture->b, IGRS_CREATE_PIPE_REQUEST);
            request->device_security_ids = g_strdup(cases[i].list);
            request->location = g_strdup("https://10.0.0.1:4433/IGRS");
            request->certificate = g_strdup(ZEROS);
            g_autoptr(IgrsMessage) reply =
                side_answer(&fixture->b, request, in == 1 ? &inside : &outside);
            g_test_message("case %u, %s", i, in == 1 ? "inside" : "outside");
            g_assert_cmpuint(reply->return_code, ==, choice != NULL ? IGRS_OK : IGRS_UNAUTHORISED);
            if (choice == NULL)
                continue;
            g_assert_cmpstr(reply->device_security_ids, ==, choice);
            bool is_inside = g_str_equal(choice, TLS) || g_str_equal(choice, TLS_PSK);
            g_assert_cmpint(reply->certificate != NULL, ==, is_inside);
            bool is_told = in == 1 && g_str_equal(choice, TLS);
            g_assert_cmpint(place_of(&fixture->b, &fixture->a) != NULL, ==, is_told);
            igrs_security_forget(fixture->b.security, fixture->a.id);
        }
}

/* What we offer, and to whom. */
static void
test_our_offers(TwoSides *fixture, gconstpointer data)
{
    Side *a = &fixture->a, *b = &fixture->b;
    g_autofree char *all = igrs_security_list(a->security, true);
    g_autofree char *closed = igrs_security_list(a->security, false);

    g_assert_cmpstr(all, ==, TLS_PSK "," PSK "," TLS "," OPEN);
    g_assert_cmpstr(closed, ==, TLS_PSK "," PSK);
    g_autoptr(IgrsMessage) none = side_begin(a, b);
    g_assert_cmpstr(none->device_security_ids, ==, TLS "," OPEN);
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN);
    igrs_security_forget(a->security, b->id);
    g_autoptr(IgrsMessage) pinned = side_begin(a, b);
    g_assert_cmpstr(pinned->device_security_ids, ==, TLS);
    side_put_key(a, "any", DIGITS);
    g_autoptr(IgrsMessage) any = side_begin(a, b);
    g_assert_cmpstr(any->device_security_ids, ==, TLS_PSK "," PSK "," TLS);
    side_put_key(a, UUID_B, DIGITS);
    g_autoptr(IgrsMessage) own = side_begin(a, b);
    g_assert_cmpstr(own->device_security_ids, ==, TLS_PSK "," PSK);
}

/* Devices that offer none are spoken to as ever, and speak to us. */
static void
test_one_side_alone(TwoSides *fixture, gconstpointer data)
{
    Side old, *a = &fixture->a;

    side_init(&old, fixture->clock, ID_B, "10.0.0.3");
    if (data != NULL)
        side_put_key(&old, UUID_A, data);
    g_assert_cmpint(side_open_pipe(a, &old), ==, IGRS_STEP_OPEN);
    g_assert_null(place_of(a, &old));
    g_assert_cmpuint(side_say(a, &old), ==, IGRS_OK);
    g_assert_cmpint(side_open_pipe(&old, a), ==, IGRS_STEP_OPEN);
    g_assert_null(place_of(a, &old));
    g_assert_cmpuint(side_say(&old, a), ==, IGRS_OK);
    side_clear(&old);
}

/* -- Somebody in the middle -------------------------------------------------------------------- */

static const IgrsSecret certificate_m = { "the certificate of the middle,  " };

typedef enum {
    LIE_NONE,
    LIE_OFFER_STRIPPED,     /* A's offer loses TLS on its way */
    LIE_CHOICE_PSK,         /* B's choice becomes PSK, NULL */
    LIE_CHOICE_NULL,
    LIE_CHOICE_LATE,        /* the same inside */
    LIE_OTHER_CERTIFICATE,  /* the middle shows its own to A, and goes on with B */
    LIE_OTHER_CERTIFICATE_OF_A, /* it tells B its own, to stand there, too */
    LIE_OTHER_HOST,
    LIE_PLAIN_PLACE,
    LIE_NO_PLACE,
    LIE_NO_CERTIFICATE,
    LIE_SHORT_CERTIFICATE,
    LIE_N
} Lie;

static void
replace(char **text, const char *other)
{
    g_free(*text);
    *text = g_strdup(other);
}

static void
spoil_request(IgrsMessage *request, Lie lie)
{
    if (request->type != IGRS_CREATE_PIPE_REQUEST)
        return;
    g_autofree char *own = igrs_secret_to_base64(&certificate_m);
    if (lie == LIE_OFFER_STRIPPED)
        replace(&request->device_security_ids, PSK "," OPEN);
    if ((lie == LIE_OTHER_CERTIFICATE || lie == LIE_OTHER_CERTIFICATE_OF_A) &&
        request->certificate != NULL)
        replace(&request->certificate, own);
}

static void
spoil_reply(IgrsMessage *reply, Lie lie, bool is_inside)
{
    if (reply->type != IGRS_CREATE_PIPE_RESPONSE)
        return;
    g_autofree char *own = igrs_secret_to_base64(&certificate_m);
    switch (lie) {
    case LIE_CHOICE_PSK: replace(&reply->device_security_ids, PSK); break;
    case LIE_CHOICE_NULL: replace(&reply->device_security_ids, OPEN); break;
    case LIE_CHOICE_LATE:
        if (is_inside)
            replace(&reply->device_security_ids, OPEN);
        break;
    case LIE_OTHER_CERTIFICATE: replace(&reply->certificate, own); break;
    case LIE_OTHER_HOST: replace(&reply->location, "https://10.0.0.66:4433/IGRS"); break;
    case LIE_PLAIN_PLACE: replace(&reply->location, "http://10.0.0.2:4433/IGRS"); break;
    case LIE_NO_PLACE: replace(&reply->location, NULL); break;
    case LIE_NO_CERTIFICATE: replace(&reply->certificate, NULL); break;
    case LIE_SHORT_CERTIFICATE: replace(&reply->certificate, "AAAA"); break;
    default: break;
    }
}

/* A opens a pipe to B through the middle. */
static IgrsStep
open_through(TwoSides *fixture, Lie lie)
{
    Side *a = &fixture->a, *b = &fixture->b;
    IgrsMessage *request = side_begin(a, b);
    IgrsStep step = IGRS_STEP_NEXT;

    while (step == IGRS_STEP_NEXT) {
        const IgrsOrigin origin = side_origin(a, request);
        spoil_request(request, lie);
        g_autoptr(IgrsMessage) reply = side_answer(b, request, &origin);
        spoil_reply(reply, lie, origin.is_inside);
        g_clear_pointer(&request, igrs_message_free);
        step = side_hear(a, b, reply, &request);
    }
    return step;
}

/* With a key every lie is noticed, the first time. */
static void
test_middle_paired(TwoSides *fixture, gconstpointer data)
{
    for (Lie lie = LIE_NONE + 1; lie < LIE_N; lie++) {
        g_test_message("lie %u", lie);
        g_assert_cmpint(open_through(fixture, lie), ==, IGRS_STEP_REFUSED);
        g_assert_null(place_of(&fixture->a, &fixture->b));
        g_assert_cmpuint(side_say(&fixture->a, &fixture->b), ==, IGRS_OK); /* nothing is sealed */
    }
    g_assert_cmpint(open_through(fixture, LIE_NONE), ==, IGRS_STEP_OPEN);
}

/* Without one: those that nothing covers are believed the first time, and none the second. */
static void
test_middle_open(TwoSides *fixture, gconstpointer data)
{
    Side *a = &fixture->a, *b = &fixture->b;

    g_assert_cmpint(open_through(fixture, LIE_NONE), ==, IGRS_STEP_OPEN);
    for (Lie lie = LIE_NONE + 1; lie < LIE_N; lie++) {
        igrs_security_forget(a->security, b->id);
        igrs_security_forget(b->security, a->id);
        if (lie == LIE_OTHER_CERTIFICATE_OF_A)
            continue; /* B believes whoever asks: PROFILE section 4, "What it does not" */
        g_test_message("lie %u", lie);
        g_assert_cmpint(open_through(fixture, lie), ==, IGRS_STEP_REFUSED);
        g_assert_null(place_of(a, b));
    }
    igrs_security_read(a->security); /* over a restart as well */
    g_assert_cmpint(open_through(fixture, LIE_OTHER_CERTIFICATE), ==, IGRS_STEP_REFUSED);
    g_assert_cmpint(open_through(fixture, LIE_NONE), ==, IGRS_STEP_OPEN);
}

/* Pairing makes the new certificate of a device that was set up anew the right one. */
static void
test_healed(TwoSides *fixture, gconstpointer data)
{
    Side *a = &fixture->a, *b = &fixture->b;
    const char *uuids[] = { UUID_B, UUID_A };
    Side *sides[] = { a, b };

    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN);
    igrs_security_forget(a->security, b->id);
    igrs_security_forget(b->security, a->id);
    side_offer_tls(b, 0xcc);
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_REFUSED);
    for (guint i = 0; i < 2; i++)
        side_put_key(sides[i], uuids[i], DIGITS);
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN);
    igrs_security_forget(a->security, b->id);
    igrs_security_forget(b->security, a->id);
    for (guint i = 0; i < 2; i++)
        side_put_key(sides[i], uuids[i], NULL);
    g_assert_cmpint(side_open_pipe(a, b), ==, IGRS_STEP_OPEN);
    assert_inside(a, b, "https://10.0.0.2:4433/IGRS", 0xcc);
}

/* Inside, B wants to know where A serves inside. */
static void
test_bad_requests(TwoSides *fixture, gconstpointer data)
{
    static const struct {
        const char *location, *certificate;
    } cases[] = {
        { NULL, ZEROS },
        { "http://10.0.0.1:3880/IGRS", ZEROS },
        { "https://10.0.0.1:1/IGRS", NULL },
        { "https://10.0.0.1:1/IGRS", "nonsense" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(IgrsMessage) request =
            side_message(&fixture->a, &fixture->b, IGRS_CREATE_PIPE_REQUEST);
        request->device_security_ids = g_strdup(TLS_PSK "," TLS);
        request->location = g_strdup(cases[i].location);
        request->certificate = g_strdup(cases[i].certificate);
        g_autoptr(IgrsMessage) reply =
            side_answer(&fixture->b, request, &(IgrsOrigin){ "10.0.0.1", true });
        g_assert_cmpuint(reply->return_code, ==, IGRS_BAD_REQUEST);
        g_assert_null(place_of(&fixture->b, &fixture->a));
    }
}

/* A handshake that was begun inside TLS goes on there alone. */
static void
test_steps_outside(TwoSides *fixture, gconstpointer data)
{
    Side *a = &fixture->a, *b = &fixture->b;

    for (guint outside = 0; outside < 3; outside++) {
        IgrsMessage *request = side_begin(a, b);
        IgrsStep step = IGRS_STEP_NEXT;
        for (guint n = 0; step == IGRS_STEP_NEXT; n++) {
            IgrsOrigin origin = side_origin(a, request);
            g_assert_cmpint(origin.is_inside, ==, n > 0);
            if (n == outside + 2) { /* Authenticate, AuthenticateResult, CreatePipeResult */
                g_autoptr(IgrsMessage) refused =
                    side_answer(b, request, &(IgrsOrigin){ a->address, false });
                g_assert_cmpuint(refused->return_code, ==, IGRS_UNAUTHORISED);
            }
            g_autoptr(IgrsMessage) reply = side_answer(b, request, &origin);
            g_clear_pointer(&request, igrs_message_free);
            step = side_hear(a, b, reply, &request);
        }
        g_assert_cmpint(step, ==, IGRS_STEP_OPEN);
        g_assert_cmpuint(side_say(a, b), ==, IGRS_OK);
    }
}

/* Both begin; every order of the half-steps (one in so many, with a key: there are 184756). */
static void
test_crossing(TwoSides *fixture, gconstpointer data)
{
    guint halves = data != NULL ? 10 : 4, every = data != NULL ? 17 : 1, found = 0;

    for (guint order = 0; order < 1u << (2 * halves); order++) {
        if ((guint)__builtin_popcount(order) != halves || found++ % every != 0)
            continue;
        two_sides_cross(fixture, order, 2 * halves);
        assert_inside(&fixture->a, &fixture->b, "https://10.0.0.2:4433/IGRS", CERTIFICATE_B);
        assert_inside(&fixture->b, &fixture->a, "https://10.0.0.1:4433/IGRS", CERTIFICATE_A);
    }
}

#define ADD(path, key, function) \
    g_test_add(path, TwoSides, key, set_up, function, two_sides_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/igrs/security-tls/whole/paired", DIGITS, test_whole);
    ADD("/igrs/security-tls/whole/open", NULL, test_whole);
    ADD("/igrs/security-tls/choices/paired", DIGITS, test_choices);
    ADD("/igrs/security-tls/choices/open", NULL, test_choices);
    ADD("/igrs/security-tls/our-offers", NULL, test_our_offers);
    ADD("/igrs/security-tls/one-side-alone/paired", DIGITS, test_one_side_alone);
    ADD("/igrs/security-tls/one-side-alone/open", NULL, test_one_side_alone);
    ADD("/igrs/security-tls/middle/paired", DIGITS, test_middle_paired);
    ADD("/igrs/security-tls/middle/open", NULL, test_middle_open);
    ADD("/igrs/security-tls/healed", NULL, test_healed);
    ADD("/igrs/security-tls/bad-requests/paired", DIGITS, test_bad_requests);
    ADD("/igrs/security-tls/bad-requests/open", NULL, test_bad_requests);
    ADD("/igrs/security-tls/steps-outside", DIGITS, test_steps_outside);
    ADD("/igrs/security-tls/crossing/paired", DIGITS, test_crossing);
    ADD("/igrs/security-tls/crossing/open", NULL, test_crossing);
    return g_test_run();
}
