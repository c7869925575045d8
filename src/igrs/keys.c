/* keys.c -- see keys.h */
#include "igrs/keys.h"

#include "base/error.h"
#include "igrs/pairing-code.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANY "any"
#define PROVED ".proved"
#define CODE ".code"
#define DIGITS (2 * IGRS_SECRET_SIZE)

struct IgrsKeys {
    char *folder;       /* NULL: none */
    GHashTable *table;  /* DeviceId, owned -> IgrsSecret, owned; NULL: the file holds none */
    IgrsSecret *any;    /* NULL: none */
    GHashTable *proved; /* a set of DeviceIds, owned, that hold any */
    char *tried;        /* DeviceId whose key is in the table, but not in the folder; NULL: none */
    char *code;         /* that is shown; NULL: none */
    IgrsSecret code_key;
    Observers *observers;
};

static void
secret_free(gpointer data)
{
    if (data != NULL)
        explicit_bzero(data, sizeof(IgrsSecret));
    g_free(data);
}

IgrsKeys *
igrs_keys_new(const char *folder)
{
    IgrsKeys *keys = g_new0(IgrsKeys, 1);

    keys->folder = g_strdup(folder);
    keys->observers = observers_new();
    keys->table =
        g_hash_table_new_full(igrs_device_id_hash, igrs_device_id_equal, g_free, secret_free);
    keys->proved = g_hash_table_new_full(igrs_device_id_hash, igrs_device_id_equal, g_free, NULL);
    igrs_keys_read(keys);
    return keys;
}

void
igrs_keys_free(IgrsKeys *keys)
{
    if (keys == NULL)
        return;
    secret_free(keys->any);
    g_hash_table_unref(keys->table);
    g_hash_table_unref(keys->proved);
    observers_free(keys->observers);
    g_free(keys->tried);
    g_free(keys->code);
    g_free(keys->folder);
    explicit_bzero(keys, sizeof *keys);
    g_free(keys);
}

/* -- Reading ----------------------------------------------------------------------------------- */

/* What the file says, at most size - 1 octets, ends with NUL. Returns why not; NULL: it did. */
static const char *
read_text(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    const char *problem = fd < 0 ? g_strerror(errno) : "it is no plain file";
    struct stat facts;
    ssize_t got = -1;

    if (fd >= 0 && fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode)) {
        got = read(fd, text, size - 1);
        if ((facts.st_mode & 077) != 0)
            g_warning("others may read the key %s (mode %04o): run \"chmod 600 %s\", and make a "
                      "new key if somebody did",
                      path, facts.st_mode & 07777, path);
    }
    if (fd >= 0)
        close(fd);
    text[MAX(got, 0)] = '\0';
    return got >= 0 ? NULL : problem;
}

static IgrsSecret *
read_key(const char *path)
{
    char text[DIGITS + 8];
    IgrsSecret *secret = g_new(IgrsSecret, 1);
    const char *problem = read_text(path, text, sizeof text);

    if (problem == NULL && !igrs_secret_from_digits(g_strchomp(text), secret))
        problem = "a key is " G_STRINGIFY(DIGITS) " hexadecimal digits and nothing else";
    explicit_bzero(text, sizeof text);
    if (problem != NULL) {
        g_warning("%s holds no key: %s", path, problem);
        g_clear_pointer(&secret, secret_free);
    }
    return secret;
}

static void
read_file(IgrsKeys *keys, const char *name)
{
    g_autofree char *path = g_build_filename(keys->folder, name, NULL);
    g_autofree char *id = igrs_device_id_new(name);

    if (strcmp(name, ANY) == 0) {
        keys->any = read_key(path);
    } else if (igrs_device_id_uuid(id) == NULL) {
        g_warning("%s is left out: a key is called by the uuid of its peer, or \"" ANY "\"", path);
    } else {
        IgrsSecret *secret = read_key(path);
        g_hash_table_replace(keys->table, g_steal_pointer(&id), secret);
    }
}

/* -- Who proved the key for any ---------------------------------------------------------------- */

