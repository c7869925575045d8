/* test-content-directory.c -- ContentDirectory and ConnectionManager, every action and refusal */
#include "av/av.h"
#include "base/error.h"
#include "support/service-client.h"

#include <string.h>

/* A catalog of one folder ("0") with songs, in memory. */
typedef struct {
    Catalog base;
    guint songs;
    CatalogRange range;     /* of the last question */
    CriteriaOperator operator;
    uint32_t update_id;
} Shelf;

static const MediaObject root = {
    .id = "0", .parent_id = "-1", .kind = MEDIA_CONTAINER, .title = "Shelf", .child_count = 3,
};

static MediaObject
song(guint number, char *id)
{
    g_snprintf(id, 16, "s%u", number);
    return (MediaObject){
        .id = id, .parent_id = "0", .kind = MEDIA_AUDIO, .title = "歌", .path = "/m/x.mp3",
        .facts = { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .artist = "A" },
    };
}

static bool
get(Catalog *catalog, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    char text[16];

    if (strcmp(id, "0") == 0 || strcmp(id, "music") == 0) {
        visit(&root, user_data);
        return true;
    }
    if (strcmp(id, "s1") != 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "nothing has the id %s", id);
        return false;
    }
    MediaObject object = song(1, text);
    visit(&object, user_data);
    return true;
}

static void
show(Shelf *shelf, const CatalogRange *range, MediaVisit visit, gpointer user_data,
     CatalogResult *result)
{
    char id[16];
    guint end = range->limit == 0 ? shelf->songs
                                  : (guint)MIN(shelf->songs, (guint64)range->offset + range->limit);

    shelf->range = *range;
    *result = (CatalogResult){ 0, shelf->songs, 7 };
    for (guint i = range->offset; i < end; i++) {
        MediaObject object = song(i, id);
        result->returned++;
        if (!visit(&object, user_data))
            break;
    }
}

static bool
browse(Catalog *catalog, const char *id, const CatalogRange *range, MediaVisit visit,
       gpointer user_data, CatalogResult *result, GError **error)
{
    if (strcmp(id, "0") != 0) {
        g_set_error(error, DUO_ERROR,
                    strcmp(id, "s1") == 0 ? DUO_ERROR_INVALID : DUO_ERROR_NOT_FOUND,
                    "no container %s", id);
        return false;
    }
    show(catalog->owner, range, visit, user_data, result);
    return true;
}

static bool
search(Catalog *catalog, const CatalogSearch *question, const CatalogRange *range, MediaVisit visit,
       gpointer user_data, CatalogResult *result, GError **error)
{
    Shelf *shelf = catalog->owner;

    if (strcmp(question->container_id, "0") != 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "no container %s",
                    question->container_id);
        return false;
    }
    shelf->operator = question->criteria->operator;
    if (question->criteria->property != NULL && strcmp(question->criteria->property, "x:y") == 0) {
        g_set_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED, "x:y is not known");
        return false;
    }
    show(shelf, range, visit, user_data, result);
    return true;
}

static uint32_t
update_id(Catalog *catalog)
{
    return ((Shelf *)catalog->owner)->update_id;
}

static const CatalogClass shelf_class = { get, browse, search, update_id };

typedef struct {
    Shelf shelf;
    Clock *clock;
    Service *service;
    GString *events;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->shelf = (Shelf){ .base.class = &shelf_class, .songs = 3, .update_id = 42 };
    fixture->shelf.base.owner = &fixture->shelf;
    fixture->events = g_string_new(NULL);
    fixture->clock = clock_new_fake();
    fixture->service = content_directory_new(&fixture->shelf.base, fixture->clock);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    service_free(fixture->service);
    g_string_free(fixture->events, TRUE);
    clock_free(fixture->clock);
}

