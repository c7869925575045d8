/* casts-start.c -- how a cast starts: what is wanted is found, here or at another server, a plan is
 * made of it, and the screen is told; see casts.h */
#include "appliance/session/casts-room.h"

#include "base/error.h"

#include <string.h>

#define CASTS_KEPT_MAX 50

/* -- Starting ---------------------------------------------------------------------------------- */

/* The answer that is waited for. */
typedef struct {
    Casts *casts;
    GCancellable *cancellable; /* cancelled when casts is gone */
    char *cast_id; /* one that starts is not dropped from the list, one that is queued may be */
    CastStarted started;
    gpointer user_data;
    bool is_next;
    int64_t began_ms;
} Start;

static void
drop_oldest(Casts *casts)
{
    for (guint i = casts->list->len; i > 0 && casts->list->len > CASTS_KEPT_MAX; i--)
        if (cast_is_over(casts->list->pdata[i - 1]))
            g_ptr_array_remove_index(casts->list, i - 1);
}

/* What a screen goes on with by itself is queued before and after it was told. */
static void
on_next_told(const Start *start, const Cast *cast, const GError *error)
{
    g_autoptr(GError) gone = NULL;

    if (error == NULL && (cast == NULL || cast->state != CAST_QUEUED))
        gone = g_error_new(DUO_ERROR, DUO_ERROR_CONFLICT, "it is not wanted any more");
    start->started(error == NULL && gone == NULL ? cast : NULL, error != NULL ? error : gone,
                   start->user_data);
}

/* What a screen says of a file of ours, and whether it came for it: that tells a file it cannot
 * play from one it could not reach. The caller's. */
static GError *
explain(const Start *start, const Screen *screen, const Cast *cast, const GError *error)
{
    const Casts *casts = start->casts;
    const KeptCast *kept = (const KeptCast *)cast;
    g_autofree char *own = casts_own_item(casts, cast->media);

    if (kept->trouble != NULL)
        return g_error_new_literal(DUO_ERROR, DUO_ERROR_FAILED, kept->trouble);
    if (casts->fetches == NULL || own == NULL || screen->address == NULL ||
        (!g_error_matches(error, DUO_ERROR, DUO_ERROR_NOT_FOUND) &&
         !g_error_matches(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED) &&
         !g_error_matches(error, DUO_ERROR, DUO_ERROR_FAILED)))
        return g_error_copy(error);
    bool did_fetch = false;
    for (const PlaybackMedia *form = cast->media; form != NULL; form = form->other)
        did_fetch = did_fetch ||
                    fetches_saw(casts->fetches, form->uri, screen->address, start->began_ms);
    return g_error_new(DUO_ERROR, error->code, "%s; %s", error->message,
                       did_fetch ? "the set did fetch the file, so it does not like what is in it"
                                 : "the set did not fetch the file: does it allow this server, and "
                                   "is there no firewall between them?");
}

static void
on_now_told(const Start *start, Screen *screen, Cast *cast, const GError *error)
{
    Casts *casts = start->casts;

    if (error != NULL) {
        g_autoptr(GError) problem = explain(start, screen, cast, error);
        cast_fail(casts, cast, problem->message);
        start->started(NULL, problem, start->user_data);
        return;
    }
    casts_end_running(casts, cast->screen_id, cast);
    cast_set_state(casts, cast, CAST_RUNNING);
    casts_follow(casts, (KeptCast *)cast, screen);
    start->started(cast, NULL, start->user_data);
}

static void ask_screen(Casts *casts, Screen *screen, Cast *cast, const CastWish *how,
                       CastStarted started, gpointer user_data);

/* A screen that was found another way meanwhile is another Screen by the same id; NULL: it is
 * gone. */
static Screen *
successor_of(const Casts *casts, const Screen *screen, const Cast *cast, const GError *error)
{
    Screen *now = cast != NULL && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                      ? screens_find(casts->screens, cast->screen_id, NULL)
                      : NULL;

    return now != screen ? now : NULL;
}

