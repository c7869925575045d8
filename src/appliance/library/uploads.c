/* uploads.c -- see uploads.h; get() alone is called by other threads: the table is under `lock` */
#include "appliance/library/uploads.h"

#include "appliance/files/files.h"
#include "appliance/library/import.h"
#include "base/error.h"
#include "base/text.h"
#include "wire/protocol-info.h"

#include <string.h>

#define ANNOUNCED_MAX 256
#define TRANSFERS_MAX 32 /* remembered */
#define RUNNING_MAX 4
#define NAME_MAX_OCTETS 180
#define SAME_NAMES_MAX 100
#define SIZE_MAX_BYTES (UINT64_C(256) << 30) /* of what we fetch when nobody said its size */
#define LOOK_ALIKES_MAX 50
static const char root_name[] = "uploads";

typedef struct {
    GList link;
    char *id, *peer, *address;
    char *path; /* in the tree: "/uploads/NAME" */
    char *file; /* absolute */
    char *title, *mime;
    uint64_t size_bytes;
} Announced;

typedef struct {
    GList link;
    Uploads *uploads; /* borrowed */
    uint32_t number;
    char *peer;
    Import *import; /* NULL: it has ended */
    IntakeProgress progress;
} Transfer;

struct Uploads {
    Intake intake; /* first: the intake is this */
    char *folder;
    Files *files;
    FileTickets *tickets;            /* borrowed, like the next two */
    Catalog *catalog;
    const NetInterfaces *interfaces;
    GMutex lock;
    GQueue announced; /* Announced, the oldest first */
    GQueue transfers; /* Transfer, likewise */
    uint32_t last_number;
};

/* -- What is announced -------------------------------------------------------------------------- */

static void
announced_free(Uploads *uploads, Announced *announced)
{
    g_queue_unlink(&uploads->announced, &announced->link);
    g_free(announced->id);
    g_free(announced->peer);
    g_free(announced->address);
    g_free(announced->path);
    g_free(announced->file);
    g_free(announced->title);
    g_free(announced->mime);
    g_free(announced);
}

/* By one of its texts. */
static Announced *
find_announced(const Uploads *uploads, size_t offset, const char *text)
{
    for (GList *link = uploads->announced.head; link != NULL; link = link->next)
        if (strcmp(G_STRUCT_MEMBER(char *, link->data, offset), text) == 0)
            return link->data;
    return NULL;
}

/* A name that every file system takes; not hidden, not a path. */
static char *
name_of(const char *title)
{
    g_autofree char *clean = text_clean(title);

    g_strdelimit(clean, "/\\:*?\"<>|", '_');
    const char *start = clean + strspn(clean, ". ");
    size_t length = MIN(strlen(start), NAME_MAX_OCTETS);
    while (length > 0 && ((unsigned char)start[length] & 0xc0) == 0x80) /* inside of a character */
        length--;
    return g_strchomp(g_strndup(start, length));
}

/* The title as the name of a file, without its extension. */
static char *
stem_of(const char *title, const char *mime)
{
    g_autofree char *clean = name_of(title);
    const char *dot = strrchr(clean, '.');
    const char *said = dot != NULL ? mime_from_name(clean) : NULL;

    if (said != NULL && mime_equal(said, mime))
        clean[dot - clean] = '\0';
    return g_strdup(*clean != '\0' ? clean : "upload");
}

static bool
is_there(Uploads *uploads, const char *path)
{
    g_autofree char *file = g_build_filename(uploads->folder, path + strlen(root_name) + 2, NULL);

    return find_announced(uploads, offsetof(Announced, path), path) != NULL ||
           g_file_test(file, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK);
}

/* A path that nothing has; NULL: there are too many alike. */
static char *
free_path(Uploads *uploads, const IntakeWish *wish)
{
    g_autofree char *stem = stem_of(wish->title, wish->mime);
    const char *extension = mime_extension(wish->mime);

    for (int i = 1; i <= SAME_NAMES_MAX; i++) {
        g_autofree char *number = i == 1 ? g_strdup("") : g_strdup_printf(" (%d)", i);
        g_autofree char *path =
            g_strdup_printf("/%s/%s%s.%s", root_name, stem, number, extension);
        if (!is_there(uploads, path))
            return g_steal_pointer(&path);
    }
    return NULL;
}

static bool
check_wish(Uploads *uploads, const IntakeWish *wish, GError **error)
{
    FileTree *tree = files_tree(uploads->files);
    uint64_t free_bytes, total_bytes;

    if (mime_kind(wish->mime) == MEDIA_ANY || mime_extension(wish->mime) == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "\"%.100s\" is neither sound nor a film nor a picture", wish->mime);
        return false;
    }
    if (!tree->class->space(tree, "/uploads", &free_bytes, &total_bytes, error))
        return false;
    if (wish->size_bytes <= free_bytes)
        return true;
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NO_ROOM,
                        "the disk for uploads has no room for it");
    return false;
}

