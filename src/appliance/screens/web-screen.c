/* web-screen.c -- one tab as a Screen: see web-screens.h
 *
 * A command becomes an order with a number, which waits for its answer; the number names what the
 * order brought, too, so that reports can say what is loaded. */
#include "appliance/screens/web-screens-room.h"

#include "base/error.h"

#define ORDERS_MAX 16
#define ANSWER_MS 5000
#define OPEN_MS 20000    /* a film has to be fetched first */
#define DEAF_MS 5000     /* being loaded anew is no absence */
#define FORGET_MS 600000 /* a television that sleeps is known for so long */

/* An order that waits for its answer. */
typedef struct {
    uint32_t number;
    WebScreen *screen; /* borrowed */
    ScreenDone done;
    gpointer user_data;
    GCancellable *cancellable; /* or NULL */
    guint patience;
} Waiting;

/* -- Answers ----------------------------------------------------------------------------------- */

static void
waiting_free(gpointer data)
{
    Waiting *order = data;

    clock_cancel(order->screen->home->clock, &order->patience);
    g_clear_object(&order->cancellable);
    g_free(order);
}

/* Takes the order out and answers it; who gave up is told so and nothing else. */
static void
finish(Waiting *order, const GError *error)
{
    WebScreen *screen = order->screen;
    g_autoptr(GError) cancelled = NULL;
    guint index;

    if (g_ptr_array_find(screen->waiting, order, &index))
        g_ptr_array_steal_index(screen->waiting, index);
    if (g_cancellable_set_error_if_cancelled(order->cancellable, &cancelled))
        error = cancelled;
    order->done(&screen->base, error, order->user_data);
    waiting_free(order);
}

static void
finish_all(WebScreen *screen, const char *reason)
{
    g_autoptr(GError) error = NULL;

    g_set_error(&error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "“%s” %s", screen->base.name, reason);
    while (screen->waiting->len > 0)
        finish(screen->waiting->pdata[0], error);
}

static void
on_patience_ended(gpointer data)
{
    Waiting *order = data;
    g_autoptr(GError) error = NULL;

    order->patience = 0;
    g_set_error(&error, DUO_ERROR, DUO_ERROR_TIMEOUT, "the page “%s” does not answer",
                order->screen->base.name);
    finish(order, error);
}

bool
web_screen_answer(WebScreen *screen, uint32_t number, const char *problem, GError **error)
{
    for (guint i = 0; i < screen->waiting->len; i++) {
        Waiting *order = screen->waiting->pdata[i];
        if (order->number != number)
            continue;
        g_autoptr(GError) refusal = NULL;
        if (problem != NULL)
            g_set_error(&refusal, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "“%s”: %s", screen->base.name,
                        problem);
        finish(order, refusal);
        return true;
    }
    if (number > 0 && number <= screen->last_number)
        return true; /* nobody waits for it any more; the page was slow, which is no fault of it */
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there was no order by the number %u",
                number);
    return false;
}

/* -- Commands ---------------------------------------------------------------------------------- */

static void
loaded_set(Loaded *loaded, uint32_t number, const PlaybackMedia *media)
{
    PlaybackMedia *copy = playback_media_copy(media);

    playback_media_free(loaded->media);
    *loaded = (Loaded){ copy != NULL ? number : 0, copy };
}

/* What follows is told at once: a page takes whatever it is given. */
static void
note_next(WebScreen *screen, uint32_t number, const PlaybackMedia *media)
{
    PlaybackStatus status = { 0 };

    loaded_set(&screen->next, number, media);
    playback_status_copy(&status, &screen->base.status);
    playback_media_free(status.next);
    status.next = playback_media_copy(media);
    screen_set_status(&screen->base, &status);
}

static uint32_t
next_number(WebScreen *screen)
{
    if (++screen->last_number == 0)
        screen->last_number = 1;
    return screen->last_number;
}

static bool
may_order(const WebScreen *screen, const ScreenCommand *command, GError **error)
{
    if (screen->listener == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNAVAILABLE, "“%s” is away", screen->base.name);
    else if (command->verb == SCREEN_NEXT && screen->next.media == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_CONFLICT, "nothing follows on “%s”",
                    screen->base.name);
    else if (screen->waiting->len >= ORDERS_MAX)
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "“%s” has not answered %u orders yet",
                    screen->base.name, screen->waiting->len);
    else
        return true;
    return false;
}

