/* didl-encode.c -- media to DIDL-Lite; see didl.h
 *
 * What every object has is always there; the rest are properties, and the filter of Browse chooses
 * among them. Properties that are plain text of the facts are rows of a table. */
#include "wire/didl-room.h"

#include "base/text.h"
#include "wire/protocol-info.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    uint32_t fields;
} filter_names[] = {
    { "*", DIDL_ALL },
    { "@childCount", DIDL_CHILD_COUNT },
    { "container@childCount", DIDL_CHILD_COUNT },
    { "res", DIDL_RES },
    { "res@protocolInfo", DIDL_RES },
    { "res@size", DIDL_RES | DIDL_SIZE },
    { "res@duration", DIDL_RES | DIDL_DURATION },
    { "res@resolution", DIDL_RES | DIDL_RESOLUTION },
    { "res@bitrate", DIDL_RES | DIDL_BITRATE },
    { "res@sampleFrequency", DIDL_RES | DIDL_SAMPLE_RATE },
    { "res@nrAudioChannels", DIDL_RES | DIDL_CHANNELS },
    { "res@bitsPerSample", DIDL_RES | DIDL_BITS },
    { "dc:date", DIDL_DATE },
    { "dc:creator", DIDL_CREATOR },
    { "upnp:artist", DIDL_ARTIST },
    { "upnp:album", DIDL_ALBUM },
    { "upnp:genre", DIDL_GENRE },
    { "upnp:originalTrackNumber", DIDL_TRACK },
    { "upnp:albumArtURI", DIDL_ART },
    { "upnp:lastPlaybackPosition", DIDL_POSITION },
    { "upnp:playbackCount", DIDL_PLAYED },
    { "sec:dcmInfo", DIDL_BOOKMARK },
};

static const struct {
    const char *element;
    uint32_t field;
    size_t offset; /* in MediaFacts */
} text_properties[] = {
    { "dc:creator", DIDL_CREATOR, offsetof(MediaFacts, artist) },
    { "upnp:artist", DIDL_ARTIST, offsetof(MediaFacts, artist) },
    { "upnp:album", DIDL_ALBUM, offsetof(MediaFacts, album) },
    { "upnp:genre", DIDL_GENRE, offsetof(MediaFacts, genre) },
};

static const char *const kind_classes[] = {
    [MEDIA_CONTAINER] = "object.container",
    [MEDIA_AUDIO] = "object.item.audioItem",
    [MEDIA_VIDEO] = "object.item.videoItem",
    [MEDIA_IMAGE] = "object.item.imageItem",
};

static uint32_t
fields_of_filter(const char *filter)
{
    uint32_t fields = 0;
    const char *end;

    for (const char *at = filter; *at != '\0'; at = end + (*end == ',')) {
        at += strspn(at, " \t\r\n");
        end = at + strcspn(at, ",");
        size_t length = (size_t)(end - at);
        while (length > 0 && g_ascii_isspace(at[length - 1]))
            length--;
        for (guint i = 0; i < G_N_ELEMENTS(filter_names); i++)
            if (strlen(filter_names[i].name) == length &&
                memcmp(filter_names[i].name, at, length) == 0)
                fields |= filter_names[i].fields;
    }
    return fields;
}

/* -- Encoding ---------------------------------------------------------------------------------- */

static void
begin(XmlWriter *writer)
{
    xml_write_start(writer, "DIDL-Lite");
    xml_write_attribute(writer, "xmlns", "urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/");
    xml_write_attribute(writer, "xmlns:dc", "http://purl.org/dc/elements/1.1/");
    xml_write_attribute(writer, "xmlns:upnp", "urn:schemas-upnp-org:metadata-1-0/upnp/");
    xml_write_attribute(writer, "xmlns:dlna", "urn:schemas-dlna-org:metadata-1-0/");
}

void
didl_encoder_init(DidlEncoder *encoder, XmlWriter *writer, const char *filter,
                  const char *base_url, const Dialect *dialect)
{
    *encoder = (DidlEncoder){ .writer = writer, .base_url = base_url, .dialect = dialect,
                              .fields = fields_of_filter(filter),
                              .scratch = g_string_sized_new(256) };
    begin(writer);
}

