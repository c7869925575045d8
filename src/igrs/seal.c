/* seal.c -- see seal.h */
#include "igrs/seal.h"

#include "base/chance.h"

#include <string.h>

struct IgrsSeal {
    IgrsSecret key;
    bool is_initiator;
    uint32_t highest; /* SequenceId of the peer's; 0: none yet */
    uint64_t seen;    /* bit n: highest - 1 - n came */
};

/* -- Secrets ----------------------------------------------------------------------------------- */

void
igrs_secret_hmac(IgrsSecret *result, const IgrsSecret *key, const IgrsPart *parts)
{
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key->octets, IGRS_SECRET_SIZE);
    gsize size = IGRS_SECRET_SIZE;

    for (; parts->data != NULL; parts++)
        if (parts->size > 0)
            g_hmac_update(hmac, parts->data, (gssize)parts->size);
    g_hmac_get_digest(hmac, result->octets, &size);
    g_assert(size == IGRS_SECRET_SIZE);
    g_hmac_unref(hmac);
}

bool
igrs_secret_equal(const IgrsSecret *a, const IgrsSecret *b)
{
    volatile uint8_t difference = 0;

    for (guint i = 0; i < IGRS_SECRET_SIZE; i++)
        difference = (uint8_t)(difference | (a->octets[i] ^ b->octets[i]));
    return difference == 0;
}

void
igrs_secret_random(IgrsSecret *secret)
{
    chance_fill(secret->octets, IGRS_SECRET_SIZE);
}

char *
igrs_secret_to_base64(const IgrsSecret *secret)
{
    return g_base64_encode(secret->octets, IGRS_SECRET_SIZE);
}

bool
igrs_secret_from_base64(const char *text, IgrsSecret *secret)
{
    gsize size = 0;

    if (text == NULL || strlen(text) != (IGRS_SECRET_SIZE + 2) / 3 * 4)
        return false;
    g_autofree guchar *octets = g_base64_decode(text, &size); /* skips what it does not know */
    if (size != IGRS_SECRET_SIZE)
        return false;
    g_autofree char *again = g_base64_encode(octets, size);
    if (strcmp(again, text) != 0)
        return false;
    memcpy(secret->octets, octets, IGRS_SECRET_SIZE);
    return true;
}

char *
igrs_secret_to_digits(const IgrsSecret *secret)
{
    GString *text = g_string_sized_new(2 * IGRS_SECRET_SIZE + 1);

    for (guint i = 0; i < IGRS_SECRET_SIZE; i++)
        g_string_append_printf(text, "%02x", secret->octets[i]);
    return g_string_free(text, FALSE);
}

bool
igrs_secret_from_digits(const char *text, IgrsSecret *secret)
{
    if (strlen(text) != 2 * IGRS_SECRET_SIZE ||
        strspn(text, "0123456789abcdefABCDEF") != 2 * IGRS_SECRET_SIZE)
        return false;
    for (guint i = 0; i < IGRS_SECRET_SIZE; i++)
        secret->octets[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 |
                                      g_ascii_xdigit_value(text[2 * i + 1]));
    return true;
}

/* -- The seal ---------------------------------------------------------------------------------- */

IgrsSeal *
igrs_seal_new(const IgrsSecret *pipe_key, bool is_initiator)
{
    IgrsSeal *seal = g_rc_box_new0(IgrsSeal);

    seal->key = *pipe_key;
    seal->is_initiator = is_initiator;
    return seal;
}

IgrsSeal *
igrs_seal_ref(IgrsSeal *seal)
{
    return g_rc_box_acquire(seal);
}

static void
wipe(gpointer data)
{
    explicit_bzero(data, sizeof(IgrsSeal));
}

void
igrs_seal_unref(IgrsSeal *seal)
{
    if (seal != NULL)
        g_rc_box_release_full(seal, wipe);
}

/* HMAC(P, direction | type | number | body) */
static void
compute(IgrsSecret *result, const IgrsSeal *seal, bool by_initiator, const IgrsMessage *message,
        GBytes *body)
{
    const char *type = igrs_message_name(message->type);
    bool is_reply = igrs_message_role(message->type) == IGRS_RESPONSE;
    g_autofree char *number =
        g_strdup_printf("%" G_GUINT32_FORMAT,
                        is_reply ? message->acknowledge_id : message->sequence_id);
    gsize size = 0;
    const void *data = body != NULL ? g_bytes_get_data(body, &size) : NULL;
    const IgrsPart parts[] = { { by_initiator ? "A" : "B", 1 },
                               { type, strlen(type) },
                               { number, strlen(number) },
                               { data != NULL ? data : "", size },
                               { NULL, 0 } };

    igrs_secret_hmac(result, &seal->key, parts);
}

void
igrs_seal_sign(const IgrsSeal *seal, IgrsMessage *message, GBytes *body)
{
    IgrsSecret signature;

    compute(&signature, seal, seal->is_initiator, message, body);
    g_free(message->signature);
    message->signature = igrs_secret_to_base64(&signature);
}

bool
igrs_seal_is_signed(const IgrsSeal *seal, const IgrsMessage *message, GBytes *body)
{
    IgrsSecret expected, signature;

    if (!igrs_secret_from_base64(message->signature, &signature))
        return false;
    compute(&expected, seal, !seal->is_initiator, message, body);
    return igrs_secret_equal(&expected, &signature);
}

bool
igrs_seal_take_number(IgrsSeal *seal, uint32_t sequence_id)
{
    if (sequence_id > seal->highest) {
        uint32_t ahead = sequence_id - seal->highest;
        seal->seen = ahead < IGRS_SEAL_WINDOW ? seal->seen << ahead : 0;
        if (seal->highest != 0 && ahead <= IGRS_SEAL_WINDOW)
            seal->seen |= UINT64_C(1) << (ahead - 1); /* the one that was the highest */
        seal->highest = sequence_id;
        return true;
    }
    uint32_t behind = seal->highest - sequence_id;
    if (behind == 0 || behind > IGRS_SEAL_WINDOW)
        return false;
    uint64_t bit = UINT64_C(1) << (behind - 1);
    if ((seal->seen & bit) != 0)
        return false;
    seal->seen |= bit;
    return true;
}
