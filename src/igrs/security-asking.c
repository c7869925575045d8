/* security-asking.c -- pipes that we ask others for, and what we sign with; see security.h */
#include "igrs/location.h"
#include "igrs/security-room.h"

#include <string.h>

IgrsSeal *
igrs_security_seal_for(const IgrsSecurity *security, const IgrsMessage *message)
{
    const SecurityPeer *peer;
    const SecurityAsking *asking;

    if (message->target_id == NULL || igrs_security_may_be_unsigned(message->type))
        return NULL;
    if (message->type == IGRS_CREATE_PIPE_RESULT_REQUEST) {
        asking = g_hash_table_lookup(security->asking, message->target_id);
        return asking != NULL ? igrs_handshake_seal(asking->handshake) : NULL;
    }
    peer = g_hash_table_lookup(security->peers, message->target_id);
    return peer != NULL ? peer->seals[0] : NULL;
}

const IgrsPlace *
igrs_security_place_for(const IgrsSecurity *security, const IgrsMessage *message)
{
    const SecurityPeer *peer;
    const SecurityAsking *asking;
    const IgrsPlace *place = NULL;

    if (message->target_id == NULL)
        return NULL;
    if (igrs_security_may_be_unsigned(message->type) ||
        message->type == IGRS_CREATE_PIPE_RESULT_REQUEST) {
        asking = g_hash_table_lookup(security->asking, message->target_id);
        place = asking != NULL ? &asking->place : NULL;
    } else {
        peer = g_hash_table_lookup(security->peers, message->target_id);
        place = peer != NULL ? &peer->place : NULL;
    }
    return place != NULL && place->location != NULL ? place : NULL;
}

/* What we offer to a peer: the certificate that it has shown us once, where we offer TLS at all, is
 * not given up for nothing. */
