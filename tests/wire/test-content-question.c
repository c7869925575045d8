/* test-content-question.c -- questions to another server as actions, its answers as pages: of our
 * own, of strangers, and of those who mean ill */
#include "base/error.h"
#include "tests/wire/printed-call.h"
#include "wire/content-question.h"
#include "wire/didl.h"

#include <string.h>

#define CAPABILITIES "dc:title,upnp:artist , upnp:class"

static void
test_actions(void)
{
    static const struct {
        CatalogQuestion question;
        const char *action;
    } cases[] = {
        { { .verb = CATALOG_GET, .id = "a&b" },
          "Browse|ObjectID=a&b|BrowseFlag=BrowseMetadata|Filter=*|StartingIndex=0|"
          "RequestedCount=0|SortCriteria=" },
        { { .verb = CATALOG_BROWSE, .id = "7",
            .range = { 20, 10, CATALOG_SORT_DATE, true } },
          "Browse|ObjectID=7|BrowseFlag=BrowseDirectChildren|Filter=*|StartingIndex=20|"
          "RequestedCount=10|SortCriteria=-dc:date" },
        { { .verb = CATALOG_SEARCH, .search = { .kind = MEDIA_ANY }, .range = { .limit = 5 } },
          "Search|ContainerID=0|SearchCriteria=upnp:class derivedfrom \"object.item\"|Filter=*|"
          "StartingIndex=0|RequestedCount=5|SortCriteria=" },
        { { .verb = CATALOG_SEARCH,
            .search = { .container_id = "9", .words = " say \"hi\" ", .kind = MEDIA_AUDIO },
            .range = { .limit = 5, .sort = CATALOG_SORT_TITLE } },
          "Search|ContainerID=9|SearchCriteria=upnp:class derivedfrom \"object.item.audioItem\" and "
          "(dc:title contains \"say\" or upnp:artist contains \"say\") and "
          "(dc:title contains \"\\\"hi\\\"\" or upnp:artist contains \"\\\"hi\\\"\")|Filter=*|"
          "StartingIndex=0|RequestedCount=5|SortCriteria=+dc:title" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SoapCall) call =
            content_question_encode(&cases[i].question, CAPABILITIES, &error);
        g_assert_no_error(error);
        g_autofree char *text = printed_call(call);
        g_assert_cmpstr(text, ==, cases[i].action);
    }
}

