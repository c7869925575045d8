/* didl-encode.c -- media to DIDL-Lite; see didl.h
 *
 * What every object has is always there; the rest are properties, and the filter of Browse chooses
 * among them. Properties that are plain text or numbers of the facts are rows of tables. */
#include "wire/didl.h"

#include "base/text.h"
#include "wire/protocol-info.h"

#include <stdio.h>
#include <string.h>

/* The optional properties a filter can name (ContentDirectory:1, 2.5.7 and appendix B). */
enum {
    FIELD_CHILD_COUNT = 1 << 0,
    FIELD_RES = 1 << 1,
    FIELD_SIZE = 1 << 2,
    FIELD_DURATION = 1 << 3,
    FIELD_RESOLUTION = 1 << 4,
    FIELD_BITRATE = 1 << 5,
    FIELD_SAMPLE_RATE = 1 << 6,
    FIELD_CHANNELS = 1 << 7,
    FIELD_BITS = 1 << 8,
    FIELD_DATE = 1 << 9,
    FIELD_CREATOR = 1 << 10,
    FIELD_ARTIST = 1 << 11,
    FIELD_ALBUM = 1 << 12,
    FIELD_GENRE = 1 << 13,
    FIELD_TRACK = 1 << 14,
    FIELD_ART = 1 << 15,
    FIELD_POSITION = 1 << 16,
    FIELD_PLAYED = 1 << 17,
    FIELD_BOOKMARK = 1 << 18,
    FIELD_ALL = (1 << 19) - 1,
};

static const struct {
    const char *name;
    uint32_t fields;
} filter_names[] = {
    { "*", FIELD_ALL },
    { "@childCount", FIELD_CHILD_COUNT },
    { "container@childCount", FIELD_CHILD_COUNT },
    { "res", FIELD_RES },
    { "res@protocolInfo", FIELD_RES },
    { "res@size", FIELD_RES | FIELD_SIZE },
    { "res@duration", FIELD_RES | FIELD_DURATION },
    { "res@resolution", FIELD_RES | FIELD_RESOLUTION },
    { "res@bitrate", FIELD_RES | FIELD_BITRATE },
    { "res@sampleFrequency", FIELD_RES | FIELD_SAMPLE_RATE },
    { "res@nrAudioChannels", FIELD_RES | FIELD_CHANNELS },
    { "res@bitsPerSample", FIELD_RES | FIELD_BITS },
    { "dc:date", FIELD_DATE },
    { "dc:creator", FIELD_CREATOR },
    { "upnp:artist", FIELD_ARTIST },
    { "upnp:album", FIELD_ALBUM },
    { "upnp:genre", FIELD_GENRE },
    { "upnp:originalTrackNumber", FIELD_TRACK },
    { "upnp:albumArtURI", FIELD_ART },
    { "upnp:lastPlaybackPosition", FIELD_POSITION },
    { "upnp:playbackCount", FIELD_PLAYED },
    { "sec:dcmInfo", FIELD_BOOKMARK },
};

static const struct {
    const char *element;
    uint32_t field;
    size_t offset; /* in MediaFacts */
} text_properties[] = {
    { "dc:creator", FIELD_CREATOR, offsetof(MediaFacts, artist) },
    { "upnp:artist", FIELD_ARTIST, offsetof(MediaFacts, artist) },
    { "upnp:album", FIELD_ALBUM, offsetof(MediaFacts, album) },
    { "upnp:genre", FIELD_GENRE, offsetof(MediaFacts, genre) },
};

