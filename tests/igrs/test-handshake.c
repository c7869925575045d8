/* test-handshake.c -- the proof of the key: transcript, every pair of state and message, lies */
#include "igrs/handshake.h"

#include <string.h>

#define ID_A "urn:IGRS:Device:DeviceId:0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"
#define ID_B "urn:IGRS:Device:DeviceId:6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"
#define OFFER IGRS_PIPE_SECURITY_PSK "," IGRS_PIPE_SECURITY_NULL

static const IgrsSecret key = { "a key of thirty-two octets, just" };
static const IgrsSecret other_key = { "another of thirty-two octets, no" };

/* Inside TLS, what A and B show there. */
static const IgrsSecret certificate_a = { "the certificate that A shows her" };
static const IgrsSecret certificate_b = { "the certificate that B shows, to" };
static bool is_inside; /* for begin() */

typedef struct {
    IgrsHandshake *a, *b;
    IgrsMessage *last; /* that was said */
    uint32_t number;
    uint32_t code; /* of the last one that took it */
} Talk;

/* A says its CreatePipeRequest, which stands outside of its handshake. */
static void
begin(Talk *talk, const IgrsSecret *key_a, const IgrsSecret *key_b)
{
    *talk = (Talk){ .a = igrs_handshake_new_asking(ID_A, key_a, OFFER),
                    .b = igrs_handshake_new(ID_B, key_b), .number = 7, .code = IGRS_OK };
    if (is_inside) {
        igrs_handshake_bind(talk->a, &certificate_a, &certificate_b);
        igrs_handshake_bind(talk->b, &certificate_b, &certificate_a);
    }
    talk->last = igrs_message_new(IGRS_CREATE_PIPE_REQUEST);
    talk->last->source_id = g_strdup(ID_A);
    talk->last->target_id = g_strdup(ID_B);
    talk->last->sequence_id = talk->number;
    talk->last->device_security_ids = g_strdup(OFFER);
}

/* Whoever hears the last message takes it; what he says is the last one then. */
static void
step(Talk *talk)
{
    bool is_request = igrs_message_role(talk->last->type) == IGRS_REQUEST;
    IgrsMessage *next = is_request ? igrs_message_new_reply(talk->last, IGRS_OK)
                                   : igrs_message_new(IGRS_NO_MESSAGE);

    talk->code = igrs_handshake_take(is_request ? talk->b : talk->a, talk->last, next);
    if (is_request) {
        next->return_code = talk->code;
    } else {
        next->source_id = g_strdup(ID_A);
        next->target_id = g_strdup(ID_B);
        next->sequence_id = ++talk->number;
    }
    igrs_message_free(talk->last);
    talk->last = next;
}

static void
steps(Talk *talk, guint count)
{
    for (guint i = 0; i < count; i++) {
        step(talk);
        g_assert_cmpuint(talk->code, ==, IGRS_OK);
    }
}

static void
end(Talk *talk)
{
    igrs_handshake_free(talk->a);
    igrs_handshake_free(talk->b);
    igrs_message_free(talk->last);
}

#define STEPS 8 /* four requests and their answers */

static void
test_whole(void)
{
    Talk talk;

    begin(&talk, &key, &key);
    steps(&talk, STEPS);
    g_assert_cmpint(igrs_handshake_state(talk.a), ==, IGRS_HANDSHAKE_DONE);
    g_assert_cmpint(igrs_handshake_state(talk.b), ==, IGRS_HANDSHAKE_DONE);
    g_assert_cmpint(talk.last->type, ==, IGRS_NO_MESSAGE);

    g_autoptr(IgrsMessage) said = igrs_message_new(IGRS_CREATE_SESSION_REQUEST);
    g_autoptr(GBytes) body = g_bytes_new_static("<a/>", 4);
    said->sequence_id = 12;
    igrs_seal_sign(igrs_handshake_seal(talk.a), said, body);
    g_assert_true(igrs_seal_is_signed(igrs_handshake_seal(talk.b), said, body));
    g_assert_false(igrs_seal_is_signed(igrs_handshake_seal(talk.a), said, body)); /* sent back */
    end(&talk);
}