void
didl_encoder_finish(DidlEncoder *encoder)
{
    xml_write_end(encoder->writer);
    g_string_free(encoder->scratch, TRUE);
    *encoder = (DidlEncoder){ 0 };
}

void
didl_write_address(DidlEncoder *encoder)
{
    xml_write_text(encoder->writer, encoder->scratch->str);
    xml_write_end(encoder->writer);
    g_string_truncate(encoder->scratch, 0);
}

void
didl_write_duration(XmlWriter *writer, int64_t duration_ms)
{
    char text[32];

    if (duration_ms <= 0)
        return;
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT ":%02d:%02d.%03d", duration_ms / 3600000,
               (int)(duration_ms / 60000 % 60), (int)(duration_ms / 1000 % 60),
               (int)(duration_ms % 1000));
    xml_write_attribute(writer, "duration", text);
}

/* DLNA wants a whole day (CCYY-MM-DD) where tags often know the year alone. */
static void
write_date(DidlEncoder *encoder, const char *date)
{
    static const char first_day[] = "0000-01-01";
    size_t length = date != NULL ? strlen(date) : 0;
    bool has_time = length >= sizeof first_day;
    char day[sizeof first_day];

    if (length == 0 || encoder->dialect->dates == DIALECT_DATE_NONE)
        return;
    if (length != 4 && length != 7 && !(has_time && encoder->dialect->dates == DIALECT_DATE_DAY)) {
        xml_write_leaf(encoder->writer, "dc:date", date);
        return;
    }
    memcpy(day, first_day, sizeof first_day);
    memcpy(day, date, MIN(length, sizeof first_day - 1));
    xml_write_leaf(encoder->writer, "dc:date", day);
}

/* Where people stopped, as Samsung sets keep it. */
static void
write_bookmark(DidlEncoder *encoder, int64_t position_ms)
{
    bool is_ms = encoder->dialect->bookmarks == DIALECT_BOOKMARK_MILLISECONDS;
    char text[32];

    if (position_ms <= 0 || encoder->dialect->bookmarks == DIALECT_BOOKMARK_NONE)
        return;
    g_snprintf(text, sizeof text, "BM=%" G_GINT64_FORMAT, position_ms / (is_ms ? 1 : 1000));
    xml_write_start(encoder->writer, "sec:dcmInfo");
    xml_write_attribute(encoder->writer, "xmlns:sec", DIDL_NS_SAMSUNG);
    xml_write_text(encoder->writer, text);
    xml_write_end(encoder->writer);
}

/* As ContentDirectory:3 says it (B.11), and as above. */
static void
write_use(DidlEncoder *encoder, const MediaUse *use)
{
    XmlWriter *writer = encoder->writer;

    if ((encoder->fields & DIDL_POSITION) && use->position_ms > 0) {
        g_autofree char *text = text_from_duration_ms(use->position_ms);
        xml_write_leaf(writer, "upnp:lastPlaybackPosition", text);
    }
    if ((encoder->fields & DIDL_PLAYED) && use->play_count > 0)
        xml_write_leaf_number(writer, "upnp:playbackCount", use->play_count);
    if (encoder->fields & DIDL_BOOKMARK)
        write_bookmark(encoder, use->position_ms);
}

/* The letters of a text as far as the set has them. */
static void
write_words(DidlEncoder *encoder, const char *element, const char *text)
{
    if (!encoder->dialect->has_ascii_titles) {
        xml_write_leaf(encoder->writer, element, text);
        return;
    }
    g_autofree char *ascii = g_str_to_ascii(text, "C");
    xml_write_leaf(encoder->writer, element, ascii);
}

static void
write_title(DidlEncoder *encoder, const MediaObject *object)
{
    const char *title = object->title != NULL ? object->title : "";

    if (!encoder->dialect->has_numbered_titles || object->facts.track <= 0) {
        write_words(encoder, "dc:title", title);
        return;
    }
    g_autofree char *numbered = g_strdup_printf("%02d %s", (int)object->facts.track, title);
    write_words(encoder, "dc:title", numbered);
}

