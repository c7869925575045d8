/* test-queries.c -- every question begins with what it asks, and none of them reads a whole table
 */
#include "media-db/search-sql.h"
#include "media-db/database.h"
#include "media-db/reader.h"
#include "media-db/text-keys.h"
#include "media-db/views.h"
#include "media-db/writer.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *
new_folder(void)
{
    return g_dir_make_tmp("duoping-media-db-XXXXXX", NULL);
}

static void
remove_folder(const char *folder)
{
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", folder);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
}

static void
refuse_scan(Database *database, const char *name, const char *sql, bool is_walk)
{
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    sqlite3_stmt *statement;

    g_assert_cmpint(sqlite3_prepare_v2(database->sqlite, explain, -1, &statement, NULL), ==,
                    SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *plan = (const char *)sqlite3_column_text(statement, 3);
        bool is_whole_table = g_str_has_prefix(plan, "SCAN") || strstr(plan, "(rowid>?)") != NULL;
        bool is_allowed =
            strstr(plan, "VIRTUAL TABLE") != NULL || g_str_has_prefix(plan, "SCAN b") ||
            strstr(plan, "COVERING INDEX object_title") != NULL || /* till a page is full */
            strstr(plan, "INDEX use_") != NULL || /* what people did is little */
            strstr(plan, "INDEX object_unreadable") != NULL || /* as is what is broken */
            is_walk;
        if (is_whole_table && !is_allowed) {
            g_test_message("%s: %s", name, plan);
            g_test_fail();
        }
    }
    sqlite3_finalize(statement);
}

static void
test_plans(void)
{
    g_autofree char *folder = new_folder();
    g_autofree char *path = g_build_filename(folder, "media.db", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Database) database = database_open_to_write(path, &error);

    g_assert_no_error(error);
    for (Query query = 0; query < QUERY_N; query++) {
        g_autofree char *text = database_query_text(query);
        g_assert_true(g_str_has_prefix(text, "-- "));
        refuse_scan(database, database_query_name(query), text, false);
    }
    static const char *const words[] = { "abc def", "北", "a", "ab" };
    /* is_walk: no index knows it; each object is looked at, for so long as anybody would wait */
    static const struct {
        CriteriaOperator operator;
        const char *property, *value;
        bool is_walk;
    } tests[] = {
        { CRITERIA_DERIVED_FROM, "upnp:class", "object.item.audioItem", false },
        { CRITERIA_EQUAL, "upnp:class", "object.container.album.musicAlbum", false },
        { CRITERIA_CONTAINS, "dc:title", "abc", false },
        { CRITERIA_CONTAINS, "dc:title", "a", false },
        { CRITERIA_CONTAINS, "upnp:artist", "abc", false },
        { CRITERIA_CONTAINS, "upnp:album", "abc", false },
        { CRITERIA_CONTAINS, "upnp:genre", "abc", false },
        { CRITERIA_EQUAL, "upnp:artist", "abc", false },
        { CRITERIA_EQUAL, "dc:title", "abc", false },
        { CRITERIA_EQUAL, "@id", "1000", false },
        { CRITERIA_EQUAL, "@parentID", "1000", false },
        { CRITERIA_EQUAL, "dc:title", "", true },
        { CRITERIA_CONTAINS, "dc:date", "2001", true },
        { CRITERIA_GREATER, "res@size", "1", true },
        { CRITERIA_GREATER, "res@duration", "0:00:01", true },
        { CRITERIA_EXISTS, "upnp:artist", "true", true },
        { CRITERIA_EXISTS, "@refID", "false", true },
    };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_auto(SearchSql) sql = { 0 };
        CatalogSearch search = { .words = words[i], .kind = MEDIA_AUDIO, .container_id = "1000" };
        CatalogRange range = { 0 };
        g_assert_true(search_sql_init(&sql, &search, &range, NULL, NULL));
        refuse_scan(database, words[i], sql.sql->str, false);
    }
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
        for (CatalogSort sort = 0; sort < CATALOG_SORT_N; sort++) {
            g_auto(SearchSql) sql = { 0 };
            g_autoptr(Criteria) criteria = criteria_new_test(
                tests[i].operator, g_strdup(tests[i].property), g_strdup(tests[i].value));
            CatalogSearch search = { .criteria = criteria, .kind = MEDIA_ANY };
            CatalogRange range = { .sort = sort };
            g_assert_true(search_sql_init(&sql, &search, &range, NULL, NULL));
            refuse_scan(database, tests[i].property, sql.sql->str, tests[i].is_walk);
        }
    }
    g_clear_pointer(&database, database_free);
    remove_folder(folder);
}

