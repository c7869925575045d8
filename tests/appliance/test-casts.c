/* test-casts.c -- what a screen is given, what is refused and why, and when a cast is over */
#include "appliance/session/casts.h"

#include "appliance/delivery/media-url.h"
#include "base/error.h"
#include "model/media-details.h"
#include "pipelines/delivery.h"
#include "wire/didl.h"

#include <string.h>

/* -- A screen that remembers, and answers when told to ----------------------------------------- */

typedef struct {
    Screen screen;
    ScreenVerb verb;
    PlaybackMedia *media;
    int64_t position_ms;
    ScreenDone done;
    gpointer user_data;
} Set;

static void
set_command(Screen *screen, const ScreenCommand *command, GCancellable *cancellable,
            ScreenDone done, gpointer user_data)
{
    Set *set = (Set *)screen;

    set->verb = command->verb;
    playback_media_free(set->media);
    set->media = playback_media_copy(command->media);
    set->position_ms = command->position_ms;
    set->done = done;
    set->user_data = user_data;
}

static void
set_free(Screen *screen)
{
    Set *set = (Set *)screen;

    playback_media_free(set->media);
    screen_clear(screen);
    g_free(set);
}

static const ScreenClass set_class = { .command = set_command, .free = set_free };

static void
set_answer(Set *set, const GError *error)
{
    ScreenDone done = g_steal_pointer(&set->done);

    g_assert_nonnull(done);
    done(&set->screen, error, set->user_data);
}

static void
set_shows(Set *set, PlaybackState state, const char *uri)
{
    PlaybackStatus status = { .state = state };

    if (uri != NULL) {
        status.media = g_new0(PlaybackMedia, 1);
        status.media->uri = g_strdup(uri);
    }
    screen_set_status(&set->screen, &status);
}

/* -- A catalog of a few items ------------------------------------------------------------------ */

static const MediaObject objects[] = {
    { .id = "1",
      .parent_id = "0",
      .kind = MEDIA_VIDEO,
      .title = "Film",
      .path = "/m/a film.mp4",
      .upnp_class = "object.item.videoItem",
      .facts = { .kind = MEDIA_VIDEO, .mime = "video/mp4" } },
    { .id = "2",
      .parent_id = "0",
      .kind = MEDIA_VIDEO,
      .title = "Odd",
      .path = "/m/odd.wmv",
      .upnp_class = "object.item.videoItem",
      .facts = { .kind = MEDIA_VIDEO, .mime = "video/x-ms-wmv" } },
    { .id = "3",
      .parent_id = "0",
      .kind = MEDIA_VIDEO,
      .title = "note",
      .path = "/m/note.rmvb",
      .upnp_class = "object.item.videoItem",
      .unreadable = "no header",
      .facts = { .kind = MEDIA_VIDEO } },
    { .id = "4",
      .parent_id = "0",
      .kind = MEDIA_AUDIO,
      .title = "Away",
      .path = "/usb/a.mp3",
      .upnp_class = "object.item.audioItem",
      .is_offline = true,
      .facts = { .kind = MEDIA_AUDIO, .mime = "audio/mpeg" } },
    { .id = "5",
      .parent_id = "0",
      .kind = MEDIA_CONTAINER,
      .title = "Folder",
      .upnp_class = "object.container" },
    { .id = "6",
      .parent_id = "0",
      .kind = MEDIA_AUDIO,
      .title = "Track",
      .path = "/m/disc.mp3",
      .upnp_class = "object.item.audioItem.musicTrack",
      .facts = { .kind = MEDIA_AUDIO, .mime = "audio/mpeg", .audio_codec = "mp3", .channels = 2,
                 .sample_rate = 44100, .duration_ms = 9500, .start_ms = 61000, .end_ms = 70500 } },
    { .id = "7",
      .parent_id = "0",
      .kind = MEDIA_VIDEO,
      .title = "Old & odd",
      .path = "/m/old one.wmv",
      .upnp_class = "object.item.videoItem",
      .facts = { .kind = MEDIA_VIDEO, .mime = "video/x-ms-wmv", .video_codec = "wmv2",
                 .audio_codec = "wmav2", .duration_ms = 60000 } },
};

static const MediaObject *
find_object(const char *id)
{
    for (guint i = 0; i < G_N_ELEMENTS(objects); i++)
        if (strcmp(objects[i].id, id) == 0)
            return &objects[i];
    return NULL;
}

