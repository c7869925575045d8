/* remote-server.c -- what every other server has in common; see remote-server.h */
#include "model/remote-server.h"

#include "base/error.h"

#include <string.h>

/* -- Pages ------------------------------------------------------------------------------------- */

static void
object_free(gpointer object)
{
    media_object_free(object);
}

CatalogPage *
catalog_page_new(void)
{
    CatalogPage *page = g_rc_box_new0(CatalogPage);

    page->objects = g_ptr_array_new_with_free_func(object_free);
    return page;
}

CatalogPage *
catalog_page_ref(CatalogPage *page)
{
    return g_rc_box_acquire(page);
}

static void
page_clear(gpointer data)
{
    g_ptr_array_unref(((CatalogPage *)data)->objects);
}

void
catalog_page_unref(CatalogPage *page)
{
    g_rc_box_release_full(page, page_clear);
}

/* -- What is kept ------------------------------------------------------------------------------ */

typedef struct {
    CatalogPage *page;
    int64_t until_ms;
} Kept;

static void
kept_free(gpointer data)
{
    Kept *kept = data;

    catalog_page_unref(kept->page);
    g_free(kept);
}

static void
forget_pages(RemoteServer *server)
{
    server->edition++;
    server->kept_count = 0;
    g_hash_table_remove_all(server->kept);
}

/* Two questions with the same key have the same answer; NULL: one too rare to be kept. */
static char *
key_of(const CatalogQuestion *question)
{
    const CatalogSearch *search = &question->search;
    const CatalogRange *range = &question->range;

    if (question->verb == CATALOG_SEARCH && search->criteria != NULL)
        return NULL;
    return g_strdup_printf("%d %u %u %d %d %d %s\n%s", (int)question->verb, range->offset,
                           range->limit, (int)range->sort, range->is_descending, (int)search->kind,
                           question->verb == CATALOG_SEARCH ? search->container_id : question->id,
                           search->words != NULL ? search->words : "");
}

static CatalogPage *
find_kept(RemoteServer *server, const char *key)
{
    const Kept *kept = key != NULL ? g_hash_table_lookup(server->kept, key) : NULL;

    return kept != NULL && clock_now_ms(server->clock) < kept->until_ms
               ? catalog_page_ref(kept->page) : NULL;
}

/* When there is no room all go: the next visitors bring back what is looked at. */
static void
keep(RemoteServer *server, const char *key, CatalogPage *page)
{
    int64_t life_ms =
        server->is_followed ? REMOTE_SERVER_FOLLOWED_MS : REMOTE_SERVER_UNFOLLOWED_MS;
    Kept *kept = g_new(Kept, 1);

    if (server->kept_count + page->objects->len + 1 > REMOTE_SERVER_KEPT_MAX) {
        server->kept_count = 0;
        g_hash_table_remove_all(server->kept);
    }
    server->kept_count += page->objects->len + 1; /* an empty page costs, too */
    *kept = (Kept){ catalog_page_ref(page), clock_now_ms(server->clock) + life_ms };
    g_hash_table_replace(server->kept, g_strdup(key), kept);
}

/* -- Asking ------------------------------------------------------------------------------------ */

typedef struct {
    RemoteServer *server; /* NULL: it is gone and the asker was told */
    char *key;           /* NULL: not to be kept */
    guint edition;       /* of the content when it was asked */
    CatalogAnswered answered;
    gpointer user_data;
} Asked;

static void
asked_free(Asked *asked)
{
    g_free(asked->key);
    g_free(asked);
}

static void
on_answered(CatalogPage *page, const GError *error, gpointer user_data)
{
    Asked *asked = user_data;
    RemoteServer *server = asked->server;

    if (server != NULL) {
        g_hash_table_remove(server->asked, asked);
        if (page != NULL && asked->key != NULL && asked->edition == server->edition)
            keep(server, asked->key, page);
        asked->answered(page, error, asked->user_data);
    }
    asked_free(asked);
}