static void
on_screen_answered(Screen *screen, const GError *error, gpointer user_data)
{
    g_autofree Start *start = user_data;
    g_autofree char *id = start->cast_id;
    g_autoptr(GCancellable) cancellable = start->cancellable;

    if (g_cancellable_is_cancelled(cancellable)) {
        start->started(NULL, error, start->user_data);
        return;
    }
    Cast *cast = (Cast *)casts_find(start->casts, id);
    Screen *successor = successor_of(start->casts, screen, cast, error);
    if (successor != NULL)
        ask_screen(start->casts, successor, cast,
                   &(CastWish){ .when = start->is_next ? CAST_NEXT : CAST_NOW }, start->started,
                   start->user_data);
    else if (start->is_next)
        on_next_told(start, cast, error);
    else
        on_now_told(start, screen, cast, error);
}

/* how: of a wish, when and by which offer. */
static void
ask_screen(Casts *casts, Screen *screen, Cast *cast, const CastWish *how, CastStarted started,
           gpointer user_data)
{
    bool is_next = how->when == CAST_NEXT;
    ScreenCommand command = {
        .verb = is_next ? SCREEN_SET_NEXT : SCREEN_OPEN,
        .media = cast->media,
        .position_ms = cast->position_ms,
        .handing = how->handing,
    };
    Start *start = g_new(Start, 1);

    *start = (Start){ casts, g_object_ref(casts->cancellable), g_strdup(cast->id), started,
                      user_data, is_next, fetches_now_ms() };
    g_info("cast %s: %s to %s, %s: %s", cast->id, cast->media->uri, screen->name, cast->how,
           cast->reason);
    screen_command(screen, &command, casts->cancellable, on_screen_answered, start);
}

static void
ignore_started(const Cast *cast G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
               gpointer user_data G_GNUC_UNUSED)
{
}

void
casts_open_again(Casts *casts, Cast *cast, Screen *screen)
{
    cast_set_state(casts, cast, CAST_STARTING);
    ask_screen(casts, screen, cast, &(CastWish){ .when = CAST_NOW }, ignore_started, NULL);
}

/* One that waits for the same on the same screen is taken off the list; NULL: none. */
static KeptCast *
take_queued(Casts *casts, const Screen *screen, const PlaybackMedia *media)
{
    for (guint i = casts->list->len; i > 0; i--) { /* the oldest first */
        const Cast *cast = casts->list->pdata[i - 1];
        if (cast->state == CAST_QUEUED && strcmp(cast->screen_id, screen->id) == 0 &&
            strcmp(cast->media->uri, media->uri) == 0)
            return g_ptr_array_steal_index(casts->list, i - 1);
    }
    return NULL;
}

/* The plan is made and is taken over. */
static KeptCast *
new_cast(Casts *casts, const Screen *screen, CastPlan *plan, CastWhen when)
{
    KeptCast *kept = when != CAST_LATER ? take_queued(casts, screen, plan->media) : NULL;

    if (kept == NULL) {
        kept = g_new0(KeptCast, 1);
        kept->cast.id = g_strdup_printf("%u", ++casts->last_number);
        kept->cast.screen_id = g_strdup(screen->id);
    }
    playback_media_free(kept->cast.media);
    g_free(kept->cast.reason);
    kept->cast.media = g_steal_pointer(&plan->media);
    kept->cast.how = plan->how;
    kept->cast.reason = g_steal_pointer(&plan->reason);
    kept->cast.heard = plan->heard;
    kept->cast.read = plan->read;
    return kept;
}

/* Where it is to begin. */
static int64_t
begin_at(const Casts *casts, const PlaybackMedia *media, const CastWish *wish)
{
    if (!wish->resumes)
        return wish->position_ms;
    return casts->left_at != NULL && media->item_id != NULL && media->server_id == NULL
               ? casts->left_at(media->item_id, wish->person, casts->left_at_data) : 0;
}

