/* file-access.c -- FileAccess, the service of the File profile (docs/igrs/PROFILE.md section 7)
 *
 * Every operation may wait for a disk, so each runs in a thread of a small pool, on its call alone,
 * and is answered on the main loop. A copy or a move that takes long is answered before the peer
 * stops waiting; it goes on, and is seen under its new name when it is whole. */
#include "av/av.h"
#include "base/error.h"
#include "base/post.h"
#include "wire/xml.h"

#include <string.h>

/* A page ends here even when more was asked for: it stays below the 1 MiB that IGRS peers take
 * (section 1). NumberReturned tells. */
#define ENTRIES_SIZE_MAX (768 * 1024)
#define THREADS 4
#define JOBS_MAX 64
#define LONG_JOBS_MAX 2 /* of them copies and moves, so that threads are left to look around */
#define PATIENCE_MS (20 * 1000)

typedef struct Work Work;

typedef struct {
    Service base;
    FileTree *tree; /* borrowed */
    Clock *clock;   /* borrowed */
    GThreadPool *pool;
    GCancellable *cancellable; /* the end of the service */
    GMainContext *context;
    GQueue jobs; /* Job, by their links */
    unsigned long_jobs;
} FileAccess;

typedef struct {
    FileAccess *access; /* NULL when it is gone, on the loop */
    GList link;
    const Work *work;
    ServiceCall *call; /* of the thread while it runs; NULL on the loop: answered before */
    guint timer;
    GCancellable *cancellable;
    GMainContext *context;
    char *path, *new_path; /* of a long job, which outlives its call */
    GError *error;         /* NULL: it succeeded */
} Job;

/* -- Errors ------------------------------------------------------------------------------------ */

/* The return codes of section 2. */
static const int codes[DUO_ERROR_N] = {
    [DUO_ERROR_INVALID] = 400,     [DUO_ERROR_TOO_LARGE] = 413, [DUO_ERROR_NOT_FOUND] = 404,
    [DUO_ERROR_DENIED] = 403,      [DUO_ERROR_CONFLICT] = 409,  [DUO_ERROR_UNSUPPORTED] = 501,
    [DUO_ERROR_BUSY] = 503,        [DUO_ERROR_TIMEOUT] = 408,   [DUO_ERROR_UNAVAILABLE] = 503,
    [DUO_ERROR_FAILED] = 500,      [DUO_ERROR_NO_ROOM] = 507,
};

static int
code_of(const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return 503;
    return error->domain == DUO_ERROR && error->code < DUO_ERROR_N ? codes[error->code] : 500;
}

/* -- The operations, each on a thread of the pool ---------------------------------------------- */

static const char *
type_name(const FileEntry *entry)
{
    return entry->is_folder ? "folder" : "file";
}

/* ISO 8601, in UTC; "" when the time is beyond what can be said. */
static char *
date_text(int64_t seconds)
{
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(seconds);

    return date != NULL ? g_date_time_format_iso8601(date) : g_strdup("");
}

typedef struct {
    GString *text;
    XmlWriter writer;
    uint32_t returned;
} Page;

static bool
page_visit(const FileEntry *entry, gpointer data)
{
    Page *page = data;
    g_autofree char *modified = date_text(entry->modified_s);

    xml_write_start(&page->writer, "Entry");
    xml_write_leaf(&page->writer, "Name", entry->name);
    xml_write_leaf(&page->writer, "Type", type_name(entry));
    xml_write_leaf_number(&page->writer, "Size", (int64_t)entry->size_bytes);
    xml_write_leaf(&page->writer, "Modified", modified);
    xml_write_end(&page->writer);
    page->returned++;
    return page->text->len < ENTRIES_SIZE_MAX;
}

static bool
list(FileTree *tree, Job *job, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    Page page = { .text = text };
    uint32_t total = 0;

    xml_writer_init(&page.writer, text);
    if (!tree->class->list(tree, service_call_text(job->call, "Path"),
                           (uint32_t)service_call_number(job->call, "StartingIndex"),
                           (uint32_t)service_call_number(job->call, "RequestedCount"), page_visit,
                           &page, &total, error))
        return false;
    service_call_put_text(job->call, "Entries", text->str);
    service_call_put_number(job->call, "NumberReturned", page.returned);
    service_call_put_number(job->call, "TotalMatches", total);
    return true;
}

static bool
put_info(const FileEntry *entry, gpointer data)
{
    ServiceCall *call = data;

    service_call_put_text(call, "Name", entry->name);
    service_call_put_text(call, "Type", type_name(entry));
    service_call_put_number(call, "Size", (int64_t)entry->size_bytes);
    service_call_take_text(call, "Modified", date_text(entry->modified_s));
    return true;
}

static bool
get_info(FileTree *tree, Job *job, GError **error)
{
    return tree->class->info(tree, service_call_text(job->call, "Path"), put_info, job->call,
                             error);
}