/* arguments in the order of Browse: id, flag, filter, index, count, sort. */
static int
ask(Fixture *fixture, char **out, const char *id, const char *flag, const char *index,
    const char *count, const char *sort)
{
    g_autofree char *object = g_strconcat("ObjectID=", id, NULL);
    g_autofree char *browse_flag = g_strconcat("BrowseFlag=", flag, NULL);
    g_autofree char *starting = g_strconcat("StartingIndex=", index, NULL);
    g_autofree char *requested = g_strconcat("RequestedCount=", count, NULL);
    g_autofree char *criteria = g_strconcat("SortCriteria=", sort, NULL);

    return service_client_call(fixture->service, "Browse", out, object, browse_flag, "Filter=res",
                               starting, requested, criteria, NULL);
}

static void
test_browse(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *id, *flag, *index, *count, *sort;
        int code;
        const char *returned, *total, *update_id, *contains;
    } cases[] = {
        { "0", "BrowseDirectChildren", "0", "0", "", 0, "3", "3", "7",
          "http://192.0.2.1:8380/media/s2/x.mp3</res>" },
        { "0", "BrowseDirectChildren", "1", "1", "", 0, "1", "3", "7", "id=\"s1\"" },
        { "0", "BrowseDirectChildren", "9", "5", "", 0, "0", "3", "7", "<DIDL-Lite" },
        { "0", "BrowseDirectChildren", "0", "4294967295", "", 0, "3", "3", "7", "id=\"s0\"" },
        { "0", "BrowseMetadata", "0", "0", "", 0, "1", "1", "42", "parentID=\"-1\"" },
        { "s1", "BrowseMetadata", "0", "0", "", 0, "1", "1", "42", "id=\"s1\"" },
        { "s1", "BrowseDirectChildren", "0", "0", "", 701, NULL, NULL, NULL, NULL },
        { "nope", "BrowseMetadata", "0", "0", "", 701, NULL, NULL, NULL, NULL },
        { "0' OR '1'='1", "BrowseDirectChildren", "0", "0", "", 701, NULL, NULL, NULL, NULL },
        { "0", "BrowseNothing", "0", "0", "", 601, NULL, NULL, NULL, NULL },
        { "0", "BrowseDirectChildren", "-5", "0", "", 402, NULL, NULL, NULL, NULL },
        { "0", "BrowseDirectChildren", "0", "abc", "", 402, NULL, NULL, NULL, NULL },
        { "0", "BrowseDirectChildren", "0", "0", "+nonsense", 709, NULL, NULL, NULL, NULL },
        { "0", "BrowseDirectChildren", "0", "0", "+dc:title,-nonsense", 709,
          NULL, NULL, NULL, NULL },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *out = NULL;
        g_test_message("%s %s %s %s %s", cases[i].id, cases[i].flag, cases[i].index, cases[i].count,
                       cases[i].sort);
        g_assert_cmpint(ask(fixture, &out, cases[i].id, cases[i].flag, cases[i].index,
                            cases[i].count, cases[i].sort),
                        ==, cases[i].code);
        if (cases[i].code != 0)
            continue;
        g_autofree char *returned = service_client_value(out, "NumberReturned");
        g_autofree char *total = service_client_value(out, "TotalMatches");
        g_autofree char *update = service_client_value(out, "UpdateID");
        g_assert_cmpstr(returned, ==, cases[i].returned);
        g_assert_cmpstr(total, ==, cases[i].total);
        g_assert_cmpstr(update, ==, cases[i].update_id);
        g_assert_nonnull(strstr(out, cases[i].contains));
        g_assert_null(strstr(out, "upnp:artist")); /* the filter says res alone */
    }
}

static void
test_sort(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *text;
        CatalogSort sort;
        bool is_descending;
    } cases[] = {
        { "", CATALOG_SORT_NATURAL, false },
        { "+dc:title", CATALOG_SORT_TITLE, false },
        { "-dc:date", CATALOG_SORT_DATE, true },
        { "+upnp:class,-dc:title", CATALOG_SORT_TITLE, true },
        { "upnp:album, +upnp:originalTrackNumber", CATALOG_SORT_ALBUM, false },
        { "-upnp:class", CATALOG_SORT_NATURAL, false },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(ask(fixture, NULL, "0", "BrowseDirectChildren", "0", "0", cases[i].text),
                        ==, 0);
        g_assert_cmpint(fixture->shelf.range.sort, ==, cases[i].sort);
        g_assert_true(fixture->shelf.range.is_descending == cases[i].is_descending);
    }
}

