/* pushes.c -- see pushes.h; the list is under the lock, each Push under its own */
#include "appliance/pushes/pushes-room.h"

#include "base/chance.h"
#include "base/error.h"
#include "base/text.h"
#include "model/media.h"
#include "pipelines/delivery.h"
#include "wire/protocol-info.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>

#define LOOK_EVERY_MS (60 * 1000)
#define NAME_MAX_OCTETS 180
#define GROUP "upload"
static const char token_prefix[] = "upload-";

/* -- Names and addresses ----------------------------------------------------------------------- */

/* A name that every file system takes; not hidden, not a path. The caller's; NULL: nothing is
 * left. */
static char *
clean_name(const char *name)
{
    g_autofree char *clean = text_clean(name);

    g_strdelimit(clean, "/\\:*?\"<>|", '_');
    const char *start = clean + strspn(clean, ". ");
    const char *dot = strrchr(start, '.');
    size_t length = strlen(start);
    if (length <= NAME_MAX_OCTETS)
        return length > 0 ? g_strdup(start) : NULL;
    size_t tail = dot != NULL ? MIN(strlen(dot), 16) : 0, stem = NAME_MAX_OCTETS - tail;
    while (stem > 0 && ((unsigned char)start[stem] & 0xc0) == 0x80) /* inside of a character */
        stem--;
    return g_strdup_printf("%.*s%s", (int)stem, start, tail > 0 ? dot : "");
}

bool
pushes_is_token(const char *token)
{
    return g_str_has_prefix(token, token_prefix);
}

static bool
is_id(const char *text, size_t length)
{
    return length == 32 && strspn(text, "0123456789abcdef") >= 32;
}

char *
push_id_of_url(const char *url)
{
    const char *path = strstr(url, "/stream/");
    const char *at = path != NULL ? strstr(path, token_prefix) : NULL;
    const char *id = at != NULL ? at + strlen(token_prefix) : "";
    bool is_token = at != NULL && strchr(path + strlen("/stream/"), '/') > at &&
                    (at[-1] == '/' || at[-1] == '.'); /* as it is, or converted */

    return is_token && is_id(id, strcspn(id, "/")) ? g_strndup(id, 32) : NULL;
}

MediaObject *
push_object(const PushFacts *facts)
{
    g_autofree char *id = g_strconcat(token_prefix, facts->id, NULL);
    MediaObject object = { .id = id, .kind = mime_kind(facts->mime), .title = facts->name,
                           .size_bytes = (int64_t)facts->received,
                           .facts = { .kind = mime_kind(facts->mime), .mime = facts->mime } };

    if (object.kind != MEDIA_IMAGE)
        object.facts.audio_codec = DELIVERY_CODEC_UNKNOWN;
    if (object.kind == MEDIA_VIDEO)
        object.facts.video_codec = DELIVERY_CODEC_UNKNOWN;
    return media_object_copy(&object);
}

void
push_append_url(GString *out, const char *base_url, const PushFacts *facts)
{
    g_autofree char *name = text_percent_encode(facts->name);

    g_string_append_printf(out, "%s/stream/%s%s/%s", base_url, token_prefix, facts->id, name);
}

char *
pushes_path(const Pushes *pushes, const char *id, const char *extension)
{
    g_autofree char *file = g_strconcat(id, extension, NULL);

    return g_build_filename(pushes->folder, file, NULL);
}

/* -- Over a restart ---------------------------------------------------------------------------- */

void
pushes_changed(Pushes *pushes, Push *push)
{
    g_auto(PushFacts) facts = { 0 };
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;

    push_read_facts(push, &facts);
    g_autofree char *path = pushes_path(pushes, facts.id, ".upload");
    g_key_file_set_string(file, GROUP, "name", facts.name);
    g_key_file_set_int64(file, GROUP, "size", facts.size);
    g_key_file_set_boolean(file, GROUP, "whole", facts.is_whole);
    if (facts.kept != NULL)
        g_key_file_set_string(file, GROUP, "kept", facts.kept);
    if (!g_key_file_save_to_file(file, path, &error))
        g_warning("an upload is not remembered: %s", error->message);
}