/* The film has two sounds, and subtitles beside it. */
static bool
get(Catalog *catalog, const char *id, MediaVisit visit, gpointer user_data, GError **error)
{
    g_autoptr(MediaDetails) details = media_details_new();

    media_details_add(details, MEDIA_STREAMS,
                      &(MediaStream){ .type = "video", .codec = "h264" });
    media_details_add(details, MEDIA_STREAMS, &(MediaStream){ .type = "audio", .codec = "aac",
                                                              .language = "eng" });
    media_details_add(details, MEDIA_STREAMS, &(MediaStream){ .type = "audio", .codec = "aac",
                                                              .language = "chi" });
    media_details_add(
        details, MEDIA_SIDECARS,
        &(MediaSidecar){
            .name = "f.en.srt", .kind = "subtitle", .format = "srt", .language = "en" });
    media_details_add(
        details, MEDIA_SIDECARS,
        &(MediaSidecar){
            .name = "f.zh.srt", .kind = "subtitle", .format = "srt", .language = "zh" });
    for (guint i = 0; i < G_N_ELEMENTS(objects); i++)
        if (strcmp(objects[i].id, id) == 0) {
            MediaObject object = objects[i];
            object.details = strcmp(id, "1") == 0 ? details : NULL;
            return visit(&object, user_data), true;
        }
    g_set_error(error, DUO_ERROR, DUO_ERROR_NOT_FOUND, "no object %s", id);
    return false;
}

static bool
search(Catalog *catalog, const CatalogSearch *wanted, const CatalogRange *range, MediaVisit visit,
       gpointer user_data, CatalogResult *result, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(objects); i++)
        if (objects[i].path != NULL && strstr(objects[i].path, wanted->words) != NULL &&
            !visit(&objects[i], user_data))
            break;
    return true;
}

static const CatalogClass catalog_class = { .get = get, .search = search };

/* -- The tests --------------------------------------------------------------------------------- */

typedef struct {
    Screens *screens;
    Servers *servers;
    NetInterfaces *interfaces;
    Catalog catalog;
    Casts *casts;
    Set *tv;
    GString *told; /* states of casts, in the order they were told */
    const Cast *cast; /* the last answer */
    GError *error;
    guint answers;
} Fixture;

static void
on_cast(gconstpointer event, gpointer user_data)
{
    const Cast *cast = event;

    g_string_append_printf(((Fixture *)user_data)->told, "%s:%s ", cast->id,
                           cast_state_name(cast->state));
}

static Set *
set_new(const char *id, const char *name, const char *sinks)
{
    Set *set = g_new0(Set, 1);

    screen_init(&set->screen, &set_class, id, name, "igrs");
    set->screen.sink_protocols = g_strdup(sinks);
    set->screen.address = g_strdup("127.0.0.1");
    return set;
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->screens = screens_new();
    fixture->servers = servers_new();
    fixture->interfaces = net_interfaces_new((const char *const[]){ "lo", NULL }, NULL);
    fixture->catalog.class = &catalog_class;
    fixture->casts = casts_new(fixture->screens, fixture->servers, &fixture->catalog,
                               fixture->interfaces);
    casts_set_port(fixture->casts, 8380);
    fixture->told = g_string_new(NULL);
    observers_add(casts_observers(fixture->casts), on_cast, fixture);
    fixture->tv = set_new("tv1", "Living room", "http-get:*:video/mp4:*,http-get:*:audio/mpeg:*");
    screens_add(fixture->screens, &fixture->tv->screen);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    casts_free(fixture->casts);
    screens_free(fixture->screens);
    servers_free(fixture->servers);
    net_interfaces_free(fixture->interfaces);
    g_string_free(fixture->told, TRUE);
    g_clear_error(&fixture->error);
}

static void
on_started(const Cast *cast, const GError *error, gpointer user_data)
{
    Fixture *fixture = user_data;

    fixture->answers++;
    fixture->cast = cast;
    g_clear_error(&fixture->error);
    fixture->error = error != NULL ? g_error_copy(error) : NULL;
}

static void
start(Fixture *fixture, const CastWish *wish)
{
    casts_start(fixture->casts, wish, on_started, fixture);
}

static void
test_item(Fixture *fixture, gconstpointer data)
{
    start(fixture, &(CastWish){ .screen = "living", .item_id = "1", .position_ms = 5000 });
    g_assert_cmpuint(fixture->answers, ==, 0);
    g_assert_cmpint(fixture->tv->verb, ==, SCREEN_OPEN);
    g_assert_cmpint(fixture->tv->position_ms, ==, 5000);
    g_assert_cmpstr(fixture->tv->media->uri, ==, "http://127.0.0.1:8380/media/1/a%20film.mp4");
    g_assert_true(g_str_has_prefix(fixture->tv->media->protocol_info, "http-get:*:video/mp4:"));
    g_assert_nonnull(strstr(fixture->tv->media->metadata, "DIDL-Lite"));
    g_assert_nonnull(strstr(fixture->tv->media->metadata, fixture->tv->media->uri));
    set_answer(fixture->tv, NULL);
    g_assert_no_error(fixture->error);
    g_assert_cmpstr(fixture->cast->how, ==, "direct");
    g_assert_nonnull(strstr(fixture->cast->reason, "video/mp4"));
    g_assert_cmpstr(fixture->told->str, ==, "1:starting 1:running ");
}

