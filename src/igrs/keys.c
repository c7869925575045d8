/* keys.c -- see keys.h */
#include "igrs/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANY "any"
#define PROVED ".proved"
#define DIGITS 64 /* two an octet */

struct IgrsKeys {
    char *folder;       /* NULL: none */
    GHashTable *table;  /* DeviceId, owned -> IgrsSecret, owned; NULL: the file holds none */
    IgrsSecret *any;    /* NULL: none */
    GHashTable *proved; /* a set of DeviceIds, owned, that hold any */
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
    g_free(keys->folder);
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

static bool
read_digits(const char *text, IgrsSecret *secret)
{
    if (strspn(text, "0123456789abcdefABCDEF") != DIGITS ||
        strspn(text + DIGITS, " \t\r\n") != strlen(text + DIGITS))
        return false;
    for (guint i = 0; i < IGRS_SECRET_SIZE; i++)
        secret->octets[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 |
                                      g_ascii_xdigit_value(text[2 * i + 1]));
    return true;
}

static IgrsSecret *
read_key(const char *path)
{
    char text[DIGITS + 8];
    IgrsSecret *secret = g_new(IgrsSecret, 1);
    const char *problem = read_text(path, text, sizeof text);

    if (problem == NULL && !read_digits(text, secret))
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

void
igrs_keys_read(IgrsKeys *keys)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) folder = keys->folder != NULL ? g_dir_open(keys->folder, 0, &error) : NULL;
    const char *name;

    g_clear_pointer(&keys->any, secret_free);
    g_hash_table_remove_all(keys->table);
    g_hash_table_remove_all(keys->proved);
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL &&
           g_hash_table_size(keys->table) < IGRS_KEYS_MAX)
        if (*name != '.')
            read_file(keys, name);
    if (keys->any != NULL)
        read_proved(keys);
    if (error != NULL && !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_warning("no pairing keys: %s", error->message);
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

void
igrs_keys_proved(IgrsKeys *keys, const char *peer)
{
    if (keys->any == NULL || igrs_keys_is_paired(keys, peer) ||
        g_hash_table_size(keys->proved) >= IGRS_KEYS_MAX)
        return;
    g_hash_table_add(keys->proved, g_strdup(peer));
    write_proved(keys);
}