static void
load(Pushes *pushes, const char *file_name)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = g_build_filename(pushes->folder, file_name, NULL);
    g_auto(PushFacts) facts = { 0 };
    g_autoptr(GError) error = NULL;

    if (!is_id(file_name, strlen(file_name) - strlen(".upload")) ||
        !g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL))
        return;
    facts.id = g_strndup(file_name, 32);
    facts.name = g_key_file_get_string(file, GROUP, "name", NULL);
    facts.kept = g_key_file_get_string(file, GROUP, "kept", NULL);
    facts.size = g_key_file_get_int64(file, GROUP, "size", NULL);
    facts.is_whole = g_key_file_get_boolean(file, GROUP, "whole", NULL);
    facts.mime = facts.name != NULL ? g_strdup(mime_from_name(facts.name)) : NULL;
    if (facts.mime == NULL)
        return;
    g_autofree char *data = facts.kept != NULL ? g_strdup(facts.kept)
                                               : pushes_path(pushes, facts.id, ".data");
    Push *push = g_file_test(data, G_FILE_TEST_IS_REGULAR) ? push_new(data, &facts, &error) : NULL;
    if (push != NULL)
        g_ptr_array_add(pushes->list, push);
    else
        g_unlink(path);
}

static void
load_all(Pushes *pushes)
{
    g_autoptr(GDir) folder = g_dir_open(pushes->folder, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL &&
           pushes->list->len < PUSHES_MAX)
        if (g_str_has_suffix(name, ".upload"))
            load(pushes, name);
}

/* -- Room -------------------------------------------------------------------------------------- */

/* With the lock held: what is promised, and not kept. */
static uint64_t
used_bytes(const Pushes *pushes)
{
    uint64_t used = 0;

    for (guint i = 0; i < pushes->list->len; i++) {
        g_auto(PushFacts) facts = { 0 };
        push_read_facts(pushes->list->pdata[i], &facts);
        if (facts.kept == NULL)
            used += facts.size >= 0 ? MAX((uint64_t)facts.size, facts.received) : facts.received;
    }
    return used;
}

/* With the lock held. */
static bool
has_room(const Pushes *pushes, uint64_t count, GError **error)
{
    uint64_t used = used_bytes(pushes);
    struct statvfs disk;

    if (used > pushes->quota_bytes || count > pushes->quota_bytes - used) {
        g_autofree char *all = g_format_size(pushes->quota_bytes);
        g_autofree char *now = g_format_size(used);
        g_set_error(error, DUO_ERROR, DUO_ERROR_NO_ROOM,
                    "uploads may take %s together and take %s already: keep or delete some", all,
                    now);
        return false;
    }
    if (count > 0 && statvfs(pushes->folder, &disk) == 0 &&
        count / MAX(disk.f_frsize, 1) >= disk.f_bavail) {
        g_autofree char *left = g_format_size((uint64_t)disk.f_bavail * disk.f_frsize);
        g_set_error(error, DUO_ERROR, DUO_ERROR_NO_ROOM,
                    "the server's disk has no room for it: %s are left", left);
        return false;
    }
    return true;
}

bool
pushes_allow(Pushes *pushes, uint64_t count, GError **error)
{
    g_mutex_lock(&pushes->lock);
    bool is_allowed = has_room(pushes, count, error);
    g_mutex_unlock(&pushes->lock);
    return is_allowed;
}

/* -- The list ---------------------------------------------------------------------------------- */

static Push *
make(Pushes *pushes, char *name, int64_t size, GError **error)
{
    g_autofree char *id = chance_token();
    g_autofree char *path = pushes_path(pushes, id, ".data");
    PushFacts facts = { .id = id, .name = name, .size = size,
                        .mime = (char *)mime_from_name(name) };

    return push_new(path, &facts, error);
}

Push *
pushes_create(Pushes *pushes, const char *said, int64_t size, GError **error)
{
    g_autofree char *name = clean_name(said);
    const char *mime = name != NULL ? mime_from_name(name) : NULL;
    Push *push = NULL;

    if (mime == NULL || mime_kind(mime) == MEDIA_ANY) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID,
                    "“%.100s” is neither sound nor a film nor a picture by its name", said);
        return NULL;
    }
    g_mutex_lock(&pushes->lock);
    if (pushes->list->len >= PUSHES_MAX)
        g_set_error(error, DUO_ERROR, DUO_ERROR_BUSY, "there are %d uploads: keep or delete some",
                    PUSHES_MAX);
    else if (has_room(pushes, (uint64_t)MAX(size, 0), error))
        push = make(pushes, name, size, error);
    if (push != NULL)
        g_ptr_array_add(pushes->list, push_ref(push));
    g_mutex_unlock(&pushes->lock);
    if (push != NULL)
        pushes_changed(pushes, push);
    return push;
}

