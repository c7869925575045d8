/* node-pipes.c -- what the pipes of a node say and are asked, and what opens and ends with them
 *
 * Clause 9.2. A pipe knows no wire (pipe.h), security no pipe (security.h); here their words become
 * messages, and the answers events. */
#include "base/error.h"
#include "igrs/location.h"
#include "igrs/node.h"

/* -- What we say ------------------------------------------------------------------------------- */

typedef struct {
    IgrsNode *node; /* borrowed: its courier answers before it goes */
    char *peer, *location;
    IgrsPipeWord word;
    unsigned attempt; /* of security, to open the pipe */
} Word;

static const struct {
    IgrsMessageType type;
    IgrsPipeEvent yes, no;
} words[] = {
    [IGRS_PIPE_SAY_CREATE] = { IGRS_CREATE_PIPE_REQUEST, IGRS_PIPE_ACCEPTED, IGRS_PIPE_REFUSED },
    [IGRS_PIPE_SAY_DETECT] = { IGRS_DEVICE_ONLINE_DETECTION_REQUEST, IGRS_PIPE_ALIVE,
                               IGRS_PIPE_MISSED },
    [IGRS_PIPE_SAY_DETACH] = { IGRS_DETACH_PIPE_NOTIFY, IGRS_PIPE_ALIVE, IGRS_PIPE_ALIVE },
};

IgrsSeal *
igrs_node_seal_for(const IgrsMessage *message, gpointer user_data)
{
    return igrs_security_seal_for(((IgrsNode *)user_data)->security, message);
}

const IgrsPlace *
igrs_node_place_for(const IgrsMessage *message, gpointer user_data)
{
    return igrs_security_place_for(((IgrsNode *)user_data)->security, message);
}

const char *
igrs_node_peer_location(const IgrsNode *node, const char *peer)
{
    const char *location = igrs_devices_location(node->devices, peer);

    return location != NULL ? location : igrs_pipes_location(node->pipes, peer);
}

static void
word_free(Word *word)
{
    g_free(word->location);
    g_free(word->peer);
    g_free(word);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Word, word_free)

static void on_word_answered(const IgrsMessage *reply, const GError *error, gpointer user_data);

/* The handshake goes its next step, or has come to its end. */
static void
go_on(Word *data, const IgrsMessage *reply)
{
    g_autoptr(Word) word = data;
    IgrsNode *node = word->node;
    const char *location = word->location;
    g_autoptr(IgrsMessage) next = NULL;
    IgrsStep step =
        igrs_security_answered(node->security, word->peer, word->attempt, location, reply, &next);

    igrs_passes_end_all(node->passes); /* what the peer says unsigned may be worth nothing now */
    if (step == IGRS_STEP_NEXT && next->type == IGRS_CREATE_PIPE_REQUEST)
        next->location = igrs_node_secure_location_for(node, location);
    if (step == IGRS_STEP_NEXT)
        igrs_courier_send(node->courier, location, next, 0, NULL, on_word_answered,
                          g_steal_pointer(&word));
    else if (step != IGRS_STEP_OVER)
        igrs_pipes_event(node->pipes, word->peer, NULL,
                         step == IGRS_STEP_OPEN ? IGRS_PIPE_ACCEPTED : IGRS_PIPE_REFUSED);
}

/* Nobody is at its place inside TLS, or somebody else: it was started again, and is elsewhere. */
static bool
has_moved(const Word *word, const GError *error)
{
    const IgrsMessage message = { .type = words[word->word].type, .target_id = word->peer };

    return (g_error_matches(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE) ||
            g_error_matches(error, DUO_ERROR, DUO_ERROR_DENIED)) &&
           igrs_security_place_for(word->node->security, &message) != NULL;
}

static void
on_word_answered(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    g_autoptr(Word) word = user_data;
    bool is_yes = reply != NULL && reply->return_code == IGRS_OK;
    bool is_unknown = reply != NULL ? reply->return_code == IGRS_NO_PIPE : has_moved(word, error);

    if (word->word == IGRS_PIPE_SAY_DETACH ||
        g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!is_yes)
        g_debug("%s: %s", word->peer, error != NULL ? error->message : "refuses");
    if (word->word == IGRS_PIPE_SAY_CREATE)
        go_on(g_steal_pointer(&word), reply);
    else
        igrs_pipes_event(word->node->pipes, word->peer, NULL,
                         is_yes       ? words[word->word].yes
                         : is_unknown ? IGRS_PIPE_UNKNOWN
                                      : words[word->word].no);
}

