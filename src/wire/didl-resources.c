/* didl-resources.c -- where an item's bytes are, in the words of whoever asks
 *
 * The file as it is, what delivery makes of it, a photo in smaller sizes, subtitles in the ways
 * that sets look for them, covers. What is said of each is media-offer.h's, which the heads of the
 * bytes say, too. */
#include "wire/didl-room.h"

#include "wire/media-offer.h"

static const struct {
    const char *attribute;
    uint32_t field;
    size_t offset;   /* in MediaFacts */
    int64_t divisor; /* from our unit to that of DIDL-Lite */
} number_attributes[] = {
    { "bitrate", DIDL_BITRATE, offsetof(MediaFacts, bitrate), 8 }, /* octets a second */
    { "sampleFrequency", DIDL_SAMPLE_RATE, offsetof(MediaFacts, sample_rate), 1 },
    { "nrAudioChannels", DIDL_CHANNELS, offsetof(MediaFacts, channels), 1 },
    { "bitsPerSample", DIDL_BITS, offsetof(MediaFacts, bits), 1 },
};

/* Starts a res. */
static void
start_resource(DidlEncoder *encoder, const MediaOffer *offer)
{
    char text[PROTOCOL_INFO_MAX];

    media_offer_print(offer, text);
    xml_write_start(encoder->writer, "res");
    xml_write_attribute(encoder->writer, "protocolInfo", text);
}

/* The first subtitles stand in the film's own res as well, where Panasonic sets look (FIELD-NOTES
 * C4). */
static void
write_subtitle_attributes(DidlEncoder *encoder, const MediaObject *object)
{
    const MediaSidecar *subtitle = didl_subtitle(object->details, 0);

    if (subtitle == NULL || !dialect_has_caption(encoder->dialect, DIALECT_CAPTION_PANASONIC))
        return;
    char name[DIDL_SIDECAR_NAME_MAX];
    MediaSidecar srt = didl_subtitle_as_srt(subtitle, name);
    didl_append_sidecar_url(encoder->scratch, encoder->base_url, encoder->dialect, object, &srt);
    xml_write_attribute(encoder->writer, "xmlns:pv", "http://www.pv.com/pvns/");
    xml_write_attribute(encoder->writer, "pv:subtitleFileType", "SRT");
    xml_write_attribute(encoder->writer, "pv:subtitleFileUri", encoder->scratch->str);
    g_string_truncate(encoder->scratch, 0);
}