static void
test_search(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *container, *criteria;
        int code;
    } cases[] = {
        { "ContainerID=0", "SearchCriteria=dc:title contains \"a\"", 0 },
        { "ContainerID=0", "SearchCriteria=*", 0 },
        { "ContainerID=0", "SearchCriteria=dc:title contains", 708 },
        { "ContainerID=0", "SearchCriteria=", 708 },
        { "ContainerID=0", "SearchCriteria=x:y exists true", 708 },
        { "ContainerID=9", "SearchCriteria=*", 710 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *out = NULL;
        g_test_message("%s %s", cases[i].container, cases[i].criteria);
        g_assert_cmpint(service_client_call(fixture->service, "Search", &out, cases[i].container,
                                            cases[i].criteria, "Filter=*", "StartingIndex=0",
                                            "RequestedCount=2", "SortCriteria=", NULL),
                        ==, cases[i].code);
        if (cases[i].code == 0) {
            g_autofree char *returned = service_client_value(out, "NumberReturned");
            g_assert_cmpstr(returned, ==, "2");
        }
    }
}

/* A page ends before it grows beyond what a peer takes, and says so. */
static void
test_large(Fixture *fixture, gconstpointer data)
{
    g_autofree char *out = NULL;

    fixture->shelf.songs = 20000;
    g_assert_cmpint(ask(fixture, &out, "0", "BrowseDirectChildren", "0", "0", ""), ==, 0);
    g_autofree char *result = service_client_value(out, "Result");
    g_autofree char *returned = service_client_value(out, "NumberReturned");
    g_autofree char *total = service_client_value(out, "TotalMatches");
    guint items = 0;
    for (const char *at = result; (at = strstr(at, "<item ")) != NULL; at++)
        items++;
    g_assert_cmpuint(strlen(result), <, 800 * 1024);
    g_assert_cmpuint(items, ==, g_ascii_strtoull(returned, NULL, 10));
    g_assert_cmpuint(items, >, 1000);
    g_assert_cmpstr(total, ==, "20000");
}

static void
note(gconstpointer event, gpointer data)
{
    Fixture *fixture = data;
    g_autofree char *value = fixture->service->table->value(fixture->service, event);

    g_string_append_printf(fixture->events, "%s=%s;", (const char *)event, value);
}

static void
test_changes(Fixture *fixture, gconstpointer data)
{
    static const char *const music[] = { "music", NULL };
    g_autofree char *id = NULL, *caps = NULL;
    uint64_t edition = fixture->service->table->edition(fixture->service, "10.0.0.1");

    observers_add(fixture->service->observers, note, fixture);
    for (uint32_t i = 0; i < 5; i++)
        content_directory_changed(fixture->service, 40 + i, music);
    g_assert_cmpstr(fixture->events->str, ==, "SystemUpdateID=42;ContainerUpdateIDs=music,40;");
    g_assert_cmpuint(fixture->service->table->edition(fixture->service, "10.0.0.1"), ==,
                     edition + 5);
    g_string_truncate(fixture->events, 0);
    clock_advance(fixture->clock, 2000);
    g_assert_cmpstr(fixture->events->str, ==, "SystemUpdateID=42;ContainerUpdateIDs=music,44;");
    g_string_truncate(fixture->events, 0);
    clock_advance(fixture->clock, 10000);
    g_assert_cmpstr(fixture->events->str, ==, "");
    content_directory_changed(fixture->service, 50, NULL); /* too many to name */
    g_assert_cmpstr(fixture->events->str, ==, "SystemUpdateID=42;");
    g_assert_cmpint(service_client_call(fixture->service, "GetSystemUpdateID", &id, NULL), ==, 0);
    g_assert_cmpstr(id, ==, "Id=42\n");
    g_assert_cmpint(service_client_call(fixture->service, "GetSortCapabilities", &caps, NULL), ==,
                    0);
    g_assert_nonnull(strstr(caps, "dc:title"));
}