/* Computed by hand from PROFILE section 4, not by the code under test. */
static IgrsSecret
by_hand(const IgrsSecret *secret, const char *const *texts, const IgrsMessage *challenge,
        const IgrsMessage *answer, const IgrsSecret *const *certificates)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    const IgrsMessage *nonces[] = { challenge, answer };
    IgrsSecret result;
    gsize size = IGRS_SECRET_SIZE;
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, secret->octets, IGRS_SECRET_SIZE);

    for (; *texts != NULL; texts++)
        g_byte_array_append(all, (const guint8 *)*texts, (guint)strlen(*texts));
    for (guint i = 0; i < 2; i++) {
        gsize length;
        g_autofree guchar *nonce = g_base64_decode(nonces[i]->challenge, &length);
        g_assert_cmpuint(length, ==, 32);
        g_byte_array_append(all, nonce, 32);
    }
    for (; certificates != NULL && *certificates != NULL; certificates++)
        g_byte_array_append(all, (*certificates)->octets, 32);
    g_hmac_update(hmac, all->data, all->len);
    g_hmac_get_digest(hmac, result.octets, &size);
    g_hmac_unref(hmac);
    return result;
}

static void
test_transcript(void)
{
    const char *choice = is_inside ? IGRS_PIPE_SECURITY_TLS_PSK : IGRS_PIPE_SECURITY_PSK;
    const char *const from_b[] = { "igrs-B", OFFER, choice, ID_A, ID_B, NULL };
    const char *const from_a[] = { "igrs-A", OFFER, choice, ID_A, ID_B, NULL };
    static const char *const pipe[] = { "igrs-pipe", NULL };
    const IgrsSecret *const both[] = { &certificate_a, &certificate_b, NULL };
    const IgrsSecret *const *shown = is_inside ? both : NULL;
    Talk talk;

    begin(&talk, &key, &key);
    steps(&talk, 2);
    g_autoptr(IgrsMessage) challenge = igrs_message_new(IGRS_AUTHENTICATE_REQUEST);
    challenge->challenge = g_strdup(talk.last->challenge);
    steps(&talk, 1);
    g_autoptr(IgrsMessage) answer = igrs_message_new(IGRS_AUTHENTICATE_RESPONSE);
    answer->challenge = g_strdup(talk.last->challenge);
    IgrsSecret expected = by_hand(&key, from_b, challenge, answer, shown);
    g_autofree char *proof_b = igrs_secret_to_base64(&expected);
    g_assert_cmpstr(talk.last->auth_data, ==, proof_b);
    steps(&talk, 1);
    expected = by_hand(&key, from_a, challenge, answer, shown);
    g_autofree char *proof_a = igrs_secret_to_base64(&expected);
    g_assert_cmpstr(talk.last->auth_data, ==, proof_a);
    steps(&talk, 4);

    IgrsSecret pipe_key = by_hand(&key, pipe, challenge, answer, NULL);
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, pipe_key.octets, IGRS_SECRET_SIZE);
    gsize size = IGRS_SECRET_SIZE;
    g_hmac_update(hmac, (const guchar *)"AInvokeServiceRequest4294967295body", -1);
    g_hmac_get_digest(hmac, expected.octets, &size);
    g_hmac_unref(hmac);
    g_autofree char *signature = igrs_secret_to_base64(&expected);
    g_autoptr(IgrsMessage) said = igrs_message_new(IGRS_INVOKE_SERVICE_REQUEST);
    g_autoptr(GBytes) body = g_bytes_new_static("body", 4);
    said->sequence_id = UINT32_MAX;
    igrs_seal_sign(igrs_handshake_seal(talk.a), said, body);
    g_assert_cmpstr(said->signature, ==, signature);
    end(&talk);
}

/* -- The public vectors, tests/data/igrs/secure-pipe*.txt --------------------------------------- */

