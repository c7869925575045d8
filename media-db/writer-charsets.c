/* writer-charsets.c -- tags that are octets, and how the files of a folder agree on their charset
 *
 * A file is read as it comes, in the charset that its own tags, its name and the files before it in
 * the folder vote for. When all are read, the folder is settled: each file's votes, those of its
 * album and those of the folder are added up, and the files that then turn out otherwise are read
 * anew. The octets are kept, so no file is opened for it. */
#include "media-db/writer-room.h"

#include <string.h>

#define TALLY_CHARSET 100 /* what somebody chose, as a number; 0: nothing */
#define WEIGHT_ALBUM 2.0
#define WEIGHT_FOLDER 1.0
#define WEIGHT_NAME 20.0

/* The texts of a tag; the others are names of formats. */
static const size_t tag_texts[] = {
    offsetof(MediaFacts, title), offsetof(MediaFacts, artist), offsetof(MediaFacts, album_artist),
    offsetof(MediaFacts, album), offsetof(MediaFacts, genre),  offsetof(MediaFacts, composer),
};

#define TAG(facts, i) G_STRUCT_MEMBER(const char *, facts, tag_texts[i])

typedef struct {
    CharsetVotes sum;
    guint count;
} Poll;

/* What the files of one folder say. */
typedef struct {
    Poll folder;
    GHashTable *albums; /* octets of the title -> Poll */
} Election;

static void
election_free(gpointer data)
{
    Election *election = data;

    g_hash_table_unref(election->albums);
    g_free(election);
}

GHashTable *
elections_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, election_free);
}

static Election *
election_of(Writer *writer, int64_t folder)
{
    Election *election = g_hash_table_lookup(writer->elections, &folder);

    if (election == NULL) {
        election = g_new0(Election, 1);
        election->albums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(writer->elections, g_memdup2(&folder, sizeof folder), election);
    }
    return election;
}

static Poll *
poll_of_album(Election *election, const char *album)
{
    Poll *poll = g_hash_table_lookup(election->albums, album);

    if (poll == NULL) {
        poll = g_new0(Poll, 1);
        g_hash_table_insert(election->albums, g_strdup(album), poll);
    }
    return poll;
}

/* Does the file's name, which the disk keeps in Unicode, say the text that comes out? */
static void
vote_by_name(const char *name, const char *octets, CharsetVotes *votes)
{
    for (Charset charset = 0; charset < CHARSET_N; charset++) {
        g_autofree char *text = charset_decode(charset_name(charset), octets);
        if (text != NULL && g_utf8_strlen(text, -1) >= 2 && strstr(name, text) != NULL)
            votes->points[charset] += WEIGHT_NAME;
    }
}

static CharsetVotes
votes_of(Writer *writer, const MediaFacts *facts, const char *name)
{
    CharsetVotes votes = { { 0 } };

    for (guint i = 0; i < G_N_ELEMENTS(tag_texts); i++) {
        if (TAG(facts, i) == NULL || !charset_is_octets(TAG(facts, i)))
            continue;
        charsets_vote(writer->charsets, TAG(facts, i), &votes);
        vote_by_name(name, TAG(facts, i), &votes);
    }
    return votes;
}

static void
poll_add(Poll *poll, const CharsetVotes *votes)
{
    charset_votes_add(&poll->sum, votes, 1);
    poll->count++;
}

static void
election_add(Election *election, const char *album, const CharsetVotes *votes)
{
    poll_add(&election->folder, votes);
    if (album != NULL)
        poll_add(poll_of_album(election, album), votes);
}

/* The mean of a poll counts: many files with little to say are no more than one that says much. */
static const char *
elect(Writer *writer, Election *election, const char *album, const CharsetVotes *own)
{
    CharsetVotes sum = *own;

    if (writer->charset != NULL)
        return writer->charset;
    if (album != NULL) {
        const Poll *poll = poll_of_album(election, album);
        charset_votes_add(&sum, &poll->sum, WEIGHT_ALBUM / MAX(poll->count, 1));
    }
    charset_votes_add(&sum, &election->folder.sum, WEIGHT_FOLDER / MAX(election->folder.count, 1));
    return charset_name(charset_elect(&sum));
}