/* Of the views that sets begin with, those that Browse knows. */
static void
test_features(Fixture *fixture, gconstpointer data)
{
    g_autofree char *out = NULL;

    g_assert_cmpint(service_client_call(fixture->service, "X_GetFeatureList", &out, NULL), ==, 0);
    g_autofree char *list = service_client_value(out, "FeatureList");
    g_assert_nonnull(strstr(list, "<Feature name=\"samsung.com_BASICVIEW\" version=\"1\">"));
    g_assert_nonnull(strstr(list, "<container id=\"music\" type=\"object.item.audioItem\"/>"));
    g_assert_null(strstr(list, "videos"));
}

static void
keep_use(const char *id, int64_t position_ms, int64_t play_count, gpointer data)
{
    g_string_append_printf(((Fixture *)data)->events,
                           "%s@%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT ";", id, position_ms,
                           play_count);
}

static int
bookmark(const Fixture *fixture, const char *id)
{
    g_autofree char *object = g_strconcat("ObjectID=", id, NULL);

    return service_client_call(fixture->service, "X_SetBookmark", NULL, "CategoryType=1", "RID=0",
                               object, "PosSecond=90", NULL);
}

static void
test_bookmarks(Fixture *fixture, gconstpointer data)
{
    g_assert_cmpint(bookmark(fixture, "s1"), ==, 720); /* nobody keeps them */
    content_directory_set_use(fixture->service, keep_use, fixture);
    g_assert_cmpint(bookmark(fixture, "s1"), ==, 0);
    g_assert_cmpint(bookmark(fixture, "music"), ==, 701);
    g_assert_cmpint(bookmark(fixture, "nothing"), ==, 701);
    g_assert_cmpstr(fixture->events->str, ==, "s1@90000/-1;");
}

#define POSITION(text) "<upnp:lastPlaybackPosition>" text "</upnp:lastPlaybackPosition>"
#define COUNT(text) "<upnp:playbackCount>" text "</upnp:playbackCount>"

/* Where somebody left an item and how often it was seen is kept; the rest is read of its file. */
static void
test_updates(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *id, *current, *new;
        int code;
        const char *kept; /* NULL: nothing */
    } cases[] = {
        { "s1", POSITION("0"), POSITION("42"), 0, "s1@42000/-1;" },
        { "s1", POSITION("0:00:42.000"), POSITION("1:02:03.5"), 0, "s1@3723500/-1;" },
        { "s1", COUNT("0"), COUNT("1"), 0, "s1@-1/1;" },
        { "s1", POSITION("0") "<xbmc:lastPlayerState>a\\,b</xbmc:lastPlayerState>," COUNT("0"),
          POSITION("7") "<xbmc:lastPlayerState/>," COUNT("2"), 0, "s1@7000/2;" },
        { "s1", "", COUNT("3"), 0, "s1@-1/3;" },                   /* added */
        { "s1", POSITION("7") "," COUNT("2"), ",", 0, "s1@0/0;" }, /* taken away */
        { "s1", "", "", 0, NULL },
        { "s1", POSITION("0"), POSITION("soon"), 703, NULL },
        { "s1", COUNT("0"), COUNT("-1"), 703, NULL },
        { "s1", POSITION("0"), "<upnp:lastPlaybackPosition>", 703, NULL },
        { "s1", "</x>", POSITION("7"), 702, NULL },
        { "s1", POSITION("0"), POSITION("7") "," COUNT("2"), 706, NULL },
        { "s1", "<dc:title>a</dc:title>", "<dc:title>b</dc:title>", 705, NULL },
        { "s1", "<dc:title>a</dc:title>", "", 705, NULL },
        { "music", POSITION("0"), POSITION("7"), 711, NULL },
        { "nothing", POSITION("0"), POSITION("7"), 701, NULL },
    };

    content_directory_set_use(fixture->service, keep_use, fixture);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *id = g_strconcat("ObjectID=", cases[i].id, NULL);
        g_autofree char *current = g_strconcat("CurrentTagValue=", cases[i].current, NULL);
        g_autofree char *new = g_strconcat("NewTagValue=", cases[i].new, NULL);
        g_string_truncate(fixture->events, 0);
        g_assert_cmpint(
            service_client_call(fixture->service, "UpdateObject", NULL, id, current, new, NULL), ==,
            cases[i].code);
        g_assert_cmpstr(fixture->events->str, ==, cases[i].kept != NULL ? cases[i].kept : "");
    }
}

