/* handing.c -- see handing.h */
#include "tv/handing.h"

#include "base/error.h"
#include "wire/didl.h"

#include <string.h>

#define SERVICE "Handover"
#define ASK_MS 2000 /* a server that is slow to answer is done without */

struct Handing {
    Screen *screen;      /* borrowed */
    Service *service;
    IgrsClient *client;  /* NULL: not on the network */
    HandoverState *kept; /* what was accepted and plays, with what follows; NULL: nothing such */
    guint observer;
    bool follows;        /* the player has the head of the queue as what is next */
};

/* -- The queue that came along ----------------------------------------------------------------- */

static const HandoverEntry *
head_of(const Handing *handing)
{
    const HandoverState *kept = handing->kept;

    return kept != NULL && kept->queue->len > 0 ? kept->queue->pdata[0] : NULL;
}

static void
forget(Handing *handing)
{
    g_clear_pointer(&handing->kept, handover_state_free);
    handing->follows = false;
}

static void
on_told(Screen *screen G_GNUC_UNUSED, const GError *error, gpointer user_data G_GNUC_UNUSED)
{
    if (error != NULL)
        g_info("what follows cannot be prepared: %s", error->message);
}

static void
prepare(Handing *handing)
{
    const HandoverEntry *head = head_of(handing);

    handing->follows = false;
    if (head == NULL)
        return;
    g_autoptr(PlaybackMedia) media = didl_to_playback(head->uri, head->metadata);
    screen_command(handing->screen, &(ScreenCommand){ .verb = SCREEN_SET_NEXT, .media = media },
                   NULL, on_told, NULL);
}

/* The head of the queue plays: it is what is kept. */
static void
go_on(Handing *handing)
{
    HandoverState *kept = handing->kept;
    HandoverEntry *head = kept->queue->pdata[0], before = kept->now;

    kept->now = *head;
    *head = before; /* freed with its place */
    g_ptr_array_remove_index(kept->queue, 0);
    prepare(handing);
}

/* Somebody may play something else here, or say what follows: then it is theirs. */
static void
on_screen(gconstpointer event G_GNUC_UNUSED, gpointer user_data)
{
    Handing *handing = user_data;
    const PlaybackStatus *status = &handing->screen->status;
    const HandoverEntry *head = head_of(handing);
    const char *uri = status->media != NULL ? status->media->uri : NULL;

    if (handing->kept == NULL || status->state == PLAYBACK_LOADING)
        return;
    bool is_ours = g_strcmp0(uri, handing->kept->now.uri) == 0;
    bool is_next = head != NULL && status->next != NULL &&
                   g_strcmp0(status->next->uri, head->uri) == 0;
    if (!is_ours && head != NULL && g_strcmp0(uri, head->uri) == 0)
        go_on(handing);
    else if (!is_ours)
        forget(handing);
    else if (handing->follows && !is_next)
        g_ptr_array_set_size(handing->kept->queue, 0);
    handing->follows = is_next && is_ours;
}

/* -- Of the service ---------------------------------------------------------------------------- */

static Screen *
our_screen(const char *asker G_GNUC_UNUSED, gpointer data)
{
    return ((Handing *)data)->screen;
}

static void
copy_tracks(HandoverEntry *to, const HandoverEntry *from)
{
    to->sound = g_strdup(from->sound);
    to->subtitle = g_strdup(from->subtitle);
}

/* What is known of the thing that plays; else at least what the player goes on with. */
static void
fill(Screen *screen, HandoverState *state, gpointer data)
{
    const HandoverState *kept = ((Handing *)data)->kept;
    const PlaybackMedia *next = screen->status.next;

    if (kept != NULL && g_strcmp0(kept->now.uri, state->now.uri) == 0) {
        copy_tracks(&state->now, &kept->now);
        for (guint i = 0; i < kept->queue->len; i++)
            handover_state_add(state, kept->queue->pdata[i]);
    }
    if (state->queue->len == 0 && next != NULL)
        handover_state_add(state, &(HandoverEntry){ .uri = next->uri, .metadata = next->metadata });
}

static void
keep(Screen *screen G_GNUC_UNUSED, const HandoverState *state, gpointer data)
{
    Handing *handing = data;

    forget(handing);
    handing->kept = handover_state_new();
    handover_entry_set(&handing->kept->now, state->now.uri, state->now.metadata);
    copy_tracks(&handing->kept->now, &state->now);
    for (guint i = 0; i < state->queue->len; i++)
        handover_state_add(handing->kept, state->queue->pdata[i]);
    prepare(handing);
}

static void
let_go(Screen *screen G_GNUC_UNUSED, gpointer data)
{
    forget(data);
}

