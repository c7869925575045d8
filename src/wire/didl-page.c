/* didl-page.c -- a page of another server's DIDL-Lite to media objects; see didl.h
 *
 * Nobody vouches for what stands here: texts are cleaned and cut, numbers read whole or not at all,
 * only addresses that can be fetched are taken. Which property goes where are rows of tables. */
#include "wire/didl.h"

#include "base/error.h"
#include "base/text.h"
#include "wire/protocol-info.h"
#include "wire/xml-embedded.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 1024 /* octets of a title, a name, an id */
#define URI_MAX 4096
#define RESOURCES_MAX 16

typedef struct {
    GStringChunk *texts; /* of the object that is shown */
    MediaResource resources[RESOURCES_MAX + 1];
    guint resource_count;
    MediaObject object;
} PageReader;

static const struct {
    const char *element;
    size_t offset; /* in MediaFacts */
} text_facts[] = {
    { "artist", offsetof(MediaFacts, artist) },
    { "creator", offsetof(MediaFacts, artist) }, /* where no artist is told */
    { "album", offsetof(MediaFacts, album) },
    { "genre", offsetof(MediaFacts, genre) },
    { "date", offsetof(MediaFacts, date) },
};

static const struct {
    const char *attribute;
    size_t offset;  /* in MediaFacts */
    int64_t factor; /* from the unit of DIDL-Lite to ours */
} number_facts[] = {
    { "bitrate", offsetof(MediaFacts, bitrate), 8 },
    { "sampleFrequency", offsetof(MediaFacts, sample_rate), 1 },
    { "nrAudioChannels", offsetof(MediaFacts, channels), 1 },
    { "bitsPerSample", offsetof(MediaFacts, bits), 1 },
};

/* -- Texts ------------------------------------------------------------------------------------- */

/* Cleaned and cut, kept as long as the object; NULL for NULL and for nothing. */
static const char *
keep_text(PageReader *reader, const char *text)
{
    g_autofree char *clean = text_clean(text);

    if (clean == NULL || *clean == '\0')
        return NULL;
    if (strlen(clean) > TEXT_MAX)
        *g_utf8_find_prev_char(clean, clean + TEXT_MAX + 1) = '\0';
    return g_string_chunk_insert(reader->texts, clean);
}

/* GLib lets a path run on from an odd port or host ("http://h;3/a"), and then cannot print it. */
static bool
has_whole_path(GUri *uri)
{
    const char *path = g_uri_get_path(uri);

    return *path == '\0' || *path == '/';
}

/* A whole http address, without blanks around it; NULL: none that can be fetched. */
static const char *
keep_uri(PageReader *reader, const char *text)
{
    g_autofree char *address = text != NULL ? g_strstrip(g_strdup(text)) : NULL;
    g_autoptr(GUri) uri = address != NULL && strlen(address) <= URI_MAX
                              ? g_uri_parse(address, G_URI_FLAGS_PARSE_RELAXED, NULL) : NULL;

    if (uri == NULL || g_uri_get_host(uri) == NULL || *g_uri_get_host(uri) == '\0' ||
        !has_whole_path(uri) ||
        (strcmp(g_uri_get_scheme(uri), "http") != 0 && strcmp(g_uri_get_scheme(uri), "https") != 0))
        return NULL;
    g_autofree char *plain = g_uri_to_string(uri);
    return g_string_chunk_insert(reader->texts, plain);
}

/* -- Resources --------------------------------------------------------------------------------- */

/* What the server says of a resource, or what its name lets one think. */
static bool
read_protocol(PageReader *reader, const XmlNode *res, const char *uri, const char **protocol_info,
              const char **mime)
{
    const char *said = xml_attribute(res, "protocolInfo");
    ProtocolInfo info = { 0 };
    bool is_http;

    if (said == NULL || strlen(said) > TEXT_MAX || !protocol_info_decode(said, &info, NULL)) {
        g_autofree char *path = g_strndup(uri, strcspn(uri, "?#"));
        *mime = mime_from_name(path);
        *protocol_info = NULL;
        return true;
    }
    is_http = g_ascii_strcasecmp(info.protocol, "http-get") == 0;
    *protocol_info = keep_text(reader, said);
    *mime = strchr(info.mime, '*') == NULL ? keep_text(reader, info.mime) : NULL;
    protocol_info_clear(&info);
    return is_http;
}