static void
on_command(Screen *base, const ScreenCommand *command, GCancellable *cancellable, ScreenDone done,
           gpointer user_data)
{
    WebScreen *screen = (WebScreen *)base;
    g_autoptr(GError) error = NULL;

    if (!may_order(screen, command, &error)) {
        done(base, error, user_data);
        return;
    }
    Waiting *order = g_new0(Waiting, 1);
    *order = (Waiting){ .number = next_number(screen), .screen = screen, .done = done,
                        .user_data = user_data };
    g_set_object(&order->cancellable, cancellable);
    order->patience = clock_after(screen->home->clock,
                                  command->verb == SCREEN_OPEN ? OPEN_MS : ANSWER_MS,
                                  on_patience_ended, order);
    g_ptr_array_add(screen->waiting, order);
    if (command->verb == SCREEN_OPEN) {
        loaded_set(&screen->opened, order->number, command->media);
        loaded_set(&screen->next, 0, NULL);
    } else if (command->verb == SCREEN_SET_NEXT) {
        note_next(screen, order->number, command->media);
    }
    WebOrder told = { .number = order->number, .command = command };
    screen->listener->tell(&told, screen->listener_data);
}

/* -- Reports ----------------------------------------------------------------------------------- */

static const PlaybackMedia *
media_of(WebScreen *screen, const WebReport *report)
{
    if (report->media == 0)
        return NULL;
    if (report->media == screen->next.number) { /* it has gone on */
        playback_media_free(screen->opened.media);
        screen->opened = screen->next;
        screen->next = (Loaded){ 0 };
    }
    if (report->media == screen->opened.number)
        return screen->opened.media;
    if (report->known != NULL && screen->opened.media == NULL)
        loaded_set(&screen->opened, report->media, report->known);
    return report->media == screen->opened.number ? screen->opened.media : report->known;
}

void
web_screen_report(WebScreen *screen, const WebReport *report)
{
    const PlaybackMedia *media = media_of(screen, report);
    bool is_loaded = media != NULL && report->state != PLAYBACK_IDLE;
    PlaybackStatus status = {
        .state = is_loaded || report->state == PLAYBACK_OFFLINE ? report->state : PLAYBACK_IDLE,
        .media = is_loaded ? playback_media_copy(media) : NULL,
        .next = playback_media_copy(screen->next.media),
        .position_ms = is_loaded ? report->position_ms : 0,
        .duration_ms = is_loaded ? report->duration_ms : 0,
        .is_seekable = is_loaded && report->duration_ms > 0,
        .volume = report->volume,
        .is_muted = report->is_muted,
        .problem = g_strdup(report->problem),
    };

    screen_set_status(&screen->base, &status);
}

static void
set_state(WebScreen *screen, PlaybackState state)
{
    PlaybackStatus status = { 0 };

    playback_status_copy(&status, &screen->base.status);
    status.state = state;
    screen_set_status(&screen->base, &status);
}

/* -- Listening --------------------------------------------------------------------------------- */

static void
on_forgotten(gpointer data)
{
    WebScreen *screen = data;

    screen->deaf_timer = 0;
    web_screens_leave(screen->home, screen);
}

/* Its media is remembered, in case it comes back. */
static void
on_away(gpointer data)
{
    WebScreen *screen = data;

    screen->deaf_timer = clock_after(screen->home->clock, FORGET_MS, on_forgotten, screen);
    screen->was_paused = screen->base.status.state == PLAYBACK_PAUSED;
    set_state(screen, PLAYBACK_OFFLINE);
}

void
web_screen_wait_for_listener(WebScreen *screen)
{
    clock_cancel(screen->home->clock, &screen->deaf_timer);
    screen->deaf_timer = clock_after(screen->home->clock, DEAF_MS, on_away, screen);
    screen->deaf_since_ms = clock_now_ms(screen->home->clock);
}

static void
tell_again(WebScreen *screen, const Loaded *loaded, ScreenVerb verb, int64_t position_ms,
           bool is_paused)
{
    ScreenCommand command = { .verb = verb, .media = loaded->media, .position_ms = position_ms };
    WebOrder order = { .number = loaded->number, .command = &command, .is_again = true,
                       .is_paused = is_paused };

    if (loaded->media != NULL)
        screen->listener->tell(&order, screen->listener_data);
}