static void
write_class(DidlEncoder *encoder, const MediaObject *object)
{
    static const char *const letters[] = { [MEDIA_AUDIO] = "M", [MEDIA_VIDEO] = "V",
                                           [MEDIA_IMAGE] = "P" };
    const char *name = object->upnp_class != NULL ? object->upnp_class : kind_classes[object->kind];

    xml_write_leaf(encoder->writer, "upnp:class", dialect_class(encoder->dialect, name));
    if (!encoder->dialect->has_media_class || object->kind == MEDIA_CONTAINER)
        return;
    xml_write_start(encoder->writer, "av:mediaClass");
    xml_write_attribute(encoder->writer, "xmlns:av", "urn:schemas-sony-com:av");
    xml_write_text(encoder->writer, letters[object->kind]);
    xml_write_end(encoder->writer);
}

static void
write_properties(DidlEncoder *encoder, const MediaObject *object)
{
    for (guint i = 0; i < G_N_ELEMENTS(text_properties); i++) {
        const char *text = G_STRUCT_MEMBER(const char *, &object->facts, text_properties[i].offset);
        if ((encoder->fields & text_properties[i].field) && text != NULL && *text != '\0')
            write_words(encoder, text_properties[i].element, text);
    }
    if ((encoder->fields & DIDL_TRACK) && object->facts.track > 0)
        xml_write_leaf_number(encoder->writer, "upnp:originalTrackNumber", object->facts.track);
    if (encoder->fields & DIDL_DATE)
        write_date(encoder, object->facts.date);
    write_use(encoder, &object->use);
    if ((encoder->fields & DIDL_ART) && object->has_art)
        didl_write_art(encoder, object);
}

bool
didl_encoder_visit(const MediaObject *object, gpointer user_data)
{
    DidlEncoder *encoder = user_data;
    XmlWriter *writer = encoder->writer;
    bool is_container = object->kind == MEDIA_CONTAINER;

    xml_write_start(writer, is_container ? "container" : "item");
    xml_write_attribute(writer, "id", object->id);
    xml_write_attribute(writer, "parentID", object->parent_id != NULL ? object->parent_id : "-1");
    xml_write_attribute(writer, "restricted", "1");
    if (is_container && (encoder->fields & DIDL_CHILD_COUNT))
        xml_write_attribute_number(writer, "childCount", object->child_count);
    write_title(encoder, object);
    write_class(encoder, object);
    write_properties(encoder, object);
    if (!is_container && !object->is_offline && (encoder->fields & DIDL_RES))
        didl_write_resources(encoder, object);
    xml_write_end(writer);
    return true;
}

char *
didl_encode(const MediaObject *object, const char *base_url, const Dialect *dialect)
{
    GString *out = g_string_sized_new(1024);
    XmlWriter writer;
    DidlEncoder encoder;

    xml_writer_init(&writer, out);
    didl_encoder_init(&encoder, &writer, "*", base_url, dialect);
    encoder.shows_parts = true;
    didl_encoder_visit(object, &encoder);
    didl_encoder_finish(&encoder);
    return g_string_free(out, FALSE);
}

char *
didl_encode_media(const PlaybackMedia *media)
{
    GString *out = g_string_sized_new(1024);
    g_autofree char *protocol_info =
        media->protocol_info != NULL
            ? g_strdup(media->protocol_info)
            : g_strdup_printf("http-get:*:%s:*", media->mime != NULL ? media->mime : "*");
    XmlWriter writer;

    xml_writer_init(&writer, out);
    begin(&writer);
    xml_write_start(&writer, "item");
    xml_write_attribute(&writer, "id", "0");
    xml_write_attribute(&writer, "parentID", "-1");
    xml_write_attribute(&writer, "restricted", "0");
    xml_write_leaf(&writer, "dc:title", media->title != NULL ? media->title : media->uri);
    xml_write_leaf(&writer, "upnp:class",
                   media->mime != NULL ? mime_upnp_class(media->mime) : "object.item");
    xml_write_start(&writer, "res");
    xml_write_attribute(&writer, "protocolInfo", protocol_info);
    didl_write_duration(&writer, media->duration_ms);
    xml_write_text(&writer, media->uri);
    xml_write_end(&writer);
    xml_write_end(&writer);
    xml_write_end(&writer);
    return g_string_free(out, FALSE);
}