static bool
say_word(const char *peer, const char *pipe_location, IgrsPipeWord kind, gpointer user_data)
{
    IgrsNode *node = user_data;
    const char *location = igrs_devices_location(node->devices, peer);
    g_autoptr(IgrsMessage) message = igrs_message_new(words[kind].type);
    unsigned attempt = 0;
    Word *word;

    if (location == NULL)
        location = pipe_location;
    if (location == NULL)
        return false;
    message->target_id = g_strdup(peer);
    if (kind == IGRS_PIPE_SAY_CREATE) {
        if (!igrs_security_begin(node->security, message, &attempt))
            return false;
        message->location = igrs_node_location_for(node, location);
    }
    word = g_new(Word, 1);
    *word = (Word){ .node = node, .peer = g_strdup(peer), .location = g_strdup(location),
                    .word = kind, .attempt = attempt };
    igrs_courier_send(node->courier, location, message, 0, NULL, on_word_answered, word);
    return true;
}

/* -- What we are asked ------------------------------------------------------------------------- */

/* The peer's pipe begins, or begins again; location is where it says it serves, NULL: nowhere. */
static uint32_t
open_pipe(const IgrsIncoming *incoming, const char *location)
{
    IgrsPipes *pipes = incoming->node->pipes;
    const char *peer = incoming->request->source_id;
    uint32_t code = igrs_pipes_event(pipes, peer, incoming->address, IGRS_PIPE_CREATE_REQUEST);

    if (code == IGRS_OK && location != NULL)
        igrs_pipes_set_location(pipes, peer, location);
    return code;
}

/* reply is taken over; another code than IGRS_OK is answered without what stands in it. */
static void
answer_with(IgrsIncoming *incoming, IgrsMessage *reply, uint32_t code)
{
    if (code == IGRS_OK) {
        igrs_incoming_reply(incoming, reply);
        return;
    }
    igrs_message_free(reply);
    igrs_incoming_answer(incoming, code);
}

/* A refused offer leaves a standing pipe alone. */
void
igrs_node_create_pipe(IgrsIncoming *incoming)
{
    const IgrsMessage *request = incoming->request;
    IgrsNode *node = incoming->node;
    IgrsMessage *reply = igrs_message_new_reply(request, IGRS_OK);
    const IgrsOrigin origin = igrs_incoming_origin(incoming);
    bool is_open = false;
    uint32_t code = IGRS_DENIED;

    if (request->location == NULL || igrs_location_is_at(request->location, incoming->peer_address))
        code = igrs_security_choose(node->security, request, &origin, !node->refuses_open, reply,
                                    &is_open);
    if (is_open)
        code = open_pipe(incoming, request->location);
    if (is_open && code == IGRS_OK)
        igrs_security_opened(node->security, request, reply);
    if (reply->certificate != NULL) {
        g_autoptr(GInetAddress) ours = igrs_incoming_local_address(incoming);
        reply->location = igrs_location_new_secure(ours, igrs_node_secure_port(node));
    }
    answer_with(incoming, reply, code);
}

void
igrs_node_authenticate(IgrsIncoming *incoming)
{
    const IgrsMessage *request = incoming->request;
    IgrsMessage *reply = igrs_message_new_reply(request, IGRS_OK);

    answer_with(incoming, reply,
                igrs_security_take(incoming->node->security, request, incoming->address, reply));
}

/* What stood on a pipe before ends with it; then the new seal holds. */
void
igrs_node_confirm_pipe(IgrsIncoming *incoming)
{
    const IgrsMessage *request = incoming->request;
    IgrsSecurity *security = incoming->node->security;
    IgrsMessage *reply = igrs_message_new_reply(request, IGRS_OK);
    uint32_t code = igrs_security_take(security, request, incoming->address, reply);

    if (code == IGRS_OK)
        code = open_pipe(incoming, NULL);
    if (code == IGRS_OK) {
        g_autofree char *location =
            igrs_security_establish(security, request, incoming->address);
        if (location != NULL)
            igrs_pipes_set_location(incoming->node->pipes, request->source_id, location);
    }
    answer_with(incoming, reply, code);
}

/* -- What opens and ends ----------------------------------------------------------------------- */

static void
tell_pipe(IgrsNode *node, const char *peer, bool is_open)
{
    IgrsPipeChange change = { peer, is_open };

    observers_notify(node->pipe_observers, &change);
}

static void
on_pipe_opened(const char *peer, gpointer user_data)
{
    IgrsNode *node = user_data;

    g_debug("pipe to %s is open", peer);
    tell_pipe(node, peer, true);
}

static void
on_pipe_ended(const char *peer, gpointer user_data)
{
    IgrsNode *node = user_data;

    g_debug("pipe to %s ended", peer);
    igrs_security_forget(node->security, peer);
    igrs_sessions_end_device(node->sessions, peer);
    igrs_events_end_device(node->events, peer);
    igrs_registry_end_device(node->registry, peer);
    tell_pipe(node, peer, false);
}

const IgrsPipeHooks igrs_node_pipe_hooks = { say_word, on_pipe_opened, on_pipe_ended };