static char *
offer_to(const IgrsSecurity *security, const char *peer, bool has_key)
{
    bool allows_open = !igrs_security_is_paired(security, peer);
    bool is_pinned = security->offers_tls && igrs_pins_find(security->pins, peer) != NULL;
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; i < SECURITY_WAYS; i++) {
        const SecurityWay *way = &security_ways[i];
        if ((way->has_key ? has_key : allows_open) && (security->offers_tls || !way->is_inside) &&
            (way->has_key || way->is_inside || !is_pinned))
            g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", way->id);
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

bool
igrs_security_begin(IgrsSecurity *security, IgrsMessage *request, unsigned *attempt)
{
    const char *peer = request->target_id;
    const IgrsSecret *key = igrs_keys_find(security->keys, peer);

    *attempt = 0;
    g_hash_table_remove(security->asking, peer);
    request->device_security_ids = offer_to(security, peer, key != NULL);
    if (request->device_security_ids[0] == '\0')
        return false;
    if (strcmp(request->device_security_ids, IGRS_PIPE_SECURITY_NULL) == 0)
        return true;
    if (++security->last_attempt == 0)
        ++security->last_attempt;
    *attempt = security->last_attempt;
    SecurityAsking *asking = g_new0(SecurityAsking, 1);
    *asking = (SecurityAsking){ .attempt = *attempt,
                                .offer = g_strdup(request->device_security_ids) };
    if (key != NULL)
        asking->handshake = igrs_handshake_new_asking(security->device_id, key, asking->offer);
    g_hash_table_replace(security->asking, g_strdup(peer), asking);
    return true;
}

/* Once a device: it is asked again and again. */
static void
note_refusal(IgrsSecurity *security, const char *peer, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
note_refusal(IgrsSecurity *security, const char *peer, const char *format, ...)
{
    va_list arguments;

    if (g_hash_table_contains(security->refusing, peer))
        return;
    if (g_hash_table_size(security->refusing) >= IGRS_KEYS_MAX)
        g_hash_table_remove_all(security->refusing);
    g_hash_table_add(security->refusing, g_strdup(peer));
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_message("%s %s", peer, why);
}

#define SET_UP_ANEW                                                                                \
    "if it was set up anew, pair with it, or take its line out of .certificates in the folder of " \
    "keys"

/* -- What the peer chose ----------------------------------------------------------------------- */

/* Its place inside TLS is on the same host: nobody sends us elsewhere. */
static IgrsStep
go_inside(IgrsSecurity *security, const char *peer, SecurityAsking *asking, const SecurityWay *way,
          const char *location, const IgrsMessage *reply, IgrsMessage **next)
{
    g_autofree char *inside = igrs_location_inside(location, reply->location);
    IgrsSecret certificate;

    if (inside == NULL || !igrs_secret_from_base64(reply->certificate, &certificate)) {
        note_refusal(security, peer, "offers TLS and does not say where");
        return IGRS_STEP_REFUSED;
    }
    igrs_place_set(&asking->place, inside, &certificate);
    if (way->has_key)
        igrs_handshake_bind(asking->handshake, &security->certificate, &certificate);
    *next = igrs_message_new(IGRS_CREATE_PIPE_REQUEST);
    (*next)->target_id = g_strdup(peer);
    (*next)->device_security_ids = g_strdup(asking->offer);
    (*next)->certificate = igrs_secret_to_base64(&security->certificate);
    return IGRS_STEP_NEXT;
}

/* Open without a key. Inside TLS the certificate has to be the one we know, if we know one. */
static IgrsStep
finish_open(IgrsSecurity *security, const char *peer, const SecurityAsking *asking)
{
    const IgrsSecret *known = igrs_pins_find(security->pins, peer);

    if (asking->place.location != NULL && known != NULL &&
        !igrs_secret_equal(known, &asking->place.certificate)) {
        note_refusal(security, peer,
                     "shows another certificate than before: " SET_UP_ANEW);
        return IGRS_STEP_REFUSED;
    }
    if (asking->place.location != NULL) {
        igrs_pins_put(security->pins, peer, &asking->place.certificate);
        igrs_security_take_pipe(security, peer, NULL, &asking->place, false);
    }
    return IGRS_STEP_OPEN;
}

/* Both hold the key; what the peer shows inside TLS is its own, whatever it showed before. */
static IgrsStep
finish_sealed(IgrsSecurity *security, const char *peer, const SecurityAsking *asking)
{
    if (asking->place.location != NULL)
        igrs_pins_put(security->pins, peer, &asking->place.certificate);
    igrs_security_take_pipe(security, peer, asking->handshake, &asking->place, asking->is_crossed);
    return IGRS_STEP_OPEN;
}

/* A message of the handshake. */
static IgrsStep
go_on(IgrsSecurity *security, const char *peer, SecurityAsking *asking, const IgrsMessage *reply,
      IgrsMessage **next)
{
    g_autoptr(IgrsMessage) message = igrs_message_new(IGRS_NO_MESSAGE);
    uint32_t code = igrs_handshake_take(asking->handshake, reply, message);

    if (code != IGRS_OK) {
        note_refusal(security, peer, "does not prove that it holds our key (%u)", code);
        return IGRS_STEP_REFUSED;
    }
    if (igrs_handshake_state(asking->handshake) == IGRS_HANDSHAKE_DONE)
        return finish_sealed(security, peer, asking);
    message->target_id = g_strdup(peer);
    *next = g_steal_pointer(&message);
    return IGRS_STEP_NEXT;
}

static IgrsStep
take_choice(IgrsSecurity *security, const char *peer, SecurityAsking *asking, const char *location,
            const IgrsMessage *reply, IgrsMessage **next)
{
    const SecurityWay *way = igrs_security_find_way(reply->device_security_ids);
    bool is_inside = asking->place.location != NULL;

    if (reply->return_code != IGRS_OK) {
        bool was_inside = security->offers_tls && igrs_pins_find(security->pins, peer) != NULL;
        note_refusal(security, peer, "opens no pipe to us (%u)%s", reply->return_code,
                     was_inside ? ", inside TLS as before: " SET_UP_ANEW : "");
        return IGRS_STEP_REFUSED;
    }
    if (way == NULL || !igrs_security_offers(asking->offer, way) ||
        (is_inside && !way->is_inside)) {
        note_refusal(security, peer, "chooses what we do not offer");
        return IGRS_STEP_REFUSED;
    }
    if (way->is_inside && !is_inside)
        return go_inside(security, peer, asking, way, location, reply, next);
    return way->has_key ? go_on(security, peer, asking, reply, next)
                        : finish_open(security, peer, asking);
}

IgrsStep
igrs_security_answered(IgrsSecurity *security, const char *peer, unsigned attempt,
                       const char *location, const IgrsMessage *reply, IgrsMessage **next)
{
    SecurityAsking *asking = g_hash_table_lookup(security->asking, peer);

    if (attempt == 0) /* we offered NULL alone */
        return reply != NULL && reply->type == IGRS_CREATE_PIPE_RESPONSE &&
                       reply->return_code == IGRS_OK &&
                       igrs_security_find_way(reply->device_security_ids) ==
                           igrs_security_find_way(NULL)
                   ? IGRS_STEP_OPEN
                   : IGRS_STEP_REFUSED;
    if (asking == NULL || asking->attempt != attempt)
        return IGRS_STEP_OVER;
    if (reply == NULL || !igrs_device_id_equal(reply->source_id, peer))
        return IGRS_STEP_REFUSED;
    IgrsStep step = reply->type == IGRS_CREATE_PIPE_RESPONSE
                        ? take_choice(security, peer, asking, location, reply, next)
                        : go_on(security, peer, asking, reply, next);
    if (step != IGRS_STEP_NEXT)
        g_hash_table_remove(security->asking, peer);
    return step;
}
