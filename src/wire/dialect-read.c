/* dialect-read.c -- dialects from key files: duoping-dialects(5) is what people read of this
 *
 * A group is a family, a key a member of its row. A group of the name of a family that is known
 * changes it; "like" begins with another's row. What is read is tried before what is built in, and
 * the last that was read first. */
#include "wire/dialect-room.h"

#include "base/error.h"

#include <string.h>

#define FILE_SIZE_MAX (64 * 1024)
#define FAMILIES_MAX 200
#define NAME_MAX_LENGTH 32
#define TEXT_MAX_LENGTH 200

typedef enum {
    KEY_TEXT,
    KEY_FLAG,
    KEY_CHOICE, /* of names; its place among them is the value */
    KEY_SET,    /* of names; each is a bit, and "none" is the last */
    KEY_TEXTS,
    KEY_PAIRS, /* "from=to" */
} KeyType;

static const struct {
    const char *key;
    KeyType type;
    size_t offset; /* in Dialect */
    const char *names[6];
} keys[] = {
    { "user-agent", KEY_TEXTS, offsetof(Dialect, signs[DIALECT_USER_AGENT]), { NULL } },
    { "client-info", KEY_TEXTS, offsetof(Dialect, signs[DIALECT_CLIENT_INFO]), { NULL } },
    { "friendly-name", KEY_TEXTS, offsetof(Dialect, signs[DIALECT_FRIENDLY_NAME]), { NULL } },
    { "model", KEY_TEXTS, offsetof(Dialect, signs[DIALECT_MODEL]), { NULL } },
    { "mimes", KEY_PAIRS, offsetof(Dialect, mimes), { NULL } },
    { "profiles", KEY_PAIRS, offsetof(Dialect, profiles), { NULL } },
    { "classes", KEY_PAIRS, offsetof(Dialect, classes), { NULL } },
    { "containers", KEY_PAIRS, offsetof(Dialect, containers), { NULL } },
    { "features", KEY_CHOICE, offsetof(Dialect, features), { "full", "no-profile", "none" } },
    { "seek", KEY_CHOICE, offsetof(Dialect, seek), { "both", "time", "bytes" } },
    { "captions", KEY_SET, offsetof(Dialect, captions),
      { "res", "samsung", "panasonic", "head", "none" } },
    { "pictures", KEY_SET, offsetof(Dialect, pictures),
      { "JPEG_TN", "JPEG_SM", "JPEG_MED", "JPEG_LRG", "none" } },
    { "art", KEY_CHOICE, offsetof(Dialect, art),
      { "plain", "JPEG_TN", "JPEG_SM", "JPEG_MED", "JPEG_LRG" } },
    { "forms", KEY_TEXTS, offsetof(Dialect, forms), { NULL } },
    { "unplayed", KEY_TEXTS, offsetof(Dialect, unplayed), { NULL } },
    { "art-as-res", KEY_FLAG, offsetof(Dialect, art_is_res), { NULL } },
    { "bookmarks", KEY_CHOICE, offsetof(Dialect, bookmarks),
      { "seconds", "milliseconds", "none" } },
    { "dates", KEY_CHOICE, offsetof(Dialect, dates), { "full", "day", "none" } },
    { "metadata", KEY_CHOICE, offsetof(Dialect, metadata), { "full", "minimal", "none" } },
    { "media-class", KEY_FLAG, offsetof(Dialect, has_media_class), { NULL } },
    { "numbered-titles", KEY_FLAG, offsetof(Dialect, has_numbered_titles), { NULL } },
    { "ascii-titles", KEY_FLAG, offsetof(Dialect, has_ascii_titles), { NULL } },
    { "own-order", KEY_FLAG, offsetof(Dialect, keeps_order), { NULL } },
    { "any-transfer-mode", KEY_FLAG, offsetof(Dialect, takes_any_transfer), { NULL } },
    { "manufacturer", KEY_TEXT, offsetof(Dialect, manufacturer), { NULL } },
    { "model-name", KEY_TEXT, offsetof(Dialect, model_name), { NULL } },
    { "name-suffix", KEY_TEXT, offsetof(Dialect, name_suffix), { NULL } },
};

typedef struct {
    const Dialects *known;
    GPtrArray *rows; /* Dialect, as they come */
    GStringChunk *texts;
    const char *name; /* of the file */
    guint line;
    GError **error;
} Reading;