static bool
get_space(FileTree *tree, Job *job, GError **error)
{
    uint64_t free_bytes, total_bytes;

    if (!tree->class->space(tree, service_call_text(job->call, "Path"), &free_bytes, &total_bytes,
                            error))
        return false;
    service_call_put_number(job->call, "Free", (int64_t)free_bytes);
    service_call_put_number(job->call, "Total", (int64_t)total_bytes);
    return true;
}

static bool
open_for(FileTree *tree, Job *job, FileUse use, GError **error)
{
    g_autofree char *address =
        tree->class->open(tree, service_call_text(job->call, "Path"), use,
                          service_call_asker(job->call, ASKER_ADDRESS), error);

    if (address == NULL)
        return false;
    service_call_take_text(job->call, "Url",
                           g_strconcat(service_call_base_url(job->call), address, NULL));
    return true;
}

static bool
open_file(FileTree *tree, Job *job, GError **error)
{
    bool is_write = strcmp(service_call_text(job->call, "Mode"), "write") == 0;

    return open_for(tree, job, is_write ? FILE_WRITE : FILE_READ, error);
}

static bool
create_file(FileTree *tree, Job *job, GError **error)
{
    return open_for(tree, job, FILE_CREATE, error);
}

static bool
create_directory(FileTree *tree, Job *job, GError **error)
{
    return tree->class->make_folder(tree, service_call_text(job->call, "Path"), error);
}

static bool
delete_entry(FileTree *tree, Job *job, GError **error)
{
    return tree->class->remove(tree, service_call_text(job->call, "Path"), error);
}

/* NewName is a name, not a path: it stays in its folder. */
static bool
rename_entry(FileTree *tree, Job *job, GError **error)
{
    const char *name = service_call_text(job->call, "NewName");
    g_autofree char *folder = g_path_get_dirname(service_call_text(job->call, "Path"));
    g_autofree char *new_path = g_build_path("/", folder, name, NULL);

    if (*name == '\0' || strcmp(name, ".") == 0 || strchr(name, '/') != NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "\"%.100s\" is not a name", name);
        return false;
    }
    return tree->class->move(tree, service_call_text(job->call, "Path"), new_path, NULL, error);
}

static bool
move_entry(FileTree *tree, Job *job, GError **error)
{
    return tree->class->move(tree, job->path, job->new_path, job->cancellable, error);
}

static bool
copy_entry(FileTree *tree, Job *job, GError **error)
{
    return tree->class->copy(tree, job->path, job->new_path, job->cancellable, error);
}

struct Work {
    const char *action;
    bool (*run)(FileTree *tree, Job *job, GError **error);
    bool is_long; /* has a NewPath; does not touch its call, which may be answered before it ends */
};

static const Work works[] = {
    { "List", list, false },
    { "GetInfo", get_info, false },
    { "GetSpace", get_space, false },
    { "Open", open_file, false },
    { "Create", create_file, false },
    { "CreateDirectory", create_directory, false },
    { "Delete", delete_entry, false },
    { "Rename", rename_entry, false },
    { "Move", move_entry, true },
    { "Copy", copy_entry, true },
};

static const Work *
find_work(const char *action)
{
    guint i = 0;

    while (strcmp(works[i].action, action) != 0)
        i++;
    return &works[i];
}

/* -- Jobs -------------------------------------------------------------------------------------- */

static void
job_free(Job *job)
{
    FileAccess *access = job->access;

    if (access != NULL) {
        clock_cancel(access->clock, &job->timer);
        g_queue_unlink(&access->jobs, &job->link);
        access->long_jobs -= job->work->is_long;
    }
    g_object_unref(job->cancellable);
    g_main_context_unref(job->context);
    g_clear_error(&job->error);
    g_free(job->path);
    g_free(job->new_path);
    g_free(job);
}

/* On the loop again; the service may be gone. */
static void
on_done(gpointer data)
{
    Job *job = data;
    ServiceCall *call = job->call;

    if (call == NULL && job->error != NULL)
        g_message("%s: %s", job->work->action, job->error->message);
    if (call != NULL && job->error != NULL)
        service_call_fail(call, code_of(job->error), "%s", job->error->message);
    else if (call != NULL)
        service_call_return(call);
    job_free(job);
}

static void
run(gpointer data, gpointer user_data)
{
    Job *job = data;

    if (!g_cancellable_set_error_if_cancelled(job->cancellable, &job->error))
        job->work->run(user_data, job, &job->error);
    post(job->context, on_done, job);
}

/* Before the peer's own patience ends: what it hears is true, and it can look for the new name. */
static void
on_late(gpointer data)
{
    Job *job = data;
    ServiceCall *call = g_steal_pointer(&job->call);

    job->timer = 0;
    service_call_fail(call, codes[DUO_ERROR_TIMEOUT],
                      "this takes long and goes on: \"%s\" is seen when it is whole",
                      job->new_path);
}