void
web_screen_listen(WebScreen *screen, const WebListener *listener, gpointer user_data)
{
    const WebListener *before = screen->listener;
    gpointer before_data = screen->listener_data;
    const PlaybackStatus *status = &screen->base.status;

    screen->listener = listener;
    screen->listener_data = user_data;
    screen->deaf_since_ms = 0;
    clock_cancel(screen->home->clock, &screen->deaf_timer);
    if (before != NULL)
        before->ended(true, before_data);
    bool had_it = status->media != NULL && status->state != PLAYBACK_STOPPED;
    bool is_paused = status->state == PLAYBACK_OFFLINE ? screen->was_paused
                                                       : status->state == PLAYBACK_PAUSED;
    if (status->state == PLAYBACK_OFFLINE)
        set_state(screen, status->media != NULL ? PLAYBACK_LOADING : PLAYBACK_IDLE);
    if (!had_it)
        return;
    tell_again(screen, &screen->opened, SCREEN_OPEN, status->position_ms, is_paused);
    tell_again(screen, &screen->next, SCREEN_SET_NEXT, 0, false);
}

void
web_screen_deafen(WebScreen *screen, gpointer user_data)
{
    if (screen->listener == NULL || screen->listener_data != user_data)
        return;
    screen->listener = NULL;
    screen->listener_data = NULL;
    web_screen_wait_for_listener(screen);
    finish_all(screen, "has just left");
}

/* -- The object -------------------------------------------------------------------------------- */

static void
on_free(Screen *base)
{
    WebScreen *screen = (WebScreen *)base;

    g_hash_table_remove(screen->home->all, screen->secret);
    clock_cancel(screen->home->clock, &screen->deaf_timer);
    if (screen->listener != NULL)
        screen->listener->ended(false, screen->listener_data);
    screen->listener = NULL;
    finish_all(screen, "is gone");
    g_ptr_array_unref(screen->waiting);
    playback_media_free(screen->opened.media);
    playback_media_free(screen->next.media);
    screen_clear(base);
    g_free(screen->secret);
    g_free(screen);
}

static const ScreenClass web_class = { .command = on_command, .free = on_free };

WebScreen *
web_screen_new(WebScreens *home, const char *secret)
{
    WebScreen *screen = g_new0(WebScreen, 1);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, secret, -1);
    g_autofree char *id = g_strdup_printf(WEB_SCREEN_KIND "-%.16s", sum);

    screen_init(&screen->base, &web_class, id, "", WEB_SCREEN_KIND);
    screen->home = home;
    screen->secret = g_strdup(secret);
    screen->last_number = g_random_int(); /* a tab may remember those of another life */
    screen->waiting = g_ptr_array_new_with_free_func(waiting_free);
    sum[24] = '\0';
    g_snprintf(screen->code, sizeof screen->code, "%04u",
               (unsigned)(g_ascii_strtoull(sum + 16, NULL, 16) % 10000));
    return screen;
}

static char *
list_of(const char *const *mimes)
{
    GString *text = g_string_new(NULL);

    for (; *mimes != NULL; mimes++)
        g_string_append_printf(text, "%shttp-get:*:%s:*", text->len == 0 ? "" : ",", *mimes);
    return g_string_free(text, FALSE);
}

void
web_screen_dress(WebScreen *screen, const WebScreenWish *wish)
{
    Screen *base = &screen->base;

    g_free(base->name);
    base->name = wish->name != NULL && *wish->name != '\0'
                     ? g_strdup(wish->name)
                     : g_strdup_printf("Screen %s", screen->code);
    g_free(base->address);
    base->address = g_strdup(wish->address);
    g_free(base->sink_protocols);
    base->sink_protocols = list_of(wish->mimes);
}

const Screen *
web_screen_base(const WebScreen *screen)
{
    return &screen->base;
}

const char *
web_screen_code(const WebScreen *screen)
{
    return screen->code;
}

const char *
web_screens_code(const Screen *screen)
{
    return screen->class == &web_class ? ((const WebScreen *)screen)->code : NULL;
}