/* A track of a cue sheet reaches a screen that says it plays parts. */
static void
test_part(Fixture *fixture, gconstpointer data)
{
    g_free(fixture->tv->screen.sink_protocols);
    fixture->tv->screen.sink_protocols =
        g_strdup("http-get:*:audio/mpeg:*,http-get:*:application/x-media-fragment:*");
    start(fixture, &(CastWish){ .screen = "living", .item_id = "6" });
    g_assert_cmpstr(fixture->tv->media->uri, ==,
                    "http://127.0.0.1:8380/media/6/disc.mp3#t=61.000,70.500");
    g_assert_nonnull(strstr(fixture->tv->media->metadata, "disc.mp3#t=61.000,70.500"));
    set_answer(fixture->tv, NULL);
    g_assert_no_error(fixture->error);
    g_assert_cmpstr(fixture->cast->media->item_id, ==, "6");
}

/* What a set does not take as it is, is made for it; the address says of what. */
static void
test_made(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *item, *how, *uri, *info;
        MediaKind kind;
    } cases[] = {
        { "7", "transcode", "http://127.0.0.1:8380/stream/mp4-h264-aac.a.7/old%20one.mp4",
          "http-get:*:video/mp4:DLNA.ORG_OP=10;DLNA.ORG_CI=1;", MEDIA_VIDEO },
        { "6", "remux", "http://127.0.0.1:8380/stream/mp3.a.6/disc.mp3",
          "http-get:*:audio/mpeg:", MEDIA_AUDIO },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        start(fixture, &(CastWish){ .screen = "tv1", .item_id = cases[i].item });
        set_answer(fixture->tv, NULL);
        g_assert_no_error(fixture->error);
        const PlaybackMedia *media = fixture->tv->media;
        g_assert_cmpstr(fixture->cast->how, ==, cases[i].how);
        g_assert_nonnull(strstr(fixture->cast->reason, "Living room"));
        g_assert_cmpstr(media->uri, ==, cases[i].uri);
        g_assert_true(g_str_has_prefix(media->protocol_info, cases[i].info));
        g_assert_nonnull(strstr(media->metadata, media->uri));
        g_assert_cmpint(media->kind, ==, cases[i].kind);
        g_assert_cmpint(media->duration_ms, >, 0);
        g_assert_cmpstr(media->item_id, ==, cases[i].item);
    }
}

/* What is pushed says what the set's own family would be told, and the address keeps it. */
static void
test_dialect(Fixture *fixture, gconstpointer data)
{
    static const char text[] = "[attic]\nmodel=Acme\nmimes=video/mp4=video/x-acme\n"
                               "[cellar]\nlike=attic\nmodel=Cellar\nmetadata=none\n"
                               "[shed]\nmodel=Shed\nunplayed=video/x-ms-wmv\n";
    g_autoptr(Dialects) dialects = dialects_new();
    const PlaybackMedia *media;

    g_assert_true(dialects_read(dialects, text, strlen(text), "attic.conf", NULL));
    casts_set_dialects(fixture->casts, dialects);
    fixture->tv->screen.model = g_strdup("Acme Works TV 9");
    g_free(fixture->tv->screen.sink_protocols);
    fixture->tv->screen.sink_protocols = g_strdup("http-get:*:video/x-acme:*");
    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1" });
    set_answer(fixture->tv, NULL);
    g_assert_no_error(fixture->error);
    media = fixture->tv->media;
    g_assert_cmpstr(media->uri, ==, "http://127.0.0.1:8380/media/1/as/attic/a%20film.mp4");
    g_assert_cmpstr(media->mime, ==, "video/x-acme");
    g_assert_true(g_str_has_prefix(media->protocol_info, "http-get:*:video/x-acme:"));
    g_assert_nonnull(strstr(media->metadata, media->protocol_info));
    g_assert_nonnull(strstr(media->metadata, media->uri));
    g_free(fixture->tv->screen.model); /* a family that takes no metadata gets none */
    fixture->tv->screen.model = g_strdup("Cellar 1");
    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1" });
    set_answer(fixture->tv, NULL);
    g_assert_cmpstr(fixture->tv->media->metadata, ==, "");
    g_free(fixture->tv->screen.model); /* what it only says that it plays it gets otherwise */
    fixture->tv->screen.model = g_strdup("Shed 1");
    g_free(fixture->tv->screen.sink_protocols);
    fixture->tv->screen.sink_protocols =
        g_strdup("http-get:*:video/x-ms-wmv:*,http-get:*:video/mp4:*");
    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "7" });
    set_answer(fixture->tv, NULL);
    g_assert_cmpstr(fixture->cast->how, ==, "transcode");
    g_assert_nonnull(strstr(fixture->cast->reason, "says that it plays video/x-ms-wmv and does not"));
    casts_set_dialects(fixture->casts, NULL);
}