/* The plan is made and is taken over. */
static void
carry_out(Casts *casts, Screen *screen, CastPlan *plan, const CastWish *wish, CastStarted started,
          gpointer user_data)
{
    KeptCast *kept = new_cast(casts, screen, plan, wish->when);

    kept->cast.position_ms = wish->when == CAST_NOW ? begin_at(casts, kept->cast.media, wish) : 0;
    g_free(kept->cast.person);
    g_free(kept->cast.sound);
    g_free(kept->cast.subtitle);
    kept->cast.person = g_strdup(wish->person);
    kept->cast.sound = g_strdup(wish->sound);
    kept->cast.subtitle = g_strdup(wish->subtitle);
    kept->cast.state = wish->when == CAST_NOW ? CAST_STARTING : CAST_QUEUED;
    g_ptr_array_insert(casts->list, 0, kept);
    drop_oldest(casts);
    observers_notify(casts->observers, &kept->cast);
    if (wish->when == CAST_LATER)
        started(&kept->cast, NULL, user_data);
    else
        ask_screen(casts, screen, &kept->cast, wish, started, user_data);
}

/* -- Items of other servers -------------------------------------------------------------------- */

/* The server is asked what the item is; screen and server may be gone when it answers. */
typedef struct {
    Casts *casts; /* not looked at once cancelled */
    GCancellable *cancellable;
    char *screen_id, *server_id;
    CastWish wish; /* its numbers alone */
    CastStarted started;
    gpointer user_data;
} Inquiry;

static void
inquiry_free(Inquiry *inquiry)
{
    g_object_unref(inquiry->cancellable);
    g_free(inquiry->screen_id);
    g_free(inquiry->server_id);
    g_free(inquiry);
}

static bool
start_foreign(const Inquiry *inquiry, const CatalogPage *page, GError **error)
{
    Casts *casts = inquiry->casts;
    g_auto(CastPlan) plan = { 0 };
    const RemoteServer *server = servers_find(casts->servers, inquiry->server_id, error);
    Screen *screen =
        server != NULL ? screens_find(casts->screens, inquiry->screen_id, error) : NULL;

    if (screen == NULL ||
        !cast_plan_make_foreign(&plan, page->objects->pdata[0], server, screen, error))
        return false;
    carry_out(casts, screen, &plan, &inquiry->wish, inquiry->started, inquiry->user_data);
    return true;
}

static void
on_item_known(CatalogPage *page, const GError *error, gpointer user_data)
{
    Inquiry *inquiry = user_data;
    g_autoptr(GError) problem = NULL;

    if (g_cancellable_set_error_if_cancelled(inquiry->cancellable, &problem))
        error = problem;
    else if (error == NULL && !start_foreign(inquiry, page, &problem))
        error = problem;
    if (error != NULL)
        inquiry->started(NULL, error, inquiry->user_data);
    inquiry_free(inquiry);
}

static void
inquire(Casts *casts, RemoteServer *server, const Screen *screen, const CastWish *wish,
        CastStarted started, gpointer user_data)
{
    Inquiry *inquiry = g_new(Inquiry, 1);
    CatalogQuestion question = { .verb = CATALOG_GET, .id = wish->item_id };

    *inquiry = (Inquiry){
        .casts = casts,
        .cancellable = g_object_ref(casts->cancellable),
        .screen_id = g_strdup(screen->id),
        .server_id = g_strdup(server->id),
        .wish = { .position_ms = wish->position_ms, .when = wish->when },
        .started = started,
        .user_data = user_data,
    };
    remote_server_ask(server, &question, on_item_known, inquiry);
}

static RemoteServer *
find_server(const Casts *casts, const CastWish *wish, GError **error)
{
    if (wish->item_id != NULL && wish->path == NULL && wish->url == NULL &&
        wish->upload == NULL && wish->feed == NULL)
        return servers_find(casts->servers, wish->server, error);
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_INVALID, "of a server an item is needed");
    return NULL;
}

/* -- Addresses of what must be made into another form ------------------------------------------ */

/* It is brought here first. */
typedef struct {
    Casts *casts;
    char *screen, *title, *person;
    CastWish wish; /* its texts are those above */
    GError *refusal; /* why it does not go as it is */
    CastStarted started;
    gpointer user_data;
} Errand;