/* The first line: which key it was, without telling it. */
static char *
mark_of(const IgrsSecret *any)
{
    const IgrsPart parts[] = { { "igrs-proved", strlen("igrs-proved") }, { NULL, 0 } };
    IgrsSecret mark;

    igrs_secret_hmac(&mark, any, parts);
    return igrs_secret_to_base64(&mark);
}

static void
read_proved(IgrsKeys *keys)
{
    g_autofree char *path = g_build_filename(keys->folder, PROVED, NULL);
    g_autofree char *mark = mark_of(keys->any), *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;
    g_auto(GStrv) lines = g_strsplit(text, "\n", IGRS_KEYS_MAX + 2);
    if (lines[0] == NULL || strcmp(lines[0], mark) != 0)
        return; /* of another key */
    for (guint i = 1; lines[i] != NULL && i <= IGRS_KEYS_MAX; i++) {
        g_autofree char *id = igrs_device_id_new(lines[i]);
        if (igrs_device_id_uuid(id) != NULL)
            g_hash_table_add(keys->proved, g_steal_pointer(&id));
    }
}

static void
write_proved(const IgrsKeys *keys)
{
    g_autofree char *path = g_build_filename(keys->folder, PROVED, NULL);
    g_autofree char *mark = mark_of(keys->any);
    g_autoptr(GString) text = g_string_new(mark);
    g_autoptr(GError) error = NULL;
    GHashTableIter iter;
    gpointer id;

    g_hash_table_iter_init(&iter, keys->proved);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_string_append_printf(text, "\n%s", igrs_device_id_uuid(id));
    g_string_append_c(text, '\n');
    if (!g_file_set_contents_full(path, text->str, (gssize)text->len,
                                  G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
        g_warning("who proved the key for any is forgotten with the next start: %s",
                  error->message);
}

/* One that cannot be read is no code: another is made when it is asked for. */
static void
read_code(IgrsKeys *keys)
{
    g_autofree char *path =
        keys->folder != NULL ? g_build_filename(keys->folder, CODE, NULL) : NULL;
    char text[IGRS_CODE_SIZE + 2];

    g_clear_pointer(&keys->code, g_free);
    if (path != NULL && g_file_test(path, G_FILE_TEST_EXISTS) &&
        read_text(path, text, sizeof text) == NULL &&
        igrs_code_read(g_strchomp(text), &keys->code_key))
        keys->code = g_strdup(text);
}

void
igrs_keys_read(IgrsKeys *keys)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) folder = keys->folder != NULL ? g_dir_open(keys->folder, 0, &error) : NULL;
    const char *name;

    g_clear_pointer(&keys->any, secret_free);
    g_hash_table_remove_all(keys->table);
    g_hash_table_remove_all(keys->proved);
    g_clear_pointer(&keys->tried, g_free);
    read_code(keys);
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL &&
           g_hash_table_size(keys->table) < IGRS_KEYS_MAX)
        if (*name != '.' && !g_str_has_suffix(name, ".crt") && !g_str_has_suffix(name, ".key"))
            read_file(keys, name);
    if (keys->any != NULL)
        read_proved(keys);
    if (error != NULL && !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_warning("no pairing keys: %s", error->message);
    observers_notify(keys->observers, NULL);
}

/* -- Questions --------------------------------------------------------------------------------- */

const IgrsSecret *
igrs_keys_find(const IgrsKeys *keys, const char *peer)
{
    gpointer own;

    return g_hash_table_lookup_extended(keys->table, peer, NULL, &own) ? own : keys->any;
}

bool
igrs_keys_is_paired(const IgrsKeys *keys, const char *peer)
{
    return g_hash_table_contains(keys->table, peer) || g_hash_table_contains(keys->proved, peer);
}

Observers *
igrs_keys_observers(const IgrsKeys *keys)
{
    return keys->observers;
}

GPtrArray *
igrs_keys_peers(const IgrsKeys *keys)
{
    GPtrArray *peers = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer id;

    g_hash_table_iter_init(&iter, keys->table);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        if (keys->tried == NULL || !igrs_device_id_equal(keys->tried, id))
            g_ptr_array_add(peers, g_strdup(id));
    return peers;
}