static void
write_numbers(DidlEncoder *encoder, const MediaFacts *facts)
{
    XmlWriter *writer = encoder->writer;
    char text[48];

    if (encoder->fields & DIDL_DURATION)
        didl_write_duration(writer, facts->duration_ms);
    if ((encoder->fields & DIDL_RESOLUTION) && facts->width > 0 && facts->height > 0) {
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
}

/* The file as it is. */
static void
write_file(DidlEncoder *encoder, const MediaObject *object)
{
    MediaOffer offer;

    media_offer_file(&offer, encoder->dialect, &object->facts, dlna_file);
    start_resource(encoder, &offer);
    if ((encoder->fields & DIDL_SIZE) && object->size_bytes > 0 && !media_is_part(&object->facts))
        xml_write_attribute_number(encoder->writer, "size", object->size_bytes);
    write_numbers(encoder, &object->facts);
    write_subtitle_attributes(encoder, object);
    didl_append_media_url(encoder->scratch, encoder->base_url, encoder->dialect, object);
    didl_write_address(encoder);
}

static void
write_picture(DidlEncoder *encoder, const MediaObject *object, const DlnaPicture *picture)
{
    MediaOffer offer;

    media_offer_picture(&offer, encoder->dialect, picture);
    start_resource(encoder, &offer);
    didl_append_thumb_url(encoder->scratch, encoder->base_url, encoder->dialect, object,
                          picture->width);
    didl_write_address(encoder);
}

/* A photo in sizes that every set shows, turned upright; the largest where the file itself is none
 * of DLNA's. */
static void
write_pictures(DidlEncoder *encoder, const MediaObject *object)
{
    bool is_plain = g_strcmp0(object->facts.format, "jpeg") == 0 &&
                    dlna_profile(&object->facts) != NULL && object->facts.rotation == 0;

    for (guint i = 0; dlna_pictures[i].profile != NULL; i++)
        if (dialect_has_picture(encoder->dialect, i) &&
            !(is_plain && dlna_pictures[i + 1].profile == NULL))
            write_picture(encoder, object, &dlna_pictures[i]);
}

/* Samsung sets take an element of two names. */
static void
write_captions(DidlEncoder *encoder, const MediaObject *object, const MediaSidecar *subtitle)
{
    static const char *const elements[] = { "sec:CaptionInfo", "sec:CaptionInfoEx" };
    char name[DIDL_SIDECAR_NAME_MAX];
    MediaSidecar srt = didl_subtitle_as_srt(subtitle, name);

    for (guint i = 0; i < G_N_ELEMENTS(elements); i++) {
        xml_write_start(encoder->writer, elements[i]);
        xml_write_attribute(encoder->writer, "xmlns:sec", DIDL_NS_SAMSUNG);
        xml_write_attribute(encoder->writer, "sec:type", srt.format);
        didl_append_sidecar_url(encoder->scratch, encoder->base_url, encoder->dialect, object,
                                &srt);
        didl_write_address(encoder);
    }
}

static void
write_subtitle(DidlEncoder *encoder, const MediaObject *object, const MediaSidecar *subtitle)
{
    MediaOffer offer;

    media_offer_subtitle(&offer, encoder->dialect, subtitle->format);
    start_resource(encoder, &offer);
    didl_append_sidecar_url(encoder->scratch, encoder->base_url, encoder->dialect, object,
                            subtitle);
    didl_write_address(encoder);
}

/* LG sets and players of computers take a res; what not all of them read is there as SubRip,
 * too. */
static void
write_subtitles(DidlEncoder *encoder, const MediaObject *object)
{
    const MediaSidecar *subtitle;
    char name[DIDL_SIDECAR_NAME_MAX];

    for (guint i = 0; dialect_has_caption(encoder->dialect, DIALECT_CAPTION_RES) &&
                      (subtitle = didl_subtitle(object->details, i)) != NULL; i++) {
        MediaSidecar srt = didl_subtitle_as_srt(subtitle, name);
        write_subtitle(encoder, object, subtitle);
        if (srt.name != subtitle->name)
            write_subtitle(encoder, object, &srt);
    }
    subtitle = didl_subtitle(object->details, 0);
    if (subtitle != NULL && dialect_has_caption(encoder->dialect, DIALECT_CAPTION_SAMSUNG))
        write_captions(encoder, object, subtitle);
}

static void
write_form(DidlEncoder *encoder, const MediaObject *object, const MediaForm *form)
{
    MediaOffer offer;

    media_offer_form(&offer, encoder->dialect, form);
    start_resource(encoder, &offer);
    write_numbers(encoder, &form->facts);
    didl_append_stream_url(encoder->scratch, encoder->base_url, encoder->dialect, object,
                           &(DidlStream){ form->name, form->extension, -1, 0 });
    didl_write_address(encoder);
}

/* What delivery makes of it, for sets that do not play it as it is. */
static void
write_forms(DidlEncoder *encoder, const MediaObject *object)
{
    MediaForm forms[MEDIA_FORMS_MAX];
    guint count = encoder->forms != NULL && object->unreadable == NULL
                      ? encoder->forms(object, encoder->dialect, forms) : 0;

    for (guint i = 0; i < count; i++)
        write_form(encoder, object, &forms[i]);
}

void
didl_write_resources(DidlEncoder *encoder, const MediaObject *object)
{
    /* Who fetches a part's file gets the whole: it is for those alone who were chosen for it. */
    if (!media_is_part(&object->facts) || encoder->shows_parts)
        write_file(encoder, object);
    if (object->path == NULL)
        return;
    write_forms(encoder, object);
    if (object->kind == MEDIA_IMAGE && object->unreadable == NULL)
        write_pictures(encoder, object);
    if (object->kind != MEDIA_IMAGE && object->has_art && encoder->dialect->art_is_res)
        write_picture(encoder, object, &dlna_pictures[0]);
    write_subtitles(encoder, object);
}

void
didl_write_art(DidlEncoder *encoder, const MediaObject *object)
{
    const DlnaPicture *picture =
        &dlna_pictures[encoder->dialect->art > 0 ? encoder->dialect->art - 1 : 0];

    didl_append_thumb_url(encoder->scratch, encoder->base_url, encoder->dialect, object,
                          picture->width);
    xml_write_start(encoder->writer, "upnp:albumArtURI");
    xml_write_attribute(encoder->writer, "dlna:profileID", picture->profile);
    didl_write_address(encoder);
}