/* The res of that address, among what ContentDirectory says of an object. */
static void
check_listed(const MediaObject *object, const Dialect *dialect, const PlaybackMedia *media)
{
    g_autoptr(GString) text = g_string_new(NULL);
    DidlEncoder encoder;
    XmlWriter writer;

    xml_writer_init(&writer, text);
    didl_encoder_init(&encoder, &writer, "res,res@duration", "http://127.0.0.1:8380", dialect);
    encoder.forms = delivery_forms;
    didl_encoder_visit(object, &encoder);
    didl_encoder_finish(&encoder);
    g_autoptr(DidlItem) listed = didl_decode(text->str, NULL);
    g_autoptr(DidlItem) pushed = didl_decode(media->metadata, NULL);
    g_assert_nonnull(listed);
    g_assert_nonnull(pushed);
    const DidlResource *told = pushed->resources->pdata[0], *found = NULL;
    for (guint i = 0; i < listed->resources->len; i++)
        if (strcmp(((DidlResource *)listed->resources->pdata[i])->uri, media->uri) == 0)
            found = listed->resources->pdata[i];
    g_assert_nonnull(found);
    g_assert_cmpstr(found->protocol_info, ==, media->protocol_info);
    g_assert_cmpstr(told->protocol_info, ==, media->protocol_info);
    g_assert_cmpstr(told->uri, ==, media->uri);
    g_assert_cmpint(told->duration_ms, ==, found->duration_ms);
}

/* What is pushed is what the set finds when it looks into the library itself, whatever its family
 * and whatever is made of the file. (The heads of the bytes: tests/upnp/test-families.) */
static void
test_pushed_as_listed(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *item, *form;
    } cases[] = { { "1", NULL }, { "7", "ts-h264-aac" }, { "6", "mp3" } };
    static const char text[] = "[all]\nmodel=Acme\nforms=mp4-h264-aac;ts-h264-aac;mp3\n"
                               "mimes=video/mp2t=video/x-tts\n";
    g_autoptr(Dialects) dialects = dialects_new();
    const Dialect *dialect;
    guint count = 0;

    g_assert_true(dialects_read(dialects, text, strlen(text), "all.conf", NULL));
    casts_set_dialects(fixture->casts, dialects);
    g_clear_pointer(&fixture->tv->screen.sink_protocols, g_free);
    for (guint n = 0; (dialect = dialects_get(dialects, n)) != NULL; n++) {
        const char *model = dialect->signs[DIALECT_MODEL][0];
        bool has_forms = dialect->forms[0] == NULL || strcmp(dialect->name, "all") == 0;
        if (model == NULL || dialect->metadata != DIALECT_METADATA_FULL)
            continue;
        g_free(fixture->tv->screen.model);
        fixture->tv->screen.model = g_strdup(model);
        for (guint i = 0; i < (has_forms ? G_N_ELEMENTS(cases) : 1); i++) {
            fixture->tv->screen.sink_protocols =
                i == 2 ? g_strdup("http-get:*:audio/mpeg:*") : NULL;
            start(fixture, &(CastWish){ .screen = "tv1", .item_id = cases[i].item,
                                        .profile = cases[i].form });
            set_answer(fixture->tv, NULL);
            g_assert_no_error(fixture->error);
            check_listed(find_object(cases[i].item), dialect, fixture->tv->media);
            g_clear_pointer(&fixture->tv->screen.sink_protocols, g_free);
            count++;
        }
    }
    g_assert_cmpuint(count, >, 20);
    casts_set_dialects(fixture->casts, NULL);
}

static int64_t
left_at(const char *item_id, const char *person, gpointer user_data)
{
    g_assert_cmpstr(item_id, ==, "1");
    return person == NULL ? 4000 : strcmp(person, "ann") == 0 ? 90000 : 0;
}

/* A film goes on where somebody left it, and what becomes of it is that person's. */
static void
test_resume(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *person, *path;
        int64_t position_ms;
    } cases[] = { { "ann", NULL, 90000 }, { NULL, NULL, 4000 }, { "eve", NULL, 0 },
                  { "ann", "/m/a film.mp4", 90000 } };

    casts_set_left_at(fixture->casts, left_at, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        start(fixture, &(CastWish){ .screen = "living", .item_id = cases[i].path == NULL ? "1" : NULL,
                                    .path = cases[i].path, .person = cases[i].person, .resumes = true });
        g_assert_cmpint(fixture->tv->position_ms, ==, cases[i].position_ms);
        g_assert_cmpstr(casts_person(fixture->casts, "tv1", "1"), ==, cases[i].person);
        set_answer(fixture->tv, NULL);
        g_assert_no_error(fixture->error);
        g_assert_cmpint(fixture->cast->position_ms, ==, cases[i].position_ms);
    }
    g_assert_null(casts_person(fixture->casts, "tv1", "2"));
    start(fixture, &(CastWish){ .screen = "living", .url = "http://h/x.mp4", .resumes = true });
    g_assert_cmpint(fixture->tv->position_ms, ==, 0); /* of that nobody knows */
    set_answer(fixture->tv, NULL);
}

