/* node-pipes.c -- what the pipes of a node have to say, and what opens and ends with them
 *
 * A pipe knows no wire (pipe.h); here its words become messages, and their answers its events. */
#include "igrs/location.h"
#include "igrs/node.h"

typedef struct {
    IgrsNode *node; /* borrowed: its courier answers before it goes */
    char *peer;
    IgrsPipeWord word;
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

static void
on_word_answered(const IgrsMessage *reply, const GError *error, gpointer user_data)
{
    g_autofree Word *word = user_data;
    g_autofree char *peer = word->peer;
    bool is_yes = reply != NULL && reply->return_code == IGRS_OK;
    bool is_unknown = reply != NULL && reply->return_code == IGRS_NO_PIPE;

    if (word->word == IGRS_PIPE_SAY_DETACH ||
        g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!is_yes)
        g_debug("%s: %s", peer, error != NULL ? error->message : "refuses");
    igrs_pipes_event(word->node->pipes, peer, NULL,
                     is_yes       ? words[word->word].yes
                     : is_unknown ? IGRS_PIPE_UNKNOWN
                                  : words[word->word].no);
}

const char *
igrs_node_peer_location(const IgrsNode *node, const char *peer)
{
    const char *location = igrs_devices_location(node->devices, peer);

    return location != NULL ? location : igrs_pipes_location(node->pipes, peer);
}

static bool
say_word(const char *peer, const char *pipe_location, IgrsPipeWord kind, gpointer user_data)
{
    IgrsNode *node = user_data;
    const char *location = igrs_devices_location(node->devices, peer);
    g_autoptr(IgrsMessage) message = igrs_message_new(words[kind].type);
    Word *word;

    if (location == NULL)
        location = pipe_location;
    if (location == NULL)
        return false;
    message->target_id = g_strdup(peer);
    if (kind == IGRS_PIPE_SAY_CREATE) {
        message->device_security_ids = g_strdup(IGRS_PIPE_SECURITY_NULL);
        message->location = igrs_node_location_for(node, location);
    }
    word = g_new(Word, 1);
    *word = (Word){ node, g_strdup(peer), kind };
    igrs_courier_send(node->courier, location, message, 0, NULL, on_word_answered, word);
    return true;
}

static void
tell_pipe(IgrsNode *node, const char *peer, bool is_open)
{
    IgrsPipeChange change = { peer, is_open };

    observers_notify(node->pipe_observers, &change);
}

static void
on_pipe_opened(const char *peer, gpointer user_data)
{
    g_debug("pipe to %s is open", peer);
    tell_pipe(user_data, peer, true);
}

static void
on_pipe_ended(const char *peer, gpointer user_data)
{
    IgrsNode *node = user_data;

    g_debug("pipe to %s ended", peer);
    igrs_sessions_end_device(node->sessions, peer);
    igrs_events_end_device(node->events, peer);
    igrs_registry_end_device(node->registry, peer);
    tell_pipe(node, peer, false);
}

const IgrsPipeHooks igrs_node_pipe_hooks = { say_word, on_pipe_opened, on_pipe_ended };