/* Every argument of every service is related to a variable of its table. */
/* -- What others bring -------------------------------------------------------------------------- */

#define ITEM(title, info) \
    "<DIDL-Lite><item><title>" title "</title><res protocolInfo=\"" info "\"/></item></DIDL-Lite>"

/* An intake that says what it was asked, and refuses when it is told to. */
typedef struct {
    Intake intake;
    GString *asked;
    GError *refusal;
} PaperIntake;

static bool
hear(Intake *intake, GError **error, const char *format, ...)
{
    PaperIntake *paper = (PaperIntake *)intake;
    va_list arguments;

    va_start(arguments, format);
    g_string_vprintf(paper->asked, format, arguments);
    va_end(arguments);
    if (paper->refusal == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(&paper->refusal));
    return false;
}

static bool
announce(Intake *intake, const IntakeWish *wish, const char *peer, char **id, char **address,
         GError **error)
{
    if (!hear(intake, error, "announce %s %s for %s", wish->title, wish->mime, peer))
        return false;
    *id = g_strdup("upload-1");
    *address = g_strdup("/files/T/n");
    return true;
}

static bool
get_brought(Intake *intake, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    return strcmp(id, "upload-1") == 0 &&
           visit(&(MediaObject){ .id = id, .parent_id = "0", .kind = MEDIA_AUDIO, .title = "Brought",
                                 .upnp_class = "object.item.audioItem" }, user_data);
}

static bool
withdraw(Intake *intake, const char *id, const char *peer, GError **error)
{
    return hear(intake, error, "withdraw %s for %s", id, peer);
}

static uint32_t
fetch(Intake *intake, const char *source, const char *address, const char *peer, GError **error)
{
    return hear(intake, error, "fetch %s to %s for %s", source, address, peer) ? 7 : 0;
}

static bool
progress(Intake *intake, uint32_t transfer, IntakeProgress *told, GError **error)
{
    *told = (IntakeProgress){ INTAKE_STOPPED, UINT64_C(5000000000), UINT64_C(6000000000) };
    return hear(intake, error, "progress %u", transfer);
}

static bool
stop(Intake *intake, uint32_t transfer, const char *peer, GError **error)
{
    return hear(intake, error, "stop %u for %s", transfer, peer);
}

static char *
transfers(Intake *intake)
{
    return g_strdup("7");
}

static const struct {
    const char *action, *arguments[2];
    int shut;          /* without an intake */
    const char *asked; /* of one; NULL: it never hears of it */
    int code;
    const char *out;
} brought[] = {
    { "CreateObject", { "ContainerID=0", "Elements=" ITEM("Song", "*:*:audio/mpeg:*") }, 713,
      "announce Song audio/mpeg for 192.0.2.7", 0, "http://192.0.2.1:8380/files/T/n" },
    { "CreateObject", { "ContainerID=DLNA.ORG_AnyContainer", "Elements=" ITEM("a.jpg", "*:*:*:*") },
      713, "announce a.jpg image/jpeg for 192.0.2.7", 0, "ObjectID=upload-1" },
    { "CreateObject", { "ContainerID=gone", "Elements=" ITEM("Song", "*:*:audio/mpeg:*") }, 713,
      NULL, 710, "" },
    { "CreateObject", { "ContainerID=0", "Elements=" ITEM("Song", "*:*:*:*") }, 713, NULL, 712, "" },
    { "CreateObject", { "ContainerID=0", "Elements=<item/>" }, 713, NULL, 712, "" },
    { "DestroyObject", { "ObjectID=upload-1" }, 701, "withdraw upload-1 for 192.0.2.7", 0, "" },
    { "ImportResource", { "SourceURI=http://192.0.2.7/", "DestinationURI=/files/T/n" }, 719,
      "fetch http://192.0.2.7/ to /files/T/n for 192.0.2.7", 0, "TransferID=7\n" },
    { "GetTransferProgress", { "TransferID=7" }, 717, "progress 7", 0,
      "TransferStatus=STOPPED\nTransferLength=5000000000\nTransferTotal=6000000000\n" },
    { "StopTransferResource", { "TransferID=7" }, 717, "stop 7 for 192.0.2.7", 0, "" },
};