static void
test_path_and_url(Fixture *fixture, gconstpointer data)
{
    start(fixture, &(CastWish){ .screen = "tv1", .path = "/m/a film.mp4" });
    set_answer(fixture->tv, NULL);
    g_assert_cmpstr(fixture->cast->media->item_id, ==, "1");
    start(fixture,
          &(CastWish){ .screen = "tv1", .url = "http://example.org/x/Big%20film.mp4?a=1" });
    set_answer(fixture->tv, NULL);
    g_assert_cmpstr(fixture->tv->media->title, ==, "Big film.mp4");
    g_assert_cmpstr(fixture->tv->media->mime, ==, "video/mp4");
    start(fixture,
          &(CastWish){ .screen = "tv1", .url = "http://example.org/live", .title = "Radio" });
    set_answer(fixture->tv, NULL);
    g_assert_cmpstr(fixture->tv->media->title, ==, "Radio");
    g_assert_null(fixture->tv->media->mime);
    /* What a set may not be able to fetch. */
    start(fixture, &(CastWish){ .screen = "tv1", .url = "https://example.org/a.mp4" });
    set_answer(fixture->tv, NULL);
    g_assert_cmpstr(fixture->tv->media->uri, ==, "https://example.org/a.mp4");
    g_assert_null(fixture->tv->media->other);
    fixture->tv->screen.kind = "upnp";
    start(fixture, &(CastWish){ .screen = "tv1", .url = "https://example.org/a.mp4" });
    set_answer(fixture->tv, NULL);
    g_assert_nonnull(strstr(fixture->tv->media->uri, "/relay/"));
    g_assert_cmpstr(casts_given_url(fixture->casts, fixture->tv->media->uri), ==,
                    "https://example.org/a.mp4");
    g_assert_nonnull(strstr(fixture->cast->reason, "TLS"));
    start(fixture, &(CastWish){ .screen = "tv1", .url = "http://example.org/a.mp4" });
    set_answer(fixture->tv, NULL);
    g_assert_cmpstr(fixture->tv->media->uri, ==, "http://example.org/a.mp4");
    g_assert_nonnull(strstr(fixture->tv->media->other->uri, "/relay/"));
    /* What is sent as it happens, lists of HLS, streams of RTSP. */
    g_free(fixture->tv->screen.sink_protocols);
    fixture->tv->screen.sink_protocols = NULL; /* it has not said what it plays */
    start(fixture,
          &(CastWish){ .screen = "tv1", .url = "http://example.org/a.ts", .is_live = true });
    set_answer(fixture->tv, NULL);
    g_assert_true(protocol_info_is_live(fixture->tv->media->protocol_info));
    g_assert_nonnull(strstr(fixture->tv->media->metadata, "DLNA.ORG_FLAGS=8"));
    start(fixture, &(CastWish){ .screen = "tv1", .url = "https://example.org/a/list.m3u8" });
    set_answer(fixture->tv, NULL);
    g_assert_cmpstr(fixture->tv->media->mime, ==, MIME_HLS);
    g_assert_cmpint(fixture->tv->media->kind, ==, MEDIA_VIDEO);
    fixture->tv->screen.sink_protocols = g_strdup("http-get:*:video/mp4:*," PROTOCOL_INFO_RTSP);
    start(fixture, &(CastWish){ .screen = "tv1", .url = "rtsp://example.org/door" });
    g_assert_no_error(fixture->error);
    set_answer(fixture->tv, NULL);
    g_assert_cmpstr(fixture->tv->media->protocol_info, ==, PROTOCOL_INFO_RTSP);
}