static const char *
value_of(char *const *lines, const char *name)
{
    for (; *lines != NULL; lines++)
        if (g_str_has_prefix(*lines, name) && (*lines)[strlen(name)] == ' ')
            return *lines + strlen(name) + 1;
    g_error("the vector has no %s", name);
}

static IgrsSecret
hex_of(const char *digits)
{
    IgrsSecret secret;

    g_assert_cmpuint(strlen(digits), ==, 2 * IGRS_SECRET_SIZE);
    for (guint i = 0; i < IGRS_SECRET_SIZE; i++)
        secret.octets[i] = (uint8_t)(g_ascii_xdigit_value(digits[2 * i]) << 4 |
                                     g_ascii_xdigit_value(digits[2 * i + 1]));
    return secret;
}

static void
check_vector_proof(char *const *lines, const char *role, const char *name)
{
    const char *const texts[] = { role, value_of(lines, "offer"), value_of(lines, "choice"),
                                  value_of(lines, "idA"), value_of(lines, "idB"), NULL };
    IgrsMessage challenge = { .challenge = (char *)value_of(lines, "challengeA") };
    IgrsMessage answer = { .challenge = (char *)value_of(lines, "challengeB") };
    IgrsSecret secret = hex_of(value_of(lines, "key")), fa, fb;
    const IgrsSecret *const both[] = { &fa, &fb, NULL };
    bool has_certificates = strcmp(texts[2], IGRS_PIPE_SECURITY_TLS_PSK) == 0;

    if (has_certificates) {
        g_assert_true(igrs_secret_from_base64(value_of(lines, "certificateA"), &fa));
        g_assert_true(igrs_secret_from_base64(value_of(lines, "certificateB"), &fb));
    }
    IgrsSecret proof = by_hand(&secret, texts, &challenge, &answer, has_certificates ? both : NULL);
    g_autofree char *text = igrs_secret_to_base64(&proof);

    g_assert_cmpstr(text, ==, value_of(lines, name));
}

static IgrsMessageType
type_named(const char *name)
{
    IgrsMessageType type = IGRS_NO_MESSAGE + 1;

    while (type < IGRS_MESSAGE_N && strcmp(igrs_message_name(type), name) != 0)
        type++;
    return type;
}

/* line: direction type number body signature */
static void
check_vector_signature(const char *line, const IgrsSecret *pipe_key)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 5);
    bool is_from_a = *words[0] == 'A';
    g_autoptr(IgrsSeal) seal = igrs_seal_new(pipe_key, is_from_a);
    g_autoptr(IgrsSeal) other = igrs_seal_new(pipe_key, !is_from_a);
    g_autoptr(IgrsMessage) message = igrs_message_new(type_named(words[1]));
    g_autoptr(GBytes) body =
        strcmp(words[3], "-") == 0 ? NULL : g_bytes_new(words[3], strlen(words[3]));

    message->sequence_id = message->acknowledge_id =
        (uint32_t)g_ascii_strtoull(words[2], NULL, 10);
    igrs_seal_sign(seal, message, body);
    g_assert_cmpstr(message->signature, ==, words[4]);
    g_assert_true(igrs_seal_is_signed(other, message, body));
}

static void
test_vector(gconstpointer name)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "data", "igrs", name, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    guint signatures = 0;

    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    check_vector_proof(lines, "igrs-B", "authDataB");
    check_vector_proof(lines, "igrs-A", "authDataA");
    IgrsSecret pipe_key = hex_of(value_of(lines, "pipeKey"));
    for (guint i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], "signature ")) {
            check_vector_signature(lines[i] + strlen("signature "), &pipe_key);
            signatures++;
        }
    g_assert_cmpuint(signatures, ==, 6);
}

/* Somebody in the middle shows another certificate to one of them, or to both. */
static void
test_other_certificates(void)
{
    static const IgrsSecret other = { "the certificate of the middle,  " };

    for (guint who = 1; who < 4; who++) {
        Talk talk;
        is_inside = false;
        begin(&talk, &key, &key);
        igrs_handshake_bind(talk.a, &certificate_a, (who & 1) != 0 ? &other : &certificate_b);
        igrs_handshake_bind(talk.b, &certificate_b, (who & 2) != 0 ? &other : &certificate_a);
        steps(&talk, 3);
        step(&talk);
        g_assert_cmpuint(talk.code, ==, IGRS_UNAUTHORISED);
        g_assert_null(igrs_handshake_seal(talk.a));
        end(&talk);
    }
}