Push *
pushes_find(Pushes *pushes, const char *id, GError **error)
{
    Push *found = NULL;

    g_mutex_lock(&pushes->lock);
    for (guint i = 0; i < pushes->list->len && found == NULL; i++) {
        g_auto(PushFacts) facts = { 0 };
        push_read_facts(pushes->list->pdata[i], &facts);
        if (text_equal_secret(facts.id, id))
            found = push_ref(pushes->list->pdata[i]);
    }
    g_mutex_unlock(&pushes->lock);
    if (found == NULL)
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND,
                    "there is no upload %.40s, or it has expired", id);
    return found;
}

Push *
pushes_find_token(Pushes *pushes, const char *token, GError **error)
{
    return pushes_find(pushes, token + strlen(token_prefix), error);
}

MediaObject *
pushes_find_object(Pushes *pushes, const char *token, GError **error)
{
    g_auto(PushFacts) facts = { 0 };
    g_autoptr(Push) push = pushes_find_token(pushes, token, error);

    if (push == NULL)
        return NULL;
    push_read_facts(push, &facts);
    return push_object(&facts);
}

void
pushes_remove(Pushes *pushes, Push *push)
{
    g_auto(PushFacts) facts = { 0 };

    push_read_facts(push, &facts);
    g_autofree char *path = pushes_path(pushes, facts.id, ".upload");
    push_discard(push);
    g_unlink(path);
    g_mutex_lock(&pushes->lock);
    g_ptr_array_remove(pushes->list, push);
    g_mutex_unlock(&pushes->lock);
}

static gpointer
ref_push(gconstpointer push, gpointer user_data G_GNUC_UNUSED)
{
    return push_ref((Push *)push);
}

static void
unref_push(gpointer push)
{
    push_unref(push);
}

static GPtrArray *
copy_list(Pushes *pushes)
{
    g_mutex_lock(&pushes->lock);
    GPtrArray *copy = g_ptr_array_copy(pushes->list, ref_push, NULL);
    g_mutex_unlock(&pushes->lock);
    g_ptr_array_set_free_func(copy, unref_push);
    return copy;
}

void
pushes_each(Pushes *pushes, PushVisit visit, gpointer user_data)
{
    g_autoptr(GPtrArray) list = copy_list(pushes);

    for (guint i = 0; i < list->len; i++)
        visit(list->pdata[i], user_data);
}

static void
expire(Push *push, gpointer user_data)
{
    Pushes *pushes = user_data;
    g_auto(PushFacts) facts = { 0 };

    push_read_facts(push, &facts);
    if (g_get_monotonic_time() / G_USEC_PER_SEC - facts.touched_s < pushes->life_s)
        return;
    g_info("the upload “%s” has expired", facts.name);
    pushes_remove(pushes, push);
}

static void
on_look_due(gpointer user_data)
{
    Pushes *pushes = user_data;

    pushes->timer = clock_after(pushes->clock, LOOK_EVERY_MS, on_look_due, pushes);
    pushes_each(pushes, expire, pushes);
}

/* -- Making ------------------------------------------------------------------------------------ */

Pushes *
pushes_new(const PushesOptions *options)
{
    Pushes *pushes = g_new0(Pushes, 1);

    pushes->folder = g_strdup(options->folder);
    pushes->library = g_strdup(options->library);
    pushes->quota_bytes = options->quota_bytes;
    pushes->life_s = options->life_s;
    pushes->clock = options->clock;
    pushes->list = g_ptr_array_new_with_free_func(unref_push);
    g_mutex_init(&pushes->lock);
    if (g_mkdir_with_parents(options->folder, 0700) != 0)
        g_warning("nothing can be pushed here: %s: %s", options->folder, g_strerror(errno));
    load_all(pushes);
    pushes->timer = clock_after(options->clock, LOOK_EVERY_MS, on_look_due, pushes);
    return pushes;
}

void
pushes_free(Pushes *pushes)
{
    if (pushes == NULL)
        return;
    clock_cancel(pushes->clock, &pushes->timer);
    g_ptr_array_unref(pushes->list);
    g_mutex_clear(&pushes->lock);
    g_free(pushes->folder);
    g_free(pushes->library);
    g_free(pushes);
}