static void
test_refusals(Fixture *fixture, gconstpointer data)
{
    static const struct {
        CastWish wish;
        int code;
        const char *says;
    } cases[] = {
        { { .screen = "attic", .item_id = "1" }, DUO_ERROR_NOT_FOUND, "Living room" },
        { { .screen = "tv1", .item_id = "9" }, DUO_ERROR_NOT_FOUND, "9" },
        { { .screen = "tv1", .item_id = "2" }, DUO_ERROR_UNSUPPORTED, "video/x-ms-wmv" },
        { { .screen = "tv1", .item_id = "2" }, DUO_ERROR_UNSUPPORTED, "video/mp4, audio/mpeg" },
        { { .screen = "tv1", .item_id = "3" }, DUO_ERROR_UNSUPPORTED, "no header" },
        { { .screen = "tv1", .item_id = "4" }, DUO_ERROR_UNAVAILABLE, "/usb/a.mp3" },
        { { .screen = "tv1", .item_id = "5" }, DUO_ERROR_UNSUPPORTED, "container" },
        { { .screen = "tv1", .path = "/etc/passwd" }, DUO_ERROR_NOT_FOUND, "not in the library" },
        { { .screen = "tv1", .path = "film.mp4" }, DUO_ERROR_NOT_FOUND, "not in the library" },
        { { .screen = "tv1", .url = "file:///etc/passwd" }, DUO_ERROR_INVALID, "http" },
        { { .screen = "tv1", .url = "http://" }, DUO_ERROR_INVALID, "http" },
        { { .screen = "tv1", .url = "nonsense" }, DUO_ERROR_INVALID, "http" },
        { { .screen = "tv1", .url = "rtsp://a/door" }, DUO_ERROR_UNSUPPORTED, "a stream of RTSP" },
        { { .screen = "tv1", .url = "http://a/b.m3u8" }, DUO_ERROR_UNSUPPORTED, "mpegurl" },
        { { .screen = "tv1", .url = "http://169.254.169.254/a.mp4" }, DUO_ERROR_INVALID, "169.254" },
        { { .screen = "tv1", .url = "http://[fe80::1]/a.mp4" }, DUO_ERROR_INVALID, "fe80" },
        { { .screen = "tv1", .url = "http://0.0.0.0/a.mp4" }, DUO_ERROR_INVALID, "0.0.0.0" },
        { { .screen = "tv1", .url = "http://239.255.255.250/a.mp4" }, DUO_ERROR_INVALID, "239." },
        { { .screen = "tv1", .url = "http://127.0.0.1:8380/api/v1/x.mp4" }, DUO_ERROR_INVALID, "API" },
        { { .screen = "away", .url = "http://127.0.0.1/a.mp4" }, DUO_ERROR_INVALID, "127.0.0.1" },
        { { .screen = "away", .url = "http://localhost/a.mp4" }, DUO_ERROR_INVALID, "localhost" },
        { { .screen = "tv1", .url = "http://a/x.flac" }, DUO_ERROR_UNSUPPORTED, "audio/flac" },
        { { .screen = "tv1" }, DUO_ERROR_INVALID, "needed" },
        { { .screen = "tv1", .item_id = "1", .url = "http://a/" }, DUO_ERROR_INVALID, "needed" },
    };
    Set *away = set_new("away", "Away", "http-get:*:video/mp4:*");

    g_free(away->screen.address);
    away->screen.address = g_strdup("192.0.2.5");
    screens_add(fixture->screens, &away->screen);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        start(fixture, &cases[i].wish);
        g_assert_cmpuint(fixture->answers, ==, i + 1);
        g_assert_null(fixture->cast);
        g_assert_error(fixture->error, DUO_ERROR, cases[i].code);
        if (strstr(fixture->error->message, cases[i].says) == NULL)
            g_error("%u: “%s” does not say “%s”", i, fixture->error->message, cases[i].says);
    }
    g_assert_null(fixture->tv->done);
    g_assert_cmpuint(casts_list(fixture->casts)->len, ==, 0);
}

static void
test_screen_refuses(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = g_error_new(DUO_ERROR, DUO_ERROR_TIMEOUT, "no answer");

    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1" });
    set_answer(fixture->tv, error);
    g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_TIMEOUT);
    g_assert_cmpstr(fixture->told->str, ==, "1:starting 1:failed ");
    g_assert_cmpstr(casts_find(fixture->casts, "1")->problem, ==, "no answer");
}

static void
test_follows_screen(Fixture *fixture, gconstpointer data)
{
    const char *uri = "http://127.0.0.1:8380/media/1/a%20film.mp4";

    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1" });
    set_answer(fixture->tv, NULL);
    set_shows(fixture->tv, PLAYBACK_STOPPED, NULL); /* what was before: not ours yet */
    set_shows(fixture->tv, PLAYBACK_PLAYING, uri);
    set_shows(fixture->tv, PLAYBACK_OFFLINE, NULL); /* may still play */
    set_shows(fixture->tv, PLAYBACK_PAUSED, uri);
    g_assert_cmpstr(fixture->told->str, ==, "1:starting 1:running ");
    set_shows(fixture->tv, PLAYBACK_STOPPED, uri);
    g_assert_cmpstr(fixture->told->str, ==, "1:starting 1:running 1:ended ");
}

static void
test_one_after_the_other(Fixture *fixture, gconstpointer data)
{
    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1" });
    set_answer(fixture->tv, NULL);
    start(fixture, &(CastWish){ .screen = "tv1", .url = "http://a/b.mp4", .when = CAST_NEXT });
    g_assert_cmpint(fixture->tv->verb, ==, SCREEN_SET_NEXT);
    set_answer(fixture->tv, NULL);
    set_shows(fixture->tv, PLAYBACK_PLAYING, "http://127.0.0.1:8380/media/1/a%20film.mp4");
    set_shows(fixture->tv, PLAYBACK_PLAYING, "http://a/b.mp4");
    g_assert_cmpstr(fixture->told->str, ==,
                    "1:starting 1:running 2:queued 2:running 1:ended ");
    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1" });
    set_answer(fixture->tv, NULL);
    g_assert_true(g_str_has_suffix(fixture->told->str, "3:starting 2:ended 3:running "));
    screens_remove(fixture->screens, "tv1");
    g_assert_true(g_str_has_suffix(fixture->told->str, "3:ended "));
}

