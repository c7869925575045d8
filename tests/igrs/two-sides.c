/* two-sides.c -- see two-sides.h */
#include "tests/igrs/two-sides.h"

#include <glib/gstdio.h>
#include <string.h>

void
side_put_key(const Side *side, const char *name, const char *digits)
{
    g_autofree char *path = g_build_filename(side->folder, name, NULL);

    if (digits == NULL)
        g_assert_cmpint(g_unlink(path), ==, 0);
    else
        g_assert_true(g_file_set_contents_full(path, digits, -1, G_FILE_SET_CONTENTS_NONE, 0600,
                                               NULL));
    igrs_keys_read(igrs_security_keys(side->security));
}

void
side_init(Side *side, Clock *clock, const char *id, const char *address)
{
    *side = (Side){ .id = id, .address = address, .number = 100 };
    side->folder = g_dir_make_tmp("keys-XXXXXX", NULL);
    side->security = igrs_security_new(clock, id, side->folder);
}

void
side_clear(Side *side)
{
    static const char *const names[] = { UUID_A, UUID_B, "any", ".proved", ".certificates" };

    igrs_security_free(side->security);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(side->folder, names[i], NULL);
        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(side->folder), ==, 0);
    g_free(side->folder);
}

void
side_offer_tls(const Side *side, uint8_t octet)
{
    IgrsSecret certificate;

    memset(certificate.octets, octet, sizeof certificate.octets);
    igrs_security_offer_tls(side->security, &certificate);
}

/* -- A node in few lines ----------------------------------------------------------------------- */

IgrsMessage *
side_message(Side *from, const Side *to, IgrsMessageType type)
{
    IgrsMessage *message = igrs_message_new(type);

    message->source_id = g_strdup(from->id);
    message->target_id = g_strdup(to->id);
    message->sequence_id = ++from->number;
    return message;
}

void
side_sign(const Side *from, IgrsMessage *message)
{
    IgrsSeal *seal = igrs_security_seal_for(from->security, message);

    if (seal != NULL)
        igrs_seal_sign(seal, message, NULL);
}

IgrsOrigin
side_origin(const Side *from, const IgrsMessage *message)
{
    return (IgrsOrigin){ from->address, igrs_security_place_for(from->security, message) != NULL };
}

static char *
location_of(const Side *side, bool is_inside)
{
    return g_strdup_printf(is_inside ? "https://%s:4433/IGRS" : "http://%s:3880/IGRS",
                           side->address);
}

IgrsMessage *
side_answer(Side *to, const IgrsMessage *request, const IgrsOrigin *origin)
{
    g_autoptr(IgrsSeal) seal = NULL;
    IgrsMessage *reply = igrs_message_new_reply(request, IGRS_OK);
    bool is_open = false;

    reply->return_code = igrs_security_judge(to->security, request, NULL, origin, &seal);
    if (reply->return_code != IGRS_OK)
        return reply;
    if (request->type == IGRS_CREATE_PIPE_REQUEST)
        reply->return_code =
            igrs_security_choose(to->security, request, origin, true, reply, &is_open);
    else if (request->type == IGRS_AUTHENTICATE_REQUEST ||
             request->type == IGRS_AUTHENTICATE_RESULT_REQUEST ||
             request->type == IGRS_CREATE_PIPE_RESULT_REQUEST)
        reply->return_code = igrs_security_take(to->security, request, origin->address, reply);
    if (request->type == IGRS_CREATE_PIPE_RESULT_REQUEST && reply->return_code == IGRS_OK)
        g_free(igrs_security_establish(to->security, request, origin->address));
    if (is_open && reply->return_code == IGRS_OK)
        igrs_security_opened(to->security, request, reply);
    if (reply->certificate != NULL)
        reply->location = location_of(to, true);
    if (seal != NULL)
        igrs_seal_sign(seal, reply, NULL);
    return reply;
}

IgrsMessage *
side_begin(Side *from, const Side *to)
{
    IgrsMessage *request = side_message(from, to, IGRS_CREATE_PIPE_REQUEST);

    g_assert_true(igrs_security_begin(from->security, request, &from->attempt));
    return request;
}

