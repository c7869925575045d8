/* handover-desk.c -- see handover-desk.h */
#include "appliance/session/handover-desk.h"

#include "wire/didl.h"
#include "wire/igrs-names.h"

#define TOLD_MAX 10 /* entries of the queue, each of which is planned for the screen */

struct HandoverDesk {
    Screens *screens; /* borrowed, as are the next two */
    Casts *casts;
    Queues *queues;
    Service *service;
};

/* Screens are known by the uuid of their device. */
static Screen *
screen_of_asker(const char *asker, gpointer data)
{
    const HandoverDesk *desk = data;
    const char *uuid = igrs_device_id_uuid(asker);
    g_autofree char *id = uuid != NULL ? g_ascii_strdown(uuid, -1) : NULL;

    return id != NULL ? screens_find(desk->screens, id, NULL) : NULL;
}

static void
add_what_follows(const HandoverDesk *desk, const Screen *screen, HandoverState *state)
{
    const Queue *queue = queues_get(desk->queues, screen->id);
    const QueueEntry *current = queue_current(queue);
    guint at = current != NULL ? queue_index(queue, current->id) + 1 : queue_length(queue);

    for (guint i = at; i < queue_length(queue) && state->queue->len < TOLD_MAX; i++) {
        const QueueEntry *entry = queue_entry(queue, i);
        g_autoptr(PlaybackMedia) media = queues_media(desk->queues, screen->id, entry);
        if (media != NULL)
            handover_state_add(state, &(HandoverEntry){ .uri = media->uri,
                                                        .metadata = media->metadata,
                                                        .sound = entry->sound,
                                                        .subtitle = entry->subtitle });
    }
}

static void
fill(Screen *screen, HandoverState *state, gpointer data)
{
    const HandoverDesk *desk = data;
    const PlaybackMedia *media = screen->status.media;
    g_autofree char *own = casts_own_item(desk->casts, media);
    CastWish wish = { 0 };

    if (own != NULL)
        queues_recall(desk->queues, screen->id, media, own, &wish);
    state->now.sound = g_strdup(wish.sound);
    state->now.subtitle = g_strdup(wish.subtitle);
    if (queues_is_playing(desk->queues, screen->id))
        add_what_follows(desk, screen, state);
}

static uint32_t
add_entry(const HandoverDesk *desk, Queue *queue, const HandoverEntry *entry)
{
    g_autoptr(PlaybackMedia) media = didl_to_playback(entry->uri, entry->metadata);
    g_autofree char *own = casts_own_item(desk->casts, media);

    return queue_add(queue, &(QueueEntry){ .item_id = own, .url = own == NULL ? media->uri : NULL,
                                           .title = media->title, .kind = media->kind,
                                           .duration_ms = media->duration_ms,
                                           .sound = entry->sound, .subtitle = entry->subtitle },
                     false);
}

/* The screen's queue is this. */
static void
keep(Screen *screen, const HandoverState *state, gpointer data)
{
    const HandoverDesk *desk = data;
    Queue *queue = queues_edit(desk->queues, screen->id);

    queue_clear(queue);
    queue_go(queue, add_entry(desk, queue, &state->now));
    for (guint i = 0; i < state->queue->len; i++)
        add_entry(desk, queue, state->queue->pdata[i]);
    queues_edited(desk->queues, screen->id);
}

static void
let_go(Screen *screen, gpointer data)
{
    queues_hold(((HandoverDesk *)data)->queues, screen->id);
}

HandoverDesk *
handover_desk_new(Screens *screens, Casts *casts, Queues *queues, Clock *clock)
{
    HandoverDesk *desk = g_new(HandoverDesk, 1);

    *desk = (HandoverDesk){ screens, casts, queues, NULL };
    desk->service = handover_service_new(&(HandoverHost){
        .clock = clock, .data = desk, .screen = screen_of_asker, .fill = fill, .keep = keep,
        .let_go = let_go,
    });
    return desk;
}

void
handover_desk_free(HandoverDesk *desk)
{
    if (desk == NULL)
        return;
    service_free(desk->service);
    g_free(desk);
}

Service *
handover_desk_service(HandoverDesk *desk)
{
    return desk->service;
}
