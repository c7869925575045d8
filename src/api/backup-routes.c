/* backup-routes.c -- what the owner takes home in a file: a diagnosis, and the index of the
 * library, which can be brought back */
#include "api/room.h"
#include "base/error.h"
#include "base/post.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define UNREADABLE_MAX 200 /* of files, in a diagnosis */
#define BACKUP_MAX ((uint64_t)16 << 30)

/* -- A diagnosis ------------------------------------------------------------------------------- */

static void
json_machine(JsonWriter *json, const Api *api)
{
    struct utsname system;

    json_text(json, "name", api->parts.name);
    json_text(json, "version", api->parts.version);
    if (uname(&system) == 0) {
        g_autofree char *words = g_strjoin(" ", system.sysname, system.release, system.machine,
                                           NULL);
        json_text(json, "system", words);
    }
    json_number(json, "processors", g_get_num_processors());
    json_number(json, "uptime_s",
                (clock_now_ms(api->parts.clock) - api->started_ms) / 1000);
}

static bool
write_object(const MediaObject *object, gpointer user_data)
{
    json_media(user_data, NULL, object);
    return true;
}

static void
json_unreadable(JsonWriter *json, const Api *api)
{
    const CatalogRange range = { .limit = UNREADABLE_MAX };
    CatalogResult result;

    json_open(json, "unreadable", '[');
    catalog_browse(library_catalog(api->parts.library), "unreadable", &range, write_object, json,
                   &result, NULL);
    json_close(json, ']');
}

/* Nothing secret is in it: no key, no code, no token. */
static void
get_diagnosis(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    const GPtrArray *screens = screens_list(api->parts.screens);
    const GPtrArray *casts = casts_list(api->parts.casts);
    LibraryCounts counts;
    JsonWriter json;

    if (!request_may_set(exchange))
        return;
    counts = library_counts(api->parts.library);
    json_init(&json, 64 * 1024);
    json_open(&json, NULL, '{');
    json_machine(&json, api);
    json_totals(&json, "library", api->parts.library, &counts);
    json_scan(&json, "scan", library_scan(api->parts.library), NULL);
    json_folders(&json, api->parts.library, NULL);
    json_settings(&json, "settings", api);
    json_interfaces(&json);
    json_open(&json, "screens", '[');
    for (guint i = 0; i < screens->len; i++)
        json_close_look(&json, NULL, api, screens->pdata[i], NULL);
    json_close(&json, ']');
    json_open(&json, "casts", '[');
    for (guint i = 0; i < casts->len; i++)
        json_cast(&json, NULL, casts->pdata[i]);
    json_close(&json, ']');
    json_unreadable(&json, api);
    json_log(&json);
    json_close(&json, '}');
    http_exchange_add_head(exchange, "Content-Disposition",
                           "attachment; filename=\"duoping-diagnosis.json\"");
    reply_json(exchange, 200, &json);
}

/* -- Taking the index home --------------------------------------------------------------------- */

/* On the http thread, for as long as the disk takes; the copy has no name any more when it is
 * sent. */
static void
get_backup(HttpExchange *exchange, gpointer user_data)
{
    const Api *api = user_data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    Stream *stream = NULL;

    if (!request_may_set(exchange))
        return;
    g_autofree char *name = g_strdup_printf("backup-%08x%08x", g_random_int(), g_random_int());
    path = g_build_filename(api->parts.owner.state, name, NULL);
    if (library_copy(api->parts.library, path, &error))
        stream = stream_new_file(path, "application/vnd.sqlite3", &error);
    g_unlink(path);
    if (stream == NULL) {
        http_exchange_reply_error(exchange, error);
        return;
    }
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *head =
        g_date_time_format(now, "attachment; filename=\"duoping-library-%Y-%m-%d.db\"");
    http_exchange_add_head(exchange, "Content-Disposition", head);
    http_exchange_add_head(exchange, "Cache-Control", "no-store");
    reply_stream(exchange, stream);
}

/* -- Bringing it back -------------------------------------------------------------------------- */

typedef struct {
    Api *api; /* borrowed */
    char *path;
    int fd;
    uint64_t written;
} Bringing;

static bool
write_octets(const void *octets, size_t count, gpointer user_data, GError **error)
{
    Bringing *bringing = user_data;
    const char *next = octets;

    bringing->written += count;
    if (bringing->written > BACKUP_MAX) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "no library is that large");
        return false;
    }
    while (count > 0) {
        ssize_t done = write(bringing->fd, next, count);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            g_set_error(error, DUO_ERROR,
                        errno == ENOSPC ? DUO_ERROR_NO_ROOM : DUO_ERROR_UNAVAILABLE, "%s: %s",
                        bringing->path, g_strerror(errno));
            return false;
        }
        next += done;
        count -= (size_t)done;
    }
    return true;
}

static void
restart(gpointer data)
{
    const Api *api = data;

    if (g_atomic_int_get(&api->is_stopping) == 0)
        api->parts.owner.restart(api->parts.owner.data);
}

/* SQLite may have left its own files beside one that it looked at. */
static void
remove_with_shadows(const char *path)
{
    static const char *const parts[] = { "", "-wal", "-shm" };

    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *name = g_strconcat(path, parts[i], NULL);
        g_unlink(name);
    }
}

static void
end_bringing(HttpExchange *exchange, gpointer user_data)
{
    Bringing *bringing = user_data;
    g_autoptr(GError) error = NULL;
    bool is_whole = close(bringing->fd) == 0 && exchange != NULL;
    bool is_taken = is_whole && library_bring_back(bringing->api->parts.owner.state, bringing->path,
                                                   &error);

    remove_with_shadows(bringing->path); /* what was taken has another name */
    if (is_taken) {
        JsonWriter json;
        json_init(&json, 64);
        json_open(&json, NULL, '{');
        json_bool(&json, "restarts", true);
        json_close(&json, '}');
        reply_json(exchange, 202, &json);
        post(NULL, restart, bringing->api);
    } else if (exchange != NULL) {
        http_exchange_reply_problem(exchange, 422, NULL, "%s",
                                    error != NULL ? error->message : "it is not whole");
    }
    g_free(bringing->path);
    g_free(bringing);
}

static void
post_backup(HttpExchange *exchange, gpointer user_data)
{
    static const HttpSink sink = { write_octets, end_bringing };
    Api *api = user_data;

    if (!request_may_set(exchange))
        return;
    if (api->parts.owner.restart == NULL) {
        http_exchange_reply_problem(exchange, 422, NULL, "nothing can be brought back here");
        return;
    }
    g_autofree char *path =
        g_build_filename(api->parts.owner.state, "media.db.coming-XXXXXX", NULL);
    int fd = g_mkstemp_full(path, O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) {
        http_exchange_reply_problem(exchange, 503, NULL, "%s: %s", path, g_strerror(errno));
        return;
    }
    Bringing *bringing = g_new(Bringing, 1);
    *bringing = (Bringing){ api, g_steal_pointer(&path), fd, 0 };
    http_exchange_receive(exchange, &sink, bringing);
}

const HttpRoute backup_routes[] = {
    { "GET", "/api/v1/diagnosis", HTTP_STATE, get_diagnosis, 0 },
    { "GET", "/api/v1/backup", HTTP_READ, get_backup, 0 },
    { "POST", "/api/v1/backup", HTTP_UPLOAD, post_backup, 0 },
    { NULL, NULL, HTTP_READ, NULL, 0 },
};