static const struct {
    const char *attribute;
    uint32_t field;
    size_t offset;   /* in MediaFacts */
    int64_t divisor; /* from our unit to that of DIDL-Lite */
} number_attributes[] = {
    { "bitrate", FIELD_BITRATE, offsetof(MediaFacts, bitrate), 8 }, /* octets a second */
    { "sampleFrequency", FIELD_SAMPLE_RATE, offsetof(MediaFacts, sample_rate), 1 },
    { "nrAudioChannels", FIELD_CHANNELS, offsetof(MediaFacts, channels), 1 },
    { "bitsPerSample", FIELD_BITS, offsetof(MediaFacts, bits), 1 },
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

/* -- Addresses --------------------------------------------------------------------------------- */

void
didl_append_media_url(GString *out, const char *base_url, const MediaObject *object)
{
    if (object->resources != NULL && object->resources[0].uri != NULL) {
        g_string_append(out, object->resources[0].uri);
        return;
    }
    const char *slash = object->path != NULL ? strrchr(object->path, '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : object->title;

    g_string_append(out, base_url);
    g_string_append(out, "/media/");
    g_string_append_uri_escaped(out, object->id, NULL, FALSE);
    g_string_append_c(out, '/');
    g_string_append_uri_escaped(out, name != NULL ? name : "", NULL, FALSE);
}

void
didl_append_thumb_url(GString *out, const char *base_url, const MediaObject *object)
{
    g_string_append(out, base_url);
    g_string_append(out, "/thumb/");
    g_string_append_uri_escaped(out, object->id, NULL, FALSE);
}

void
didl_append_sidecar_url(GString *out, const char *base_url, const MediaObject *object,
                        const MediaSidecar *sidecar)
{
    g_string_append(out, base_url);
    g_string_append(out, "/media/");
    g_string_append_uri_escaped(out, object->id, NULL, FALSE);
    g_string_append(out, "/beside/");
    g_string_append_uri_escaped(out, sidecar->name, NULL, FALSE);
}

const MediaSidecar *
didl_subtitle(const MediaObject *object, guint index)
{
    for (guint i = 0; i < media_details_count(object->details, MEDIA_SIDECARS); i++) {
        const MediaSidecar *sidecar = media_details_get(object->details, MEDIA_SIDECARS, i);
        if (g_strcmp0(sidecar->kind, "subtitle") == 0 &&
            mime_of_subtitle(sidecar->format) != NULL && index-- == 0)
            return sidecar;
    }
    return NULL;
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
didl_encoder_init(DidlEncoder *encoder, XmlWriter *writer, const char *filter, const char *base_url)
{
    *encoder = (DidlEncoder){ writer, base_url, fields_of_filter(filter), g_string_sized_new(256) };
    begin(writer);
}

void
didl_encoder_finish(DidlEncoder *encoder)
{
    xml_write_end(encoder->writer);
    g_string_free(encoder->scratch, TRUE);
    *encoder = (DidlEncoder){ 0 };
}

static void
write_duration(XmlWriter *writer, int64_t duration_ms)
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
write_date(XmlWriter *writer, const char *date)
{
    static const char first_day[] = "0000-01-01";
    size_t length = date != NULL ? strlen(date) : 0;
    char day[sizeof first_day];

    if (length != 4 && length != 7) {
        if (length > 0)
            xml_write_leaf(writer, "dc:date", date);
        return;
    }
    memcpy(day, first_day, sizeof first_day);
    memcpy(day, date, length);
    xml_write_leaf(writer, "dc:date", day);
}

/* What scratch holds, as the text of an element that has been started; ends it. */
static void
write_address(DidlEncoder *encoder)
{
    xml_write_text(encoder->writer, encoder->scratch->str);
    xml_write_end(encoder->writer);
    g_string_truncate(encoder->scratch, 0);
}

/* The first subtitles stand in the film's own res as well, where Panasonic sets look (FIELD-NOTES
 * C4). */
static void
write_subtitle_attributes(DidlEncoder *encoder, const MediaObject *object)
{
    const MediaSidecar *subtitle = didl_subtitle(object, 0);

    if (subtitle == NULL)
        return;
    g_autofree char *type = g_ascii_strup(subtitle->format, -1);
    didl_append_sidecar_url(encoder->scratch, encoder->base_url, object, subtitle);
    xml_write_attribute(encoder->writer, "xmlns:pv", "http://www.pv.com/pvns/");
    xml_write_attribute(encoder->writer, "pv:subtitleFileType", type);
    xml_write_attribute(encoder->writer, "pv:subtitleFileUri", encoder->scratch->str);
    g_string_truncate(encoder->scratch, 0);
}

/* The file as it is. */
static void
write_file(DidlEncoder *encoder, const MediaObject *object)
{
    XmlWriter *writer = encoder->writer;
    const MediaFacts *facts = &object->facts;
    char text[PROTOCOL_INFO_MAX];

    xml_write_start(writer, "res");
    protocol_info_of_facts(facts, dlna_file, text);
    xml_write_attribute(writer, "protocolInfo", text);
    if ((encoder->fields & FIELD_SIZE) && object->size_bytes > 0)
        xml_write_attribute_number(writer, "size", object->size_bytes);
    if (encoder->fields & FIELD_DURATION)
        write_duration(writer, facts->duration_ms);
    if ((encoder->fields & FIELD_RESOLUTION) && facts->width > 0 && facts->height > 0) {
        g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT "x%" G_GINT64_FORMAT, facts->width,
                   facts->height);
        xml_write_attribute(writer, "resolution", text);
    }
    for (guint i = 0; i < G_N_ELEMENTS(number_attributes); i++) {
        int64_t number = G_STRUCT_MEMBER(int64_t, facts, number_attributes[i].offset);
        if ((encoder->fields & number_attributes[i].field) &&
            number >= number_attributes[i].divisor)
            xml_write_attribute_number(writer, number_attributes[i].attribute,
                                       number / number_attributes[i].divisor);
    }
    write_subtitle_attributes(encoder, object);
    didl_append_media_url(encoder->scratch, encoder->base_url, object);
    write_address(encoder);
}

/* A photo in sizes that every set shows, turned upright; the largest where the file itself is none
 * of DLNA's. */
static void
write_pictures(DidlEncoder *encoder, const MediaObject *object)
{
    char text[PROTOCOL_INFO_MAX];

    dlna_features(&object->facts, dlna_file, text);
    bool is_plain = g_str_has_prefix(text, "DLNA.ORG_PN=") && object->facts.rotation == 0;
    for (const DlnaPicture *picture = dlna_pictures; picture->profile != NULL; picture++) {
        if (is_plain && picture[1].profile == NULL)
            continue;
        xml_write_start(encoder->writer, "res");
        protocol_info_of_picture(picture, text);
        xml_write_attribute(encoder->writer, "protocolInfo", text);
        didl_append_thumb_url(encoder->scratch, encoder->base_url, object);
        g_string_append_printf(encoder->scratch, "?w=%u", picture->width);
        write_address(encoder);
    }
}

/* LG sets take a res, Samsung ones an element each of two names. */
static void
write_subtitles(DidlEncoder *encoder, const MediaObject *object)
{
    static const char *const elements[] = { "sec:CaptionInfo", "sec:CaptionInfoEx" };
    const MediaSidecar *subtitle;

    for (guint i = 0; (subtitle = didl_subtitle(object, i)) != NULL; i++) {
        g_autofree char *info =
            g_strdup_printf("http-get:*:%s:*", mime_of_subtitle(subtitle->format));
        xml_write_start(encoder->writer, "res");
        xml_write_attribute(encoder->writer, "protocolInfo", info);
        didl_append_sidecar_url(encoder->scratch, encoder->base_url, object, subtitle);
        write_address(encoder);
    }
    subtitle = didl_subtitle(object, 0);
    for (guint i = 0; subtitle != NULL && i < G_N_ELEMENTS(elements); i++) {
        xml_write_start(encoder->writer, elements[i]);
        xml_write_attribute(encoder->writer, "xmlns:sec", "http://www.sec.co.kr/");
        xml_write_attribute(encoder->writer, "sec:type", subtitle->format);
        didl_append_sidecar_url(encoder->scratch, encoder->base_url, object, subtitle);
        write_address(encoder);
    }
}

static void
write_resources(DidlEncoder *encoder, const MediaObject *object)
{
    write_file(encoder, object);
    if (object->kind == MEDIA_IMAGE && object->path != NULL && object->unreadable == NULL)
        write_pictures(encoder, object);
    if (object->path != NULL)
        write_subtitles(encoder, object);
}

/* Where people stopped: as ContentDirectory:3 says it (B.11), and as Samsung sets do, in
 * seconds. */
static void
write_use(DidlEncoder *encoder, const MediaUse *use)
{
    XmlWriter *writer = encoder->writer;

    if ((encoder->fields & FIELD_POSITION) && use->position_ms > 0) {
        g_autofree char *text = text_from_duration_ms(use->position_ms);
        xml_write_leaf(writer, "upnp:lastPlaybackPosition", text);
    }
    if ((encoder->fields & FIELD_PLAYED) && use->play_count > 0)
        xml_write_leaf_number(writer, "upnp:playbackCount", use->play_count);
    if ((encoder->fields & FIELD_BOOKMARK) && use->position_ms > 0) {
        g_autofree char *text =
            g_strdup_printf("BM=%" G_GINT64_FORMAT, use->position_ms / 1000);
        xml_write_start(writer, "sec:dcmInfo");
        xml_write_attribute(writer, "xmlns:sec", "http://www.sec.co.kr/");
        xml_write_text(writer, text);
        xml_write_end(writer);
    }
}

static void
write_properties(DidlEncoder *encoder, const MediaObject *object)
{
    XmlWriter *writer = encoder->writer;

    for (guint i = 0; i < G_N_ELEMENTS(text_properties); i++) {
        const char *text = G_STRUCT_MEMBER(const char *, &object->facts, text_properties[i].offset);
        if ((encoder->fields & text_properties[i].field) && text != NULL && *text != '\0')
            xml_write_leaf(writer, text_properties[i].element, text);
    }
    if ((encoder->fields & FIELD_TRACK) && object->facts.track > 0)
        xml_write_leaf_number(writer, "upnp:originalTrackNumber", object->facts.track);
    if (encoder->fields & FIELD_DATE)
        write_date(writer, object->facts.date);
    write_use(encoder, &object->use);
    if ((encoder->fields & FIELD_ART) && object->has_art) {
        didl_append_thumb_url(encoder->scratch, encoder->base_url, object);
        g_string_append_printf(encoder->scratch, "?w=%u", dlna_pictures[0].width);
        xml_write_start(writer, "upnp:albumArtURI");
        xml_write_attribute(writer, "dlna:profileID", dlna_pictures[0].profile);
        write_address(encoder);
    }
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
    if (is_container && (encoder->fields & FIELD_CHILD_COUNT))
        xml_write_attribute_number(writer, "childCount", object->child_count);
    xml_write_leaf(writer, "dc:title", object->title != NULL ? object->title : "");
    xml_write_leaf(writer, "upnp:class",
                   object->upnp_class != NULL ? object->upnp_class : kind_classes[object->kind]);
    write_properties(encoder, object);
    if (!is_container && !object->is_offline && (encoder->fields & FIELD_RES))
        write_resources(encoder, object);
    xml_write_end(writer);
    return true;
}

char *
didl_encode(const MediaObject *object, const char *base_url)
{
    GString *out = g_string_sized_new(1024);
    XmlWriter writer;
    DidlEncoder encoder;

    xml_writer_init(&writer, out);
    didl_encoder_init(&encoder, &writer, "*", base_url);
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
    write_duration(&writer, media->duration_ms);
    xml_write_text(&writer, media->uri);
    xml_write_end(&writer);
    xml_write_end(&writer);
    xml_write_end(&writer);
    return g_string_free(out, FALSE);
}
