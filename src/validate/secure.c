/* secure.c -- pipes with a pairing key, as PROFILE section 4 says them; see tester.h
 *
 * The second maker of PSK-HMAC-SHA256 in this tree, written from the profile alone: what src/igrs
 * takes for right is right here too, or a rule fails. */
#include "validate/tester.h"

#include "base/error.h"

#include <stdarg.h>
#include <string.h>

#define DIGITS (2 * SECRET_SIZE)
#define FORGERY_MS 61000

/* -- The key ----------------------------------------------------------------------------------- */

bool
secure_read_key(Tester *t, const char *path, GError **error)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, error))
        return false;
    g_strstrip(text);
    if (strlen(text) != DIGITS || strspn(text, "0123456789abcdefABCDEF") != DIGITS) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "%s: a key is %d hexadecimal digits and nothing else", path, DIGITS);
        return false;
    }
    for (guint i = 0; i < SECRET_SIZE; i++)
        t->key.octets[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 |
                                     g_ascii_xdigit_value(text[2 * i + 1]));
    t->has |= NEED_KEY;
    return true;
}

Secret
secret_random(void)
{
    Secret secret;

    for (guint i = 0; i < SECRET_SIZE; i++)
        secret.octets[i] = (uint8_t)g_random_int();
    return secret;
}

char *
secret_text(const Secret *secret)
{
    return g_base64_encode(secret->octets, SECRET_SIZE);
}

bool
secret_read(const char *text, Secret *secret)
{
    gsize size = 0;
    g_autofree guchar *octets = g_base64_decode(text, &size);
    g_autofree char *again = g_base64_encode(octets, size);

    if (size != SECRET_SIZE || strcmp(again, text) != 0)
        return false;
    memcpy(secret->octets, octets, SECRET_SIZE);
    return true;
}

/* HMAC-SHA256 over pairs of data and size, which end with NULL. */
static Secret
hmac(const Secret *key, ...)
{
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key->octets, SECRET_SIZE);
    gsize size = SECRET_SIZE;
    Secret result;
    va_list parts;

    va_start(parts, key);
    for (const void *data = va_arg(parts, const void *); data != NULL;
         data = va_arg(parts, const void *))
        g_hmac_update(hmac, data, va_arg(parts, int));
    va_end(parts);
    g_hmac_get_digest(hmac, result.octets, &size);
    g_hmac_unref(hmac);
    return result;
}

#define TEXT(text) (text), (int)strlen(text)
#define OCTETS(secret) (secret).octets, SECRET_SIZE

/* -- The handshake ----------------------------------------------------------------------------- */

const Heard *
shake_create(Tester *t, Shake *shake, const char *offer)
{
    const Edit edits[] = { { EDIT_SET, "01-DeviceSecurityId", offer }, { EDIT_NONE, NULL, NULL } };

    t->speaker = t->paired;
    *shake = (Shake){ .offer = offer, .key = t->key, .na = secret_random(),
                      .choice = t->inside_port != 0 ? IGRS_PIPE_SECURITY_TLS_PSK
                                                    : IGRS_PIPE_SECURITY_PSK };
    return ask_edited(t, say(t, IGRS_CREATE_PIPE_REQUEST), edits);
}

const Heard *
shake_challenge(Tester *t, Shake *shake)
{
    IgrsMessage *message = say(t, IGRS_AUTHENTICATE_REQUEST);

    g_free(message->challenge);
    message->challenge = secret_text(&shake->na);
    const Heard *reply = ask_message(t, message);
    if (expect_code(t, reply, 200))
        expect(t, secret_read(head_of(reply, "01-Challenge"), &shake->nb),
               "01-Challenge \"%s\" is not 32 octets in base64", head_of(reply, "01-Challenge"));
    return reply;
}

char *
shake_proof(const Tester *t, const Shake *shake, const char *role)
{
    bool is_inside = strcmp(shake->choice, IGRS_PIPE_SECURITY_TLS_PSK) == 0;
    Secret proof = hmac(&shake->key, TEXT(role), TEXT(shake->offer), TEXT(shake->choice),
                        TEXT(t->paired), TEXT(t->id), OCTETS(shake->na), OCTETS(shake->nb),
                        is_inside ? t->own_certificate.octets : NULL, SECRET_SIZE,
                        OCTETS(t->told), NULL);

    return secret_text(&proof);
}

const Heard *
shake_result(Tester *t, const char *proof)
{
    IgrsMessage *message = say(t, IGRS_AUTHENTICATE_RESULT_REQUEST);

    g_free(message->auth_data);
    message->auth_data = g_strdup(proof);
    return ask_message(t, message);
}

const Heard *
shake_finish(Tester *t, const Shake *shake)
{
    t->seal = hmac(&shake->key, TEXT("igrs-pipe"), OCTETS(shake->na), OCTETS(shake->nb), NULL);
    t->is_sealed = true;
    return ask(t, IGRS_CREATE_PIPE_RESULT_REQUEST);
}

bool
secure_pipe(Tester *t)
{
    Shake shake;

    if (!expect_code(t, shake_create(t, &shake, IGRS_PIPE_SECURITY_PSK), 200))
        return false;
    shake_challenge(t, &shake);
    g_autofree char *proof = shake_proof(t, &shake, "igrs-A");
    return t->failure == NULL && expect_code(t, shake_result(t, proof), 200) &&
           expect_code(t, shake_finish(t, &shake), 200);
}

/* -- Signatures -------------------------------------------------------------------------------- */

char *
seal_text(const Tester *t, const char *direction, const char *type, const char *number,
          const char *body, size_t body_size)
{
    Secret signature = hmac(&t->seal, TEXT(direction), TEXT(type), TEXT(number), body,
                            (int)body_size, NULL);

    return secret_text(&signature);
}

void
seal_message(const Tester *t, IgrsMessage *message, const char *body, size_t body_size)
{
    bool is_unsigned = message->type == IGRS_CREATE_PIPE_REQUEST ||
                       message->type == IGRS_AUTHENTICATE_REQUEST ||
                       message->type == IGRS_AUTHENTICATE_RESULT_REQUEST;
    g_autofree char *number = g_strdup_printf("%u", message->sequence_id);

    if (t->is_sealed && !is_unsigned && message->signature == NULL &&
        strcmp(message->source_id, t->paired) == 0)
        message->signature =
            seal_text(t, "A", igrs_message_name(message->type), number, body, body_size);
}

bool
expect_sealed(Tester *t, const Heard *heard)
{
    const char *type = head_of(heard, "01-IGRSMessageType");
    const char *number = head_of(heard, heard->status != 0 ? "01-AcknowledgeId" : "01-SequenceId");
    g_autofree char *wanted = seal_text(t, "B", type, number, heard->body, heard->body_size);
    const char *found = head_of(heard, "01-Signature");

    return expect(t, found[0] != '\0', "%s has no signature", type) &&
           expect(t, strcmp(found, wanted) == 0, "the signature of %s is wrong", type);
}

/* After five in a minute the device hears nobody at our address: all but the last rule stay below
 * that, and wait where they have to. */
void
await_forgery(Tester *t)
{
    int64_t *before_ms = &t->forged_ms[t->forged++ % G_N_ELEMENTS(t->forged_ms)];
    int64_t left_ms = *before_ms + FORGERY_MS - wire_now_ms();

    if (*before_ms != 0 && left_ms > 0)
        wire_pause(t, (unsigned)left_ms);
    *before_ms = wire_now_ms();
}
