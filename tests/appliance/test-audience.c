/* test-audience.c -- what an audience may not see is nowhere in the library
 *
 * Everything in the folder that is kept has "Hidden" in its name, and so has every group that it
 * alone is in: a visitor who walks, searches and guesses must not read that word, and must still
 * find everything else. */
#include "tests/appliance/library-home.h"

typedef struct {
    Home home;
    char *kept; /* the other folder */
    Audience *guest;
    Catalog seen;
    Catalog *guests, *owners;
} House;

static void
put_in(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *inner = g_path_get_dirname(path);

    g_assert_cmpint(g_mkdir_with_parents(inner, 0700), ==, 0);
    g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static bool
count_items(House *house, guint count)
{
    return is_idle(&house->home) && library_roots(house->home.library)[1].id != NULL &&
           library_counts(house->home.library).items == count;
}

static void
house_init(House *house)
{
    g_autoptr(GError) error = NULL;

    *house = (House){ .kept = NULL };
    home_init(&house->home);
    house->kept = g_build_filename(house->home.top, "kept", NULL);
    put(&house->home, "songs/one.mp3", "title=One\nartist=Ann\nalbum=Mixed\ngenre=Folk\ndate=2001");
    put(&house->home, "songs/cover.jpg", "");
    put(&house->home, "films/Film.mkv", "title=Film");
    put_in(house->kept, "Hidden songs/two.mp3",
           "title=Hidden two\nartist=Ann\nalbum=Mixed\ngenre=Folk\ndate=2001");
    put_in(house->kept, "Hidden songs/three.mp3",
           "title=Hidden three\nartist=Hidden artist\nalbum=Hidden album\ngenre=Hidden genre\n"
           "composer=Hidden composer\nalbum_artist=Hidden band\ndate=1999");
    put_in(house->kept, "Hidden film.mkv", "title=Hidden film");
    put_in(house->kept, "Hidden.S01E01.mkv", "title=Hidden episode");
    put_in(house->kept, "Hidden picture.jpg", "date=2020-05-17\ncamera=Hidden camera");
    put_in(house->kept, "Hidden broken.mp3", "broken");
    put_in(house->kept, "Hidden list.m3u", "../media/songs/one.mp3\n");
    const char *folders[] = { house->home.root, house->kept, NULL };
    const char *seen[] = { house->home.root, NULL };
    house->home.library = library_new(house->home.state, folders, name_probe_new, NULL, &error);
    g_assert_no_error(error);
    library_start(house->home.library);
    WAIT_UNTIL(count_items(house, 8));
    house->guest = audience_new("guest", folders, seen);
    house->owners = library_catalog(house->home.library);
    house->seen = catalog_seen_by(house->owners, house->guest);
    house->guests = &house->seen;
}

static void
house_clear(House *house)
{
    audience_unref(house->guest);
    home_clear(&house->home);
    g_free(house->kept);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(House, house_clear)

static bool
is_hidden(const MediaObject *object)
{
    return strstr(object->title, "Hidden") != NULL || g_str_equal(object->title, "kept") ||
           (object->path != NULL && strstr(object->path, "Hidden") != NULL) ||
           (object->facts.artist != NULL && strstr(object->facts.artist, "Hidden") != NULL);
}

/* -- Walking ----------------------------------------------------------------------------------- */

/* Everything from id downwards, each once, into found: id -> MediaObject. */
static void
walk(Catalog *catalog, const char *id, CatalogSort sort, GHashTable *found)
{
    g_autoptr(GPtrArray) children =
        g_ptr_array_new_with_free_func((GDestroyNotify)media_object_free);
    CatalogRange range = { .sort = sort };
    g_autoptr(GError) error = NULL;
    CatalogResult result;

    catalog_browse(catalog, id, &range, join_ids, children, &result, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(result.total, ==, children->len);
    g_autoptr(MediaObject) self = catalog_find(catalog, id, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(self->child_count, ==, children->len);
    for (guint i = 0; i < children->len; i++) {
        const MediaObject *child = children->pdata[i];
        bool is_new = !g_hash_table_contains(found, child->id);
        g_hash_table_replace(found, g_strdup(child->id), media_object_copy(child));
        if (is_new && child->kind == MEDIA_CONTAINER)
            walk(catalog, child->id, sort, found);
    }
}

static GHashTable *
walk_all(Catalog *catalog, CatalogSort sort)
{
    GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                              (GDestroyNotify)media_object_free);

    walk(catalog, "0", sort, found);
    walk(catalog, "unreadable", sort, found);
    return found;
}

static guint
count_hidden(GHashTable *found)
{
    GHashTableIter iter;
    gpointer object;
    guint count = 0;

    g_hash_table_iter_init(&iter, found);
    while (g_hash_table_iter_next(&iter, NULL, &object)) {
        if (is_hidden(object))
            g_test_message("%s: %s", ((MediaObject *)object)->id, ((MediaObject *)object)->title);
        count += is_hidden(object);
    }
    return count;
}

static void
test_walk(void)
{
    g_auto(House) house = { 0 };

    house_init(&house);
    for (CatalogSort sort = 0; sort < CATALOG_SORT_N; sort++) {
        g_autoptr(GHashTable) all = walk_all(house.owners, sort);
        g_autoptr(GHashTable) some = walk_all(house.guests, sort);
        g_assert_cmpuint(count_hidden(all), >, 15);
        g_assert_cmpuint(count_hidden(some), ==, 0);
        g_assert_cmpuint(g_hash_table_size(some), <,
                         g_hash_table_size(all) - count_hidden(all) + 1);
    }
}

/* What the guest has no list of is not to be had by its id either. */
static void
test_guess(void)
{
    g_auto(House) house = { 0 };
    GHashTableIter iter;
    gpointer id, object;

    house_init(&house);
    g_autoptr(GHashTable) all = walk_all(house.owners, CATALOG_SORT_NATURAL);
    g_autoptr(GHashTable) some = walk_all(house.guests, CATALOG_SORT_NATURAL);
    g_assert_true(g_hash_table_contains(all, "1000") && g_hash_table_contains(some, "1000"));
    g_hash_table_iter_init(&iter, all);
    while (g_hash_table_iter_next(&iter, &id, &object)) {
        g_autoptr(GError) error = NULL;
        g_autoptr(MediaObject) got = catalog_find(house.guests, id, &error);
        g_auto(PictureSource) source = { 0 };
        g_assert_true((got != NULL) == g_hash_table_contains(some, id));
        g_assert_true(got == NULL || !is_hidden(object));
        if (got != NULL)
            continue;
        g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_false(catalog_sees(house.owners, house.guest, id, &error));
        g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
        g_assert_false(library_picture(house.home.library, house.guest, id, &source, NULL));
        g_assert_false(catalog_browse(house.guests, id, &(CatalogRange){ 0 }, join_titles, NULL,
                                      NULL, NULL));
    }
}

static void
test_totals(void)
{
    g_auto(House) house;

    house_init(&house);
    LibraryCounts all = library_counts_seen(house.home.library, NULL);
    LibraryCounts some = library_counts_seen(house.home.library, house.guest);
    g_assert_cmpuint(all.items, ==, 8);
    g_assert_cmpuint(all.unreadable, ==, 1);
    g_assert_cmpuint(some.audio, ==, 1);
    g_assert_cmpuint(some.video, ==, 1);
    g_assert_cmpuint(some.image, ==, 0);
    g_assert_cmpuint(some.items, ==, 2);
    g_assert_cmpuint(some.unreadable, ==, 0);
    g_assert_cmpuint(some.containers, >, 0);
    g_assert_cmpuint(some.containers, <, all.containers);
}

/* -- Searching --------------------------------------------------------------------------------- */

static guint
search(Catalog *catalog, const CatalogSearch *what, bool is_all)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)media_object_free);
    CatalogRange range = { .limit = is_all ? 0 : 100 };
    g_autoptr(GError) error = NULL;
    CatalogResult result;

    catalog_search(catalog, what, &range, join_ids, found, &result, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(result.total, ==, found->len);
    guint hidden = 0;
    for (guint i = 0; i < found->len; i++)
        hidden += is_hidden(found->pdata[i]);
    return hidden;
}

static void
test_search(void)
{
    static const char *const words[] = { "hidden", "h", "hi", "mixed", "two", "ann" };
    static const char *const containers[] = { NULL, "folders", "music", "all-videos", "pictures",
                                              "music-recent", "video-recent", "unfinished" };
    g_auto(House) house = { 0 };
    guint seen_by_owner = 0;

    house_init(&house);
    for (guint w = 0; w < G_N_ELEMENTS(words); w++)
        for (guint c = 0; c < G_N_ELEMENTS(containers); c++)
            for (int is_all = 0; is_all < 2; is_all++) {
                CatalogSearch what = { .container_id = containers[c], .words = words[w],
                                       .kind = MEDIA_ANY };
                seen_by_owner += search(house.owners, &what, is_all);
                g_assert_cmpuint(search(house.guests, &what, is_all), ==, 0);
            }
    g_assert_cmpuint(seen_by_owner, >, 20);
    g_autoptr(Criteria) any = criteria_new_test(CRITERIA_DERIVED_FROM, g_strdup("upnp:class"),
                                                g_strdup("object"));
    CatalogSearch what = { .criteria = any, .kind = MEDIA_ANY };
    g_assert_cmpuint(search(house.owners, &what, true), >, 15);
    g_assert_cmpuint(search(house.guests, &what, true), ==, 0);
}

/* -- Change ------------------------------------------------------------------------------------ */

static bool
guest_reads(House *house, const char *words, guint count)
{
    GString *joined = g_string_new(NULL);
    CatalogSearch what = { .words = words, .kind = MEDIA_ANY };
    CatalogResult result = { 0 };

    catalog_search(house->guests, &what, &(CatalogRange){ 0 }, join_titles, joined, &result, NULL);
    g_string_free(joined, TRUE);
    return result.total == count;
}

/* A file that is moved to where the guest sees it is there, and the other way. */
static void
test_moves(void)
{
    g_auto(House) house = { 0 };
    g_autofree char *command = NULL, *back = NULL;

    house_init(&house);
    g_assert_true(guest_reads(&house, "film", 1));
    command = g_strdup_printf("mv '%s/Hidden film.mkv' '%s/films/'", house.kept, house.home.root);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    WAIT_UNTIL(guest_reads(&house, "film", 2));
    back = g_strdup_printf("mv '%s/films/Film.mkv' '%s/films/Hidden film.mkv' '%s/'",
                           house.home.root, house.home.root, house.kept);
    g_assert_true(g_spawn_command_line_sync(back, NULL, NULL, NULL, NULL));
    WAIT_UNTIL(guest_reads(&house, "film", 0));
    g_autoptr(GHashTable) some = walk_all(house.guests, CATALOG_SORT_NATURAL);
    g_assert_cmpuint(count_hidden(some), ==, 0);
}

static void
on_used(const GError *error, gpointer data)
{
    g_assert_no_error(error);
    *(bool *)data = true;
}

/* Everybody goes on where they were themselves. */
static void
test_places(void)
{
    g_auto(House) house = { 0 };
    LibraryUse use = LIBRARY_USE_NOTHING;
    bool is_used = false;

    house_init(&house);
    g_autofree char *id = id_of(&house.home, "Videos/All videos/Film");
    use.person = "owner";
    use.position_ms = 60000;
    library_note_use(house.home.library, id, &use, on_used, &is_used);
    WAIT_UNTIL(is_used);
    g_autoptr(MediaObject) seen = catalog_find(house.guests, id, NULL);
    g_autoptr(MediaObject) known = catalog_find(house.owners, id, NULL);
    g_assert_cmpint(seen->use.position_ms, ==, 0);
    g_assert_cmpint(known->use.position_ms, ==, 60000);
    CatalogResult result;
    GString *joined = g_string_new(NULL);
    g_assert_true(catalog_browse(house.guests, "unfinished", &(CatalogRange){ 0 }, join_titles,
                                 joined, &result, NULL));
    g_assert_cmpuint(result.total, ==, 0);
    g_assert_true(catalog_browse(house.owners, "unfinished", &(CatalogRange){ 0 }, join_titles,
                                 joined, &result, NULL));
    g_assert_cmpuint(result.total, ==, 1);
    g_string_free(joined, TRUE);
}

/* -- Where a path lies ------------------------------------------------------------------------- */

static void
test_paths(void)
{
    const char *folders[] = { "/a", "/a/kept/", "/b", NULL }, *seen[] = { "/a", NULL };
    static const struct {
        const char *path;
        bool is_seen;
    } cases[] = {
        { "/a", true },      { "/a/x", true },       { "/ab", false },      { "/a/kept", false },
        { "/a/kept/x", false }, { "/a/kept2", true }, { "/b/x", false },    { "/", false },
        { "/c", false },
    };
    g_autoptr(Audience) audience = audience_new(NULL, folders, seen);
    g_autoptr(Audience) other = audience_new(NULL, folders, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_true(audience_sees(audience, cases[i].path) == cases[i].is_seen);
    g_assert_true(audience_is_limited(audience) && !audience_is_limited(other));
    g_assert_cmpuint(audience_number(audience), !=, audience_number(other));
    g_assert_true(audience_sees(NULL, "/c") && audience_number(NULL) == 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/audience/paths", test_paths);
    g_test_add_func("/audience/walk", test_walk);
    g_test_add_func("/audience/guess", test_guess);
    g_test_add_func("/audience/totals", test_totals);
    g_test_add_func("/audience/search", test_search);
    g_test_add_func("/audience/moves", test_moves);
    g_test_add_func("/audience/places", test_places);
    return g_test_run();
}