/* -- Pairing ----------------------------------------------------------------------------------- */

static bool
write_file(const IgrsKeys *keys, const char *name, const char *text, GError **error)
{
    g_autofree char *path = g_build_filename(keys->folder, name, NULL);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    bool is_written = g_file_set_contents_full(path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                               0600, error);

    explicit_bzero(line, strlen(line));
    return is_written;
}

const char *
igrs_keys_code(IgrsKeys *keys)
{
    g_autofree char *code = igrs_code_new();
    g_autoptr(GError) error = NULL;

    if (keys->code != NULL || keys->folder == NULL)
        return keys->code;
    if (!write_file(keys, CODE, code, &error)) {
        g_warning("no code to pair with: %s", error->message);
        return NULL;
    }
    igrs_code_read(code, &keys->code_key);
    keys->code = g_steal_pointer(&code);
    return keys->code;
}

const IgrsSecret *
igrs_keys_code_key(const IgrsKeys *keys)
{
    return keys->code != NULL ? &keys->code_key : NULL;
}

static void
drop_code(IgrsKeys *keys)
{
    g_autofree char *path = g_build_filename(keys->folder, CODE, NULL);

    g_unlink(path);
    g_clear_pointer(&keys->code, g_free);
    explicit_bzero(&keys->code_key, sizeof keys->code_key);
}

static void
put(IgrsKeys *keys, const char *peer, const IgrsSecret *key)
{
    g_hash_table_replace(keys->table, g_strdup(peer), g_memdup2(key, sizeof *key));
}

void
igrs_keys_try(IgrsKeys *keys, const char *peer, const IgrsSecret *key)
{
    g_free(keys->tried);
    keys->tried = g_strdup(peer);
    put(keys, peer, key);
}

/* For good; what cannot be written holds until the next read. */
static void
keep(IgrsKeys *keys, const char *peer, const IgrsSecret *key)
{
    const IgrsSecret own = *key; /* key may be what is replaced */
    g_autofree char *name = g_ascii_strdown(igrs_device_id_uuid(peer), -1);
    g_autofree char *digits = igrs_secret_to_digits(key);
    g_autoptr(GError) error = NULL;

    if (keys->folder == NULL || !write_file(keys, name, digits, &error))
        g_warning("the key of %s is lost with the next start: %s", peer,
                  error != NULL ? error->message : "there is no folder for it");
    explicit_bzero(digits, strlen(digits));
    put(keys, peer, &own);
    g_message("paired with %s", peer);
    observers_notify(keys->observers, NULL);
}

void
igrs_keys_proved(IgrsKeys *keys, const char *peer, const IgrsSecret *key)
{
    if (keys->code != NULL && igrs_secret_equal(key, &keys->code_key)) {
        drop_code(keys);
        keep(keys, peer, key);
    } else if (keys->tried != NULL && igrs_device_id_equal(keys->tried, peer)) {
        g_clear_pointer(&keys->tried, g_free);
        keep(keys, peer, key);
    } else if (keys->any != NULL && !igrs_keys_is_paired(keys, peer) &&
               g_hash_table_size(keys->proved) < IGRS_KEYS_MAX) {
        g_hash_table_add(keys->proved, g_strdup(peer));
        write_proved(keys);
    }
}

bool
igrs_keys_remove(IgrsKeys *keys, const char *peer, GError **error)
{
    gpointer id = NULL;

    if (keys->folder == NULL || !g_hash_table_lookup_extended(keys->table, peer, &id, NULL)) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "%s has no key of its own here", peer);
        return false;
    }
    g_autofree char *path = g_build_filename(keys->folder, igrs_device_id_uuid(id), NULL);
    if (g_unlink(path) != 0 && errno != ENOENT) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_FAILED, "%s: %s", path, g_strerror(errno));
        return false;
    }
    g_hash_table_remove(keys->table, peer);
    observers_notify(keys->observers, NULL);
    return true;
}