static void
test_bringing(Fixture *fixture, gconstpointer data)
{
    static const IntakeClass class = { announce, get_brought, withdraw, fetch,
                                       progress, stop,        transfers };
    static const struct {
        DuoError error;
        int code;
    } refusals[] = { { DUO_ERROR_DENIED, 715 }, { DUO_ERROR_NOT_FOUND, 718 },
                     { DUO_ERROR_CONFLICT, 719 }, { DUO_ERROR_BUSY, 716 },
                     { DUO_ERROR_INVALID, 714 }, { DUO_ERROR_NO_ROOM, 720 } };
    PaperIntake paper = { { &class, observers_new() }, g_string_new(NULL), NULL };

    for (guint i = 0; i < G_N_ELEMENTS(brought); i++)
        g_assert_cmpint(service_client_call(fixture->service, brought[i].action, NULL,
                                            brought[i].arguments[0], brought[i].arguments[1], NULL),
                        ==, brought[i].shut);
    content_directory_set_intake(fixture->service, &paper.intake);
    for (guint i = 0; i < G_N_ELEMENTS(brought); i++) {
        g_autofree char *out = NULL;
        g_string_truncate(paper.asked, 0);
        g_test_message("%s %s", brought[i].action, brought[i].arguments[0]);
        g_assert_cmpint(service_client_call(fixture->service, brought[i].action, &out,
                                            brought[i].arguments[0], brought[i].arguments[1], NULL),
                        ==, brought[i].code);
        g_assert_cmpstr(paper.asked->str, ==, brought[i].asked != NULL ? brought[i].asked : "");
        g_assert_nonnull(strstr(out, brought[i].out));
    }
    for (guint i = 0; i < G_N_ELEMENTS(refusals); i++) {
        paper.refusal = g_error_new(DUO_ERROR, (gint)refusals[i].error, "no");
        g_assert_cmpint(service_client_call(fixture->service, "ImportResource", NULL, "SourceURI=x",
                                            "DestinationURI=y", NULL), ==, refusals[i].code);
    }
    g_autofree char *found = NULL;
    g_assert_cmpint(ask(fixture, &found, "upload-1", "BrowseMetadata", "0", "0", ""), ==, 0);
    g_assert_nonnull(strstr(found, "Brought"));
    g_autofree char *under_way = fixture->service->table->value(fixture->service, "TransferIDs");
    g_assert_cmpstr(under_way, ==, "7");
    g_clear_pointer(&fixture->service, service_free);
    observers_free(paper.intake.observers);
    g_string_free(paper.asked, TRUE);
}

static void
test_tables(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Service) manager = connection_manager_new("", "");
    Service *services[] = { fixture->service, manager };

    for (guint i = 0; i < G_N_ELEMENTS(services); i++)
        for (const ServiceAction *action = services[i]->table->actions; action->name != NULL;
             action++)
            for (const ServiceArgument *argument = action->arguments; argument->variable != NULL;
                 argument++)
                g_assert_nonnull(service_find_variable(services[i]->table, argument->variable));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test)                                                                            \
    g_test_add("/av/content-directory/" path, Fixture, NULL, set_up, test, tear_down)
    ADD("browse", test_browse);
    ADD("sort", test_sort);
    ADD("search", test_search);
    ADD("large", test_large);
    ADD("changes", test_changes);
    ADD("features", test_features);
    ADD("bookmarks", test_bookmarks);
    ADD("updates", test_updates);
    ADD("bringing", test_bringing);
    ADD("tables", test_tables);
    return g_test_run();
}