static bool
announce(Intake *intake, const IntakeWish *wish, const char *peer, char **id, char **address,
         GError **error)
{
    Uploads *uploads = (Uploads *)intake;
    FileTree *tree = files_tree(uploads->files);
    g_autofree char *path = check_wish(uploads, wish, error) ? free_path(uploads, wish) : NULL;
    g_autofree char *given =
        path != NULL ? tree->class->open(tree, path, FILE_CREATE, peer, error) : NULL;

    if (given == NULL) {
        if (error != NULL && *error == NULL)
            g_set_error_literal(error, DUO_ERROR, DUO_ERROR_CONFLICT, "too many have that name");
        return false;
    }
    Announced *announced = g_new(Announced, 1);
    *announced = (Announced){
        .link.data = announced,
        .id = g_strdup_printf("upload-%08x%08x", g_random_int(), g_random_int()),
        .peer = g_strdup(peer),
        .address = g_strdup(given),
        .path = g_strdup(path),
        .file = g_build_filename(uploads->folder, strrchr(path, '/') + 1, NULL),
        .title = g_strdup(wish->title),
        .mime = g_strdup(wish->mime),
        .size_bytes = wish->size_bytes,
    };
    g_mutex_lock(&uploads->lock);
    if (uploads->announced.length == ANNOUNCED_MAX)
        announced_free(uploads, uploads->announced.head->data);
    g_queue_push_tail_link(&uploads->announced, &announced->link);
    g_mutex_unlock(&uploads->lock);
    *id = g_strdup(announced->id);
    *address = g_steal_pointer(&given);
    return true;
}

/* -- What became of it -------------------------------------------------------------------------- */

typedef struct {
    const char *file;
    MediaVisit visit;
    gpointer user_data;
    bool is_found;
} Look;

static bool
show_if_it(const MediaObject *object, gpointer data)
{
    Look *look = data;

    if (g_strcmp0(object->path, look->file) != 0)
        return true;
    look->is_found = true;
    look->visit(object, look->user_data);
    return false;
}

static bool
get(Intake *intake, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    Uploads *uploads = (Uploads *)intake;
    const CatalogRange range = { .limit = LOOK_ALIKES_MAX };
    CatalogResult result;

    g_mutex_lock(&uploads->lock);
    const Announced *announced = find_announced(uploads, offsetof(Announced, id), id);
    g_autofree char *file = announced != NULL ? g_strdup(announced->file) : NULL;
    g_autofree char *title = announced != NULL ? g_strdup(announced->title) : NULL;
    g_autofree char *mime = announced != NULL ? g_strdup(announced->mime) : NULL;
    g_mutex_unlock(&uploads->lock);
    if (file == NULL) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no object \"%.100s\"", id);
        return false;
    }
    g_autofree char *words = g_path_get_basename(file);
    words[strcspn(words, ".")] = '\0';
    Look look = { file, visit, user_data, false };
    catalog_search(uploads->catalog, &(CatalogSearch){ .words = words, .kind = MEDIA_ANY }, &range,
                   show_if_it, &look, &result, NULL);
    if (!look.is_found)
        visit(&(MediaObject){ .id = id, .parent_id = "folders", .kind = mime_kind(mime),
                              .title = title, .upnp_class = mime_upnp_class(mime),
                              .unreadable = "it has not come yet" }, user_data);
    return true;
}

/* -- Transfers --------------------------------------------------------------------------------- */

static void
transfer_free(Transfer *transfer)
{
    g_queue_unlink(&transfer->uploads->transfers, &transfer->link);
    import_free(transfer->import);
    g_free(transfer->peer);
    g_free(transfer);
}

static Transfer *
find_transfer(const Uploads *uploads, uint32_t number, GError **error)
{
    for (GList *link = uploads->transfers.head; link != NULL; link = link->next)
        if (((Transfer *)link->data)->number == number)
            return link->data;
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "there is no transfer %u", number);
    return NULL;
}

static void
on_imported(Import *import, const GError *error, gpointer user_data)
{
    Transfer *transfer = user_data;
    Uploads *uploads = transfer->uploads;
    bool is_stopped = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

    if (error != NULL && !is_stopped)
        g_message("an upload was not fetched: %s", error->message);
    transfer->progress.done_bytes = import_done_bytes(import);
    transfer->progress.state = error == NULL ? INTAKE_COMPLETED
                               : is_stopped  ? INTAKE_STOPPED
                                             : INTAKE_ERROR;
    g_clear_pointer(&transfer->import, import_free);
    observers_notify(uploads->intake.observers, &uploads->intake);
}

static guint
count_running(const Uploads *uploads)
{
    guint count = 0;

    for (GList *link = uploads->transfers.head; link != NULL; link = link->next)
        count += ((Transfer *)link->data)->import != NULL;
    return count;
}

/* Forgets the oldest that has ended; false: as many run as may. */
static bool
make_room(Uploads *uploads)
{
    if (count_running(uploads) == RUNNING_MAX)
        return false;
    for (GList *link = uploads->transfers.head;
         uploads->transfers.length >= TRANSFERS_MAX && link != NULL;) {
        Transfer *transfer = link->data;
        link = link->next;
        if (transfer->import == NULL)
            transfer_free(transfer);
    }
    return true;
}

