/* import.c -- see import.h */
#include "appliance/library/import.h"

#include "base/error.h"
#include "base/post.h"
#include "net/http-client.h"

#include <stdatomic.h>
#include <string.h>

/* A source must bring that much in that time. */
#define PROGRESS_MIN 4096
#define PROGRESS_S 30

struct Import {
    gatomicrefcount references; /* the owner's, and the thread's until done() */
    char *url;
    FileWrite *write;
    uint64_t size_max;
    ImportDone done; /* NULL: the owner is gone; on its loop */
    gpointer user_data;
    GMainContext *context; /* the owner's */
    GThread *thread;
    GCancellable *cancellable;
    _Atomic uint64_t count;
    /* The thread's: */
    uint64_t last_count; /* at the last look */
    GMainLoop *loop;
    GError *error;
};

static void
import_unref(Import *import)
{
    if (!g_atomic_ref_count_dec(&import->references))
        return;
    g_free(import->url);
    file_write_free(import->write);
    g_main_context_unref(import->context);
    g_object_unref(import->cancellable);
    g_clear_error(&import->error);
    g_free(import);
}

/* -- In the thread ----------------------------------------------------------------------------- */

static void
on_received(const void *data, size_t size, gpointer user_data)
{
    Import *import = user_data;

    if (import->error != NULL)
        return;
    if (size > import->size_max - import->count)
        g_set_error(&import->error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "%s is larger than was said",
                    import->url);
    else if (file_write_add(import->write, data, size, &import->error))
        import->count += size;
    if (import->error != NULL)
        g_cancellable_cancel(import->cancellable);
}

static void
on_replied(const HttpReply *reply, const GError *error, gpointer user_data)
{
    Import *import = user_data;

    if (import->error == NULL && error != NULL)
        import->error = g_error_copy(error);
    else if (import->error == NULL && http_reply_status(reply) != 200)
        g_set_error(&import->error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "%s: HTTP status %u",
                    import->url, http_reply_status(reply));
    g_main_loop_quit(import->loop);
}

static gboolean
on_look(gpointer data)
{
    Import *import = data;

    if (import->count - import->last_count < PROGRESS_MIN && import->error == NULL) {
        g_set_error(&import->error, DUO_ERROR, DUO_ERROR_TIMEOUT, "%s stands still", import->url);
        g_cancellable_cancel(import->cancellable);
    }
    import->last_count = import->count;
    return G_SOURCE_CONTINUE;
}

static void
on_done(gpointer data)
{
    Import *import = data;

    if (import->done != NULL)
        import->done(import, import->error, import->user_data);
    import_unref(import);
}

static gpointer
run(gpointer data)
{
    Import *import = data;
    GMainContext *context = g_main_context_new();
    GSource *look = g_timeout_source_new_seconds(PROGRESS_S);

    g_main_context_push_thread_default(context);
    import->loop = g_main_loop_new(context, FALSE);
    g_source_set_callback(look, on_look, import, NULL);
    g_source_attach(look, context);
    HttpClient *client = http_client_new("duoping");
    http_client_send(client, &(HttpRequest){ .method = "GET", .url = import->url,
                                             .received = on_received },
                     import->cancellable, on_replied, import);
    g_main_loop_run(import->loop);
    if (import->error == NULL)
        file_write_finish(import->write, &import->error);
    g_clear_pointer(&import->write, file_write_free);
    http_client_free(client);
    g_source_destroy(look);
    g_source_unref(look);
    g_main_loop_unref(import->loop);
    g_main_context_pop_thread_default(context);
    g_main_context_unref(context);
    post(import->context, on_done, import);
    return NULL;
}

/* -- On the loop ------------------------------------------------------------------------------- */

Import *
import_new(const char *url, FileWrite *write, uint64_t size_max, ImportDone done,
           gpointer user_data)
{
    Import *import = g_new0(Import, 1);

    g_atomic_ref_count_init(&import->references);
    g_atomic_ref_count_inc(&import->references);
    import->url = g_strdup(url);
    import->write = write;
    import->size_max = size_max;
    import->done = done;
    import->user_data = user_data;
    import->context = g_main_context_ref_thread_default();
    import->cancellable = g_cancellable_new();
    import->thread = g_thread_new("import", run, import);
    return import;
}

void
import_stop(Import *import)
{
    g_cancellable_cancel(import->cancellable);
}

uint64_t
import_done_bytes(const Import *import)
{
    return import->count;
}

void
import_free(Import *import)
{
    if (import == NULL)
        return;
    import->done = NULL;
    import_stop(import);
    g_thread_join(import->thread);
    import_unref(import);
}

/* -- Who may have us fetch what ---------------------------------------------------------------- */

static bool
share_link(const NetInterfaces *interfaces, GInetAddress *a, GInetAddress *b)
{
    const GPtrArray *list = net_interfaces_list(interfaces);

    for (guint i = 0; i < list->len; i++)
        if (net_interface_is_on_link(list->pdata[i], a) &&
            net_interface_is_on_link(list->pdata[i], b))
            return true;
    return false;
}

bool
import_allows(const NetInterfaces *interfaces, const char *url, const char *asker, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    g_autoptr(GInetAddress) there = host != NULL ? g_inet_address_new_from_string(host) : NULL;
    g_autoptr(GInetAddress) from = g_inet_address_new_from_string(asker);

    if (uri == NULL || strcmp(g_uri_get_scheme(uri), "http") != 0 ||
        g_uri_get_userinfo(uri) != NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "\"%.200s\" is no address to fetch from",
                    url);
        return false;
    }
    if (there != NULL && from != NULL &&
        (g_inet_address_equal(there, from) ||
         (!net_interfaces_has(interfaces, there) && !g_inet_address_get_is_any(there) &&
          !g_inet_address_get_is_multicast(there) &&
          share_link(interfaces, there, from))))
        return true;
    g_set_error(
        error, DUO_ERROR, DUO_ERROR_DENIED,
        "\"%.200s\" is not fetched: it must name, in numbers, the asking device or one beside it",
        url);
    return false;
}