/* Each of the above once more inside TLS. */
static void
test_inside(gconstpointer test)
{
    is_inside = true;
    ((GTestFunc)test)();
    is_inside = false;
}

/* What a liar may change on the way, before the step that notices. */
static void
test_lies(void)
{
    enum { OFFER_STRIPPED, CHOICE, CHALLENGE_A, CHALLENGE_B, PROOF_A, PROOF_B, ID, KEY, LIE_N };
    static const guint before[] = { 0, 1, 2, 3, 4, 3, 0, 0 };

    for (int lie = 0; lie < LIE_N; lie++) {
        Talk talk;
        char **text[] = { NULL, NULL };
        begin(&talk, &key, lie == KEY ? &other_key : &key);
        steps(&talk, before[lie]);
        switch (lie) {
        case OFFER_STRIPPED: text[0] = &talk.last->device_security_ids; break;
        case CHOICE: text[0] = &talk.last->device_security_ids; break;
        case CHALLENGE_A: text[0] = &talk.last->challenge; break;
        case CHALLENGE_B: text[0] = &talk.last->challenge; break;
        case PROOF_A: text[0] = &talk.last->auth_data; break;
        case PROOF_B: text[0] = &talk.last->auth_data; break;
        default: break;
        }
        if (text[0] != NULL) {
            const char *other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
            if (lie == OFFER_STRIPPED)
                other = IGRS_PIPE_SECURITY_PSK;
            if (lie == CHOICE)
                other = is_inside ? "urn:igrs:DeviceSecurity:TLS-PSK-HMAC-SHA256"
                                  : "urn:igrs:DeviceSecurity:PSK-HMAC-SHA256"; /* spelled anew */
            g_free(*text[0]);
            *text[0] = g_strdup(other);
        }
        guint taken = before[lie];
        while (taken < STEPS && talk.code == IGRS_OK) {
            if (lie == ID && igrs_message_role(talk.last->type) == IGRS_REQUEST) {
                g_free(talk.last->source_id);
                talk.last->source_id = g_strdup(ID_B);
            }
            step(&talk);
            taken++;
        }
        g_test_message("lie %d noticed at step %u", lie, taken);
        g_assert_cmpuint(talk.code, ==, IGRS_UNAUTHORISED);
        g_assert_cmpuint(taken, <=, 5);
        g_assert_null(igrs_handshake_seal(talk.b));
        end(&talk);
    }
}

/* PROFILE section 4, written down a second time: which message each state knows. */
static const IgrsMessageType known[IGRS_HANDSHAKE_STATE_N][2] = {
    [IGRS_HANDSHAKE_IDLE] = { IGRS_CREATE_PIPE_REQUEST },
    [IGRS_HANDSHAKE_CHOSEN] = { IGRS_CREATE_PIPE_REQUEST, IGRS_AUTHENTICATE_REQUEST },
    [IGRS_HANDSHAKE_CHALLENGED] = { IGRS_CREATE_PIPE_REQUEST, IGRS_AUTHENTICATE_RESULT_REQUEST },
    [IGRS_HANDSHAKE_PROVED] = { IGRS_CREATE_PIPE_REQUEST, IGRS_CREATE_PIPE_RESULT_REQUEST },
    [IGRS_HANDSHAKE_ASKING] = { IGRS_CREATE_PIPE_RESPONSE },
    [IGRS_HANDSHAKE_CHALLENGING] = { IGRS_AUTHENTICATE_RESPONSE },
    [IGRS_HANDSHAKE_PROVING] = { IGRS_AUTHENTICATE_RESULT_RESPONSE },
    [IGRS_HANDSHAKE_CONFIRMING] = { IGRS_CREATE_PIPE_RESULT_RESPONSE },
};