static void
read_numbers(MediaFacts *facts, const XmlNode *res)
{
    int64_t number;
    unsigned width, height;
    const char *resolution = xml_attribute(res, "resolution");
    const char *duration = xml_attribute(res, "duration");

    for (guint i = 0; i < G_N_ELEMENTS(number_facts); i++) {
        const char *text = xml_attribute(res, number_facts[i].attribute);
        if (text != NULL && text_to_i64(text, 0, INT32_MAX, &number))
            G_STRUCT_MEMBER(int64_t, facts, number_facts[i].offset) =
                number * number_facts[i].factor;
    }
    if (duration != NULL)
        text_to_duration_ms(duration, &facts->duration_ms);
    if (resolution != NULL && sscanf(resolution, "%6ux%6u", &width, &height) == 2) {
        facts->width = width;
        facts->height = height;
    }
}

/* The first resource is the one the facts are of. */
static void
read_resource(PageReader *reader, const XmlNode *res)
{
    const char *uri = keep_uri(reader, xml_text(res));
    const char *protocol_info, *mime;
    MediaObject *object = &reader->object;

    if (uri == NULL || reader->resource_count == RESOURCES_MAX ||
        !read_protocol(reader, res, uri, &protocol_info, &mime))
        return;
    reader->resources[reader->resource_count++] = (MediaResource){ uri, protocol_info };
    if (reader->resource_count > 1)
        return;
    object->facts.mime = mime;
    read_numbers(&object->facts, res);
    if (xml_attribute(res, "size") != NULL)
        text_to_i64(xml_attribute(res, "size"), 0, INT64_MAX, &object->size_bytes);
}

/* -- Objects ----------------------------------------------------------------------------------- */

static void
read_item(PageReader *reader, const XmlNode *node)
{
    MediaObject *object = &reader->object;
    uint32_t track;

    for (const XmlNode *res = xml_first(node, "res"); res != NULL; res = xml_next(res, "res"))
        read_resource(reader, res);
    reader->resources[reader->resource_count] = (MediaResource){ NULL, NULL };
    for (guint i = 0; i < G_N_ELEMENTS(text_facts); i++) {
        const char **fact = &G_STRUCT_MEMBER(const char *, &object->facts, text_facts[i].offset);
        if (*fact == NULL)
            *fact = keep_text(reader, xml_child_text(node, text_facts[i].element));
    }
    const char *number = xml_child_text(node, "originalTrackNumber");
    if (number != NULL && text_to_u32(number, 1, 9999, &track))
        object->facts.track = track;
    object->kind = didl_kind_of_class(object->upnp_class);
    if (object->kind == MEDIA_ANY && object->facts.mime != NULL)
        object->kind = mime_kind(object->facts.mime);
    object->resources = reader->resources;
    if (object->kind == MEDIA_ANY) {
        object->kind = MEDIA_VIDEO;
        object->unreadable = "it is neither sound nor picture";
    } else if (reader->resource_count == 0) {
        object->unreadable = "its server gives no address that can be fetched";
    }
    object->facts.kind = object->kind;
}

/* False: there is nothing to call it by. */
static bool
read_object(PageReader *reader, const XmlNode *node)
{
    const char *id = xml_attribute(node, "id");
    const char *child_count = xml_attribute(node, "childCount");
    MediaObject *object = &reader->object;

    g_string_chunk_clear(reader->texts);
    reader->resource_count = 0;
    *object = (MediaObject){ .kind = MEDIA_CONTAINER };
    if (id == NULL || *id == '\0' || strlen(id) > TEXT_MAX)
        return false;
    object->id = g_string_chunk_insert(reader->texts, id);
    object->parent_id = keep_text(reader, xml_attribute(node, "parentID"));
    if (object->parent_id == NULL)
        object->parent_id = "-1";
    object->title = keep_text(reader, xml_child_text(node, "title"));
    if (object->title == NULL)
        object->title = "";
    object->upnp_class = keep_text(reader, xml_child_text(node, "class"));
    object->art_uri = keep_uri(reader, xml_child_text(node, "albumArtURI"));
    if (strcmp(xml_name(node), "item") == 0)
        read_item(reader, node);
    else if (child_count != NULL)
        text_to_u32(child_count, 0, UINT32_MAX, &object->child_count);
    return true;
}

bool
didl_decode_page(const char *text, MediaVisit visit, gpointer user_data, GError **error)
{
    g_autoptr(XmlDocument) document = xml_parse_embedded(text, error);
    PageReader reader = { 0 };

    if (document == NULL)
        return false;
    reader.texts = g_string_chunk_new(4096);
    for (const XmlNode *node = xml_first(xml_root(document), NULL); node != NULL;
         node = xml_next(node, NULL)) {
        bool is_object = strcmp(xml_name(node), "item") == 0 ||
                         strcmp(xml_name(node), "container") == 0;
        if (is_object && read_object(&reader, node) && !visit(&reader.object, user_data))
            break;
    }
    g_string_chunk_free(reader.texts);
    return true;
}