static bool G_GNUC_PRINTF(2, 3)
complain(Reading *reading, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(reading->error, DUO_ERROR, DUO_ERROR_INVALID, "%s:%u: %s", reading->name,
                reading->line, text);
    return false;
}

/* -- Values ------------------------------------------------------------------------------------ */

/* The place of text among names; -1, and it is told what there is. */
static int
find_name(Reading *reading, const char *key, const char *const *names, const char *text)
{
    guint count = 0;

    for (; count < G_N_ELEMENTS(keys[0].names) && names[count] != NULL; count++)
        if (strcmp(names[count], text) == 0)
            return (int)count;
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < count; i++)
        g_string_append_printf(list, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", names[i]);
    complain(reading, "%s=%s: %s is needed", key, text, list->str);
    return -1;
}

static bool
read_flag(Reading *reading, const char *key, const char *text, bool *flag)
{
    static const char *const names[] = { "no", "yes", "false", "true", NULL, NULL };
    int place = find_name(reading, key, names, text);

    *flag = place % 2 == 1;
    return place >= 0;
}

/* Parts of a list, without blanks around them; empty ones are left out. */
static char **
split(const char *text)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);

    for (char **part = parts; *part != NULL; part++)
        if (*g_strstrip(*part) != '\0')
            g_strv_builder_add(builder, *part);
    return g_strv_builder_end(builder);
}

static bool
read_set(Reading *reading, const char *key, const char *const *names, const char *text,
         unsigned *set)
{
    g_auto(GStrv) parts = split(text);

    *set = 0;
    for (char **part = parts; *part != NULL; part++) {
        int place = find_name(reading, key, names, *part);
        if (place < 0)
            return false;
        *set |= 1u << place;
    }
    return true; /* an empty list is all of them, as is the plain speech */
}

static bool
read_texts(Reading *reading, const char *key, const char *text, const char **texts)
{
    g_auto(GStrv) parts = split(text);
    guint count = g_strv_length(parts);

    if (count > DIALECT_SIGNS_MAX)
        return complain(reading, "%s: at most %d texts", key, DIALECT_SIGNS_MAX);
    for (guint i = 0; i < DIALECT_SIGNS_MAX; i++)
        texts[i] = i < count ? g_string_chunk_insert_const(reading->texts, parts[i]) : NULL;
    return true;
}

static bool
read_pairs(Reading *reading, const char *key, const char *text, DialectPair *pairs)
{
    g_auto(GStrv) parts = split(text);
    guint count = g_strv_length(parts);
    DialectPair read[DIALECT_PAIRS_MAX] = { { NULL, NULL } };

    if (count > DIALECT_PAIRS_MAX)
        return complain(reading, "%s: at most %d pairs", key, DIALECT_PAIRS_MAX);
    for (guint i = 0; i < count; i++) {
        char *equals = strchr(parts[i], '=');
        if (equals != NULL)
            *equals = '\0';
        const char *from = g_strchomp(parts[i]), *to = equals != NULL ? g_strchug(equals + 1) : "";
        if (*from == '\0' || *to == '\0')
            return complain(reading, "%s: \"%s\" is no pair FROM=TO", key, parts[i]);
        read[i] = (DialectPair){ g_string_chunk_insert_const(reading->texts, from),
                                 g_string_chunk_insert_const(reading->texts, to) };
    }
    memcpy(pairs, read, sizeof read);
    return true;
}

static bool
read_value(Reading *reading, guint row, const char *text, Dialect *dialect)
{
    const char *key = keys[row].key;
    void *member = (char *)dialect + keys[row].offset;
    int place;

    switch (keys[row].type) {
    case KEY_TEXT:
        *(const char **)member = *text != '\0' ? g_string_chunk_insert_const(reading->texts, text)
                                               : NULL;
        return true;
    case KEY_FLAG:
        return read_flag(reading, key, text, member);
    case KEY_CHOICE:
        place = find_name(reading, key, keys[row].names, text);
        *(unsigned *)member = (unsigned)MAX(place, 0);
        return place >= 0;
    case KEY_SET:
        return read_set(reading, key, keys[row].names, text, member);
    case KEY_TEXTS:
        return read_texts(reading, key, text, member);
    case KEY_PAIRS:
        return read_pairs(reading, key, text, member);
    }
    return false;
}

/* -- Families ---------------------------------------------------------------------------------- */

