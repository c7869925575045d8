/* writer-words.c -- by what words an object is found: its texts folded, their Chinese as it is read
 *
 * The words of an object are not kept, but made again from its row when they are to be taken out of
 * the index; so when the making changes, WORDS_VERSION does, and all are made anew. */
#include "media-db/writer-room.h"

#include "media-db/pinyin.h"

#include <string.h>

#define WORDS_VERSION 4
#define TALLY_WORDS 101 /* the version that the index was made with */
#define LIFT_BATCH 5000 /* objects in one transaction */
#define TEXTS_MAX 5     /* of one object, */
#define OWN_TEXTS 2     /* of which the first are mostly its own; others share the rest */

/* The same, remembered: an artist's name comes again and again. */
static const char *
fold_shared(Writer *writer, const char *text)
{
    char *folded = g_hash_table_lookup(writer->folded, text);

    if (folded == NULL) {
        folded = text_fold(text);
        g_hash_table_insert(writer->folded, g_strdup(text), folded);
    }
    return folded;
}

/* Does another of the texts hold all of this one? Of equal ones the first counts. */
static bool
is_held(const char *const *texts, guint count, guint own)
{
    for (guint i = 0; i < count; i++)
        if (i != own && texts[i] != NULL && strstr(texts[i], texts[own]) != NULL &&
            (i < own || strlen(texts[i]) > strlen(texts[own])))
            return true;
    return false;
}

/* What no other text holds, ended so that its last letters begin a group of three, too: a file's
 * name mostly holds the title. */
static char *
words_of(Writer *writer, const char *const *texts, guint count)
{
    GString *words = g_string_sized_new(256);
    const char *folded[TEXTS_MAX];
    char *own[OWN_TEXTS] = { NULL };

    g_assert(count <= TEXTS_MAX);
    for (guint i = 0; i < count; i++)
        folded[i] = texts[i] == NULL   ? NULL
                    : i >= OWN_TEXTS ? fold_shared(writer, texts[i])
                                     : (own[i] = text_fold(texts[i]));
    for (guint i = 0; i < count; i++) {
        if (folded[i] == NULL || is_held(folded, count, i))
            continue;
        g_string_append(words, folded[i]);
        g_string_append(words, "\n\n");
        pinyin_append(words, folded[i]);
    }
    for (guint i = 0; i < OWN_TEXTS; i++)
        g_free(own[i]);
    return g_string_free(words, FALSE);
}

/* Each letter and digit once, with a blank behind it. */
static char *
letters_of(const char *words)
{
    GString *letters = g_string_sized_new(128);
    bool is_there[128] = { false };

    for (const char *at = words; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (letter < 0x80 ? is_there[letter] || !g_ascii_isalnum(letter)
                          : g_utf8_strchr(letters->str, -1, letter) != NULL)
            continue;
        if (letter < 0x80)
            is_there[letter] = true;
        g_string_append_unichar(letters, letter);
        g_string_append_c(letters, ' ');
    }
    return g_string_free(letters, FALSE);
}

static bool
run_words(Writer *writer, Query query, int64_t id, const char *words, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, query, id, error);

    if (statement == NULL)
        return false;
    database_bind_text(statement, 2, words);
    return database_finish(writer->database, statement, error);
}

bool
row_set_words(Writer *writer, Query query, int64_t id, const char *const *texts, guint count,
              GError **error)
{
    g_autofree char *words = words_of(writer, texts, count);
    g_autofree char *letters = letters_of(words);
    Query of_letters =
        query == QUERY_WORDS_INSERT ? QUERY_LETTERS_INSERT : QUERY_LETTERS_DELETE;

    return run_words(writer, query, id, words, error) &&
           run_words(writer, of_letters, id, letters, error);
}

bool
row_put_words(Writer *writer, Query query, int64_t id, const MediaFacts *facts, const char *label,
              GError **error)
{
    const char *texts[] = { facts->title, label, facts->artist, facts->album, facts->genre };

    return row_set_words(writer, query, id, texts, G_N_ELEMENTS(texts), error);
}

bool
row_forget_words(Writer *writer, const Row *row, GError **error)
{
    return row_put_words(writer, QUERY_WORDS_DELETE, row->entry.id, &row->object->facts, row->label,
                         error);
}

/* -- Making all anew --------------------------------------------------------------------------- */

static bool
read_version(Writer *writer, int64_t *version, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_TALLY, TALLY_WORDS, error);

    *version = 1;
    if (statement == NULL)
        return false;
    if (database_step(writer->database, statement, NULL)) {
        *version = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    return true;
}

static bool
write_version(Writer *writer, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_TALLY_SET, TALLY_WORDS, error);

    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, WORDS_VERSION);
    return database_finish(writer->database, statement, error);
}

/* The ids of the next objects after one. */
static GArray *
next_ids(Writer *writer, int64_t after)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(writer->database->sqlite,
                           "SELECT id FROM object WHERE id > ?1 ORDER BY id LIMIT ?2", -1,
                           &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_int64(statement, 1, after);
        sqlite3_bind_int(statement, 2, LIFT_BATCH);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            int64_t id = sqlite3_column_int64(statement, 0);
            g_array_append_val(ids, id);
        }
    }
    sqlite3_finalize(statement);
    return ids;
}

static bool
lift_some(Writer *writer, const GArray *ids, GError **error)
{
    for (guint i = 0; i < ids->len; i++) {
        g_auto(Row) row = { 0 };
        int64_t id = g_array_index(ids, int64_t, i);
        if (!row_read(writer, id, &row, error) ||
            !row_put_words(writer, QUERY_WORDS_INSERT, id, &row.object->facts, row.label, error))
            return false;
    }
    return true;
}

bool
writer_lift_words(Writer *writer, gint *is_stopping, GError **error)
{
    int64_t version, last = VIEW_OWN - 1;

    if (!read_version(writer, &version, error) || version == WORDS_VERSION)
        return error == NULL || *error == NULL;
    if (!writer_begin(writer, error) ||
        !database_run(writer->database,
                      "INSERT INTO words(words) VALUES ('delete-all');"
                      "INSERT INTO letters(letters) VALUES ('delete-all')",
                      error))
        return false;
    while (!g_atomic_int_get(is_stopping)) {
        g_autoptr(GArray) ids = next_ids(writer, last);
        if (ids->len == 0)
            return write_version(writer, error) && writer_commit(writer, error);
        last = g_array_index(ids, int64_t, ids->len - 1);
        if (!writer_begin(writer, error) || !lift_some(writer, ids, error) ||
            !writer_commit(writer, error))
            return false;
    }
    return true;
}