/* A writer that is killed at any moment leaves whole transactions behind, and counts that are true.
 */
static void
test_killed(void)
{
    g_autofree char *folder = new_folder();
    g_autofree char *path = g_build_filename(folder, "media.db", NULL);
    int64_t last = 0;

    for (int round = 0; round < 5; round++) {
        int ready[2];
        char byte;
        g_assert_cmpint(pipe(ready), ==, 0);
        pid_t child = fork();
        if (child == 0) {
            Writer *writer = writer_new(path, NULL);
            MediaFacts facts = { .kind = MEDIA_AUDIO, .artist = "Ann", .album = "One" };
            writer_begin(writer, NULL);
            int64_t root = writer_add_folder(
                writer, &(DiskEntry){ .parent = 1, .name = "/m", .is_folder = true }, NULL);
            writer_commit(writer, NULL);
            for (int i = 0;; i++) {
                g_autofree char *name = g_strdup_printf("%d-%d.mp3", round, i);
                DiskEntry entry = { .parent = root, .name = name, .size_bytes = i };
                writer_begin(writer, NULL);
                if (writer_put(writer, &entry, &facts, NULL, NULL) == 0)
                    _exit(1);
                if (i % 10 == 9)
                    writer_commit(writer, NULL);
                if (i == 25 && write(ready[1], "x", 1) != 1)
                    _exit(1);
            }
        }
        g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
        g_assert_cmpint(kill(child, SIGKILL), ==, 0);
        g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
        close(ready[0]);
        close(ready[1]);

        g_autoptr(GError) error = NULL;
        g_autoptr(Database) database = database_open_to_write(path, &error);
        g_assert_no_error(error);
        sqlite3_stmt *statement;
        g_assert_cmpint(sqlite3_prepare_v2(database->sqlite,
                                           "SELECT (SELECT count(*) FROM object WHERE kind = 1),"
                                           "(SELECT number FROM tally WHERE what = 1),"
                                           "(SELECT child_count FROM object WHERE id = 6),"
                                           "(SELECT count(*) FROM child WHERE parent = 6)",
                                           -1, &statement, NULL),
                        ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
        int64_t count = sqlite3_column_int64(statement, 0);
        g_assert_cmpint(count % 10, ==, 0);
        g_assert_cmpint(count, >=, last + 20);
        for (int i = 1; i < 4; i++)
            g_assert_cmpint(sqlite3_column_int64(statement, i), ==, count);
        sqlite3_finalize(statement);
        last = count;
    }
    remove_folder(folder);
}

static int64_t
number_of(sqlite3 *sqlite, const char *sql)
{
    sqlite3_stmt *statement;

    g_assert_cmpint(sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* An index of the first step is lifted to what we write today, and keeps what it holds. */
static void
test_lifted(void)
{
    g_autofree char *folder = new_folder();
    g_autofree char *path = g_build_filename(folder, "media.db", NULL);
    g_autoptr(GBytes) first = database_text("schema/0001-objects.sql");
    g_autofree char *sql = g_strdup_printf(
        "%.*s; PRAGMA user_version = 1;"
        "INSERT INTO object(parent, kind, class, label) VALUES (1, 1, 6, 'old')",
        (int)g_bytes_get_size(first), (const char *)g_bytes_get_data(first, NULL));
    sqlite3 *sqlite;
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(sqlite3_open(path, &sqlite), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(sqlite);
    g_autoptr(Database) database = database_open_to_write(path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(number_of(database->sqlite, "PRAGMA user_version"), >, 1);
    g_assert_cmpint(number_of(database->sqlite, "SELECT id FROM object WHERE label = 'old'"), ==,
                    1000);
    g_clear_pointer(&database, database_free);

    g_autofree char *copy = g_strconcat(path, ".before-upgrade", NULL);
    g_assert_cmpint(sqlite3_open(copy, &sqlite), ==, SQLITE_OK);
    g_assert_cmpint(number_of(sqlite, "PRAGMA user_version"), ==, 1);
    sqlite3_close(sqlite);
    remove_folder(folder);
}

/* What lies in the folders of an index before the tenth step is known to them after it. */
static void
test_lifted_kinds(void)
{
    static const char *const steps[] = { "0001-objects", "0002-mounts",  "0003-titles",
                                         "0004-tombstones", "0005-details", "0006-use",
                                         "0007-views", "0008-unreadable", "0009-parts" };
    g_autofree char *folder = new_folder();
    g_autofree char *path = g_build_filename(folder, "media.db", NULL);
    g_autoptr(GString) sql = g_string_new(NULL);
    sqlite3 *sqlite;
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree char *name = g_strdup_printf("schema/%s.sql", steps[i]);
        g_autoptr(GBytes) step = database_text(name);
        g_string_append_len(sql, g_bytes_get_data(step, NULL), (gssize)g_bytes_get_size(step));
        g_string_append(sql, ";\n");
    }
    g_string_append(sql, "PRAGMA user_version = 9;"
                         "INSERT INTO object(id, parent, kind, class, label, name) VALUES"
                         " (1000, 1, 0, 1, 'm', '/m'), (1001, 1000, 0, 1, 'a', 'a'),"
                         " (1002, 1001, 0, 1, 'b', 'b'), (1003, 1000, 0, 1, 'none', 'none'),"
                         " (1004, 1002, 2, 7, 'film', 'film.mkv'), (1005, 1001, 1, 6, 'x', 'x.mp3'),"
                         " (1006, 1001, 1, 6, 'y', 'y.mp3');"
                         "INSERT INTO folder(id, root, path) VALUES (1000, 1000, '/m'),"
                         " (1001, 1000, '/m/a'), (1002, 1000, '/m/a/b'), (1003, 1000, '/m/none')");
    g_assert_cmpint(sqlite3_open(path, &sqlite), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(sqlite, sql->str, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(sqlite);
    g_autoptr(Database) database = database_open_to_write(path, &error);
    g_assert_no_error(error);
    static const struct {
        const char *question;
        int64_t kinds; /* 2: audio, 4: video */
    } folders[] = {
        { "SELECT kinds FROM folder WHERE id = 1000", 6 },
        { "SELECT kinds FROM folder WHERE id = 1001", 6 },
        { "SELECT kinds FROM folder WHERE id = 1002", 4 },
        { "SELECT kinds FROM folder WHERE id = 1003", 0 },
        { "SELECT id FROM child WHERE parent = 2 AND id > 24", VIEW_MUSIC_FOLDERS },
    };
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
        g_assert_cmpint(number_of(database->sqlite, folders[i].question), ==, folders[i].kinds);
    g_clear_pointer(&database, database_free);
    remove_folder(folder);
}

static bool
note_id(const MediaObject *object, gpointer ids)
{
    g_string_append_printf(ids, "%s ", object->id);
    return true;
}

/* The ids of a search's answer and their number: all at once, or page by page from the last one on.
 */
static char *
ids_found(const char *path, const CatalogSearch *search, guint page, guint *total)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Reader) reader = reader_new(path, &error);
    GString *ids = g_string_new(NULL);
    CatalogResult result = { 0 };

    *total = 0;
    do {
        CatalogRange range = { .offset = *total, .limit = page };
        g_assert_true(reader_search(reader, search, &range, note_id, ids, &result, &error));
        *total += result.returned;
    } while (page != 0 && result.returned > 0);
    g_assert_cmpuint(*total, ==, result.total);
    return g_string_free(ids, FALSE);
}

/* What many objects hold is found by a walk, what few hold by sorting: nobody can tell. */
static void
test_many(void)
{
    enum { ITEMS = 4000 };
    static const struct {
        const char *words;
        MediaKind kind;
        guint total;
    } cases[] = {
        { "title", MEDIA_ANY, ITEMS },          { "t", MEDIA_ANY, ITEMS },
        { "le", MEDIA_VIDEO, ITEMS / 2 },       { "t title", MEDIA_AUDIO, ITEMS / 2 },
        { "title even", MEDIA_ANY, ITEMS / 2 }, { "even odd", MEDIA_ANY, 0 },
        { "title 77", MEDIA_ANY, 152 },         { "ann", MEDIA_CONTAINER, 1 },
    };
    g_autofree char *folder = new_folder();
    g_autofree char *path = g_build_filename(folder, "media.db", NULL);
    g_autoptr(Writer) writer = writer_new(path, NULL);

    g_assert_true(writer_begin(writer, NULL));
    for (int i = 0; i < ITEMS; i++) {
        g_autofree char *name = g_strdup_printf("%d.x", i);
        g_autofree char *title =
            g_strdup_printf("Title %s %d", i % 2 ? "odd" : "even", (i * 7) % ITEMS);
        MediaFacts facts = { .kind = i % 2 ? MEDIA_VIDEO : MEDIA_AUDIO,
                             .title = title,
                             .artist = "Ann" };
        DiskEntry entry = { .parent = VIEW_FOLDERS, .name = name };
        g_assert_cmpint(writer_put(writer, &entry, &facts, NULL, NULL), >, 0);
    }
    g_assert_true(writer_commit(writer, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        CatalogSearch search = { .words = cases[i].words, .kind = cases[i].kind };
        guint total, sum;
        g_autofree char *all = ids_found(path, &search, 0, &total);
        g_autofree char *pages = ids_found(path, &search, 700, &sum);
        g_test_message("%s: %u", cases[i].words, total);
        g_assert_cmpuint(total, ==, cases[i].total);
        g_assert_cmpstr(all, ==, pages);
    }
    g_clear_pointer(&writer, writer_free);
    remove_folder(folder);
}

static void
test_keys(void)
{
    static const char *const sorted[] = {
        "",           "(a)",      "2",        "10",        "阿",     "阿里山", "北京 2", "北京 10",
        "北京欢迎你", "曹操",     "重庆",     "张三",      "𪜈",     "a",      "A",      "á",
        "Á",          "à",        "ab",       "ábc",       "abd",    "Angel",  "Ängel",  "Angst",
        "Ångström",   "b",        "Café",     "cafeteria", "E",      "é",      "ē",      "Part 9",
        "Part 10",    "part 10b", "Part 100", "résume",    "résumé", "u",      "ü",      "ǖ",
        "v",          "Αθήνα",    "Война",    "Ёлка",      "Жизнь",  "я",      "あめ",   "かさ",
        "がっこう",   "カメラ",
    };
    static const struct {
        const char *text, *folded;
    } folds[] = {
        { "CAFÉ", "cafe" },
        { "ＡＢＣ１", "abc1" },
        { "Ёлка", "елка" },
        { "STRASSE", "strasse" },
        { "Straße", "strasse" },
        { "進撃", "進撃" },
        { "", "" },
    };
    g_autoptr(TextSorter) sorter = text_sorter_new();
    g_autoptr(GByteArray) before = g_byte_array_new();

    for (guint i = 0; i < G_N_ELEMENTS(sorted); i++) {
        g_autoptr(GByteArray) key = g_byte_array_new();
        text_sorter_append(sorter, sorted[i], key);
        g_test_message("%s after %s", sorted[i], i > 0 ? sorted[i - 1] : "nothing");
        if (i > 0) {
            int order = memcmp(before->data, key->data, MIN(before->len, key->len));
            g_assert_true(order < 0 || (order == 0 && before->len < key->len));
        }
        g_byte_array_set_size(before, 0);
        g_byte_array_append(before, key->data, key->len);
    }
    for (guint i = 0; i < G_N_ELEMENTS(folds); i++) {
        g_autofree char *folded = text_fold(folds[i].text);
        g_assert_cmpstr(folded, ==, folds[i].folded);
    }
}

static bool
count_hit(const MediaObject *object, gpointer user_data)
{
    ++*(int *)user_data;
    return true;
}

static int
hits(const char *path, const char *words)
{
    g_autoptr(Reader) reader = reader_new(path, NULL);
    CatalogSearch search = { .words = words, .kind = MEDIA_AUDIO };
    int count = 0;

    reader_search(reader, &search, &(CatalogRange){ 0 }, count_hit, &count, NULL, NULL);
    return count;
}

/* An index whose words an earlier version made is found by what this one makes, after its lift. */
static void
test_lifted_words(void)
{
    g_autofree char *folder = new_folder();
    g_autofree char *path = g_build_filename(folder, "media.db", NULL);
    g_autoptr(Writer) writer = writer_new(path, NULL);
    MediaFacts facts = { .kind = MEDIA_AUDIO, .title = "晴天", .artist = "周杰伦" };
    gint is_stopping = 0;

    g_assert_true(writer_lift_words(writer, &is_stopping, NULL)); /* a new one is up to date */
    writer_begin(writer, NULL);
    int64_t root = writer_add_folder(
        writer, &(DiskEntry){ .parent = 1, .name = "/m", .is_folder = true }, NULL);
    g_assert_cmpint(
        writer_put(writer, &(DiskEntry){ .parent = root, .name = "a.mp3" }, &facts, NULL, NULL), >,
        0);
    writer_commit(writer, NULL);
    g_assert_cmpint(hits(path, "zjl"), ==, 1);
    g_clear_pointer(&writer, writer_free);

    g_autoptr(Database) database = database_open_to_write(path, NULL);
    g_assert_true(database_run(database,
                               "INSERT INTO words(words) VALUES ('delete-all');"
                               "INSERT INTO words(rowid, text) VALUES (1001, '晴天');"
                               "DELETE FROM tally WHERE what = 101", NULL));
    g_clear_pointer(&database, database_free);
    g_assert_cmpint(hits(path, "zjl"), ==, 0);
    writer = writer_new(path, NULL);
    g_assert_true(writer_lift_words(writer, &is_stopping, NULL));
    g_assert_cmpint(hits(path, "zjl"), ==, 1);
    g_assert_cmpint(hits(path, "晴天"), ==, 1);
    g_clear_pointer(&writer, writer_free);
    remove_folder(folder);
}

/* One letter of any script finds what holds it, as it is written and as it is read; and no more
 * when the item says something else. */
static void
test_letters(void)
{
    static const struct {
        const char *letter;
        int before, after;
    } cases[] = {
        { "晴", 1, 0 }, { "Ж", 1, 0 }, { "e", 1, 0 }, { "7", 1, 1 }, { "l", 1, 0 }, { "Q", 1, 0 },
        { "-", 1, 0 },  { "x", 0, 0 }, { "雨", 0, 1 }, { "月", 0, 0 },
    };
    g_autofree char *folder = new_folder();
    g_autofree char *path = g_build_filename(folder, "media.db", NULL);
    g_autoptr(Writer) writer = writer_new(path, NULL);
    MediaFacts facts = { .kind = MEDIA_AUDIO, .title = "晴天 - Жизнь é", .artist = "周杰伦" };

    writer_begin(writer, NULL);
    int64_t root = writer_add_folder(
        writer, &(DiskEntry){ .parent = 1, .name = "/m", .is_folder = true }, NULL);
    DiskEntry entry = { .parent = root, .name = "7.mp3" };
    entry.id = writer_put(writer, &entry, &facts, NULL, NULL);
    writer_commit(writer, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(hits(path, cases[i].letter), ==, cases[i].before);

    facts.title = "雨";
    facts.artist = NULL;
    writer_begin(writer, NULL);
    g_assert_cmpint(writer_put(writer, &entry, &facts, NULL, NULL), ==, entry.id);
    writer_commit(writer, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(hits(path, cases[i].letter), ==, cases[i].after);
    g_clear_pointer(&writer, writer_free);
    remove_folder(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/media-db/queries/plans", test_plans);
    g_test_add_func("/media-db/writer/killed", test_killed);
    g_test_add_func("/media-db/schema/lifted", test_lifted);
    g_test_add_func("/media-db/schema/lifted-kinds", test_lifted_kinds);
    g_test_add_func("/media-db/search/many", test_many);
    g_test_add_func("/media-db/text-keys", test_keys);
    g_test_add_func("/queries/lifted-words", test_lifted_words);
    g_test_add_func("/queries/letters", test_letters);
    return g_test_run();
}
