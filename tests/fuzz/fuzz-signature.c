/* fuzz-signature.c -- the first octet says who hears it, then an HTTP-shaped message that forges
 *
 * Nobody here knows the keys: no message is signed well, no proof is one, whatever the state of the
 * handshake. The octets of the body are numbers too, of which a seal takes each once. */
#include "igrs/handshake.h"
#include "tests/fuzz/fuzz.h"

#define OWN "urn:IGRS:Device:DeviceId:6a1c2f70-0d5e-4c53-9a41-52d3f3f0a9b1"
#define PEER "urn:IGRS:Device:DeviceId:0f9b7c1e-3a44-4d0c-8f65-b1f0c2d3e4f5"

static const IgrsSecret *
secret_key(void)
{
    static IgrsSecret key;
    static bool is_made;

    if (!is_made)
        igrs_secret_random(&key);
    is_made = true;
    return &key;
}

static void
check_signature(const IgrsMessage *message, GBytes *body)
{
    g_autoptr(IgrsSeal) a = igrs_seal_new(secret_key(), true);
    g_autoptr(IgrsSeal) b = igrs_seal_new(secret_key(), false);
    IgrsSecret secret;

    g_assert_false(igrs_seal_is_signed(a, message, body));
    g_assert_false(igrs_seal_is_signed(b, message, body));
    if (igrs_secret_from_base64(message->signature, &secret)) {
        g_autofree char *again = igrs_secret_to_base64(&secret);
        g_assert_cmpstr(again, ==, message->signature);
    }
}

/* Brings a handshake to the state that step names, as an honest peer without the key would. */
static IgrsHandshake *
handshake_at(guint step)
{
    static const char nonce[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    bool is_asking = step >= 3;
    IgrsHandshake *handshake =
        is_asking ? igrs_handshake_new_asking(OWN, secret_key(), IGRS_PIPE_SECURITY_PSK)
                  : igrs_handshake_new(OWN, secret_key());
    IgrsMessageType types[] = { is_asking ? IGRS_CREATE_PIPE_RESPONSE : IGRS_CREATE_PIPE_REQUEST,
                                IGRS_AUTHENTICATE_REQUEST };

    for (guint i = 0; i < step % 3 && i < (is_asking ? 1 : 2); i++) {
        g_autoptr(IgrsMessage) said = igrs_message_new(types[i]);
        g_autoptr(IgrsMessage) next = igrs_message_new(IGRS_NO_MESSAGE);
        said->source_id = g_strdup(PEER);
        said->return_code = IGRS_OK;
        said->device_security_ids = g_strdup(IGRS_PIPE_SECURITY_PSK);
        said->challenge = g_strdup(nonce);
        g_assert_cmpuint(igrs_handshake_take(handshake, said, next), ==, IGRS_OK);
    }
    return handshake;
}

static void
check_proof(const IgrsMessage *message, guint step)
{
    g_autoptr(IgrsHandshake) handshake = handshake_at(step);
    g_autoptr(IgrsMessage) next = igrs_message_new(IGRS_NO_MESSAGE);
    IgrsHandshakeState before = igrs_handshake_state(handshake);
    uint32_t code = igrs_handshake_take(handshake, message, next);

    g_assert_null(igrs_handshake_seal(handshake));
    if (code == IGRS_NO_PIPE && message->return_code != IGRS_NO_PIPE)
        g_assert_cmpint(igrs_handshake_state(handshake), ==, before);
    else if (code != IGRS_OK)
        g_assert_cmpint(igrs_handshake_state(handshake), ==, IGRS_HANDSHAKE_FAILED);
}

static void
check_numbers(const uint8_t *data, size_t size)
{
    g_autoptr(IgrsSeal) seal = igrs_seal_new(secret_key(), true);
    g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL);
    uint32_t highest = 0;

    for (size_t i = 0; i + 2 <= size; i += 2) {
        uint32_t number = 1 + (uint32_t)(data[i] << 8 | data[i + 1]) % 1000;
        bool is_new = !g_hash_table_contains(taken, GUINT_TO_POINTER(number));
        bool is_near = number > highest || highest - number <= IGRS_SEAL_WINDOW;
        g_assert_cmpint(igrs_seal_take_number(seal, number), ==, is_new && is_near);
        g_hash_table_add(taken, GUINT_TO_POINTER(number));
        highest = MAX(highest, number);
    }
}

FUZZ_TARGET("signature")
{
    guint step = size == 0 ? 0 : data[0] % 6;
    g_autoptr(HttpMessage) http = size == 0 ? NULL : http_message_decode(data + 1, size - 1, NULL);
    size_t length = 0;

    if (http == NULL)
        return;
    const void *body = http->body == NULL ? NULL : g_bytes_get_data(http->body, &length);
    if (length > 0)
        check_numbers(body, length);
    g_autoptr(IgrsMessage) message = igrs_message_decode(
        http->heads, body, length, step >= 3 ? IGRS_BY_REPLY : IGRS_BY_PIPE, NULL);
    if (message == NULL)
        return;
    check_signature(message, http->body);
    check_proof(message, step);
}