static const Announced *
find_destination(const Uploads *uploads, const char *address, const char *peer, GError **error)
{
    const char *path = strstr(address, "/files/");
    const Announced *announced =
        path != NULL ? find_announced(uploads, offsetof(Announced, address), path) : NULL;

    if (announced != NULL && strcmp(announced->peer, peer) == 0)
        return announced;
    g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                        "no object was made for that address");
    return NULL;
}

static uint32_t
fetch(Intake *intake, const char *source, const char *address, const char *peer, GError **error)
{
    Uploads *uploads = (Uploads *)intake;
    const Announced *announced = find_destination(uploads, address, peer, error);

    if (announced == NULL || !import_allows(uploads->interfaces, source, peer, error))
        return 0;
    if (!make_room(uploads)) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_BUSY, "other things are being fetched");
        return 0;
    }
    FileWrite *write = files_write(uploads->files, announced->path, false,
                                   (int64_t)MIN(announced->size_bytes, INT64_MAX), error);
    if (write == NULL)
        return 0;
    Transfer *transfer = g_new(Transfer, 1);
    *transfer = (Transfer){ .link.data = transfer, .uploads = uploads,
                            .number = ++uploads->last_number, .peer = g_strdup(peer),
                            .progress.total_bytes = announced->size_bytes };
    g_queue_push_tail_link(&uploads->transfers, &transfer->link);
    transfer->import =
        import_new(source, write,
                   announced->size_bytes != 0 ? announced->size_bytes : SIZE_MAX_BYTES, on_imported,
                   transfer);
    observers_notify(intake->observers, intake);
    return transfer->number;
}

static bool
progress(Intake *intake, uint32_t number, IntakeProgress *told, GError **error)
{
    const Transfer *transfer = find_transfer((Uploads *)intake, number, error);

    if (transfer == NULL)
        return false;
    *told = transfer->progress;
    if (transfer->import != NULL)
        told->done_bytes = import_done_bytes(transfer->import);
    return true;
}

static bool
stop(Intake *intake, uint32_t number, const char *peer, GError **error)
{
    Transfer *transfer = find_transfer((Uploads *)intake, number, error);

    if (transfer == NULL)
        return false;
    if (strcmp(transfer->peer, peer) != 0) {
        g_set_error_literal(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "another device began it");
        return false;
    }
    if (transfer->import != NULL)
        import_stop(transfer->import);
    return true;
}

static char *
transfers(Intake *intake)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (GList *link = ((Uploads *)intake)->transfers.head; link != NULL; link = link->next) {
        const Transfer *transfer = link->data;
        if (transfer->import != NULL)
            g_string_append_printf(text, "%s%u", text->len > 0 ? "," : "", transfer->number);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static bool
withdraw(Intake *intake, const char *id, const char *peer, GError **error)
{
    Uploads *uploads = (Uploads *)intake;
    Announced *announced = find_announced(uploads, offsetof(Announced, id), id);
    g_autoptr(GError) not_removed = NULL;

    if (announced == NULL || strcmp(announced->peer, peer) != 0) {
        g_set_error(error, DUO_ERROR, announced == NULL ? DUO_ERROR_NOT_FOUND : DUO_ERROR_DENIED,
                    "\"%.100s\" is not an object that this device made", id);
        return false;
    }
    file_tickets_revoke(uploads->tickets, announced->address);
    if (!files_remove(uploads->files, announced->path, &not_removed) &&
        !g_error_matches(not_removed, DUO_ERROR, DUO_ERROR_NOT_FOUND)) { /* it had not come */
        g_propagate_error(error, g_steal_pointer(&not_removed));
        return false;
    }
    g_mutex_lock(&uploads->lock);
    announced_free(uploads, announced);
    g_mutex_unlock(&uploads->lock);
    return true;
}

/* -- The whole --------------------------------------------------------------------------------- */

static const IntakeClass class = { announce, get, withdraw, fetch, progress, stop, transfers };

Uploads *
uploads_new(const char *folder, FileTickets *tickets, Catalog *catalog,
            const NetInterfaces *interfaces)
{
    Uploads *uploads = g_new0(Uploads, 1);
    const FileRoot roots[] = { { root_name, folder, true }, { NULL, NULL, false } };

    uploads->intake = (Intake){ &class, observers_new() };
    uploads->folder = g_strdup(folder);
    uploads->files = files_new(roots, tickets);
    uploads->tickets = tickets;
    uploads->catalog = catalog;
    uploads->interfaces = interfaces;
    g_mutex_init(&uploads->lock);
    return uploads;
}

void
uploads_free(Uploads *uploads)
{
    if (uploads == NULL)
        return;
    while (uploads->transfers.head != NULL)
        transfer_free(uploads->transfers.head->data);
    while (uploads->announced.head != NULL)
        announced_free(uploads, uploads->announced.head->data);
    files_free(uploads->files);
    observers_free(uploads->intake.observers);
    g_mutex_clear(&uploads->lock);
    g_free(uploads->folder);
    g_free(uploads);
}

Intake *
uploads_intake(Uploads *uploads)
{
    return &uploads->intake;
}
