/* node-pairing.c -- see pairing.h */
#include "igrs/pairing.h"

#include "base/error.h"
#include "base/post.h"
#include "igrs/node.h"
#include "igrs/pairing-code.h"

/* Whoever has another key for us learns from the first that it is of no use, and takes the code. */
#define ATTEMPTS 2
#define PAUSE_MS 100 /* until the refused pipe has come to its end everywhere */

struct IgrsPairing {
    IgrsNode *node;  /* borrowed: the owner */
    char *device_id;
    unsigned attempts; /* refused so far */
    guint observer;    /* of pipes */
    guint timer;       /* until a refusal is seen to; 0: none */
    IgrsPaired done;
    gpointer user_data;
};

const char *
igrs_node_code(IgrsNode *node)
{
    return igrs_keys_code(igrs_security_keys(node->security));
}

GPtrArray *
igrs_node_paired(const IgrsNode *node)
{
    return igrs_keys_peers(igrs_security_keys(node->security));
}

Observers *
igrs_node_pairing_observers(const IgrsNode *node)
{
    return igrs_keys_observers(igrs_security_keys(node->security));
}

/* -- Being told a code ------------------------------------------------------------------------- */

/* error may be NULL. */
static void
finish(IgrsPairing *pairing, const GError *error)
{
    pairing->node->pairing = NULL;
    observers_remove(pairing->node->pipe_observers, pairing->observer);
    clock_cancel(pairing->node->clock, &pairing->timer);
    pairing->done(error, pairing->user_data);
    g_free(pairing->device_id);
    g_free(pairing);
}

void
igrs_pairing_cancel(IgrsPairing *pairing)
{
    g_autoptr(GError) error = g_error_new(G_IO_ERROR, G_IO_ERROR_CANCELLED, "we are leaving");

    if (pairing != NULL)
        finish(pairing, error);
}

static void
on_refused(gpointer data)
{
    IgrsPairing *pairing = data;
    IgrsNode *node = pairing->node;
    g_autoptr(GError) error = NULL;

    pairing->timer = 0;
    if (++pairing->attempts < ATTEMPTS) {
        igrs_pipes_event(node->pipes, pairing->device_id, NULL, IGRS_PIPE_WANTED);
        return;
    }
    error = g_error_new(DUO_ERROR, DUO_ERROR_DENIED,
                        "it does not show this code: look at it again, a code is good for once");
    igrs_node_read_keys(node);
    finish(pairing, error);
}

static void
on_pipe(gconstpointer data, gpointer user_data)
{
    const IgrsPipeChange *change = data;
    IgrsPairing *pairing = user_data;

    if (!igrs_device_id_equal(change->peer, pairing->device_id))
        return;
    if (change->is_open && igrs_security_is_current(pairing->node->security, change->peer))
        finish(pairing, NULL);
    else if (!change->is_open && pairing->timer == 0)
        pairing->timer = clock_after(pairing->node->clock, PAUSE_MS, on_refused, pairing);
}

static GError *
why_not(const IgrsNode *node, const char *device_id, const char *code, IgrsSecret *key)
{
    if (!igrs_code_read(code, key))
        return g_error_new(DUO_ERROR, DUO_ERROR_INVALID,
                           "this is no pairing code: it has 25 letters and digits, as the device "
                           "shows them");
    if (node->pairing != NULL)
        return g_error_new(DUO_ERROR, DUO_ERROR_BUSY, "another pairing is under way");
    if (igrs_node_peer_location(node, device_id) == NULL)
        return g_error_new(DUO_ERROR, DUO_ERROR_NOT_FOUND, "%s is not online", device_id);
    return NULL;
}

typedef struct {
    IgrsPaired done;
    gpointer user_data;
    GError *error;
} Refusal;

static void
on_refusal(gpointer data)
{
    g_autofree Refusal *refusal = data;
    g_autoptr(GError) error = refusal->error;

    refusal->done(error, refusal->user_data);
}

void
igrs_node_pair(IgrsNode *node, const char *device_id, const char *code, IgrsPaired done,
               gpointer user_data)
{
    IgrsSecret key;
    GError *error = why_not(node, device_id, code, &key);
    IgrsPairing *pairing;

    if (error != NULL) {
        Refusal *refusal = g_new(Refusal, 1);
        *refusal = (Refusal){ done, user_data, error };
        post(NULL, on_refusal, refusal);
        return;
    }
    igrs_keys_try(igrs_security_keys(node->security), device_id, &key);
    igrs_pipes_event(node->pipes, device_id, NULL, IGRS_PIPE_LEAVE);
    pairing = node->pairing = g_new(IgrsPairing, 1);
    *pairing = (IgrsPairing){ .node = node, .device_id = g_strdup(device_id), .done = done,
                              .user_data = user_data };
    pairing->observer = observers_add(node->pipe_observers, on_pipe, pairing);
    igrs_pipes_event(node->pipes, device_id, NULL, IGRS_PIPE_WANTED);
}

bool
igrs_node_unpair(IgrsNode *node, const char *device_id, GError **error)
{
    if (!igrs_keys_remove(igrs_security_keys(node->security), device_id, error))
        return false;
    igrs_node_end_outdated(node);
    return true;
}