/* What plays on a screen is known with the sound that was asked for: a move takes it along. */
static void
test_what_is_on(Fixture *fixture, gconstpointer data)
{
    PlaybackMedia other = { .uri = (char *)"http://a/b.mp4" };

    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1", .sound = "0" });
    set_answer(fixture->tv, NULL);
    g_assert_no_error(fixture->error);
    const Cast *on = casts_on(fixture->casts, "tv1", fixture->cast->media);
    g_assert_true(on == fixture->cast);
    g_assert_cmpstr(on->sound, ==, "0");
    g_assert_null(casts_on(fixture->casts, "tv1", &other));
    g_assert_null(casts_on(fixture->casts, "tv2", fixture->cast->media));
}

static void
taste_of(const char *person, TrackTaste *taste, gpointer data)
{
    static const char *const zh[] = { "zh", NULL }, *const ja[] = { "ja", NULL };

    *taste = (TrackTaste){ .audio = g_strcmp0(person, "mei") == 0 ? zh : ja, .subtitles = zh };
}

/* Each hears and reads the languages that they know, or what they ask for. */
static void
test_languages(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *person, *sound, *subtitle;
        const char *how, *says, *url, *first; /* of the subtitles */
    } cases[] = {
        { "mei", NULL, NULL, "remux", "another sound", "/stream/mp4-h264-aac.a1.1/", NULL },
        { "tom", NULL, NULL, "direct", "subtitles in zh (f.zh.srt)", "/media/1/", "f.zh.srt" },
        { "tom", NULL, "none", "direct", "as it is", "/media/1/", "f.en.srt" },
        { "tom", NULL, "en", "direct", "subtitles in en", "/media/1/", "f.en.srt" },
        { "tom", "chi", NULL, "remux", "another sound", "/stream/mp4-h264-aac.a1.1/", NULL },
        { "tom", "chi", "0", "transcode", "subtitles in", "/stream/mp4-h264-aac.a1", NULL },
        { "tom", "fr", NULL, NULL, "no sound of that name", NULL, NULL },
        { "tom", NULL, "7", NULL, "no subtitles of that name", NULL, NULL },
    };

    casts_set_taste(fixture->casts, taste_of, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1", .person = cases[i].person,
                                    .sound = cases[i].sound, .subtitle = cases[i].subtitle });
        if (cases[i].how == NULL) {
            g_assert_error(fixture->error, DUO_ERROR, DUO_ERROR_NOT_FOUND);
            g_assert_nonnull(strstr(fixture->error->message, cases[i].says));
            continue;
        }
        set_answer(fixture->tv, NULL);
        g_assert_no_error(fixture->error);
        const Cast *cast = fixture->cast;
        g_test_message("%s", cast->reason);
        g_assert_cmpstr(cast->how, ==, cases[i].how);
        g_assert_nonnull(strstr(cast->reason, cases[i].says));
        g_assert_nonnull(strstr(cast->media->uri, cases[i].url));
        const char *beside = strstr(cast->media->metadata, "/beside/");
        if (cases[i].first != NULL)
            g_assert_true(g_str_has_prefix(beside + strlen("/beside/"), cases[i].first));
    }
}

/* What is made for a screen breaks off: the screen has it once more from there on, and when that
 * breaks off, too, the cast has failed for that reason; unless somebody stopped it. */