static void
decode_tags(MediaFacts *facts, const char *charset, GPtrArray *owned)
{
    for (guint i = 0; i < G_N_ELEMENTS(tag_texts); i++) {
        if (TAG(facts, i) == NULL || !charset_is_octets(TAG(facts, i)))
            continue;
        char *text = charset_decode(charset, TAG(facts, i));
        if (text == NULL)
            continue;
        g_ptr_array_add(owned, text);
        TAG(facts, i) = text;
    }
    facts->charset = charset;
}

void
octets_read(Writer *writer, const DiskEntry *entry, MediaFacts *facts, GPtrArray *owned)
{
    if (g_strcmp0(facts->charset, MEDIA_OCTETS) != 0)
        return;
    if (writer->charsets == NULL)
        writer->charsets = charsets_new();
    if (writer->charsets == NULL) { /* no ICU: they stay as they are */
        facts->charset = NULL;
        return;
    }
    CharsetVotes votes = votes_of(writer, facts, entry->name);
    Election *election = election_of(writer, entry->parent);
    election_add(election, facts->album, &votes);
    decode_tags(facts, elect(writer, election, facts->album, &votes), owned);
}

bool
octets_keep(Writer *writer, int64_t id, int64_t folder, const MediaFacts *given, GError **error)
{
    bool is_octets = g_strcmp0(given->charset, MEDIA_OCTETS) == 0;
    Query query = is_octets                ? QUERY_OCTETS_PUT
                  : given->charset == NULL ? QUERY_OCTETS_DELETE
                                           : QUERY_OCTETS_MOVE;
    sqlite3_stmt *statement = database_ask(writer->database, query, id, error);
    g_autoptr(GByteArray) kept = g_byte_array_new();

    if (statement == NULL)
        return false;
    if (query != QUERY_OCTETS_DELETE)
        sqlite3_bind_int64(statement, 2, folder);
    for (guint i = 0; is_octets && i < G_N_ELEMENTS(tag_texts); i++)
        bytes_put_text(kept, TAG(given, i));
    if (is_octets)
        database_bind_bytes(statement, 3, kept->data, kept->len);
    return database_finish(writer->database, statement, error);
}

/* -- Settling ---------------------------------------------------------------------------------- */

typedef struct {
    int64_t id;
    MediaFacts facts; /* the tags as octets, no more */
    CharsetVotes votes;
} Voter;

static bool
read_voter(sqlite3_stmt *statement, GStringChunk *texts, Voter *voter)
{
    Bytes bytes;

    *voter = (Voter){ .id = sqlite3_column_int64(statement, 0) };
    bytes_init(&bytes, sqlite3_column_blob(statement, 1),
               (gsize)sqlite3_column_bytes(statement, 1));
    for (guint i = 0; i < G_N_ELEMENTS(tag_texts); i++) {
        const char *text;
        if (!bytes_text(&bytes, &text))
            return false;
        TAG(&voter->facts, i) = text != NULL ? g_string_chunk_insert(texts, text) : NULL;
    }
    return true;
}

/* The files of the folder, and anew what they say. */
static GArray *
gather(Writer *writer, int64_t folder, GStringChunk *texts, GError **error)
{
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_OCTETS_OF_FOLDER, folder, error);
    GArray *voters = g_array_new(FALSE, FALSE, sizeof(Voter));
    Voter voter;

    g_hash_table_remove(writer->elections, &folder);
    Election *election = election_of(writer, folder);
    while (statement != NULL && database_step(writer->database, statement, error)) {
        if (!read_voter(statement, texts, &voter))
            continue;
        g_autofree char *name = g_strndup(sqlite3_column_blob(statement, 2),
                                          (gsize)sqlite3_column_bytes(statement, 2));
        voter.votes = votes_of(writer, &voter.facts, name);
        election_add(election, voter.facts.album, &voter.votes);
        g_array_append_val(voters, voter);
    }
    return voters;
}