static void
test_no_search(void)
{
    CatalogQuestion question = { .verb = CATALOG_SEARCH,
                                 .search = { .words = "x", .kind = MEDIA_ANY } };
    g_autoptr(GError) error = NULL;

    g_assert_null(content_question_encode(&question, "res@size", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_UNSUPPORTED);
}

/* -- Answers ----------------------------------------------------------------------------------- */

#define DIDL(inside) \
    "<DIDL-Lite xmlns=\"urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/\" " \
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" " \
    "xmlns:upnp=\"urn:schemas-upnp-org:metadata-1-0/upnp/\">" inside "</DIDL-Lite>"
#define ITEM(inside) "<item id=\"1\" parentID=\"0\">" inside "</item>"
#define FILM "<upnp:class>object.item.videoItem.movie</upnp:class>"
#define RES(info, uri) "<res protocolInfo=\"" info "\">" uri "</res>"
#define MP4 "http-get:*:video/mp4:DLNA.ORG_PN=AVC"

static const CatalogQuestion browse = { .verb = CATALOG_BROWSE,
                                        .id = "0",
                                        .range = { .limit = 3 } };

static CatalogPage *
decode(const CatalogQuestion *question, const char *result, const char *total, GError **error)
{
    g_autoptr(SoapCall) answer = soap_call_new(NULL, "BrowseResponse");

    if (result != NULL)
        soap_call_add(answer, "Result", result);
    if (total != NULL)
        soap_call_add(answer, "TotalMatches", total);
    soap_call_add(answer, "UpdateID", "17");
    return content_page_decode(question, answer, "10.0.0.3", error);
}

static CatalogPage *
decode_good(const char *result, const char *total)
{
    g_autoptr(GError) error = NULL;
    CatalogPage *page = decode(&browse, result, total, &error);

    g_assert_no_error(error);
    return page;
}

static void
test_page(void)
{
    g_autoptr(CatalogPage) page = decode_good(
        DIDL("<container id=\"c\" parentID=\"0\" childCount=\"4\"><dc:title>Folder</dc:title>"
             "<upnp:class>object.container</upnp:class></container>"
             ITEM("<dc:title>Fi\tlm</dc:title>" FILM "<dc:creator>Me</dc:creator>"
                  "<upnp:albumArtURI>http://10.0.0.3:80/a.jpg</upnp:albumArtURI>"
                  "<res protocolInfo=\"rtsp-rtp-udp:*:video/mp4:*\">rtsp://10.0.0.3/x</res>"
                  "<res protocolInfo=\"" MP4 "\" size=\"1234\" duration=\"0:01:02.500\" "
                  "resolution=\"320x180\" bitrate=\"1000\" nrAudioChannels=\"2\">"
                  " http://10.0.0.3:80/a%20b.mp4 </res>"
                  "<res protocolInfo=\"http-get:*:video/mpeg:*\">http://10.0.0.3:80/b.mpg</res>")),
        "12");

    g_assert_cmpuint(page->objects->len, ==, 2);
    g_assert_cmpuint(page->result.returned, ==, 2);
    g_assert_cmpuint(page->result.total, ==, 12);
    g_assert_cmpuint(page->result.update_id, ==, 17);
    const MediaObject *folder = page->objects->pdata[0], *film = page->objects->pdata[1];
    g_assert_cmpint(folder->kind, ==, MEDIA_CONTAINER);
    g_assert_cmpuint(folder->child_count, ==, 4);
    g_assert_cmpint(film->kind, ==, MEDIA_VIDEO);
    g_assert_null(film->unreadable);
    g_assert_cmpstr(film->title, ==, "Fi lm");
    g_assert_cmpstr(film->facts.artist, ==, "Me");
    g_assert_cmpstr(film->facts.mime, ==, "video/mp4");
    g_assert_cmpint(film->facts.duration_ms, ==, 62500);
    g_assert_cmpint(film->facts.width, ==, 320);
    g_assert_cmpint(film->facts.bitrate, ==, 8000);
    g_assert_cmpint(film->size_bytes, ==, 1234);
    g_assert_cmpstr(film->art_uri, ==, "http://10.0.0.3:80/a.jpg");
    g_assert_cmpstr(film->resources[0].uri, ==, "http://10.0.0.3:80/a%20b.mp4");
    g_assert_cmpstr(film->resources[0].protocol_info, ==, MP4);
    g_assert_cmpstr(film->resources[1].uri, ==, "http://10.0.0.3:80/b.mpg");
    g_assert_null(film->resources[2].uri);
}

/* Ours reads what ours wrote. */
static void
test_round_trip(void)
{
    static const MediaObject song = {
        .id = "17", .parent_id = "4", .kind = MEDIA_AUDIO, .title = "老歌 & <more>",
        .upnp_class = "object.item.audioItem.musicTrack", .path = "/srv/music/a.mp3",
        .size_bytes = 4242, .has_art = true,
        .facts = { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .artist = "A & B", .album = "Best",
                   .genre = "Pop", .date = "1999-01-01", .duration_ms = 3723456, .track = 7,
                   .bitrate = 128000, .sample_rate = 44100, .channels = 2 },
    };
    CatalogQuestion question = { .verb = CATALOG_GET, .id = "17" };
    g_autofree char *text = didl_encode(&song, "http://10.0.0.3:8380", &dialect_plain);
    g_autoptr(GError) error = NULL;
    g_autoptr(CatalogPage) page = decode(&question, text, "1", &error);

    g_assert_no_error(error);
    g_assert_cmpuint(page->objects->len, ==, 1);
    const MediaObject *read = page->objects->pdata[0];
    g_assert_cmpstr(read->title, ==, song.title);
    g_assert_cmpstr(read->art_uri, ==, "http://10.0.0.3:8380/thumb/17?w=160");
    g_assert_cmpstr(read->resources[0].uri, ==, "http://10.0.0.3:8380/media/17/a.mp3");
    for (const MediaField *field = media_fields; field->name != NULL; field++) {
        if (field->type == MEDIA_FIELD_NUMBER)
            g_assert_cmpint(media_field_number(&read->facts, field), ==,
                            media_field_number(&song.facts, field));
        else
            g_assert_cmpstr(media_field_text(&read->facts, field), ==,
                            media_field_text(&song.facts, field));
    }
    g_autofree char *again = didl_encode(read, "http://10.0.0.9", &dialect_plain);
    g_assert_nonnull(strstr(again, ">http://10.0.0.3:8380/media/17/a.mp3</res>"));
}

/* What cannot be played is shown, and says why. */
static void
test_unplayable(void)
{
    static const struct {
        const char *inside, *reason;
    } cases[] = {
        { FILM, "address" },
        { FILM RES(MP4, "javascript:alert(1)"), "address" },
        { FILM RES(MP4, "file:///etc/passwd"), "address" },
        { FILM RES(MP4, "/relative"), "address" },
        { FILM RES(MP4, "http:///nohost"), "address" },
        { FILM RES("internal:*:video/mp4:*", "http://h/x"), "address" },
        { "<upnp:class>object.item.textItem</upnp:class>" RES("http-get:*:text/plain:*",
                                                              "http://h/x"),
          "neither" },
        { FILM RES(MP4, "http://h/x"), NULL },
        { FILM "<res>http://h/x.mp4</res>", NULL },
        { FILM RES("nonsense", "http://h/x.mp4"), NULL },
        { RES(MP4, "http://h/x"), NULL }, /* the kind is that of its bytes */
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(DIDL(ITEM("%s")), cases[i].inside);
        g_autoptr(CatalogPage) page = decode_good(text, "1");
        g_assert_cmpuint(page->objects->len, ==, 1);
        const MediaObject *object = page->objects->pdata[0];
        if (cases[i].reason == NULL)
            g_assert_null(object->unreadable);
        else
            g_assert_nonnull(strstr(object->unreadable, cases[i].reason));
    }
}

/* A page that shows pictures must not be sent to somebody else's router by them. */
static void
test_pictures_elsewhere(void)
{
    g_autoptr(CatalogPage) page = decode_good(
        DIDL(ITEM(FILM "<upnp:albumArtURI>http://192.168.1.1/reboot</upnp:albumArtURI>"
                  RES(MP4, "http://h/x"))), "1");
    const MediaObject *object = page->objects->pdata[0];

    g_assert_null(object->art_uri);
    g_assert_false(object->has_art);
}

static void
test_bounds(void)
{
    g_autoptr(GString) many = g_string_new(NULL);
    g_autofree char *long_title = g_strnfill(5000, 'x');
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < 50; i++)
        g_string_append(many, ITEM(FILM RES(MP4, "http://h/x")));
    g_autofree char *text = g_strdup_printf(DIDL("%s"), many->str);
    g_autoptr(CatalogPage) page = decode_good(text, "4294967295");
    g_assert_cmpuint(page->objects->len, ==, browse.range.limit); /* more than was asked for */
    g_assert_cmpuint(page->result.total, ==, 1000000);

    g_autofree char *title = g_strdup_printf(
        DIDL(ITEM("<dc:title>%s中文中文</dc:title>" FILM) "<item>no id</item>"), long_title);
    g_autoptr(CatalogPage) cut = decode_good(title, "0");
    g_assert_cmpuint(cut->objects->len, ==, 1);
    g_assert_cmpuint(strlen(((MediaObject *)cut->objects->pdata[0])->title), <=, 1024);
    g_assert_cmpuint(cut->result.total, ==, 1); /* at least what came */

    g_autoptr(CatalogPage) none = decode_good("", "0");
    g_assert_cmpuint(none->objects->len, ==, 0);
    g_assert_null(decode(&browse, NULL, "0", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_null(decode(&browse, "<DIDL-Lite>", "0", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_INVALID);
    g_clear_error(&error);
    CatalogQuestion get = { .verb = CATALOG_GET, .id = "9" };
    g_assert_null(decode(&get, DIDL(""), "0", &error));
    g_assert_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
}

static void
test_errors(void)
{
    static const struct {
        int code, error;
    } cases[] = {
        { 701, DUO_ERROR_NOT_FOUND }, { 710, DUO_ERROR_NOT_FOUND },
        { 708, DUO_ERROR_UNSUPPORTED }, { 709, DUO_ERROR_UNSUPPORTED },
        { 720, DUO_ERROR_FAILED }, { 12345, DUO_ERROR_FAILED },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = content_error_decode(cases[i].code, i % 2 == 0 ? "no" : NULL);
        g_assert_error(error, DUO_ERROR, cases[i].error);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content-question/actions", test_actions);
    g_test_add_func("/content-question/no-search", test_no_search);
    g_test_add_func("/content-question/page", test_page);
    g_test_add_func("/content-question/round-trip", test_round_trip);
    g_test_add_func("/content-question/unplayable", test_unplayable);
    g_test_add_func("/content-question/pictures-elsewhere", test_pictures_elsewhere);
    g_test_add_func("/content-question/bounds", test_bounds);
    g_test_add_func("/content-question/errors", test_errors);
    return g_test_run();
}