static void
begin(Service *service, ServiceCall *call)
{
    FileAccess *access = (FileAccess *)service;
    const Work *work = find_work(service_call_action(call)->name);

    if (access->jobs.length == JOBS_MAX || (work->is_long && access->long_jobs == LONG_JOBS_MAX)) {
        service_call_fail(call, codes[DUO_ERROR_BUSY], "others are being served: try again later");
        return;
    }
    Job *job = g_new(Job, 1);
    *job = (Job){ .access = access,
                  .link.data = job,
                  .work = work,
                  .call = call,
                  .cancellable = g_object_ref(access->cancellable),
                  .context = g_main_context_ref(access->context) };
    g_queue_push_tail_link(&access->jobs, &job->link);
    if (work->is_long) {
        access->long_jobs++;
        job->path = g_strdup(service_call_text(call, "Path"));
        job->new_path = g_strdup(service_call_text(call, "NewPath"));
        job->timer = clock_after(access->clock, PATIENCE_MS, on_late, job);
    }
    g_thread_pool_push(access->pool, job, NULL);
}

/* -- The table --------------------------------------------------------------------------------- */

static const char *const modes[] = { "read", "write", NULL };
static const char *const types[] = { "file", "folder", NULL };

/* Sizes are text, since they go beyond 32 bits. */
static const ServiceVariable variables[] = {
    { .name = "A_ARG_TYPE_Path", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Name", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Type", .type = SERVICE_STRING, .allowed = types },
    { .name = "A_ARG_TYPE_Size", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Date", .type = SERVICE_STRING },
    { .name = "A_ARG_TYPE_Entries", .type = SERVICE_XML },
    { .name = "A_ARG_TYPE_Index", .type = SERVICE_UI4 },
    { .name = "A_ARG_TYPE_Count", .type = SERVICE_UI4 },
    { .name = "A_ARG_TYPE_Mode", .type = SERVICE_STRING, .allowed = modes, .refusal = 400 },
    { .name = "A_ARG_TYPE_Url", .type = SERVICE_URI },
    { .name = NULL },
};

#define PATH SERVICE_IN("Path", "A_ARG_TYPE_Path")
#define NEW_PATH SERVICE_IN("NewPath", "A_ARG_TYPE_Path")
#define URL SERVICE_OUT("Url", "A_ARG_TYPE_Url")

static const ServiceAction actions[] = {
    { "List", false, begin,
      { PATH, SERVICE_IN("StartingIndex", "A_ARG_TYPE_Index"),
        SERVICE_IN("RequestedCount", "A_ARG_TYPE_Count"),
        SERVICE_OUT("Entries", "A_ARG_TYPE_Entries"),
        SERVICE_OUT("NumberReturned", "A_ARG_TYPE_Count"),
        SERVICE_OUT("TotalMatches", "A_ARG_TYPE_Count") } },
    { "GetInfo", false, begin,
      { PATH, SERVICE_OUT("Name", "A_ARG_TYPE_Name"), SERVICE_OUT("Type", "A_ARG_TYPE_Type"),
        SERVICE_OUT("Size", "A_ARG_TYPE_Size"), SERVICE_OUT("Modified", "A_ARG_TYPE_Date") } },
    { "Open", false, begin, { PATH, SERVICE_IN("Mode", "A_ARG_TYPE_Mode"), URL } },
    { "CreateDirectory", false, begin, { PATH } },
    { "Create", false, begin, { PATH, URL } },
    { "Delete", false, begin, { PATH } },
    { "Rename", false, begin, { PATH, SERVICE_IN("NewName", "A_ARG_TYPE_Name") } },
    { "Move", false, begin, { PATH, NEW_PATH } },
    { "Copy", false, begin, { PATH, NEW_PATH } },
    { "GetSpace", false, begin,
      { PATH, SERVICE_OUT("Free", "A_ARG_TYPE_Size"), SERVICE_OUT("Total", "A_ARG_TYPE_Size") } },
    { .name = NULL },
};

/* What runs is cancelled and awaited; its calls are answered when the loop turns. */
static void
file_access_free(Service *service)
{
    FileAccess *access = (FileAccess *)service;

    g_cancellable_cancel(access->cancellable);
    g_thread_pool_free(access->pool, FALSE, TRUE);
    for (GList *link = access->jobs.head; link != NULL; link = link->next) {
        Job *job = link->data;
        clock_cancel(access->clock, &job->timer);
        job->access = NULL;
    }
    g_object_unref(access->cancellable);
    g_main_context_unref(access->context);
    service_clear(service);
    g_free(access);
}

static const ServiceTable table = {
    .name = "FileAccess",
    .version = 1,
    .variables = variables,
    .actions = actions,
    .free = file_access_free,
};

Service *
file_access_new(FileTree *tree, Clock *clock)
{
    FileAccess *access = g_new0(FileAccess, 1);

    service_init(&access->base, &table);
    access->tree = tree;
    access->clock = clock;
    access->cancellable = g_cancellable_new();
    access->context = g_main_context_ref_thread_default();
    access->pool = g_thread_pool_new(run, tree, THREADS, FALSE, NULL);
    return &access->base;
}