/* Puts the object down again, its tags read in that charset. */
static bool
read_anew(Writer *writer, const Voter *voter, const char *charset, GError **error)
{
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    g_auto(Row) row = { 0 };
    MediaFacts facts = voter->facts;

    if (!row_read(writer, voter->id, &row, error))
        return error == NULL || *error == NULL;
    if (g_strcmp0(row.object->facts.charset, charset) == 0)
        return true;
    decode_tags(&facts, charset, owned);
    MediaFacts whole = row.object->facts;
    for (guint i = 0; i < G_N_ELEMENTS(tag_texts); i++)
        TAG(&whole, i) = TAG(&facts, i);
    whole.charset = charset;
    return writer_put(writer, &row.entry, &whole, row.object->unreadable, error) != 0;
}

bool
writer_has_unsettled_charsets(Writer *writer)
{
    return g_hash_table_size(writer->elections) > 0;
}

/* What everything in the index is read in by now. */
static bool
remember_choice(Writer *writer, GError **error)
{
    int64_t number = writer->charset != NULL ? (int64_t)g_str_hash(writer->charset) + 1 : 0;
    sqlite3_stmt *statement =
        database_ask(writer->database, QUERY_TALLY_SET, TALLY_CHARSET, error);

    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 2, number);
    writer->is_charset_new = false;
    return database_finish(writer->database, statement, error);
}

static bool
settle_folder(Writer *writer, int64_t folder, GError **error)
{
    GStringChunk *texts = g_string_chunk_new(1024);
    GError *trouble = NULL;
    g_autoptr(GArray) voters = gather(writer, folder, texts, &trouble);
    Election *election = election_of(writer, folder);

    for (guint i = 0; i < voters->len && trouble == NULL; i++) {
        const Voter *voter = &g_array_index(voters, Voter, i);
        read_anew(writer, voter, elect(writer, election, voter->facts.album, &voter->votes),
                  &trouble);
    }
    g_string_chunk_free(texts);
    g_hash_table_remove(writer->elections, &folder);
    if (trouble == NULL && writer->is_charset_new && !writer_has_unsettled_charsets(writer))
        remember_choice(writer, &trouble);
    if (trouble == NULL)
        return true;
    g_propagate_error(error, trouble);
    return false;
}

bool
writer_settle_charsets(Writer *writer, GError **error)
{
    GHashTableIter iter;
    gpointer folder;

    if (writer->charsets == NULL)
        writer->charsets = charsets_new();
    if (writer->charsets == NULL)
        g_hash_table_remove_all(writer->elections);
    g_hash_table_iter_init(&iter, writer->elections);
    if (g_hash_table_iter_next(&iter, &folder, NULL))
        return settle_folder(writer, *(int64_t *)folder, error);
    return true;
}

bool
writer_set_charset(Writer *writer, const char *name, GError **error)
{
    int64_t number = name != NULL ? (int64_t)g_str_hash(name) + 1 : 0, before = 0, folder = 0;
    sqlite3_stmt *statement = database_ask(writer->database, QUERY_TALLY, TALLY_CHARSET, error);

    g_free(writer->charset);
    writer->charset = g_strdup(name);
    if (statement == NULL)
        return false;
    if (database_step(writer->database, statement, NULL)) {
        before = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    if (before == number)
        return true;
    writer->is_charset_new = true;
    do { /* every folder that has octets is to settle */
        statement = database_ask(writer->database, QUERY_OCTETS_FOLDERS, folder, error);
        if (statement == NULL || !database_step(writer->database, statement, error))
            return false;
        folder = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
        if (folder != 0)
            election_of(writer, folder);
    } while (folder != 0);
    return writer_has_unsettled_charsets(writer) || remember_choice(writer, error);
}