/* Of this file, or known before; NULL: neither. */
static const Dialect *
find_family(const Reading *reading, const char *name)
{
    for (guint i = reading->rows->len; i > 0; i--)
        if (strcmp(((Dialect *)reading->rows->pdata[i - 1])->name, name) == 0)
            return reading->rows->pdata[i - 1];
    const Dialect *known = dialects_named(reading->known, name);
    return known != &dialect_plain ? known : NULL;
}

static bool
begin_family(Reading *reading, const char *name)
{
    size_t length = strlen(name);
    Dialect *dialect;

    if (length == 0 || length > NAME_MAX_LENGTH ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
        return complain(reading, "[%s]: a family is called by small letters, digits and '-', at "
                        "most %d", name, NAME_MAX_LENGTH);
    if (reading->known->owned->len + reading->rows->len >= FAMILIES_MAX)
        return complain(reading, "[%s]: %d families are enough", name, FAMILIES_MAX);
    const Dialect *same = find_family(reading, name);
    dialect = g_memdup2(same != NULL ? same : &dialect_plain, sizeof *dialect);
    dialect->name = g_string_chunk_insert_const(reading->texts, name);
    g_ptr_array_add(reading->rows, dialect);
    return true;
}

/* The row of another family, but for its name and signs. */
static bool
take_after(Reading *reading, Dialect *dialect, const char *name)
{
    const Dialect *other = find_family(reading, name);

    if (other == NULL)
        return complain(reading, "like=%s: there is no such family", name);
    Dialect mixed = *other;
    mixed.name = dialect->name;
    memcpy(mixed.signs, dialect->signs, sizeof mixed.signs);
    *dialect = mixed;
    return true;
}

static bool
read_line(Reading *reading, char *line)
{
    g_strstrip(line);
    size_t length = strlen(line);
    if (length == 0 || *line == '#')
        return true;
    if (*line == '[' && line[length - 1] == ']') {
        line[length - 1] = '\0';
        return begin_family(reading, line + 1);
    }
    char *equals = strchr(line, '=');
    if (equals == NULL || reading->rows->len == 0)
        return complain(reading, "expected %s",
                        equals == NULL ? "key=value" : "a [family] before the first key");
    *equals = '\0';
    const char *key = g_strchomp(line), *text = g_strchug(equals + 1);
    Dialect *dialect = reading->rows->pdata[reading->rows->len - 1];
    if (strlen(text) > DIALECT_PAIRS_MAX * TEXT_MAX_LENGTH)
        return complain(reading, "%s: too long", key);
    if (strcmp(key, "like") == 0)
        return take_after(reading, dialect, text);
    for (guint row = 0; row < G_N_ELEMENTS(keys); row++)
        if (strcmp(keys[row].key, key) == 0)
            return read_value(reading, row, text, dialect);
    return complain(reading, "there is no key %s", key);
}

/* Before all others; what they change goes. */
static void
take_rows(Dialects *dialects, GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        Dialect *row = rows->pdata[i];
        const Dialect *same = dialects_named(dialects, row->name);
        if (same != &dialect_plain)
            g_ptr_array_remove(dialects->rows, (gpointer)same);
        g_ptr_array_insert(dialects->rows, 0, row);
        g_ptr_array_add(dialects->owned, row);
    }
}

static bool
check_text(const char *text, size_t size, const char *name, GError **error)
{
    if (size > FILE_SIZE_MAX) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_TOO_LARGE, "%s: larger than %d KiB", name,
                    FILE_SIZE_MAX / 1024);
        return false;
    }
    if (memchr(text, '\0', size) == NULL && g_utf8_validate(text, (gssize)size, NULL))
        return true;
    g_set_error(error, DUO_ERROR, DUO_ERROR_INVALID, "%s: not a text in UTF-8", name);
    return false;
}

bool
dialects_read(Dialects *dialects, const char *text, size_t size, const char *name, GError **error)
{
    g_autofree char *file = g_utf8_make_valid(name, -1);

    if (!check_text(text, size, file, error))
        return false;
    g_autofree char *copy = g_strndup(text, size);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    Reading reading = { dialects, rows, dialects->texts, file, 0, error };
    bool is_good = true;

    for (char **line = lines; *line != NULL && is_good; line++) {
        reading.line++;
        is_good = read_line(&reading, *line);
    }
    if (!is_good) {
        g_ptr_array_foreach(rows, (GFunc)(void (*)(void))g_free, NULL);
        return false;
    }
    take_rows(dialects, rows);
    g_string_append_printf(dialects->read, "%s\n%s\n", file, copy);
    return true;
}