static void
refuse(CatalogAnswered answered, gpointer user_data, DuoError code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void
refuse(CatalogAnswered answered, gpointer user_data, DuoError code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autoptr(GError) error = g_error_new_valist(DUO_ERROR, (int)code, format, args);
    va_end(args);
    answered(NULL, error, user_data);
}

void
remote_server_ask(RemoteServer *server, const CatalogQuestion *wanted, CatalogAnswered answered,
                 gpointer user_data)
{
    CatalogQuestion question = *wanted;

    if (question.verb == CATALOG_GET)
        question.range = (CatalogRange){ 0 };
    else if (question.range.limit == 0 || question.range.limit > CATALOG_PAGE_MAX)
        question.range.limit = CATALOG_PAGE_MAX;
    g_autofree char *key = key_of(&question);
    g_autoptr(CatalogPage) page = find_kept(server, key);
    if (page != NULL) {
        answered(page, NULL, user_data);
        return;
    }
    if (g_hash_table_size(server->asked) >= REMOTE_SERVER_ASKED_MAX) {
        refuse(answered, user_data, DUO_ERROR_BUSY, "%s is being asked too much at once",
               server->name);
        return;
    }
    Asked *asked = g_new(Asked, 1);
    *asked = (Asked){ server, g_steal_pointer(&key), server->edition, answered, user_data };
    g_hash_table_add(server->asked, asked);
    server->class->ask(server, &question, on_answered, asked);
}

/* -- For implementations ----------------------------------------------------------------------- */

static void
tell(RemoteServer *server)
{
    observers_notify(server->observers, server);
}

void
remote_server_init(RemoteServer *server, const RemoteServerClass *class, Clock *clock,
                   const char *id, const char *name, const char *kind)
{
    *server = (RemoteServer){ .class = class, .id = g_strdup(id), .name = g_strdup(name),
                             .kind = kind, .is_online = true, .clock = clock };
    server->observers = observers_new();
    server->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, kept_free);
    server->asked = g_hash_table_new(NULL, NULL);
}

/* Their answers are still under way, and free them when they come. */
static void
abandon(RemoteServer *server)
{
    g_autoptr(GList) waiting = g_hash_table_get_keys(server->asked);

    for (GList *link = waiting; link != NULL; link = link->next) {
        Asked *asked = link->data;
        asked->server = NULL;
        refuse(asked->answered, asked->user_data, DUO_ERROR_UNAVAILABLE, "%s is gone",
               server->name);
    }
}

void
remote_server_clear(RemoteServer *server)
{
    abandon(server);
    g_hash_table_unref(server->asked);
    g_hash_table_unref(server->kept);
    observers_free(server->observers);
    g_free(server->id);
    g_free(server->name);
    g_free(server->url);
    g_free(server->reason);
}

void
remote_server_free(RemoteServer *server)
{
    if (server != NULL)
        server->class->free(server);
}

static bool
set_text(char **text, const char *value)
{
    if (g_strcmp0(*text, value) == 0)
        return false;
    g_free(*text);
    *text = g_strdup(value);
    return true;
}

void
remote_server_set_face(RemoteServer *server, const char *name, const char *url)
{
    bool is_changed = set_text(&server->name, name);

    if (url != NULL)
        is_changed = set_text(&server->url, url) || is_changed;
    if (is_changed)
        tell(server);
}

void
remote_server_set_away(RemoteServer *server, const char *reason)
{
    if (!set_text(&server->reason, reason))
        return;
    server->is_online = reason == NULL;
    if (!server->is_online)
        forget_pages(server);
    tell(server);
}

void
remote_server_set_update_id(RemoteServer *server, uint32_t update_id)
{
    if (update_id == server->update_id)
        return;
    server->update_id = update_id;
    forget_pages(server);
    tell(server);
}

void
remote_server_set_followed(RemoteServer *server, bool is_followed)
{
    if (is_followed == server->is_followed)
        return;
    server->is_followed = is_followed;
    forget_pages(server);
}