static void
errand_free(Errand *errand)
{
    g_free(errand->screen);
    g_free(errand->title);
    g_free(errand->person);
    g_error_free(errand->refusal);
    g_free(errand);
}

static void
on_brought(const char *upload, const GError *error, gpointer user_data)
{
    Errand *errand = user_data;

    if (upload != NULL) {
        errand->wish.upload = upload;
        casts_start(errand->casts, &errand->wish, errand->started, errand->user_data);
    } else {
        g_autoptr(GError) both =
            g_error_new(error->domain, error->code, "%s; to be converted it would have to be "
                        "fetched, but %s", errand->refusal->message, error->message);
        errand->started(NULL, both, errand->user_data);
    }
    errand_free(errand);
}

/* Whether what was refused may be converted when it is here. */
static bool
is_worth_bringing(const Casts *casts, const CastWish *wish, const GError *refusal)
{
    return casts->brought != NULL && wish->url != NULL && !wish->is_live &&
           g_str_has_prefix(wish->url, "http") && wish->when != CAST_LATER &&
           g_error_matches(refusal, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
}

static void
bring(Casts *casts, const CastWish *wish, const GError *refusal, CastStarted started,
      gpointer user_data)
{
    g_autoptr(GUri) uri = g_uri_parse(wish->url, G_URI_FLAGS_NONE, NULL);
    g_autofree char *name = g_path_get_basename(g_uri_get_path(uri));
    Errand *errand = g_new(Errand, 1);

    *errand = (Errand){ casts, g_strdup(wish->screen), g_strdup(wish->title),
                        g_strdup(wish->person), { 0 }, g_error_copy(refusal), started, user_data };
    errand->wish = (CastWish){ .screen = errand->screen, .title = errand->title,
                               .person = errand->person, .when = wish->when };
    push_fetches_start(casts->brought, wish->url, name, on_brought, errand);
}

static const Dialect *
dialect_of(const Casts *casts, const Screen *screen)
{
    return dialects_find(casts->dialects,
                         &(DialectSpeaker){ .words[DIALECT_MODEL] = screen->model });
}

void
casts_start(Casts *casts, const CastWish *wish, CastStarted started, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_auto(CastPlan) plan = { 0 };
    Screen *screen = screens_find(casts->screens, wish->screen, &error);
    RemoteServer *server =
        screen != NULL && wish->server != NULL ? find_server(casts, wish, &error) : NULL;

    if (error != NULL)
        started(NULL, error, user_data);
    else if (server != NULL)
        inquire(casts, server, screen, wish, started, user_data);
    else if (!cast_plan_make(&plan, &casts->sources, wish, screen, dialect_of(casts, screen),
                             &error)) {
        if (is_worth_bringing(casts, wish, error))
            bring(casts, wish, error, started, user_data);
        else
            started(NULL, error, user_data);
    } else {
        if (casts->streams != NULL && wish->when == CAST_NOW && strcmp(plan.how, "transcode") == 0)
            streams_expect(casts->streams);
        carry_out(casts, screen, &plan, wish, started, user_data);
    }
}

const char *
casts_judge(const Casts *casts, const char *item_id, const Screen *screen, char **reason,
            GError **error)
{
    CastWish wish = { .item_id = item_id };
    g_auto(CastPlan) plan = { 0 };

    if (!cast_plan_make(&plan, &casts->sources, &wish, screen, dialect_of(casts, screen), error))
        return NULL;
    *reason = g_steal_pointer(&plan.reason);
    return plan.how;
}

PlaybackMedia *
casts_media(const Casts *casts, const CastWish *wish)
{
    g_auto(CastPlan) plan = { 0 };
    const Screen *screen = screens_find(casts->screens, wish->screen, NULL);

    if (screen == NULL || wish->server != NULL ||
        !cast_plan_make(&plan, &casts->sources, wish, screen, dialect_of(casts, screen), NULL))
        return NULL;
    return g_steal_pointer(&plan.media);
}