IgrsStep
side_hear(Side *from, const Side *to, const IgrsMessage *reply, IgrsMessage **next)
{
    g_autofree char *location = location_of(to, false);
    IgrsStep step =
        igrs_security_answered(from->security, to->id, from->attempt, location, reply, next);

    if (step == IGRS_STEP_NEXT) {
        if ((*next)->type == IGRS_CREATE_PIPE_REQUEST)
            (*next)->location = location_of(from, true);
        (*next)->source_id = g_strdup(from->id);
        (*next)->sequence_id = ++from->number;
        side_sign(from, *next);
    }
    return step;
}

IgrsStep
side_open_pipe(Side *from, Side *to)
{
    IgrsMessage *request = side_begin(from, to);
    IgrsStep step = IGRS_STEP_NEXT;

    while (step == IGRS_STEP_NEXT) {
        const IgrsOrigin origin = side_origin(from, request);
        g_autoptr(IgrsMessage) reply = side_answer(to, request, &origin);
        g_clear_pointer(&request, igrs_message_free);
        step = side_hear(from, to, reply, &request);
    }
    return step;
}

uint32_t
side_say(Side *from, Side *to)
{
    g_autoptr(IgrsMessage) request = side_message(from, to, IGRS_DEVICE_ONLINE_DETECTION_REQUEST);
    IgrsSeal *seal = igrs_security_seal_for(from->security, request);

    const IgrsOrigin origin = side_origin(from, request);

    side_sign(from, request);
    g_autoptr(IgrsMessage) reply = side_answer(to, request, &origin);
    if (seal != NULL && reply->return_code == IGRS_OK)
        g_assert_true(igrs_seal_is_signed(seal, reply, NULL));
    return reply->return_code;
}

uint32_t
side_offer(Side *from, Side *to, const char *address, const char *list)
{
    g_autoptr(IgrsMessage) request = side_message(from, to, IGRS_CREATE_PIPE_REQUEST);

    request->device_security_ids = g_strdup(list);
    g_autoptr(IgrsMessage) reply = side_answer(to, request, &(IgrsOrigin){ address, false });
    return reply->return_code;
}

uint32_t
side_forge(Side *from, Side *to, const char *signature)
{
    g_autoptr(IgrsMessage) request = side_message(from, to, IGRS_DEVICE_ONLINE_DETECTION_REQUEST);

    request->signature = g_strdup(signature);
    g_autoptr(IgrsMessage) reply = side_answer(to, request, &(IgrsOrigin){ from->address, false });
    g_assert_null(reply->signature);
    return reply->return_code;
}

/* -- The two of them --------------------------------------------------------------------------- */

void
two_sides_set_up(TwoSides *two, gconstpointer digits)
{
    two->clock = clock_new_fake();
    side_init(&two->a, two->clock, ID_A, "10.0.0.1");
    side_init(&two->b, two->clock, ID_B, "10.0.0.2");
    if (digits != NULL) {
        side_put_key(&two->a, UUID_B, digits);
        side_put_key(&two->b, UUID_A, digits);
    }
}

void
two_sides_tear_down(TwoSides *two, gconstpointer data G_GNUC_UNUSED)
{
    side_clear(&two->a);
    side_clear(&two->b);
    clock_free(two->clock);
}

void
two_sides_cross(TwoSides *two, unsigned order, unsigned half_steps)
{
    Side *sides[] = { &two->a, &two->b };
    IgrsMessage *out[2], *in[2] = { NULL, NULL };
    bool is_over[2] = { false, false };

    for (guint i = 0; i < 2; i++) {
        igrs_security_forget(sides[i]->security, sides[1 - i]->id);
        out[i] = side_begin(sides[i], sides[1 - i]);
    }
    for (guint bit = 0; bit < half_steps; bit++) {
        guint who = order >> bit & 1;
        Side *from = sides[who], *to = sides[1 - who];
        if (is_over[who])
            continue;
        if (in[who] == NULL) {
            const IgrsOrigin origin = side_origin(from, out[who]);
            in[who] = side_answer(to, out[who], &origin);
            g_clear_pointer(&out[who], igrs_message_free);
            continue;
        }
        is_over[who] = side_hear(from, to, in[who], &out[who]) != IGRS_STEP_NEXT;
        g_clear_pointer(&in[who], igrs_message_free);
    }
    for (guint i = 0; i < 2; i++) {
        g_clear_pointer(&out[i], igrs_message_free);
        g_clear_pointer(&in[i], igrs_message_free);
        g_assert_cmpuint(side_say(sides[i], sides[1 - i]), ==, IGRS_OK);
    }
}
