/* rules-av.c -- section 7: the AV services, where the device has them
 *
 * Codes are those of UPnP AV:1; the device plays nothing of ours, it is only asked what it must
 * refuse and to hold a URI. */
#include "validate/rules.h"

#include <string.h>

#define SETTLE_MS 500 /* a device gathers changes for up to 200 ms */
#define INSTANCE "<InstanceID>0</InstanceID>"
#define URI(text) \
    INSTANCE "<CurrentURI>" text "</CurrentURI><CurrentURIMetaData></CurrentURIMetaData>"

/* The service of the profile that a rule's needs name. */
static TestedService
service_of(const Rule *rule)
{
    static const struct {
        unsigned need;
        uint32_t id;
        char *type;
    } all[] = {
        { NEED_HANDOVER, 8, (char *)IGRS_URN_SERVICE_TYPE "Handover:1" },
        { NEED_CONTENT, 1, (char *)IGRS_URN_SERVICE_TYPE "AVContentDirectory:1" },
        { NEED_CONNECTION, 2, (char *)IGRS_URN_SERVICE_TYPE "AVConnectionManager:1" },
        { NEED_TRANSPORT, 3, (char *)IGRS_URN_SERVICE_TYPE "AVTransport:1" },
        { NEED_RENDERING, 4, (char *)IGRS_URN_SERVICE_TYPE "AVRenderingControl:1" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        if ((rule->needs & all[i].need) != 0)
            return (TestedService){ all[i].id, all[i].type };
    g_assert_not_reached();
}

static bool
enter(Tester *t, const TestedService *service)
{
    return open_pipe(t) && open_session(t, service);
}

/* text: the operation, more: its arguments; code: what comes back. */
static void
operation(Tester *t, const Rule *rule)
{
    TestedService service = service_of(rule);

    if (enter(t, &service))
        expect_code(t, invoke(t, &service, rule->text, rule->more), rule->code);
}

/* The outputs of an operation that takes arguments: text is "operation output output ...". */
static void
outputs(Tester *t, const Rule *rule)
{
    TestedService service = service_of(rule);
    g_auto(GStrv) words = g_strsplit(rule->text, " ", -1);
    g_autofree char *name = g_strconcat(words[0], "Response", NULL);

    if (!enter(t, &service))
        return;
    const Heard *reply = invoke(t, &service, words[0], rule->more != NULL ? rule->more : "");
    const XmlNode *response = find_element(payload(reply), name);
    const XmlNode *output = response != NULL ? xml_first(response, NULL) : NULL;
    expect_code(t, reply, 200);
    expect(t, response != NULL, "no %s", name);
    for (guint i = 1; words[i] != NULL; i++) {
        expect(t, output != NULL && strcmp(xml_name(output), words[i]) == 0,
               "%s is not in its place", words[i]);
        output = output != NULL ? xml_next(output, NULL) : NULL;
    }
    expect(t, output == NULL, "an output too many");
}

/* -- AVContentDirectory ------------------------------------------------------------------------ */

static const Heard *
browse(Tester *t, const char *object, const char *flag, const char *count)
{
    const TestedService service = { 1, (char *)IGRS_URN_SERVICE_TYPE "AVContentDirectory:1" };
    g_autofree char *arguments = g_strdup_printf(
        "<ObjectID>%s</ObjectID><BrowseFlag>%s</BrowseFlag><Filter>*</Filter>"
        "<StartingIndex>0</StartingIndex><RequestedCount>%s</RequestedCount>"
        "<SortCriteria></SortCriteria>", object, flag, count);

    return enter(t, &service) ? invoke(t, &service, "Browse", arguments) : NULL;
}

static void
browse_root(Tester *t, const Rule *rule)
{
    const Heard *reply = browse(t, "0", rule->text, "10");
    const char *result = reply != NULL ? payload_text(reply, "Result") : NULL;

    if (reply == NULL || !expect_code(t, reply, 200) || !expect(t, result != NULL, "no Result"))
        return;
    g_autoptr(XmlDocument) didl = xml_parse(result, strlen(result), NULL);
    expect(t, didl != NULL && strcmp(xml_name(xml_root(didl)), "DIDL-Lite") == 0,
           "Result is not DIDL-Lite");
    expect(t, payload_text(reply, "NumberReturned") != NULL, "no NumberReturned");
    expect(t, payload_text(reply, "TotalMatches") != NULL, "no TotalMatches");
    expect(t, payload_text(reply, "UpdateID") != NULL, "no UpdateID");
}

static void
browse_code(Tester *t, const Rule *rule)
{
    const Heard *reply = browse(t, rule->text, rule->more, "10");

    if (reply != NULL)
        expect_code(t, reply, rule->code);
}

/* -- AVConnectionManager ----------------------------------------------------------------------- */

/* The first format of a comma list; the caller's. */
static char *
first_format(const char *list)
{
    return g_strndup(list, strcspn(list, ","));
}

/* Prepares a connection the way that the device has formats for, or the other way round; the reply.
 * NULL: it has formats for both ways. */
static const Heard *
prepare(Tester *t, const TestedService *service, bool is_other_way, const char **direction)
{
    const Heard *protocols = invoke(t, service, "GetProtocolInfo", "");
    const char *sink = payload_text(protocols, "Sink"), *source = payload_text(protocols, "Source");
    bool is_screen = sink != NULL && *sink != '\0', is_server = source != NULL && *source != '\0';

    if (is_other_way && is_screen && is_server)
        return NULL;
    g_autofree char *format = first_format(is_screen ? sink : is_server ? source : "");

    *direction = is_screen != is_other_way ? "Input" : "Output";
    g_autofree char *arguments = g_strdup_printf(
        "<RemoteProtocolInfo>%s</RemoteProtocolInfo><PeerConnectionManager>%s/2"
        "</PeerConnectionManager><PeerConnectionID>-1</PeerConnectionID><Direction>%s</Direction>",
        format, t->self, *direction);
    return invoke(t, service, "PrepareForConnection", arguments);
}

/* Its id; NULL: it was refused, which the rule was told. */
static const char *
prepared(Tester *t, const TestedService *service, const char **direction)
{
    const Heard *reply = prepare(t, service, false, direction);
    const char *id = payload_text(reply, "ConnectionID");

    expect_code(t, reply, 200);
    expect(t, id != NULL && is_number(id), "ConnectionID \"%s\"", id != NULL ? id : "");
    expect(t, payload_text(reply, "AVTransportID") != NULL, "no AVTransportID");
    expect(t, payload_text(reply, "RcsID") != NULL, "no RcsID");
    return id;
}

static bool
is_listed(Tester *t, const TestedService *service, const char *id)
{
    const char *ids =
        payload_text(invoke(t, service, "GetCurrentConnectionIDs", ""), "ConnectionIDs");
    g_auto(GStrv) each = g_strsplit(ids != NULL ? ids : "", ",", -1);

    return g_strv_contains((const char *const *)each, id);
}

/* One operation on a connection; the reply. */
static const Heard *
of_connection(Tester *t, const TestedService *service, const char *name, const char *id)
{
    g_autofree char *arguments = g_strdup_printf("<ConnectionID>%s</ConnectionID>", id);

    return invoke(t, service, name, arguments);
}

static void
connection_is_known(Tester *t, const Rule *rule)
{
    TestedService service = service_of(rule);
    const char *direction;

    if (!enter(t, &service))
        return;
    const char *id = prepared(t, &service, &direction);
    if (id == NULL)
        return;
    expect(t, is_listed(t, &service, id), "GetCurrentConnectionIDs does not list %s", id);
    const Heard *info = of_connection(t, &service, "GetCurrentConnectionInfo", id);
    const char *shown = payload_text(info, "Direction");
    expect_code(t, info, 200);
    expect(t, g_strcmp0(shown, direction) == 0, "Direction \"%s\"", shown != NULL ? shown : "");
    of_connection(t, &service, "ConnectionComplete", id);
}

static void
connection_completes(Tester *t, const Rule *rule)
{
    TestedService service = service_of(rule);
    const char *direction;

    if (!enter(t, &service))
        return;
    const char *id = prepared(t, &service, &direction);
    if (id == NULL)
        return;
    expect_code(t, of_connection(t, &service, "ConnectionComplete", id), 200);
    expect_code(t, of_connection(t, &service, "GetCurrentConnectionInfo", id), 706);
    expect_code(t, of_connection(t, &service, "ConnectionComplete", id), 706);
}

static void
connection_ends_with_session(Tester *t, const Rule *rule)
{
    TestedService service = service_of(rule);
    const char *direction;

    if (!enter(t, &service))
        return;
    const char *id = prepared(t, &service, &direction);
    IgrsMessage *leave = say(t, IGRS_DESTROY_SESSION_NOTIFY);
    leave->service_id = service.id;
    expect_http(t, ask_message(t, leave), 200);
    if (id != NULL && open_session(t, &service))
        expect(t, !is_listed(t, &service, id), "connection %s outlives its session", id);
}

static void
connection_the_wrong_way(Tester *t, const Rule *rule)
{
    TestedService service = service_of(rule);
    const char *direction;

    if (!enter(t, &service))
        return;
    const Heard *reply = prepare(t, &service, true, &direction);
    if (reply != NULL)
        expect_code(t, reply, rule->code);
}

/* -- AVTransport ------------------------------------------------------------------------------- */

static void
stopped_is_stopped(Tester *t, const Rule *rule)
{
    TestedService service = service_of(rule);

    if (!enter(t, &service))
        return;
    invoke(t, &service, "Stop", INSTANCE);
    const Heard *reply = invoke(t, &service, "GetTransportInfo", INSTANCE);
    const char *state = payload_text(reply, "CurrentTransportState");
    expect_code(t, reply, 200);
    expect(t, g_strcmp0(state, "STOPPED") == 0 || g_strcmp0(state, "NO_MEDIA_PRESENT") == 0,
           "CurrentTransportState \"%s\"", state != NULL ? state : "");
}

static void
uri_is_held(Tester *t, const Rule *rule)
{
    TestedService service = service_of(rule);
    g_autofree char *uri = g_strdup_printf("http://%s:9/film.mp4", t->address);
    g_autofree char *arguments = g_strdup_printf(URI("%s"), uri);

    if (!enter(t, &service))
        return;
    expect_code(t, invoke(t, &service, "SetAVTransportURI", arguments), 200);
    const Heard *reply = invoke(t, &service, "GetMediaInfo", INSTANCE);
    const char *held = payload_text(reply, "CurrentURI");
    expect(t, g_strcmp0(held, uri) == 0, "CurrentURI \"%s\"", held != NULL ? held : "");
    invoke(t, &service, "Stop", INSTANCE);
}

/* -- AVRenderingControl ------------------------------------------------------------------------ */

#define MASTER INSTANCE "<Channel>Master</Channel>"

static void
volume_reads_back(Tester *t, const Rule *rule)
{
    TestedService service = service_of(rule);
    guint since = t->requests->len;

    if (!enter(t, &service))
        return;
    g_autofree char *subscription = g_strdup_printf(
        "<subscribeExpression><subscribeServiceAttributeByNames><name>LastChange</name>"
        "</subscribeServiceAttributeByNames></subscribeExpression><location>%s</location>",
        t->own_location);
    expect_code(t, invoke(t, &service, "subscribe", subscription), 200);
    await_request(t, "SendNotification", t->self, since, 2000);
    const Heard *before = invoke(t, &service, "GetVolume", MASTER);
    const char *volume = payload_text(before, "CurrentVolume");
    expect_code(t, before, 200);
    if (!expect(t, volume != NULL, "no CurrentVolume"))
        return;
    const char *other = strcmp(volume, "31") == 0 ? "32" : "31";
    g_autofree char *set = g_strdup_printf(MASTER "<DesiredVolume>%s</DesiredVolume>", other);
    wire_pause(t, SETTLE_MS);
    since = t->requests->len;
    expect_code(t, invoke(t, &service, "SetVolume", set), 200);
    const Heard *event = await_request(t, "SendNotification", t->self, since, 3000);
    const Heard *after = invoke(t, &service, "GetVolume", MASTER);
    expect(t, g_strcmp0(payload_text(after, "CurrentVolume"), other) == 0,
           "the volume set to %s reads back as %s", other, payload_text(after, "CurrentVolume"));
    g_autofree char *back = g_strdup_printf(MASTER "<DesiredVolume>%s</DesiredVolume>", volume);
    invoke(t, &service, "SetVolume", back);
    if (strcmp(rule->text, "event") != 0 || !expect(t, event != NULL, "no notification of it"))
        return;
    const char *value = payload_text(event, "value");
    g_autoptr(XmlDocument) change =
        value != NULL ? xml_parse(value, strlen(value), NULL) : NULL;
    expect(t, change != NULL && find_element(xml_root(change), "Volume") != NULL,
           "LastChange, escaped, does not tell of the Volume");
}

#define SERVER .needs = NEED_CONTENT
#define CONNECTION .needs = NEED_CONNECTION
#define SCREEN .needs = NEED_TRANSPORT
#define SOUND .needs = NEED_RENDERING
#define HANDOVER .needs = NEED_HANDOVER

#define STATE(uri) \
    "&lt;PlaybackState&gt;&lt;URI&gt;" uri "&lt;/URI&gt;&lt;/PlaybackState&gt;"
#define ACCEPT(state) \
    "<State>" state "</State><Token>igrs-validate</Token><SourceLocation></SourceLocation>"

const Rule av_rules[] = {
    { "content-root", "7", "Browse of 0 gives its children as DIDL-Lite", browse_root, SERVER,
      .text = "BrowseDirectChildren" },
    { "content-metadata", "7", "Browse of 0 gives its metadata", browse_root, SERVER,
      .text = "BrowseMetadata" },
    { "content-unknown", "7", "an unknown object: 701", browse_code, SERVER,
      .text = "no-such-object",
      .more = "BrowseDirectChildren", .code = 701 },
    { "content-argument-missing", "7", "a missing argument: 402", operation, SERVER,
      .text = "Browse", .more = "<ObjectID>0</ObjectID>", .code = 402 },
    { "content-sort", "7", "GetSortCapabilities", outputs, SERVER,
      .text = "GetSortCapabilities SortCaps" },
    { "content-search-capabilities", "7", "GetSearchCapabilities", outputs, SERVER,
      .text = "GetSearchCapabilities SearchCaps" },
    { "content-update-id", "7", "GetSystemUpdateID", outputs, SERVER,
      .text = "GetSystemUpdateID Id" },
    { "connection-protocols", "7", "GetProtocolInfo gives Source and Sink", outputs, CONNECTION,
      .text = "GetProtocolInfo Source Sink" },
    { "connection-ids", "7", "GetCurrentConnectionIDs", outputs, CONNECTION,
      .text = "GetCurrentConnectionIDs ConnectionIDs" },
    { "connection-info", "7", "GetCurrentConnectionInfo of 0", outputs, CONNECTION,
      .text = "GetCurrentConnectionInfo RcsID AVTransportID ProtocolInfo PeerConnectionManager "
              "PeerConnectionID Direction Status",
      .more = "<ConnectionID>0</ConnectionID>" },
    { "connection-unknown", "7", "an unknown connection: 706", operation, CONNECTION,
      .text = "GetCurrentConnectionInfo", .more = "<ConnectionID>99</ConnectionID>", .code = 706 },
    { "connection-prepare", "7", "a connection that was prepared is listed, with its direction",
      connection_is_known, CONNECTION },
    { "connection-complete", "7", "ConnectionComplete ends it; then it is unknown: 706",
      connection_completes, CONNECTION },
    { "connection-session", "5, 7", "a connection ends with the session that prepared it",
      connection_ends_with_session, CONNECTION },
    { "connection-direction", "7", "a direction the device has no formats for: 702",
      connection_the_wrong_way, CONNECTION, .code = 702 },
    { "transport-info", "7", "GetTransportInfo", outputs, SCREEN, .more = INSTANCE,
      .text = "GetTransportInfo CurrentTransportState CurrentTransportStatus CurrentSpeed" },
    { "transport-position", "7", "GetPositionInfo", outputs, SCREEN, .more = INSTANCE,
      .text = "GetPositionInfo Track TrackDuration TrackMetaData TrackURI RelTime AbsTime RelCount "
              "AbsCount" },
    { "transport-settings", "7", "GetTransportSettings", outputs, SCREEN, .more = INSTANCE,
      .text = "GetTransportSettings PlayMode RecQualityMode" },
    { "transport-actions", "7", "GetCurrentTransportActions", outputs, SCREEN, .more = INSTANCE,
      .text = "GetCurrentTransportActions Actions" },
    { "transport-capabilities", "7", "GetDeviceCapabilities", outputs, SCREEN, .more = INSTANCE,
      .text = "GetDeviceCapabilities PlayMedia RecMedia RecQualityModes" },
    { "transport-stopped", "7", "after Stop the state is STOPPED or NO_MEDIA_PRESENT",
      stopped_is_stopped, SCREEN },
    { "transport-uri", "7", "SetAVTransportURI is held by GetMediaInfo", uri_is_held, SCREEN },
    { "transport-uri-file", "7", "a URI of the screen's own files: 716", operation, SCREEN,
      .text = "SetAVTransportURI", .more = URI("file:///etc/passwd"), .code = 716 },
    { "transport-pause-illegal", "7", "Pause while nothing plays: 701", operation, SCREEN,
      .text = "Pause", .more = INSTANCE, .code = 701 },
    { "transport-seek-mode", "7", "an unknown seek unit: 710", operation, SCREEN, .text = "Seek",
      .more = INSTANCE "<Unit>FURLONG</Unit><Target>1</Target>", .code = 710 },
    { "transport-play-speed", "7", "an unknown speed: 717", operation, SCREEN, .text = "Play",
      .more = INSTANCE "<Speed>42</Speed>", .code = 717 },
    { "transport-play-mode", "7", "an unknown play mode: 712", operation, SCREEN,
      .text = "SetPlayMode", .more = INSTANCE "<NewPlayMode>BACKWARDS</NewPlayMode>", .code = 712 },
    { "transport-instance", "7", "an unknown InstanceID: 718", operation, SCREEN,
      .text = "GetTransportInfo", .more = "<InstanceID>9</InstanceID>", .code = 718 },
    { "transport-argument-missing", "2, 7", "a missing argument: 402", operation, SCREEN,
      .text = "SetAVTransportURI", .more = INSTANCE, .code = 402 },
    { "transport-argument-letters", "7", "an InstanceID of letters: 402", operation, SCREEN,
      .text = "Stop", .more = "<InstanceID>one</InstanceID>", .code = 402 },
    { "sound-volume", "7", "SetVolume reads back by GetVolume", volume_reads_back, SOUND,
      .text = "value" },
    { "sound-event", "5, 7", "a change is told by LastChange as escaped text", volume_reads_back,
      SOUND, .text = "event" },
    { "sound-range", "2, 7", "a volume out of range: 601", operation, SOUND, .text = "SetVolume",
      .more = MASTER "<DesiredVolume>5000</DesiredVolume>", .code = 601 },
    { "sound-mute", "7", "GetMute", outputs, SOUND, .text = "GetMute CurrentMute", .more = MASTER },
    { "sound-instance", "7", "an unknown InstanceID: 702", operation, SOUND, .text = "GetMute",
      .more = "<InstanceID>9</InstanceID><Channel>Master</Channel>", .code = 702 },
    { "handover-offer", "7", "Offer while nothing plays: 701", operation, HANDOVER, .text = "Offer",
      .more = "", .code = 701 },
    { "handover-token", "5, 7", "Release of a token that is none: 606", operation, HANDOVER,
      .text = "Release", .more = "<Token>igrs-validate</Token>", .code = 606 },
    { "handover-state", "7", "Accept of what is no state: 402", operation, HANDOVER,
      .text = "Accept", .more = ACCEPT("&lt;html/&gt;"), .code = 402 },
    { "handover-state-doctype", "2, 7", "nor of one with a doctype: 402", operation, HANDOVER,
      .text = "Accept", .more = ACCEPT("&lt;!DOCTYPE a&gt;" STATE("http://192.0.2.1/a.mp4")),
      .code = 402 },
    { "handover-argument-missing", "2, 7", "a missing argument: 402", operation, HANDOVER,
      .text = "Accept", .more = "<State></State>", .code = 402 },
    { "transport-handover-file", "7", "Accept of a URI of the screen's own files: 716", operation,
      .needs = NEED_HANDOVER | NEED_TRANSPORT, .text = "Accept",
      .more = ACCEPT(STATE("file:///etc/passwd")), .code = 716 },
    { NULL },
};