/* How many steps bring which side to a state. */
static const struct {
    guint steps;
    bool is_b;
} way_to[IGRS_HANDSHAKE_STATE_N] = {
    [IGRS_HANDSHAKE_IDLE] = { 0, true },        [IGRS_HANDSHAKE_CHOSEN] = { 1, true },
    [IGRS_HANDSHAKE_CHALLENGED] = { 3, true },  [IGRS_HANDSHAKE_PROVED] = { 5, true },
    [IGRS_HANDSHAKE_ASKING] = { 0, false },     [IGRS_HANDSHAKE_CHALLENGING] = { 2, false },
    [IGRS_HANDSHAKE_PROVING] = { 4, false },    [IGRS_HANDSHAKE_CONFIRMING] = { 6, false },
    [IGRS_HANDSHAKE_DONE] = { STEPS, true },
};

static IgrsHandshake *
come_to(Talk *talk, IgrsHandshakeState state)
{
    begin(talk, &key, &key);
    IgrsHandshake *side = talk->a;
    if (state == IGRS_HANDSHAKE_FAILED) {
        steps(talk, 2);
        talk->last->type = IGRS_CREATE_PIPE_RESPONSE;
        g_autoptr(IgrsMessage) refusal = igrs_message_new(IGRS_AUTHENTICATE_RESPONSE);
        refusal->return_code = IGRS_DENIED;
        g_assert_cmpuint(igrs_handshake_take(talk->a, refusal, NULL), ==, IGRS_DENIED);
    } else {
        steps(talk, way_to[state].steps);
        if (way_to[state].is_b)
            side = talk->b;
    }
    g_assert_cmpint(igrs_handshake_state(side), ==, state);
    return side;
}

static void
test_every_pair(void)
{
    for (int state = 0; state < IGRS_HANDSHAKE_STATE_N; state++)
        for (int type = IGRS_CREATE_PIPE_REQUEST; type <= IGRS_DETACH_PIPE_NOTIFY; type++) {
            Talk talk;
            IgrsHandshake *side = come_to(&talk, (IgrsHandshakeState)state);
            bool is_known = known[state][0] == (IgrsMessageType)type ||
                            known[state][1] == (IgrsMessageType)type;
            g_autoptr(IgrsMessage) message = igrs_message_new((IgrsMessageType)type);
            g_autoptr(IgrsMessage) next = igrs_message_new(IGRS_NO_MESSAGE);
            message->source_id = g_strdup(ID_A);
            message->return_code = IGRS_OK; /* of those that are answers */
            uint32_t code = igrs_handshake_take(side, message, next);
            g_test_message("state %d, %s: %u", state, igrs_message_name(message->type), code);
            g_assert_cmpint(code != IGRS_NO_PIPE, ==, is_known);
            if (!is_known)
                g_assert_cmpint(igrs_handshake_state(side), ==, state);
            else if (code != IGRS_OK) /* without what it has to carry */
                g_assert_cmpint(igrs_handshake_state(side), ==, IGRS_HANDSHAKE_FAILED);
            end(&talk);
        }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/igrs/handshake/whole", test_whole);
    g_test_add_func("/igrs/handshake/transcript", test_transcript);
    g_test_add_data_func("/igrs/handshake/vector", "secure-pipe.txt", test_vector);
    g_test_add_data_func("/igrs/handshake/inside/vector", "secure-pipe-tls.txt", test_vector);
    g_test_add_func("/igrs/handshake/lies", test_lies);
    g_test_add_func("/igrs/handshake/every-pair", test_every_pair);
    g_test_add_data_func("/igrs/handshake/inside/whole", test_whole, test_inside);
    g_test_add_data_func("/igrs/handshake/inside/transcript", test_transcript, test_inside);
    g_test_add_data_func("/igrs/handshake/inside/lies", test_lies, test_inside);
    g_test_add_data_func("/igrs/handshake/inside/every-pair", test_every_pair, test_inside);
    g_test_add_func("/igrs/handshake/other-certificates", test_other_certificates);
    return g_test_run();
}