/* -- The session with the server --------------------------------------------------------------- */

typedef struct {
    Handing *handing; /* borrowed: the client answers before it goes */
    char *device;
    HandoverState *state; /* NULL: it told none */
    HandoverLinked linked;
    gpointer user_data;
} Link;

static void
link_end(Link *link, const char *token)
{
    link->linked(token, token != NULL ? link->state : NULL, link->user_data);
    handover_state_free(link->state);
    g_free(link->device);
    g_free(link);
}

static void
on_key(const char *key, const GError *error, gpointer user_data)
{
    if (error != NULL)
        g_info("no session goes along with what is offered: %s", error->message);
    link_end(user_data, key);
}

static void
on_server_told(const SoapCall *answer, const GError *error, gpointer user_data)
{
    Link *link = user_data;
    const char *text = answer != NULL ? soap_call_value(answer, "State") : NULL;

    if (text == NULL) {
        g_debug("%s says nothing of what plays here: %s", link->device,
                error != NULL ? error->message : "no state");
        link_end(link, NULL);
        return;
    }
    link->state = handover_state_decode(text, NULL);
    igrs_client_apply_key(link->handing->client, link->device, SERVICE, on_key, link);
}

static bool
hosts_handover(const Device *device)
{
    g_autofree char *type = igrs_service_type_new(SERVICE, 1);

    return device != NULL && device_find_service(device, type) != NULL;
}

static void
ask_server(const char *asker, HandoverLinked linked, gpointer user_data, gpointer data)
{
    Handing *handing = data;
    IgrsNode *node = handing->client != NULL ? igrs_client_node(handing->client) : NULL;

    if (node == NULL || !hosts_handover(igrs_node_find_device(node, asker))) {
        linked(NULL, NULL, user_data);
        return;
    }
    Link *link = g_new(Link, 1);
    *link = (Link){ handing, g_strdup(asker), NULL, linked, user_data };
    igrs_client_invoke(handing->client, asker, SERVICE, soap_call_new(NULL, "Offer"), ASK_MS, NULL,
                       on_server_told, link);
}

typedef struct {
    char *device;
    HandoverTaken taken;
    gpointer user_data;
} Taking;

static void
on_session_taken(const GError *error, gpointer user_data)
{
    Taking *taking = user_data;

    if (error == NULL)
        g_info("the session with %s goes on here", taking->device);
    taking->taken(error, taking->user_data);
    g_free(taking->device);
    g_free(taking);
}

static const Device *
device_at(IgrsNode *node, const char *location)
{
    g_autoptr(GPtrArray) devices = igrs_node_devices(node);

    for (guint i = 0; i < devices->len; i++) {
        const Device *device = devices->pdata[i];
        if (g_strcmp0(device->location, location) == 0)
            return device;
    }
    return NULL;
}

/* Only whom discovery has found is asked: nobody sends us to a stranger. */
static void
take_session(const char *source, const char *token, HandoverTaken taken, gpointer user_data,
             gpointer data)
{
    Handing *handing = data;
    const Device *device =
        handing->client != NULL ? device_at(igrs_client_node(handing->client), source) : NULL;

    if (!hosts_handover(device)) {
        g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_NOT_FOUND,
                                              "there is no such source at %.200s", source);
        taken(error, user_data);
        return;
    }
    Taking *taking = g_new(Taking, 1);
    *taking = (Taking){ g_strdup(device->id), taken, user_data };
    igrs_client_take_session(handing->client, device->id, SERVICE, token, on_session_taken, taking);
}

/* -- The object -------------------------------------------------------------------------------- */

Handing *
handing_new(Screen *screen, Clock *clock)
{
    Handing *handing = g_new0(Handing, 1);

    handing->screen = screen;
    handing->service = handover_service_new(&(HandoverHost){
        .clock = clock, .data = handing, .screen = our_screen, .fill = fill, .keep = keep,
        .let_go = let_go, .link = ask_server, .take = take_session,
    });
    handing->observer = observers_add(screen->observers, on_screen, handing);
    return handing;
}

void
handing_free(Handing *handing)
{
    if (handing == NULL)
        return;
    g_assert(handing->client == NULL);
    observers_remove(handing->screen->observers, handing->observer);
    service_free(handing->service);
    handover_state_free(handing->kept);
    g_free(handing);
}

Service *
handing_service(Handing *handing)
{
    return handing->service;
}

void
handing_start(Handing *handing, IgrsNode *node)
{
    handing->client = igrs_client_new(node);
}

void
handing_stop(Handing *handing)
{
    g_clear_pointer(&handing->client, igrs_client_free);
}