static void
test_mended(Fixture *fixture, gconstpointer data)
{
    g_autoptr(Clock) clock = clock_new_fake();
    g_autoptr(Streams) streams = streams_new(&(StreamsParts){ .clock = clock });
    g_autoptr(GError) broken =
        g_error_new_literal(DUO_ERROR, DUO_ERROR_FAILED, "the worker was ended by signal 9");
    StreamWish wish = { .profile = profile_find("ts-h264-aac"), .audio_track = -1, .item_id = "7" };
    StreamFailure failure = { &wish, broken };

    casts_set_streams(fixture->casts, streams);
    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "7", .profile = "ts-h264-aac" });
    g_assert_no_error(fixture->error);
    set_answer(fixture->tv, NULL);
    g_autofree char *uri = g_strdup(fixture->tv->media->uri);
    set_shows(fixture->tv, PLAYBACK_PLAYING, uri);
    PlaybackStatus later = { .state = PLAYBACK_PLAYING, .position_ms = 4000,
                             .media = playback_media_copy(fixture->tv->screen.status.media) };
    screen_set_status(&fixture->tv->screen, &later);
    observers_notify(streams_observers(streams), &failure);
    g_assert_null(fixture->tv->done);
    g_assert_false(casts_is_mending(fixture->casts, "tv1"));
    set_shows(fixture->tv, PLAYBACK_STOPPED, uri);
    g_assert_cmpint(fixture->tv->verb, ==, SCREEN_OPEN);
    g_assert_cmpint(fixture->tv->position_ms, ==, 4000);
    g_assert_true(casts_is_mending(fixture->casts, "tv1"));
    set_answer(fixture->tv, NULL);
    set_shows(fixture->tv, PLAYBACK_PLAYING, uri);
    g_assert_false(casts_is_mending(fixture->casts, "tv1"));
    g_assert_null(casts_problem(fixture->casts, "tv1"));
    observers_notify(streams_observers(streams), &failure);
    set_shows(fixture->tv, PLAYBACK_STOPPED, uri);
    g_assert_cmpstr(fixture->told->str, ==,
                    "1:starting 1:running 1:starting 1:running 1:failed ");
    g_assert_nonnull(strstr(casts_problem(fixture->casts, "tv1"), "signal 9"));

    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "7", .profile = "ts-h264-aac" });
    set_answer(fixture->tv, NULL);
    set_shows(fixture->tv, PLAYBACK_PLAYING, uri);
    observers_notify(streams_observers(streams), &failure);
    casts_hold(fixture->casts, "tv1");
    set_shows(fixture->tv, PLAYBACK_STOPPED, uri);
    g_assert_true(g_str_has_suffix(fixture->told->str, "2:ended "));
    casts_set_streams(fixture->casts, NULL);
}

/* A screen that says that it could not go on. */
static void
test_screen_breaks_off(Fixture *fixture, gconstpointer data)
{
    const char *uri = "http://127.0.0.1:8380/media/1/a%20film.mp4";

    start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1" });
    set_answer(fixture->tv, NULL);
    set_shows(fixture->tv, PLAYBACK_PLAYING, uri);
    PlaybackStatus broken = { .state = PLAYBACK_STOPPED, .problem = g_strdup("no memory left"),
                              .media = playback_media_copy(fixture->tv->screen.status.media) };
    screen_set_status(&fixture->tv->screen, &broken);
    g_assert_true(g_str_has_suffix(fixture->told->str, "1:failed "));
    g_assert_cmpstr(casts_problem(fixture->casts, "tv1"), ==, "no memory left");
}

static void
test_list_is_bounded(Fixture *fixture, gconstpointer data)
{
    for (guint i = 0; i < 200; i++) {
        start(fixture, &(CastWish){ .screen = "tv1", .item_id = "1" });
        set_answer(fixture->tv, NULL);
    }
    g_assert_cmpuint(casts_list(fixture->casts)->len, <=, 51);
    g_assert_cmpstr(((const Cast *)casts_list(fixture->casts)->pdata[0])->id, ==, "200");
}

static void
test_media_url_item(void)
{
    static const struct {
        const char *url, *id;
    } cases[] = {
        { "http://127.0.0.1:8380/media/12/a%20b.mp4", "12" },
        { "http://[::1]:8380/media/x%20y/z", "x y" },
        { "http://127.0.0.1:8380/media/12", NULL },
        { "http://127.0.0.1:8380/media//x", NULL },
        { "http://127.0.0.1:8380/other/12/x", NULL },
        { "http://127.0.0.1:8380/media/%00/x", NULL },
        { "http://127.0.0.1:8381/media/12/x", NULL }, /* another server's 12 */
        { "http://192.0.2.7:8380/media/12/x", NULL },
        { "/media/12/a.mp4", NULL },
        { "", NULL },
    };
    g_autoptr(NetInterfaces) interfaces =
        net_interfaces_new((const char *const[]){ "lo", NULL }, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *id = media_url_item(cases[i].url, interfaces, 8380);
        g_assert_cmpstr(id, ==, cases[i].id);
    }
}

#define TEST(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("/casts/item", test_item);
    TEST("/casts/part", test_part);
    TEST("/casts/resume", test_resume);
    TEST("/casts/made", test_made);
    TEST("/casts/dialect", test_dialect);
    TEST("/casts/pushed-as-listed", test_pushed_as_listed);
    TEST("/casts/path-and-url", test_path_and_url);
    TEST("/casts/refusals", test_refusals);
    TEST("/casts/screen-refuses", test_screen_refuses);
    TEST("/casts/follows-screen", test_follows_screen);
    TEST("/casts/one-after-the-other", test_one_after_the_other);
    TEST("/casts/what-is-on", test_what_is_on);
    TEST("/casts/languages", test_languages);
    TEST("/casts/mended", test_mended);
    TEST("/casts/screen-breaks-off", test_screen_breaks_off);
    TEST("/casts/list-is-bounded", test_list_is_bounded);
    g_test_add_func("/media-url/item", test_media_url_item);
    return g_test_run();
}
